"""The table that agencies are loaded from, read strictly: every fault has its row and column.

UTF-8 CSV with a header of exactly the names in COLUMNS, in any order; those of OPTIONAL may stand
there too. Nothing is completed, cut or corrected.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils.translation import gettext as _

from agencies.choices import AgencyKind, Audience
from agencies.mailboxes import is_mailbox
from agencies.models import AgencyName, DistributionList
from agencies.refusals import Reason, Refused

#: `lists`: names separated by semicolons. A list belongs to the agency above, or to the one whose
#: identifier stands before a colon: "DEMO.001: Chủ tịch UBND các huyện, thành phố".
COLUMNS = (
    "identifier", "kind", "name", "short_name", "abbreviation", "parent_identifier", "collective",
    "default_audience", "place", "from", "to", "basis", "lists",
)  # fmt: skip
#: `mailbox`: of the agency's clerks. A table that was made before it has no such column.
OPTIONAL = ("mailbox",)
REQUIRED = frozenset({"identifier", "kind", "name", "short_name", "abbreviation", "from"})
YES = frozenset({"1", "x", "yes", "true", "có"})
NO = frozenset({"", "0", "no", "false", "không"})

_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_OWNED = re.compile(r"([^\s:]+)\s*:\s*(.+)", re.DOTALL)


@dataclass(frozen=True)
class Line:
    """One row of the file that could be read. Row 1 is the header, as a spreadsheet counts."""

    row: int
    identifier: str
    kind: str
    name: str
    short_name: str
    abbreviation: str
    parent: str
    collective: bool
    default_audience: str
    place: str
    from_on: date
    to_on: date | None
    basis: str
    #: (identifier of the owner, name of the list)
    lists: tuple[tuple[str, str], ...]
    #: Empty: the table says nothing of it.
    mailbox: str = ""


@dataclass
class Faults:
    found: list[tuple[int, Reason]] = field(default_factory=list)

    def add(self, row: int, column: str, why: str) -> None:
        where = (
            _("Row %(row)s, column %(column)s: %(why)s") if column else _("Row %(row)s: %(why)s")
        )
        self.found.append(
            (row, Reason(column or "row", where % {"row": row, "column": column, "why": why}))
        )

    def refuse(self) -> None:
        if self.found:
            raise Refused([reason for _row, reason in sorted(self.found, key=lambda each: each[0])])


def read(data: bytes, *, stored: set[str]) -> tuple[list[Line], Faults]:
    """Return the good lines, each agency before those under it, and the faults of the others.

    `stored`: the identifiers that a line may name although the file does not hold them.

    Raises: Refused, for what makes the rest unreadable: encoding, header.
    """
    faults = Faults()
    rows = list(_rows(_text(data, faults), faults))
    _check_identifiers(rows, faults)
    known = stored | {cells["identifier"] for _row, cells in rows}
    lines = [line for row, cells in rows if (line := _line(row, cells, known, faults))]
    return _parents_first(lines, faults), faults


# -- Cells ------------------------------------------------------------------------------------


def _text(data: bytes, faults: Faults) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        faults.add(row, "", _("this is not UTF-8. Save the file as “CSV UTF-8”."))
        faults.refuse()
        raise


def _rows(text: str, faults: Faults) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the cells of each row that has as many cells as the header."""
    if "\0" in text:
        faults.add(text.count("\n", 0, text.index("\0")) + 1, "", _("there is a NUL character."))
        faults.refuse()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            cells = [_tidy(cell) for cell in cells]
            if row == 1:
                header = [cell.lower() for cell in cells]
                _check_header(header, faults)
            elif any(cells):
                if len(cells) == len(header):
                    yield row, dict(zip(header, cells, strict=True))
                else:
                    why = _("there are %(found)s cells, the header has %(wanted)s.")
                    faults.add(row, "", why % {"found": len(cells), "wanted": len(header)})
    except csv.Error as error:
        faults.add(row + 1, "", _("the table breaks off: %(why)s.") % {"why": error})
    if not row:
        faults.add(1, "", _("the file is empty."))


def _tidy(cell: str) -> str:
    """One form of each letter, and a line break inside a cell is a space."""
    return " ".join(unicodedata.normalize("NFC", cell).split())


def _check_header(header: list[str], faults: Faults) -> None:
    for column in COLUMNS:
        if column not in header:
            faults.add(1, column, _("the column is missing."))
    for column, number in Counter(header).items():
        if column not in (*COLUMNS, *OPTIONAL):
            faults.add(1, column, _("there is no such column."))
        elif number > 1:
            faults.add(1, column, _("the column stands there twice."))
    faults.refuse()


