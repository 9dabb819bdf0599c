"""Who can say whether an entry still agrees with the rows and files that it speaks of.

The ledger knows nothing of the domain; the apps that do register here, from `AppConfig.ready`:

    @witness("paper.signed")
    def papers_signed(entries):
        rows = Paper.objects.in_bulk([data["paper"] for _seq, data in entries])
        for seq, data in entries:
            if data["paper"] not in rows:
                yield seq, f"paper {data['paper']} is gone"

A witness is called with a batch, so that it asks the database once for many entries.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

Entries = Sequence[tuple[int, dict[str, Any]]]
Problems = Iterable[tuple[int, str]]
Witness = Callable[[Entries], Problems]

_of_rows: dict[str, list[Witness]] = defaultdict(list)
_of_files: dict[str, list[Witness]] = defaultdict(list)


def witness(*types: str) -> Callable[[Witness], Witness]:
    """Register a function that holds entries of these types against the database."""
    return _registering(_of_rows, types)


def file_witness(*types: str) -> Callable[[Witness], Witness]:
    """Register a function that holds entries against stored files: slow, asked only when wanted."""
    return _registering(_of_files, types)


def called_for(type: str, *, files: bool) -> list[Witness]:
    """Return who has something to say about entries of this type, files included if wanted."""
    return [*_of_rows.get(type, ()), *(_of_files.get(type, ()) if files else ())]


class Census(Protocol):
    """Notes what the entries speak of, then says which rows no entry speaks of."""

    def note(self, type: str, data: dict[str, Any]) -> None:
        """Note one entry."""

    def without_entry(self) -> Iterable[str]:
        """Name the rows that are there although no entry noted so far speaks of them."""


censuses: list[type[Census]] = []


def census(each: type[Census]) -> type[Census]:
    """Register a census; a new one is made for each verification."""
    censuses.append(each)
    return each


def _registering(
    registry: dict[str, list[Witness]], types: Sequence[str]
) -> Callable[[Witness], Witness]:
    def register(function: Witness) -> Witness:
        for each in types:
            registry[each].append(function)
        return function

    return register
