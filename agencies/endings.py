"""When something dated may end: what was done under it stays done under it."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from agencies.clock import day_of
from agencies.models.periods import Period
from agencies.refusals import Reasons


def against_ending(period: Period, to_on: date, *, at: datetime) -> Reasons:
    """Return what speaks against letting a period end after that day, its last.

    At the earliest yesterday, which ends it at once; never before it began; never later than it
    ends anyway: what is to go on is opened anew.
    """
    yesterday = day_of(at) - timedelta(days=1)
    reasons = Reasons()
    reasons.against(
        to_on < yesterday,
        "to_on",
        _("The last day is at the earliest yesterday: what was done before stays as it was."),
    )
    reasons.against(
        to_on < period.from_on,
        "to_on",
        _("It begins on %(day)s and cannot end before that.")
        % {"day": f"{period.from_on:%d/%m/%Y}"},
    )
    if period.to_on and period.to_on < to_on:
        reasons.against(
            True,
            "to_on",
            _("It ends on %(day)s already: what is to go on is opened anew.")
            % {"day": f"{period.to_on:%d/%m/%Y}"},
        )
    return reasons
