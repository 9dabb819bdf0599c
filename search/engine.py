"""What archive search asks of an engine, and the one recipe that every engine carries out.

An engine is a cache: the database is the truth, its hits are checked there again before anything
is shown. Whoever asks says what the reader holds (`tokens`, such as "agency:12", "user:55"); an
empty list finds nothing, and there is no way to ask without one. `excluded` keys, those whose
audience has just become smaller, are in no answer of any kind.
"""

import hashlib
import re
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from search.text import Query

#: The version of what is written into an index; another one asks for a rebuild.
SCHEMA = 1
#: Of a score: what is no longer in force (replaced, recalled) ranks below its like.
DEMOTION = 0.5
#: A hit on the paper's own number outweighs any words.
NUMBER_WEIGHT = 100.0
#: Hits that can be paged through; the total counts them all.
MOST_SHOWN = 10_000
#: Values of one facet, the most frequent ones.
MOST_VALUES = 100
#: A query of more words than this asks for half of them at once: papers that hold every word of a
#: long question are long papers, not good answers (measured: nDCG@10 0.80 with all, 0.87 so).
ALL_WORDS = 8
#: The title's words count again, pairs twice; exact syllables when accents were typed.
_F, _FB, _TF, _TFB, _X = 0.5, 1.0, 0.125, 0.25, 0.25


class EngineDown(Exception):
    """The engine cannot be reached, did not answer in time, or is out of order."""


class NotBuilt(EngineDown):
    """There is no index yet, or one of another version of this programme: rebuild it."""


class RebuildRunning(Exception):
    """Somebody else is building the next index."""


