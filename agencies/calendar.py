"""Working days: the general calendar of Vietnam, overridden by what was decreed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays

from agencies.choices import DayKind
from agencies.clock import at
from agencies.models import DayRule

#: The end of an office's day, in Vietnam.
CLOSING_HOUR = 17
#: What a look-ahead reads beyond the days asked for: no chain of days off is longer.
_SPAN = timedelta(days=30)


@lru_cache(maxsize=64)
def _general(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return the holidays of a year, and the weekend days worked in exchange for some of them.

    The library has the days off of the Labour Code and most swaps; Tết by the Vietnamese moon.
    A swap across new year is listed under the year of the day off.
    """
    found = holidays.country_holidays("VN", years=[year, year + 1])
    return frozenset(found), frozenset(found.weekend_workdays)


def _rules(first: date, last: date) -> dict[date, str]:
    rows = DayRule.objects.filter(day__gte=first, day__lte=last)
    return dict(rows.values_list("day", "kind"))


def _works(day: date, rules: dict[date, str]) -> bool:
    if day in rules:
        return rules[day] == DayKind.WORKING
    off, worked = _general(day.year)
    return day in worked or (day.weekday() < 5 and day not in off)


class Days:
    """Working days by one reading of the rules: many questions at the cost of one query.

    A day beyond those that were asked for costs one more. `supposing`: kinds of days as they would
    be, over what is ruled.
    """

    def __init__(
        self, first: date, last: date, *, supposing: Mapping[date, str] | None = None
    ) -> None:
        self._first, self._last = first, last
        self._rules = _rules(first, last)
        self._supposed = supposing or {}

    def works(self, day: date) -> bool:
        if day < self._first:
            self._rules |= _rules(day - _SPAN, self._first)
            self._first = day - _SPAN
        elif day > self._last:
            self._rules |= _rules(self._last, day + _SPAN)
            self._last = day + _SPAN
        return _works(day, {**self._rules, **self._supposed} if self._supposed else self._rules)

    def before(self, day: date, number: int) -> date:
        """Return the `number`-th working day strictly before `day`; `day` itself for 0.

        The day counted from is not counted: Civil Code 2015, article 147.

        Raises: ValueError for a negative number.
        """
        if number < 0:
            raise ValueError("working days are counted backwards from a day, not forwards")
        while number > 0:
            day -= timedelta(days=1)
            number -= self.works(day)
        return day

    @staticmethod
    def general(day: date) -> bool:
        """Say whether it is a working day by the general calendar, whatever is ruled (no query)."""
        return _works(day, {})

    def after(self, day: date, number: int) -> date:
        """Return the `number`-th working day strictly after `day`; `day` itself for 0."""
        while number > 0:
            day += timedelta(days=1)
            number -= self.works(day)
        return day

    def count(self, first: date, last: date) -> int:
        """Count the working days after `first` up to and including `last`."""
        length = max(0, (last - first).days)
        return sum(self.works(first + timedelta(days=n)) for n in range(1, length + 1))


def is_working_day(day: date) -> bool:
    return _works(day, _rules(day, day))


def next_working_day(day: date) -> date:
    """Return the first working day strictly after `day`."""
    return add_working_days(day, 1)


def add_working_days(day: date, number: int) -> date:
    """Return the `number`-th working day strictly after `day`; `day` itself for 0.

    One query, unless the rules take away more than half of all days.

    Raises: ValueError for a negative number.
    """
    if number < 0:
        raise ValueError("working days are counted forwards")
    rules: dict[date, str] = {}
    read_to = day
    while number > 0:
        day += timedelta(days=1)
        if day > read_to:
            read_to = day + timedelta(days=2 * number) + _SPAN
            rules = _rules(day, read_to)
        if _works(day, rules):
            number -= 1
    return day


def subtract_working_days(day: date, number: int) -> date:
    """Return the `number`-th working day strictly before `day`, as `Days.before` counts it.

    One query, unless the rules take away more than half of all days.

    Raises: ValueError for a negative number.
    """
    return Days(day - timedelta(days=2 * max(number, 0)) - _SPAN, day).before(day, number)


def working_days(first: date, last: date) -> list[date]:
    """Return the working days from `first` to `last`, both included, in order (one query)."""
    rules = _rules(first, last)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if _works(day, rules)]


def working_days_between(first: date, last: date) -> int:
    """Count the working days after `first` up to and including `last`; 0 when `last` is earlier."""
    rules = _rules(first, last)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(_works(day, rules) for day in days)


def end_of_working_day(day: date) -> datetime:
    """Return 17:00 in Vietnam on that day."""
    return at(day, CLOSING_HOUR)
