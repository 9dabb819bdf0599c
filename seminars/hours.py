"""When offices work and rooms are open on a day: one reading of the dated rows of both."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from agencies import clock
from seminars.choices import HalfDay
from seminars.instants import unit_of
from seminars.models import RoomHours, WorkingHours

Hours = list[tuple[time, time]]

#: When offices work where nothing else is said.
OFFICE_HOURS: Hours = [(time(7), time(11, 30)), (time(13), time(17))]
#: Hours at which the afternoon and the evening begin.
NOON, DUSK = 12, 18
#: What began in the morning and lasts beyond takes the whole day.
_LUNCH_IS_OVER = time(13, 30)


def half_of(starts_at: datetime, ends_at: datetime | None = None) -> HalfDay:
    """Return the half of the day, in Vietnam, in which it lies; the whole day where it reaches over.

    What ends at midnight ends on its own day.
    """
    begins = starts_at.astimezone(clock.VIETNAM)
    if ends_at is not None:
        last = max(begins, ends_at.astimezone(clock.VIETNAM) - timedelta(minutes=1))
        over_noon = begins.hour < NOON and last.time() >= _LUNCH_IS_OVER
        if over_noon or last.date() != begins.date():
            return HalfDay.WHOLE
    if begins.hour < NOON:
        return HalfDay.MORNING
    return HalfDay.AFTERNOON if begins.hour < DUSK else HalfDay.EVENING


def said_for(day: date, rows: Iterable[WorkingHours | RoomHours]) -> Hours | None:
    """Return the hours of the day among the rows of one office or one room, in order.

    None where no row lives then. Rows that live, and none for its weekday: shut all day.
    """
    live = [row for row in rows if row.is_live_on(day)]
    if not live:
        return None
    return sorted((row.opens, row.closes) for row in live if row.weekday == day.weekday())


def working(day: date, rows: Iterable[WorkingHours]) -> Hours:
    """Return when an agency with these rows works on the day, days off left aside."""
    said = said_for(day, rows)
    return OFFICE_HOURS if said is None else said


def spans(day: date, hours: Hours) -> list[tuple[int, int]]:
    """Return the hours of the day as half-open intervals, in units."""
    return [(_unit(day, opens), _unit(day, closes)) for opens, closes in hours]


def enclose(day: date, hours: Hours, start5: int, end5: int) -> bool:
    """Say whether the interval lies within the hours; a break for lunch is no time outside."""
    found = spans(day, hours)
    if not found:
        return False
    return min(begins for begins, _ends in found) <= start5 and end5 <= max(
        ends for _begins, ends in found
    )


def _unit(day: date, hour: time) -> int:
    return unit_of(clock.at(day, hour.hour, hour.minute))
