"""Half-days (buổi) of working days: what a survey asks for and a programme is planned in."""

from datetime import date, datetime
from typing import NamedTuple

from agencies import calendar, clock
from seminars.choices import HalfDay
from seminars.free_time import Span
from seminars.instants import to5
from seminars.models.surveys import ASKED_HALVES

#: From when until when each counts: meals in between belong to the earlier one.
_HOURS = {HalfDay.MORNING: (0, 12), HalfDay.AFTERNOON: (12, 18)}


class Half(NamedTuple):
    """The morning or the afternoon of a day."""

    day: date
    half: str

    @property
    def span(self) -> Span:
        """What it takes of time, in units of five minutes."""
        first, last = _HOURS[HalfDay(self.half)]
        return to5(clock.at(self.day, first)), to5(clock.at(self.day, last))

    @property
    def label(self) -> str:
        return str(HalfDay(self.half).label)

    def is_over(self, at: datetime) -> bool:
        return clock.at(self.day, _HOURS[HalfDay(self.half)][1]) <= at


def between(first: date, last: date) -> list[Half]:
    """Return the half-days of the working days, both ends included, in order (one query)."""
    days = calendar.working_days(first, last)
    return [Half(day, str(half)) for day in days for half in ASKED_HALVES]
