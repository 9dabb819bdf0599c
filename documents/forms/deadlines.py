"""A deadline in two boxes: the day, and the hour that may stay empty."""

from datetime import date, datetime, time

from agencies import clock
from agencies.calendar import CLOSING_HOUR


def moment(on: date, hour: time | None) -> datetime:
    """Return the moment that the boxes name; without an hour, when offices close."""
    hour = hour or time(CLOSING_HOUR)
    return clock.at(on, hour.hour, hour.minute)


def as_typed(due: datetime | None) -> dict[str, str]:
    """Return what would have been typed into `due_on` and `due_time`."""
    local = due.astimezone(clock.VIETNAM) if due else None
    return {
        "due_on": f"{local:%d/%m/%Y}" if local else "",
        "due_time": f"{local:%H:%M}" if local else "",
    }
