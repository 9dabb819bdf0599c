"""A whole programme is moved to the plan that was shown, or nothing is."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from agencies.refusals import Reason
from documents.refusals import Incomplete
from seminars import access, booking, planner
from seminars.choices import SeminarState
from seminars.lifecycle.planning import move, set_places
from seminars.lifecycle.plans import Place, Time
from seminars.models import Programme, Seminar
from seminars.plan_reading import MOVABLE
from seminars.planner import Frame, Proposed


@transaction.atomic
def apply_plan(
    *, programme: Programme, frame: Frame, mark: str, by: User, at: datetime
) -> list[Seminar]:
    """Give the seminars of a programme the times and rooms of the plan that bears this mark.

    The plan is made again under the locks: where anything that counts has changed meanwhile, it is
    another one, and refused. Returns those that were moved; one that is in its place is not touched.

    Raises: NotFound, NotPermitted, WrongState, Incomplete, RoomTaken.
    """
    rows = Seminar.objects.select_for_update(of=("self",)).filter(programme=programme)
    list(rows.filter(state__in=MOVABLE).order_by("pk"))
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    access.require_planning(by, programme, at=at)
    proposal = planner.propose(programme, frame, who=access.standing(by, at=at), at=at)
    if not proposal.found or proposal.mark != mark:
        text = _("Something has changed since this plan was made. Nothing was moved: look again.")
        raise Incomplete([Reason("mark", text)])
    moved = [row for row in proposal.rows if not row.same]
    # All at once give up what they hold, so that two can change places.
    for row in moved:
        booking.release(row.seminar)
    return [_move(row, by=by, at=at) for row in moved]


def _move(row: Proposed, *, by: User, at: datetime) -> Seminar:
    seminar = row.seminar
    places = _places(row)
    if places and seminar.state == SeminarState.TENTATIVE:
        # Without an hour first: it needs neither the old room at the new hour, nor the new one at
        # the old hour.
        day = Time(day=row.half.day, half_day=row.half.half)
        seminar = move(seminar=seminar, time=day, by=by, at=at)
    if places:
        seminar = set_places(seminar=seminar, places=places, by=by, at=at)
    return move(seminar=seminar, time=Time(row.starts_at, row.ends_at), by=by, at=at)


def _places(row: Proposed) -> list[Place]:
    """All venues as they stand, the first in its new room; nothing where that is its room already."""
    venues = sorted(row.seminar.venues.all(), key=lambda venue: venue.order)
    if row.room is None or venues[0].room_id == row.room.pk:
        return []
    return [
        Place(
            host=venue.host, seats=venue.seats, place=venue.place, name=venue.name,
            room=row.room if venue == venues[0] else venue.room, venue=venue.pk,
        )
        for venue in venues
    ]  # fmt: skip
