"""Moments as integers: units of five minutes since 1 January 1970, 00:00 UTC.

Busy intervals are read by the ten thousand, and integers are read five times as fast as moments
(traps T27). Every interval is half-open: one that ends at 16:00 does not touch one that begins then.
"""

from datetime import UTC, date, datetime, timedelta

from agencies import clock

#: Seconds of one unit, and the units of one slot of a room.
UNIT = 300
SLOT = 3
#: Seminars begin and end on the quarter of an hour.
GRID = timedelta(seconds=UNIT * SLOT)


def to5(moment: datetime) -> int:
    """Return the moment in units.

    Raises: ValueError for one that does not lie on the quarter of an hour.
    """
    seconds = int(moment.timestamp())
    if seconds % (UNIT * SLOT) or moment.microsecond:
        raise ValueError("not on the quarter of an hour")
    return seconds // UNIT


def unit_of(moment: datetime) -> int:
    """Return the unit in which the moment lies: for hours that need not be on the quarter."""
    return int(moment.timestamp()) // UNIT


def from5(units: int) -> datetime:
    """Return the moment, aware, on the clock of Vietnam."""
    return datetime.fromtimestamp(units * UNIT, tz=UTC).astimezone(clock.VIETNAM)


def day5(day: date) -> tuple[int, int]:
    """Return the units at which a Vietnamese day begins, and the next one."""
    return to5(clock.at(day)), to5(clock.at(day + timedelta(days=1)))
