"""The kinds of things that archive search finds: each says what is kept of it and who may see it.

A kind is registered when its app is ready. Its keys are its name, a colon and the row's id, as in
"dispatch:12". Nothing else in search knows what a dispatch or a page is.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from documents.standing import Standing
from search.engine import Facet, Record

#: The token of what everybody who signs in may read; held by every active account.
EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Link:
    """Another paper, named only to somebody who may read it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Owed:
    """What one of the reader's own agencies has acknowledged, or still has to."""

    agency: int
    #: A moment and a code stand on the receipt; here only whether and by when.
    acknowledged: bool
    owes: bool
    arrival_number: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer as its page shows it: read from the database for this reader, not from the index."""

    key: str
    url: str
    #: As the facets have them: values, with the words for them.
    kind: str
    kind_label: str
    type: str
    number: str
    title: str
    issuer: str
    day: date | None
    state: str
    state_label: str
    #: What replaced it, if this reader may read that; the state says "replaced" in any case.
    successor: Link | None = None
    #: Texts in which a passage is looked for, the main one first.
    texts: tuple[str, ...] = ()
    #: The other forms of its own number that are typed for it; empty for what has none.
    forms: frozenset[str] = frozenset()
    mine: tuple[Owed, ...] = ()


class Kind(Protocol):
    """Everything that search asks about one kind; all of it reads the database as it is now."""

    name: str

    def ids(self, *, after: int, most: int) -> Sequence[int]:
        """Return, ascending, the next ids of what somebody may read."""
        ...

    def audiences(self, ids: Sequence[int]) -> dict[int, frozenset[str]]:
        """Return the tokens of which a reader must hold one; what nobody may find is left out."""
        ...

    def records(self, ids: Sequence[int]) -> Iterator[Record]:
        """Read what is to be kept of these, at version 0; what nobody may find is left out."""
        ...

    def visible(self, who: Standing, ids: Collection[int]) -> set[int]:
        """Return those that this reader may see at the moment of his standing (one query)."""
        ...

    def shown(self, who: Standing, ids: Collection[int]) -> Iterable[tuple[int, Shown]]:
        """Return those that this reader may see, as they are shown."""
        ...

    def new_to(self, who: Standing, since: datetime, *, most: int) -> Sequence[int]:
        """Return what this reader may see since that moment and could not before, newest first."""
        ...

    def turned(self, since: date, until: date) -> Iterable[int]:
        """Return those whose standing changed in these days by the calendar alone."""
        ...

    def issuers(self, values: Collection[str]) -> dict[str, str]:
        """Return, for values of the facet of issuers that are this kind's, today's names."""
        ...


_kinds: dict[str, Kind] = {}
#: Words for the values of facets, whichever kind brings them.
_words: dict[Facet, dict[str, Any]] = {}


def register(kind: Kind, *, words: Mapping[Facet, Mapping[str, Any]]) -> None:
    """Add a kind, or replace the one of this name; `words` say its values of a facet to people."""
    _kinds[kind.name] = kind
    for facet, labels in words.items():
        _words.setdefault(facet, {}).update(labels)


def label(facet: Facet, value: str) -> str:
    """Return the words for a value; the value itself where it is made of words already."""
    return str(_words.get(facet, {}).get(value, value))


def kinds() -> tuple[Kind, ...]:
    return tuple(_kinds.values())


def kind_of(key: str) -> Kind | None:
    """Return the kind that a key belongs to; None for a key of no kind that is known here."""
    return _kinds.get(key.partition(":")[0])


def id_of(key: str) -> int:
    return int(key.partition(":")[2])


def key_of(kind: Kind, pk: int) -> str:
    return f"{kind.name}:{pk}"


def by_kind(keys: Iterable[str]) -> dict[str, list[int]]:
    """Sort keys by kind; those of an unknown kind are left out."""
    sorted_out: dict[str, list[int]] = {}
    for key in keys:
        if kind_of(key):
            sorted_out.setdefault(key.partition(":")[0], []).append(id_of(key))
    return sorted_out


def visible(who: Standing, keys: Iterable[str]) -> set[str]:
    """Return those keys whose row this reader may see now: the last word on every answer."""
    seen: set[str] = set()
    for name, ids in by_kind(keys).items():
        seen |= {f"{name}:{pk}" for pk in _kinds[name].visible(who, ids)}
    return seen


def new_to(who: Standing, since: datetime, *, most: int = 1_000) -> list[str]:
    """Return the keys of what this reader may see since that moment and could not before."""
    return [
        f"{name}:{pk}" for name, kind in _kinds.items() for pk in kind.new_to(who, since, most=most)
    ]


def shown(who: Standing, keys: Iterable[str]) -> dict[str, Shown]:
    """Return what this reader may see of these, by key."""
    found: dict[str, Shown] = {}
    for name, ids in by_kind(keys).items():
        for pk, one in _kinds[name].shown(who, ids):
            found[f"{name}:{pk}"] = one
    return found
