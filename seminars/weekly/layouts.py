"""The three printed tables of a schedule: by day, by day and leader, leaders against half-days.

Every table is one day's, with the day in its head: a browser repeats the head on each page, which it
does not do for a cell that spans rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from seminars.weekly.snapshot import HALVES, Item, Snapshot
from seminars.weekly.words import (
    HALF,
    content,
    day_heading,
    half_and_hours,
    hours,
)

LAYOUTS = ("ngay", "lanh-dao", "ma-tran")
#: Columns of leaders that an A4 sheet takes; more go on a further table of the day.
MOST_COLUMNS = 7
#: Where an item stands to which no leader goes.
NOBODY = "Chung"
NOTHING = "Không có mục nào."


@dataclass(frozen=True)
class DayTable:
    """One day: its heading, the heads of columns with their widths in hundredths, the rows."""

    day: date
    heading: str
    columns: tuple[tuple[str, int], ...]
    #: Each cell is a list of lines.
    rows: tuple[tuple[tuple[str, ...], ...], ...]


def tables(snapshot: Snapshot, layout: str) -> list[DayTable]:
    """Return the tables of a layout. Raises: KeyError for a layout that there is not."""
    return {"ngay": by_day, "lanh-dao": by_leader, "ma-tran": matrix}[layout](snapshot)


def shown_days(snapshot: Snapshot) -> list[date]:
    """Monday to Friday, and a day of the weekend that has an item."""
    taken = {each.day for each in snapshot.items}
    return [day for day in snapshot.of_week.days if day.weekday() < 5 or day in taken]


def days_of(snapshot: Snapshot) -> list[tuple[date, list[Item]]]:
    """Return the days that are shown, each with its items in order."""
    return [(day, _on(snapshot, day)) for day in shown_days(snapshot)]


def leaders_of(snapshot: Snapshot) -> list[str]:
    """Return who has a column: those who attend, and who chairs what is the agency's own."""
    named = [each for item in snapshot.items for each in _going(item)]
    known = [each for each in snapshot.leaders if each in named]
    return list(dict.fromkeys([*known, *named]))


def by_day(snapshot: Snapshot) -> list[DayTable]:
    columns = (("Buổi", 6), ("Giờ", 9), ("Nội dung", 30), ("Chủ trì", 13), ("Thành phần", 16),
               ("Địa điểm", 12), ("Chuẩn bị", 14))  # fmt: skip
    return [
        DayTable(day, day_heading(day), columns, tuple(
            (
                (HALF[item.half],), (hours(item),), _lines(content(item)), (item.chair,),
                _lines(*item.leaders, item.joint), (item.place,), _lines(item.unit, item.staff),
            )
            for item in _on(snapshot, day)
        ) or _empty(columns))
        for day in shown_days(snapshot)
    ]  # fmt: skip


def by_leader(snapshot: Snapshot) -> list[DayTable]:
    columns = (("Lãnh đạo", 15), ("Thời gian", 12), ("Nội dung", 33), ("Thành phần", 14),
               ("Địa điểm", 12), ("Chuẩn bị", 14))  # fmt: skip
    order = [*leaders_of(snapshot), NOBODY]
    found = []
    for day in shown_days(snapshot):
        rows = [
            (
                (leader,), (half_and_hours(item),), _lines(content(item)), _lines(item.joint),
                (item.place,), _lines(item.unit, item.staff),
            )
            for leader in order
            for item in _on(snapshot, day)
            if leader in (_going(item) or [NOBODY])
        ]  # fmt: skip
        found.append(DayTable(day, day_heading(day), columns, tuple(rows) or _empty(columns)))
    return found


def matrix(snapshot: Snapshot) -> list[DayTable]:
    everybody = leaders_of(snapshot)
    if any(not _going(item) for item in snapshot.items) or not everybody:
        everybody.append(NOBODY)
    blocks = [
        everybody[first : first + MOST_COLUMNS] for first in range(0, len(everybody), MOST_COLUMNS)
    ]
    return [_matrix(snapshot, day, block) for block in blocks for day in shown_days(snapshot)]


def _matrix(snapshot: Snapshot, day: date, leaders: Sequence[str]) -> DayTable:
    width = 92 // len(leaders)
    columns = (("Buổi", 100 - width * len(leaders)), *((each, width) for each in leaders))
    items = _on(snapshot, day)
    halves = [
        half for half in HALVES
        if half in ("morning", "afternoon") or any(item.half == half for item in items)
    ]  # fmt: skip
    rows = tuple(
        (
            (HALF[half],),
            *(
                tuple(
                    _in_short(item)
                    for item in items
                    if item.half == half and leader in (_going(item) or [NOBODY])
                )
                for leader in leaders
            ),
        )
        for half in halves
    )
    return DayTable(day, day_heading(day), columns, rows)


def _on(snapshot: Snapshot, day: date) -> list[Item]:
    return [item for item in snapshot.items if item.day == day]


def _going(item: Item) -> list[str]:
    """The leaders whose column an item stands in; of another's seminar the chair is not ours."""
    chair = [] if item.invited or not item.chair else [item.chair]
    return list(dict.fromkeys([*chair, *item.leaders]))


def _in_short(item: Item) -> str:
    place = f" ({item.place})" if item.place else ""
    when = f"{hours(item)}: " if item.start5 is not None else ""
    return f"{when}{content(item)}{place}"


def _lines(*texts: str) -> tuple[str, ...]:
    return tuple(line for text in texts for line in text.splitlines() if line.strip())


def _empty(columns: Sequence[object]) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """One row that says so, so that nobody asks whether a day was forgotten."""
    return (tuple((NOTHING,) if place == 2 else ("",) for place in range(len(columns))),)
