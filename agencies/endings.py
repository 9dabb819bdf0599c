"""When something dated may end: what was done under it stays done under it."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from agencies.clock import day_of
from agencies.models.periods import Period
from agencies.refusals import Reasons


def last_day(period: Period, to_on: date, *, at: datetime) -> date:
    """Return the last day of a period that is to end after that day.

    One that begins later than that is taken back: it ends the day before it begins, which is on
    no day at all.

    Raises: Refused.
    """
    against_ending(period, to_on, at=at).refuse()
    return max(to_on, period.day_before())


def ends_so_already(period: Period, to_on: date) -> bool:
    """Say whether ending it after that day would change nothing: it ends so, or was taken back."""
    return period.to_on == max(to_on, period.day_before())


def against_ending(period: Period, to_on: date, *, at: datetime) -> Reasons:
    """Return what speaks against letting a period end after that day.

    At the earliest yesterday, which ends it at once; never later than it ends anyway: what is to
    go on is opened anew.
    """
    yesterday = day_of(at) - timedelta(days=1)
    reasons = Reasons()
    reasons.against(
        to_on < yesterday,
        "to_on",
        _("The last day is at the earliest yesterday: what was done before stays as it was."),
    )
    if period.to_on and period.to_on < to_on:
        reasons.against(
            True,
            "to_on",
            _("It ends on %(day)s already: what is to go on is opened anew.")
            % {"day": f"{period.to_on:%d/%m/%Y}"},
        )
    return reasons