def _check_identifiers(rows: list[tuple[int, dict[str, str]]], faults: Faults) -> None:
    first: dict[str, int] = {}
    for row, cells in rows:
        seen = first.setdefault(cells["identifier"], row)
        if cells["identifier"] and seen != row:
            why = _("“%(value)s” stands in row %(first)s already.")
            faults.add(row, "identifier", why % {"value": cells["identifier"], "first": seen})


# -- Lines ------------------------------------------------------------------------------------


def _line(row: int, cells: dict[str, str], known: set[str], faults: Faults) -> Line | None:
    before = len(faults.found)
    for column in COLUMNS:
        if column in REQUIRED and not cells[column]:
            faults.add(row, column, _("the cell is empty."))
        limit = _longest(column)
        if limit and len(cells[column]) > limit:
            why = _("%(found)s characters, at most %(limit)s fit.")
            faults.add(row, column, why % {"found": len(cells[column]), "limit": limit})
    _check_choice(row, "kind", cells["kind"], AgencyKind.values, faults)
    _check_choice(row, "default_audience", cells["default_audience"], Audience.values, faults)
    collective = cells["collective"].lower()
    if collective not in YES | NO:
        faults.add(
            row, "collective", _("“%(value)s” is neither yes nor no.") % {"value": collective}
        )
    parent = cells["parent_identifier"]
    if parent and (parent not in known or parent == cells["identifier"]):
        why = _("no other agency has the identifier “%(value)s”.")
        faults.add(row, "parent_identifier", why % {"value": parent})
    from_on, to_on = (_day(row, column, cells[column], faults) for column in ("from", "to"))
    if from_on and to_on and to_on < from_on:
        faults.add(row, "to", _("the last day is before the first."))
    lists = tuple(_lists(row, cells, known, faults))
    mailbox = cells.get("mailbox", "")
    if mailbox and not is_mailbox(mailbox):
        faults.add(row, "mailbox", _("“%(value)s” is no mail address.") % {"value": mailbox})
    if from_on is None or len(faults.found) > before:
        return None
    return Line(
        row=row,
        identifier=cells["identifier"],
        kind=cells["kind"],
        name=cells["name"],
        short_name=cells["short_name"],
        abbreviation=cells["abbreviation"],
        parent=parent,
        collective=collective in YES,
        default_audience=cells["default_audience"] or Audience.AGENCY.value,
        place=cells["place"],
        from_on=from_on,
        to_on=to_on,
        basis=cells["basis"],
        lists=lists,
        mailbox=mailbox,
    )


def _longest(column: str) -> int | None:
    names = {f.name: f for f in AgencyName._meta.get_fields() if isinstance(f, models.CharField)}
    return names[column].max_length if column in names else None


def _check_choice(row: int, column: str, value: str, allowed: list[str], faults: Faults) -> None:
    if value and value not in allowed:
        why = _("“%(value)s” is unknown. It is one of: %(allowed)s.")
        faults.add(row, column, why % {"value": value, "allowed": ", ".join(allowed)})


def _day(row: int, column: str, value: str, faults: Faults) -> date | None:
    """Read dd/mm/yyyy; nothing is completed and nothing corrected."""
    if not value:
        return None
    match = _DAY.fullmatch(value)
    if match is None:
        faults.add(row, column, _("“%(value)s” is no day like 31/12/2016.") % {"value": value})
        return None
    day, month, year = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        faults.add(row, column, _("there is no day %(value)s.") % {"value": value})
        return None


def _lists(
    row: int, cells: dict[str, str], known: set[str], faults: Faults
) -> Iterator[tuple[str, str]]:
    limit = DistributionList._meta.get_field("name").max_length
    for text in filter(None, map(str.strip, cells["lists"].split(";"))):
        owned = _OWNED.fullmatch(text)
        owner, name = owned.groups() if owned else (cells["parent_identifier"], text)
        if not owner:
            why = _("say whose list “%(name)s” is: IDENTIFIER: name.")
            faults.add(row, "lists", why % {"name": name})
        elif owner not in known and not owned:
            continue  # The column of the agency above says so already.
        elif owner not in known:
            why = _("no agency has the identifier “%(value)s”.")
            faults.add(row, "lists", why % {"value": owner})
        elif limit and len(name) > limit:
            why = _("%(found)s characters, at most %(limit)s fit.")
            faults.add(row, "lists", why % {"found": len(name), "limit": limit})
        else:
            yield owner, name


def _parents_first(lines: list[Line], faults: Faults) -> list[Line]:
    waiting = {line.identifier: line for line in lines}
    ordered: list[Line] = []
    while waiting:
        ready = [line for line in waiting.values() if line.parent not in waiting]
        if not ready:
            for line in waiting.values():
                faults.add(
                    line.row,
                    "parent_identifier",
                    _("the agencies above this one go round in a circle."),
                )
            break
        for line in ready:
            ordered.append(waiting.pop(line.identifier))
    return ordered
