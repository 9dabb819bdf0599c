"""Weeks as offices number them: those of ISO 8601, Monday to Sunday.

The numbered weeks of printed schedules that could be checked (21 of 2018, 7 of 2026) equal them.
A year may have a week 53 (2026 has), whose last days lie in the next year.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

#: The years that the calendar of the house knows.
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, order=True)
class Week:
    """One week. Raises, when made: ValueError for one that the year does not have."""

    year: int
    no: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError("no year of this calendar")
        date.fromisocalendar(self.year, self.no, 1)

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the week in which the day lies; the year may be another than the day's."""
        year, no, _weekday = day.isocalendar()
        return cls(year, no)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.no, 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=each) for each in range(7)]

    def plus(self, weeks: int) -> "Week":
        """Return the week so many later. Raises: ValueError at the end of the calendar."""
        return Week.of(self.monday + timedelta(weeks=weeks))

    def __contains__(self, day: date) -> bool:
        return self.monday <= day <= self.sunday

    def __str__(self) -> str:
        return f"{self.no}/{self.year}"
