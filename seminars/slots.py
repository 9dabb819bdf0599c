"""When a seminar could be held: who is busy when, and which rooms are free, read as integers.

Of what somebody else has to do only that he is busy is used, never what it is.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from agencies import calendar, clock
from seminars import hours
from seminars.choices import TAKING_TIME, InvitationRole
from seminars.free_time import Answer, Party, Question, Span, suggest
from seminars.free_time import Room as FreeRoom
from seminars.instants import SLOT, day5, from5
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

#: A longer look-ahead is asked for in parts.
MOST_DAYS = 92


@dataclass(frozen=True)
class Wish:
    """Between which days, both included, for how many minutes, and what may be lacking."""

    first: date
    last: date
    minutes: int
    with_room: bool = True
    allow_missing: bool = False


def best_times(seminar: Seminar, wish: Wish, *, at: datetime, most: int = 6) -> Answer:
    """Suggest times for a seminar, the best first, or say the one reason why there is none.

    Chair, speakers and the agencies that must be there are required; those that may come are not.

    Raises: ValueError for days out of order, too many of them, or minutes off the quarter.
    """
    if not wish.first <= wish.last or (wish.last - wish.first).days >= MOST_DAYS:
        raise ValueError("the days are out of order, or too many")
    begins, ends = day5(wish.first)[0], day5(wish.last)[1]
    parties, busy = _parties(seminar, begins, ends)
    seats = max((venue.seats for venue in seminar.venues.all()), default=0)
    rooms = _rooms(seminar, begins, ends) if wish.with_room else None
    return suggest(
        Question(
            parties=parties,
            busy=busy,
            window=_window(seminar, wish, at),
            minutes=wish.minutes,
            rooms=rooms,
            seats=seats,
            allow_missing=wish.allow_missing,
        ),
        most=most,
    )


def _window(seminar: Seminar, wish: Wish, at: datetime) -> list[Span]:
    """The hours of the organiser's working days that are not over yet (two queries)."""
    rows = list(WorkingHours.objects.filter(agency=seminar.agency_id))
    now = -(-int(at.timestamp()) // 300)
    window = []
    for day in calendar.working_days(wish.first, wish.last):
        for opens, closes in hours.spans(day, hours.working(day, rows)):
            start = max(opens, now)
            if start < closes:
                window.append((start, closes))
    return window


def _parties(seminar: Seminar, begins: int, ends: int) -> tuple[list[Party], dict[str, list[Span]]]:
    """Who is wanted, and when each is elsewhere (five queries)."""
    people = {item.speaker for item in seminar.agenda.select_related("speaker") if item.speaker}
    if seminar.chair is not None:
        people.add(seminar.chair)
    invited = list(
        seminar.invitations.exclude(role=InvitationRole.INFORMED).select_related("agency")
    )
    parties = [Party(f"person:{each.pk}", each.name) for each in people]
    parties += [
        Party(f"agency:{row.agency_id}", str(row.agency), row.role == InvitationRole.REQUIRED)
        for row in invited
    ]
    busy: dict[str, list[Span]] = {party.key: [] for party in parties}
    others = Seminar.objects.between(begins, ends).filter(state__in=TAKING_TIME)
    others = others.exclude(pk=seminar.pk)
    ids = [each.pk for each in people]
    chairing = others.filter(chair__in=ids).values_list("chair", "start5", "end5")
    speaking = AgendaItem.objects.filter(seminar__in=others, speaker__in=ids)
    spoken = speaking.values_list("speaker", "seminar__start5", "seminar__end5")
    for person, start, end in [*chairing, *spoken]:
        busy[f"person:{person}"].append((start, end))  # type: ignore[arg-type]
    required = Invitation.objects.filter(
        seminar__in=others, role=InvitationRole.REQUIRED,
        agency__in=[row.agency_id for row in invited],
    )  # fmt: skip
    for agency, start, end in required.values_list("agency", "seminar__start5", "seminar__end5"):
        busy[f"agency:{agency}"].append((start, end))  # type: ignore[arg-type]
    return sorted(parties, key=lambda party: party.key), busy


def _rooms(seminar: Seminar, begins: int, ends: int) -> list[FreeRoom]:
    """The rooms that the organiser may book, with what each lane is taken by (four queries)."""
    rooms = list(
        Room.objects.filter(Q(shared=True) | Q(agency=seminar.agency_id), active=True).order_by(
            "capacity", "name", "pk"
        )
    )
    lanes = {room.pk: [[] for _lane in range(room.lanes)] for room in rooms}  # type: ignore[var-annotated]
    bookings = RoomBooking.objects.filter(
        room__in=lanes, from15__lt=ends // SLOT + 1, to15__gt=begins // SLOT
    ).exclude(venue__seminar=seminar)
    for room, lane, first, last in bookings.values_list("room", "lane", "from15", "to15"):
        if lane <= len(lanes[room]):
            lanes[room][lane - 1].append((first * SLOT, last * SLOT))
    for room, spans in _shut(list(lanes), begins, ends).items():
        for taken in lanes[room]:
            taken += spans
    return [
        FreeRoom(
            key=str(room.pk),
            name=room.name,
            capacity=room.capacity,
            lanes=lanes[room.pk],
            before=_quarters(room.setup_minutes),
            after=_quarters(room.clear_minutes),
        )
        for room in rooms
    ]


def _quarters(minutes: int) -> int:
    return -(-minutes // 15) * 15


def _shut(rooms: list[int], begins: int, ends: int) -> dict[int, list[Span]]:
    """When rooms are closed, or outside their hours, where they have any (two queries)."""
    shut: dict[int, list[Span]] = {}
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
