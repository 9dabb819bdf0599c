"""What is taken already, read as integers: people, agencies and rooms.

Of what somebody else has to do only that he is busy is used, never what it is. `apart` are the
seminars that are to be placed: what they have themselves is not in their way.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Q

from agencies import calendar, clock
from seminars import hours
from seminars.choices import TAKING_TIME, InvitationRole
from seminars.free_time import Span
from seminars.instants import SLOT, from5
from seminars.models import (
    AgendaItem,
    Invitation,
    Room,
    RoomBooking,
    RoomClosure,
    RoomHours,
    Seminar,
    WorkingHours,
)
from seminars.models.seminars import SeminarQuerySet

Spans = dict[int, list[Span]]


# -- Who --------------------------------------------------------------------------------------


def people(ids: Collection[int], begins: int, ends: int, *, apart: Collection[int]) -> Spans:
    """When each of these persons chairs or speaks elsewhere (two queries)."""
    others = _others(begins, ends, apart)
    chairing = others.filter(chair__in=ids).values_list("chair", "start5", "end5")
    speaking = AgendaItem.objects.filter(seminar__in=others, speaker__in=ids)
    spoken = speaking.values_list("speaker", "seminar__start5", "seminar__end5")
    return _by_key([*chairing, *spoken])


def agencies(ids: Collection[int], begins: int, ends: int, *, apart: Collection[int]) -> Spans:
    """When each of these agencies must be at another seminar (one query)."""
    required = Invitation.objects.filter(
        seminar__in=_others(begins, ends, apart), role=InvitationRole.REQUIRED, agency__in=ids
    )
    return _by_key(required.values_list("agency", "seminar__start5", "seminar__end5"))


def _others(begins: int, ends: int, apart: Collection[int]) -> SeminarQuerySet:
    others = Seminar.objects.between(begins, ends).filter(state__in=TAKING_TIME)
    return others.exclude(pk__in=apart)


def _by_key(rows: Iterable[tuple[int | None, int | None, int | None]]) -> Spans:
    found: Spans = {}
    for key, start, end in rows:
        if key is not None and start is not None and end is not None:
            found.setdefault(key, []).append((start, end))
    return found


# -- Rooms ------------------------------------------------------------------------------------


def rooms(
    hosts: Collection[int], begins: int, ends: int, *, apart: Collection[int]
) -> list[tuple[Room, list[list[Span]]]]:
    """The rooms of these agencies and those that all may book, with what each lane is taken by.

    The smallest first; set-up and clear-up of what takes them included (four queries).
    """
    found = list(
        Room.objects.filter(Q(shared=True) | Q(agency__in=hosts), active=True).order_by(
            "capacity", "name", "pk"
        )
    )
    lanes: dict[int, list[list[Span]]] = {
        room.pk: [[] for _lane in range(room.lanes)] for room in found
    }
    bookings = RoomBooking.objects.filter(
        room__in=lanes, from15__lt=ends // SLOT + 1, to15__gt=begins // SLOT
    ).exclude(venue__seminar__in=apart)
    for room, lane, first, last in bookings.values_list("room", "lane", "from15", "to15"):
        if lane <= len(lanes[room]):
            lanes[room][lane - 1].append((first * SLOT, last * SLOT))
    for pk, spans in _shut(list(lanes), begins, ends).items():
        for taken in lanes[pk]:
            taken += spans
    return [(room, lanes[room.pk]) for room in found]


def quarters(minutes: int) -> int:
    """Return the minutes, rounded up to quarters of an hour."""
    return -(-minutes // 15) * 15


def _shut(rooms: list[int], begins: int, ends: int) -> Spans:
    """When rooms are closed, or outside their hours, where they have any (two queries)."""
    shut: Spans = {}
    closures = RoomClosure.objects.filter(room__in=rooms, start5__lt=ends, end5__gt=begins)
    for room, start, end in closures.values_list("room", "start5", "end5"):
        shut.setdefault(room, []).append((start, end))
    opening: dict[int, list[RoomHours]] = {}
    for row in RoomHours.objects.filter(room__in=rooms):
        opening.setdefault(row.room_id, []).append(row)
    per_day = 24 * 12
    for room, rows in opening.items():
        for start in range(begins, ends, per_day):
            day = clock.day_of(from5(start))
            said = hours.said_for(day, rows)
            if said is None:
                continue
            # What a booking needs before and after it may lie outside the hours.
            edge = start
            for opens, closes in hours.spans(day, said):
                shut.setdefault(room, []).append((edge, opens))
                edge = closes
            shut.setdefault(room, []).append((edge, start + per_day))
    return shut


# -- Working time -----------------------------------------------------------------------------


def working_time(agency: int, first: date, last: date, *, at: datetime) -> list[Span]:
    """The hours of the agency's working days that are not over yet (two queries)."""
    rows = list(WorkingHours.objects.filter(agency=agency))
    now = -(-int(at.timestamp()) // 300)
    window = []
    for day in calendar.working_days(first, last):
        for opens, closes in hours.spans(day, hours.working(day, rows)):
            start = max(opens, now)
            if start < closes:
                window.append((start, closes))
    return window
