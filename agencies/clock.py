"""The one clock. Nothing else in the house asks for now; verbs are given the moment they act at."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """Return this moment, aware; in the demonstration, the moment that its clock shows."""
    return timezone.now() + _demo_shift()


def today() -> date:
    """Return the day it is in Vietnam. A number's year and a deadline's day are of this day."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """Return the Vietnamese calendar day on which `moment` falls."""
    return moment.astimezone(VIETNAM).date()


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return the moment at which the clock in Vietnam shows that day and time."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)


def _demo_shift() -> timedelta:
    if not settings.DEMO_DAY:
        return timedelta()
    return _stored_demo_shift()


@lru_cache(maxsize=1)
def _stored_demo_shift() -> timedelta:
    """Read how far the demonstration's clock stands from the real one, set when it was seeded.

    Stored, so that the web process, the worker and a demonstration started again next week
    agree; read once a process.
    """
    from agencies.models import DemoClock  # noqa: PLC0415 - models import this module

    return timedelta(seconds=DemoClock.start(settings.DEMO_DAY).shift_seconds)
