"""Reading the chain as it is stored, whatever state it is in, link by link."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DatabaseError
from django.db.models import QuerySet

from ledger import chain
from ledger.models import LedgerEntry

#: Entries read at a time: bounds the memory, and the batches of witnesses.
PAGE = 500


class Row(NamedTuple):
    """One stored row. After tampering, SQLite may hold any type in any column."""

    seq: Any
    at: Any
    type: Any
    entry_bytes: Any
    prev: Any
    hash: Any


class Problem(NamedTuple):
    """What is wrong, and at which entry; `seq` is None when it is no entry's in particular."""

    seq: int | None
    text: str


def rows(*, after: int | None = None) -> Iterator[Row]:
    """Yield the stored rows in order of `seq`, a page at a time, from behind `after`.

    A row whose columns cannot be read comes with None in them. No transaction is needed: entries
    only come in at the end, each in one commit with its head.
    """
    while True:
        entries = LedgerEntry.objects.order_by("seq")
        page = list(_read(entries if after is None else entries.filter(seq__gt=after)))
        yield from page
        if not page or not isinstance(page[-1].seq, int):
            return
        after = page[-1].seq


class Chain:
    """The chain as far as it was read: each row is held against the one before it."""

    def __init__(self) -> None:
        self.count = 0
        self.seq = 0
        self.hash = chain.GENESIS
        # What the next entry may name as its `prev`; None when a gap leaves that unknown. After a
        # bad entry both its hashes will do, so that one change is reported once.
        self._continues: set[str] | None = {chain.GENESIS}

    def take(self, row: Row) -> tuple[chain.Entry | None, list[Problem]]:
        """Return the entry when all is well with it, and what is not."""
        self.count += 1
        if not isinstance(row.seq, int):
            return None, [Problem(self.seq + 1, f"an entry has no number but {row.seq!r}")]
        if row.seq <= self.seq:
            return None, [Problem(row.seq, "an entry is out of place")]
        problems = []
        if row.seq > self.seq + 1:
            problems.append(Problem(self.seq + 1, f"entries up to {row.seq - 1} are missing"))
            self._continues = None
        entry, faults = self._held(row)
        self.seq = row.seq
        return entry, problems + [Problem(row.seq, fault) for fault in faults]

    def _held(self, row: Row) -> tuple[chain.Entry | None, list[str]]:
        if not isinstance(row.entry_bytes, bytes):
            self._continues = None
            return None, ["its bytes are not readable"]
        self.hash = chain.digest(row.entry_bytes)
        try:
            entry = chain.decode(row.entry_bytes)
        except chain.NotCanonical as error:
            faults = [f"its bytes are not those of an entry: {error}"]
        else:
            faults = list(self._faults(row, entry))
        self._continues = {self.hash} | ({row.hash} if faults else set())
        return (None, faults) if faults else (entry, [])

    def _faults(self, row: Row, entry: chain.Entry) -> Iterator[str]:
        if row.hash != self.hash:
            yield "its hash is not that of its bytes"
        shown = {"seq": row.seq, "type": row.type, "at": _moment(row.at), "prev": row.prev}
        for column, value in shown.items():
            if getattr(entry, column) != value:
                yield f"column {column} does not say what its bytes say"
        if self._continues is not None and entry.prev not in self._continues:
            yield "it does not continue the entry before it"


def _read(entries: QuerySet[LedgerEntry]) -> Iterator[Row]:
    """Read one page; when a value in it cannot be converted, row by row."""
    try:
        page = list(entries.values_list(*Row._fields)[:PAGE])
    except (ValueError, TypeError, OverflowError, DatabaseError):
        for seq in list(entries.values_list("seq", flat=True)[:PAGE]):
            yield _read_alone(seq)
    else:
        yield from (_row(*values) for values in page)


def _read_alone(seq: Any) -> Row:
    try:
        return _row(*LedgerEntry.objects.values_list(*Row._fields).get(seq=seq))
    except (ValueError, TypeError, OverflowError, DatabaseError, LedgerEntry.DoesNotExist):
        return Row(seq, None, None, None, None, None)


def _row(seq: Any, at: Any, type: Any, entry_bytes: Any, prev: Any, hash: Any) -> Row:
    # psycopg gives a memoryview, SQLite bytes.
    if isinstance(entry_bytes, memoryview):
        entry_bytes = bytes(entry_bytes)
    return Row(seq, at, type, entry_bytes, prev, hash)


def _moment(at: Any) -> str | None:
    return chain.moment(at) if isinstance(at, datetime) else None
