"""Is the ledger what was written? And do the rows and files still say what it says?"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError

from ledger import append_only, chain, witnesses
from ledger.links import PAGE, Chain, Problem, rows
from ledger.models import LedgerEntry, LedgerHead

#: Problems kept word for word; the rest is counted.
KEPT = 100


@dataclass
class Report:
    """What a verification found. `head` is the hash that the head row names, "" without one."""

    files: bool = False
    count: int = 0
    head: str = ""
    first_bad: int | None = None
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.problem_count == 0

    def add(self, seq: int | None, text: str) -> None:
        """Note a problem; the first bad entry is the lowest that any problem is about."""
        self.problem_count += 1
        if len(self.problems) < KEPT:
            self.problems.append(Problem(seq, text))
        if seq is not None and (self.first_bad is None or seq < self.first_bad):
            self.first_bad = seq


def verify(*, files: bool = False) -> Report:
    """Check the whole chain, the triggers that guard it, and what the witnesses say.

    Reads in pages, takes no lock and may run while people work. With `files`, stored files are
    read too. It proves what was recorded here, against whoever cannot rewrite the chain to its end
    and the head with it; against the others only a copy of the head kept elsewhere does.

    Raises: DatabaseError, OSError when it cannot be checked.
    """
    report = Report(files=files)
    for trigger in append_only.missing():
        report.add(None, f"the append-only trigger is missing on {trigger}")
    hearing = _Hearing(report)
    counts = [each() for each in witnesses.censuses]
    read = Chain()
    whole = True
    for row in _rows_to_the_head(read, report):
        entry, problems = read.take(row)
        whole = whole and entry is not None
        for problem in problems:
            report.add(*problem)
        if entry is not None:
            hearing.hear(entry)
            for each in counts:
                each.note(entry.type, entry.data)
    hearing.close()
    if whole:
        # Of an entry that cannot be read nobody knows of which rows it speaks.
        _count(counts, report, after=read.seq)
    report.count = read.count
    return report


def _rows_to_the_head(read: Chain, report: Report) -> Iterator[Any]:
    """Yield every row, then hold the last against the head.

    Whoever appends moves the head in the same commit. So the head, read after the rows, names the
    last of them or one that came in meanwhile; one that cannot be found then was removed.
    """
    yield from rows()
    while (head := _head(report)) and head[0] > read.seq:
        before = read.count
        yield from rows(after=read.seq)
        if read.count == before:
            report.add(read.seq + 1, f"the head names entry {head[0]}: the end is missing")
            return
    if head is None:
        return
    if head[0] < read.seq:
        report.add(head[0] + 1, f"the head names entry {head[0]}: what follows is not its own")
    elif head[1] != read.hash:
        report.add(read.seq, "the head does not name the hash of the last entry")
    if LedgerEntry.objects.filter(seq__lte=read.seq).count() != read.count:
        report.add(None, "the table holds more rows than the chain has entries")


def _head(report: Report) -> tuple[int, str] | None:
    row = LedgerHead.objects.filter(pk=LedgerHead.THE).values_list("seq", "hash").first()
    if row is None or not isinstance(row[0], int):
        report.add(None, "the head is missing")
        return None
    report.head = row[1]
    return row


def _count(counts: list[witnesses.Census], report: Report, *, after: int) -> None:
    """Report the rows of which no entry speaks, but for those whose entries came in meanwhile."""
    found = [set(each.without_entry()) for each in counts]
    if any(found):
        for row in rows(after=after):
            entry = chain.decode(row.entry_bytes)
            for each in counts:
                each.note(entry.type, entry.data)
        found = [
            before & set(each.without_entry()) for each, before in zip(counts, found, strict=True)
        ]
    for text in sorted(text for each in found for text in each):
        report.add(None, text)


class _Hearing:
    """Collects good entries into batches and asks the witnesses."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._batches: dict[witnesses.Witness, list[tuple[int, dict[str, Any]]]] = defaultdict(list)

    def hear(self, entry: chain.Entry) -> None:
        for witness in witnesses.called_for(entry.type, files=self._report.files):
            batch = self._batches[witness]
            batch.append((entry.seq, entry.data))
            if len(batch) == PAGE:
                self._ask(witness)

    def close(self) -> None:
        for witness in list(self._batches):
            self._ask(witness)

    def _ask(self, witness: witnesses.Witness) -> None:
        batch = self._batches.pop(witness)
        try:
            problems = list(witness(batch))
        except (DatabaseError, OSError):
            raise
        except Exception:  # noqa: BLE001 - what a witness stumbles over may be the damage itself
            problems = [problem for each in batch for problem in self._ask_alone(witness, each)]
        for seq, text in problems:
            self._report.add(seq, text)

    def _ask_alone(
        self, witness: witnesses.Witness, entry: tuple[int, dict[str, Any]]
    ) -> list[tuple[int, str]]:
        try:
            return list(witness([entry]))
        except (DatabaseError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - as above
            name = getattr(witness, "__name__", repr(witness))
            return [(entry[0], f"{name} cannot make sense of it: {error!r}")]
