"""On which days a seminar comes again. Days only: what they mean is for others to say."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from seminars.choices import Repeats

#: Further dates of one act.
MOST_DATES = 52
#: Weeks or months between two dates.
MOST_APART = 52


@dataclass(frozen=True)
class Dates:
    """The days in order, and the months, each as its first day, that have no such day."""

    days: list[date]
    short: list[date]


def following(first: date, rule: Repeats, *, every: int, count: int) -> Dates:
    """Return the `count` dates after `first` that follow by the rule, `every` weeks or months apart.

    A month without the day (the 31st, a fifth Monday) has no date: it is named, and not moved to
    another day. The count is of dates, so that such a month does not make them fewer.

    Raises: ValueError for a distance or a count below 1 or beyond the bounds.
    """
    if not (1 <= every <= MOST_APART and 1 <= count <= MOST_DATES):
        raise ValueError("the distance or the count is out of bounds")
    if rule == Repeats.WEEKS:
        return Dates([first + timedelta(weeks=every * n) for n in range(1, count + 1)], [])
    days: list[date] = []
    short: list[date] = []
    for month in _months(first, every):
        day = _same_day(first, month) if rule == Repeats.MONTH_DAY else _same_weekday(first, month)
        if day is None:
            short.append(month)
        else:
            days.append(day)
        if len(days) == count:
            break
    return Dates(days, short)


def _months(first: date, every: int) -> Iterator[date]:
    """Yield the first day of each month that follows, without end."""
    months = first.year * 12 + first.month - 1
    while True:
        months += every
        yield date(months // 12, months % 12 + 1, 1)


def _same_day(first: date, month: date) -> date | None:
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=first.day) if first.day <= last else None


def _same_weekday(first: date, month: date) -> date | None:
    """The third Wednesday, if `first` is the third Wednesday of its month."""
    before = (first.day - 1) // 7
    day = 1 + (first.weekday() - month.weekday()) % 7 + 7 * before
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=day) if day <= last else None
