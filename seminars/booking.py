"""Rooms are had by the quarter of an hour; the database refuses every overlap on its own.

One row a quarter under a plain unique key: check-then-insert let through nine overlapping bookings
on SQLite and five on PostgreSQL (traps T25). The room's row is locked first, so that whoever comes
second is told who was first instead of meeting the key.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from agencies.refusals import Reason
from documents.access import Standing
from seminars import access
from seminars.choices import BookingState
from seminars.instants import SLOT, from5
from seminars.models import Room, RoomBooking, RoomClaim, Seminar, Venue
from seminars.refusals import RoomTaken

#: Minutes of one slot.
QUARTER = 15


def span15(room: Room, seminar: Seminar) -> tuple[int, int]:
    """Return the quarters in which the seminar needs the room, set-up and clear-up included."""
    assert seminar.start5 is not None
    assert seminar.end5 is not None
    before = -(-room.setup_minutes // QUARTER)
    after = -(-room.clear_minutes // QUARTER)
    return seminar.start5 // SLOT - before, seminar.end5 // SLOT + after


def book(
    seminar: Seminar,
    venues: Sequence[Venue],
    *,
    held_until: datetime | None,
    who: Standing,
) -> None:
    """Give each venue its room for the time of the seminar; what these venues had is given up.

    `held_until`: only held, until then; None: booked.
    In the open transaction. Rooms are locked in the order of their ids.

    Raises: RoomTaken with every room that somebody else has; then nothing may be committed.
    """
    release(seminar)
    if seminar.start5 is None:
        return
    wanted = [(venue, venue.room_id) for venue in venues if venue.room_id is not None]
    ids = sorted({pk for _venue, pk in wanted})
    rooms = {room.pk: room for room in Room.objects.select_for_update().filter(pk__in=ids)
             .order_by("pk")}  # fmt: skip
    state = BookingState.CONFIRMED if held_until is None else BookingState.HELD
    taken = []
    for venue, pk in wanted:
        room = rooms[pk]
        first, last = span15(room, seminar)
        lane = _free_lane(room, first, last)
        if lane is None:
            taken.append(_in_the_way(room, first, last, who))
            continue
        booking = RoomBooking.objects.create(
            venue=venue, room=room, lane=lane, from15=first, to15=last, state=state,
            held_until=held_until,
        )  # fmt: skip
        RoomClaim.objects.bulk_create(
            RoomClaim(booking=booking, room=room, lane=lane, slot15=slot)
            for slot in range(first, last)
        )
    if taken:
        raise RoomTaken(taken)


def release(seminar: Seminar) -> None:
    """Give up every room that the seminar has."""
    RoomBooking.objects.filter(venue__seminar=seminar).delete()


def run_out(at: datetime) -> list[int]:
    """Give up the holds that ran out; returns the ids of their seminars.

    One that somebody turns into a booking at this moment is left to him.
    """
    over = RoomBooking.objects.filter(state=BookingState.HELD, held_until__lt=at)
    taken = over.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    rows = dict(taken.values_list("pk", "venue__seminar"))
    RoomBooking.objects.filter(pk__in=rows).delete()
    return sorted(set(rows.values()))


def _free_lane(room: Room, first: int, last: int) -> int | None:
    """Return the lowest lane that is free all that time (one query)."""
    claims = RoomClaim.objects.filter(room=room, slot15__gte=first, slot15__lt=last)
    busy = set(claims.values_list("lane", flat=True))
    return next((lane for lane in range(1, room.lanes + 1) if lane not in busy), None)


def _in_the_way(room: Room, first: int, last: int, who: Standing) -> Reason:
    """Say which room is had and when; by which seminar only to somebody who may see that one."""
    rows = RoomBooking.objects.filter(room=room, from15__lt=last, to15__gt=first)
    booking = rows.select_related("venue__seminar").order_by("from15", F("lane")).first()
    if booking is None:
        return Reason("room", _("“%(room)s” has no lane.") % {"room": room.name})
    seminar = booking.venue.seminar
    values = {
        "room": room.name,
        "from": f"{from5(booking.from15 * SLOT):%H:%M %d/%m/%Y}",
        "to": f"{from5(booking.to15 * SLOT):%H:%M %d/%m/%Y}",
        "seminar": seminar.title,
    }
    if access.visible_to(who, among=[seminar.pk]).exists():
        text = _("“%(room)s” is taken from %(from)s to %(to)s by “%(seminar)s”.")
    else:
        text = _("“%(room)s” is taken from %(from)s to %(to)s.")
    return Reason("room", text % values)
