"""What the clock does to seminars: holds run out, unused seats fall to those who wait."""

from datetime import datetime

from seminars import lifecycle
from seminars.choices import AWAITED, NominationState
from seminars.models import Seminar


def look_at_the_clock(at: datetime) -> bool:
    """Do what is due; returns whether there was anything. May be run twice, and by several."""
    lost = lifecycle.let_holds_run_out(at=at)
    # Somebody waits, and the time for naming is over for one of the agencies.
    waiting = Seminar.objects.filter(
        state__in=AWAITED,
        invitations__answer_by__lt=at,
        nominations__state=NominationState.QUEUED,
    ).distinct()
    risen = sum(
        lifecycle.promote_after_deadline(seminar=each, at=at) for each in waiting.order_by("pk")
    )
    return bool(lost or risen)