class Order(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Facet(StrEnum):
    """The fields that answers can be counted by; each also filters."""

    KIND = "kind"
    TYPE = "type"
    ISSUER = "issuer"
    YEAR = "year"
    FIELD = "field"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Record:
    """One paper as it is to be found, at one version of it (a higher version is newer)."""

    key: str
    version: int
    kind: str
    title: str
    audience: frozenset[str]
    body: str = ""
    #: Searched as words, never shown: the name of its type, of its issuer.
    names: str = ""
    numbers: tuple[str, ...] = ()
    type: str = ""
    issuers: tuple[str, ...] = ()
    field: str = ""
    state: str = ""
    day: date | None = None
    in_force: bool = True

    @property
    def keywords(self) -> dict[str, list[str]]:
        """The values of each facet."""
        values: dict[Facet, Iterable[str]] = {
            Facet.KIND: [self.kind],
            Facet.TYPE: [self.type],
            Facet.ISSUER: self.issuers,
            Facet.YEAR: [str(self.day.year)] if self.day else [],
            Facet.FIELD: [self.field],
            Facet.STATE: [self.state],
        }
        return {name.value: [value for value in found if value] for name, found in values.items()}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the answer is narrowed to: any value of a field, all fields together, days included."""

    kind: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    issuer: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    field: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    #: Among these papers alone; None: among all.
    among: frozenset[str] | None = None

    @property
    def keywords(self) -> dict[str, tuple[str, ...]]:
        every = {name.value: getattr(self, name.value) for name in Facet}
        return {name: values for name, values in every.items() if values}


@dataclass(frozen=True, slots=True)
class Page:
    number: int = 1
    size: int = 25

    @property
    def offset(self) -> int:
        return (max(1, self.number) - 1) * self.size

    @property
    def end(self) -> int:
        """Where it ends, at most where paging ends."""
        return min(self.offset + self.size, MOST_SHOWN)


class Hit(NamedTuple):
    key: str
    score: float


class Count(NamedTuple):
    """A value of a facet, and how many of the papers found have it."""

    value: str
    papers: int


class Title(NamedTuple):
    """A title that this reader may see, and whose it is."""

    key: str
    text: str


class Suggestion(NamedTuple):
    """Words to search for, and a paper that this reader may see whose title holds them."""

    text: str
    key: str


class Stamp(NamedTuple):
    """What the index holds of a paper, to be compared with the database."""

    key: str
    version: int
    audience: str


@dataclass(frozen=True, slots=True)
class Results:
    hits: list[Hit]
    #: Exact, however many they are.
    total: int
    #: The query is long or too few papers hold every word: these hold at least half of them.
    relaxed: bool = False
    facets: dict[Facet, list[Count]] = field(default_factory=dict)


NOTHING = Results([], 0)


class Building(Protocol):
    """The next index while it is being filled; give each key once."""

    def put(self, records: Iterable[Record]) -> dict[str, str]: ...


class Engine(Protocol):
    """All of them raise EngineDown, and NotBuilt where there is nothing to ask yet."""

    def search(
        self,
        query: Query,
        *,
        tokens: Collection[str],
        excluded: Collection[str] = (),
        filters: Filters = ...,
        page: Page = ...,
        order: Order = Order.RELEVANCE,
        facets: Collection[Facet] = (),
    ) -> Results:
        """Find. A blank query finds all that the filters leave; one of mere signs nothing.

        Equal scores stand newest first, then by key, so that pages neither repeat nor lose one.
        """
        ...

    def count(
        self,
        query: Query,
        *,
        tokens: Collection[str],
        excluded: Collection[str] = (),
        filters: Filters = ...,
    ) -> int:
        """The total that `search` would give."""
        ...

    def suggest(
        self, typed: str, *, tokens: Collection[str], excluded: Collection[str] = (), limit: int = 8
    ) -> list[Suggestion]:
        """Continue what is being typed with words of titles that this reader may see."""
        ...

    def did_you_mean(
        self, query: Query, *, tokens: Collection[str], excluded: Collection[str] = ()
    ) -> Suggestion | None:
        """Restore accents and single wrong letters by titles that this reader may see."""
        ...

    def similar(
        self, key: str, *, tokens: Collection[str], excluded: Collection[str] = (), limit: int = 10
    ) -> list[Hit]:
        """Find papers like one that this reader may see; none for any other."""
        ...

    def put(self, records: Iterable[Record]) -> dict[str, str]:
        """Write, unless a newer version is there; visible at once when `flush` has returned.

        Returns why each refused record was refused; the others are written.
        """
        ...

    def drop(self, versions: Mapping[str, int]) -> None:
        """Take away each key, unless a version newer than this one is there."""
        ...

    def flush(self) -> None:
        """Make everything written so far visible."""
        ...

    def stamps(self) -> Iterator[Stamp]:
        """Everything that the index holds, in no order."""
        ...

    def rebuild(self) -> AbstractContextManager[Building]:
        """Fill a new index while the old one serves; switch when the block ends without an error.

        What is put or dropped meanwhile is in the new one too. Raises RebuildRunning.
        """
        ...

    def ready(self) -> None:
        """Return when it can be asked; raise EngineDown or NotBuilt, with the reason, if not."""
        ...


# -- The recipe --------------------------------------------------------------------------------


class Term(NamedTuple):
    """One token in one field, and what finding it adds to the score."""

    field: str
    value: str
    weight: float


#: Fulfilled by all terms of any one of its ways.
Need = tuple[tuple[Term, ...], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A query as conditions and weights. Relaxed: `least` of the needs, or a number."""

    needs: tuple[Need, ...]
    wishes: tuple[Term, ...]
    numbers: tuple[Term, ...]

    @property
    def least(self) -> int:
        return (len(self.needs) + 1) // 2

    @property
    def long(self) -> bool:
        """Asked for relaxed from the beginning."""
        return len(self.needs) > ALL_WORDS

    def is_too_few(self, total: int, page: Page) -> bool:
        """Say whether to ask again, relaxed, after so many papers held every word."""
        return total < page.size and len(self.needs) > 1 and not self.long


def plan(query: Query) -> Plan:
    """Say what a paper must hold and what raises it."""
    swapped = {word for swap in query.swaps for word in swap.said}
    needs: list[Need] = [((Term("f", word, _F),),) for word in query.terms if word not in swapped]
    # One place may be said in two ways only; overlapping ones each stand for themselves.
    for swap in query.swaps:
        needs.append((tuple(Term("f", word, _F) for word in swap.said), _together(swap.meant)))
    wishes = [Term("fb", pair, _FB) for pair in query.pairs]
    wishes += [Term("tf", word, _TF) for word in query.terms]
    wishes += [Term("tfb", pair, _TFB) for pair in query.pairs]
    wishes += [Term("x", word, _X) for word in query.exact]
    numbers = tuple(Term("num", form, NUMBER_WEIGHT) for form in query.numbers)
    return Plan(tuple(needs), tuple(wishes), numbers)


def _together(words: tuple[str, ...]) -> tuple[Term, ...]:
    if len(words) == 1:
        return (Term("f", words[0], _F),)
    return tuple(
        Term("fb", f"{one}_{two}", _FB) for one, two in zip(words, words[1:], strict=False)
    )


def place(day: date | None, key: str) -> int:
    """A number by which papers stand in one order everywhere: by day, then by key.

    62 bits, of which the last eight tell kinds apart whose keys end with the same number.
    """
    kind, _, rest = key.rpartition(":")
    last = int(rest) % 2**32 if re.fullmatch(r"[0-9]{1,18}", rest) else zlib.crc32(rest.encode())
    return (day.toordinal() if day else 0) << 40 | last << 8 | zlib.crc32(kind.encode()) & 0xFF


def audience_digest(audience: Iterable[str]) -> str:
    """A short name for an audience, to compare by."""
    return hashlib.blake2b("\n".join(sorted(audience)).encode(), digest_size=12).hexdigest()


def gist(tfb: str, fb: str, most: int = 40) -> list[str]:
    """The pairs that a paper is about: its title's, then those it repeats most."""
    counts: dict[str, int] = {}
    for pair in fb.split():
        counts[pair] = counts.get(pair, 0) + 1
    often = sorted((pair for pair in counts if counts[pair] > 1), key=lambda pair: -counts[pair])
    return list(dict.fromkeys([*tfb.split(), *often]))[:most]
