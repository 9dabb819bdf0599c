"""What is read of a programme to plan it whole, in the keys and half-days of `planning`.

A half-day is had whole: somebody who is busy in a part of it is busy on it. Rooms are asked for the
hours that the seminars would take, set-up and clear-up included.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain

from django.db.models import Prefetch

from agencies import clock
from documents.access import Standing
from seminars import access, half_days, occupied, planning
from seminars.choices import Free, HalfDay, SeminarState
from seminars.free_time import Party, Span
from seminars.half_days import Half
from seminars.instants import UNIT, day5, to5
from seminars.models import HalfDaySurvey, Programme, Room, RoomBooking, Seminar, Venue
from seminars.wanted import said_in, wanted_at

#: What may still be moved without anybody being told.
MOVABLE = (SeminarState.DRAFT, SeminarState.TENTATIVE)
#: Announced: they stay, and what they take is taken.
ANNOUNCED = (SeminarState.SCHEDULED, SeminarState.INVITED, SeminarState.UNDER_WAY)


@dataclass(frozen=True)
class Frame:
    """Between which days, both included; when half-days begin; how long what has no hours takes."""

    first: date
    last: date
    morning: time
    afternoon: time
    minutes: int

    def begins(self, half: Half) -> datetime:
        hour = self.morning if half.half == HalfDay.MORNING else self.afternoon
        return clock.at(half.day, hour.hour, hour.minute)


class Reading:
    """The rows of a programme that the person sees, read once (about twenty queries)."""

    def __init__(self, programme: Programme, frame: Frame, *, who: Standing, at: datetime) -> None:
        self.source = programme
        self.frame = frame
        every = list(
            access.visible_to(who)
            .filter(programme=programme, state__in=(*MOVABLE, *ANNOUNCED))
            .select_related("agency", "chair")
            .prefetch_related(
                Prefetch("venues", Venue.objects.select_related("room", "host", "booking")),
                "agenda__speaker",
            )
            .order_by("pk")
        )
        #: To be placed. One that takes more than half a day, or an evening, is not.
        self.seminars = [row for row in every if row.state in MOVABLE and _is_half_a_day(row)]
        self.staying = [row for row in every if row not in self.seminars]
        asked = half_days.between(frame.first, frame.last)
        self.halves = [half for half in asked if frame.begins(half) > at]
        self.spans = [half.span for half in self.halves]
        self.within = day5(frame.first)[0], day5(frame.last)[1]
        self.hours = occupied.working_time(programme.agency_id, frame.first, frame.last, at=at)
        #: What keys are called.
        self.names = {str(row.pk): row.title for row in every}
        #: The rooms of the register, by their keys and a lane's.
        self.rooms: dict[str, Room] = {}
        #: The half-days on which an agency comes only if need be, by its key: the planner counts it
        #: as free there, and whoever reads the plan is told.
        self.unsure: dict[str, frozenset[int]] = {}

    def length(self, seminar: Seminar) -> timedelta:
        if seminar.start5 is None or seminar.end5 is None:
            return timedelta(minutes=self.frame.minutes)
        return timedelta(seconds=(seminar.end5 - seminar.start5) * UNIT)

    def programme(self) -> planning.Programme:
        """Write the rows down as the planner takes them.

        What is announced and lies within one half-day is given as it stands, so that the planner can
        name it; what lies otherwise is in the way like anybody else's.
        """
        fixed = {row: day for row in self.staying if (day := self._only_half_day(row)) is not None}
        together = [*self.seminars, *fixed]
        apart = [row.pk for row in together]
        said = said_in(HalfDaySurvey.objects.within(self.source))
        wanted = wanted_at(together, said)
        agencies = {pk: party for each in wanted.values() for pk, party in each.items()}
        people = {row.pk: _people(row) for row in together}
        persons = {pk: name for each in people.values() for pk, name in each.items()}
        self.names |= {party.key: party.name for party in agencies.values()}
        self.names |= {f"person:{pk}": name for pk, name in persons.items()}
        self.unsure = {
            party.key: self._met(said.spans(pk, Free.POSSIBLE)) for pk, party in agencies.items()
        }
        taken = occupied.agencies(agencies, *self.within, apart=apart)
        engaged = occupied.people(persons, *self.within, apart=apart)
        rooms, beside = self._rooms(together, apart)
        return planning.Programme(
            half_days=len(self.halves),
            wishes=[
                self._wish(row, wanted[row.pk], people[row.pk], fixed.get(row)) for row in together
            ],
            rooms=[*rooms, *(_own_place(row) for row in together)],
            agencies_busy={
                party.key: self._met(chain(taken.get(pk, ()), said.spans(pk, Free.BUSY)))
                for pk, party in agencies.items()
            },
            persons_busy=beside
            | {f"person:{pk}": self._met(engaged.get(pk, ())) for pk in persons},
        )

    def _wish(
        self, row: Seminar, wanted: Mapping[int, Party], people: Iterable[int], fixed: int | None
    ) -> planning.Wish:
        first, others = _venues(row)
        in_room = first is not None and first.room_id is not None
        return planning.Wish(
            key=str(row.pk),
            name=row.title,
            seats=first.seats if first is not None and in_room else 0,
            half_days=frozenset(
                day for day, half in enumerate(self.halves) if self._in_hours(row, half)
            ),
            required=frozenset(party.key for party in wanted.values() if party.required),
            optional=frozenset(party.key for party in wanted.values() if not party.required),
            persons=frozenset(f"person:{pk}" for pk in people) | _rooms_beside(others),
            equipment=frozenset(
                {self._kind_of_room(first) if first and in_room else _at_home(row)}
            ),
            deadline=self._deadline(),
            fixed=None if fixed is None else (fixed, self._room_of(row, first)),
        )

    # -- Half-days ----------------------------------------------------------------------------

    def _met(self, spans: Iterable[Span]) -> frozenset[int]:
        """The half-days that meet one of these spans."""
        return _days(self.spans, spans)

    def _takes(self, half: Half, length: timedelta) -> Span:
        begins = self.frame.begins(half)
        return to5(begins), to5(begins + length)

    def _in_hours(self, row: Seminar, half: Half) -> bool:
        starts, ends = self._takes(half, self.length(row))
        return any(first <= starts and ends <= last for first, last in self.hours)

    def _only_half_day(self, row: Seminar) -> int | None:
        """The one half-day in which a standing seminar lies; None where it is not so simple."""
        if row.start5 is None or row.end5 is None or len(row.venues.all()) > 1:
            return None
        met = self._met([(row.start5, row.end5)])
        return min(met) if len(met) == 1 else None

    def _deadline(self) -> int | None:
        due = self.source.due_on
        if due is None:
            return None
        return sum(half.day <= due for half in self.halves) - 1

    # -- Rooms --------------------------------------------------------------------------------

    def _rooms(
        self, together: list[Seminar], apart: list[int]
    ) -> tuple[list[planning.Room], dict[str, frozenset[int]]]:
        """The rooms to choose from, a lane each; and when those of further venues are taken.

        A seminar at several places keeps those beside the first, and only that one may change.
        """
        beside = {key for row in together for key in _rooms_beside(_venues(row)[1])}
        hosts = {self.source.agency_id} | {
            venue.host_id for row in together for venue in row.venues.all()
        }
        longest = max((self.length(row) for row in self.seminars), default=timedelta())
        takes = [self._takes(half, longest) for half in self.halves]
        found: list[planning.Room] = []
        shut: dict[str, frozenset[int]] = {}
        for room, lanes in occupied.rooms(hosts, *self.within, apart=apart):
            before, after = (
                occupied.quarters(minutes) * 60 // UNIT
                for minutes in (room.setup_minutes, room.clear_minutes)
            )
            needs = [(first - before, last + after) for first, last in takes]
            closed = [_days(needs, spans) for spans in lanes]
            if _beside(room.pk) in beside:
                shut[_beside(room.pk)] = frozenset.intersection(*closed)
                self.names[_beside(room.pk)] = room.name
                continue
            kinds = {_of(room.agency_id)}
            if room.shared or room.agency_id == self.source.agency_id:
                kinds.add(_OPEN)
            for lane, days in enumerate(closed, start=1):
                key = f"room:{room.pk}/{lane}"
                self.rooms[key] = room
                self.names[key] = room.name
                found.append(planning.Room(key, room.capacity, frozenset(kinds), days))
        return found, shut

    def _kind_of_room(self, venue: Venue) -> str:
        own = venue.host_id == self.source.agency_id
        return _OPEN if own else _of(venue.host_id)

    def _room_of(self, row: Seminar, venue: Venue | None) -> str:
        """The key of the room that an announced seminar has, or of its place in words."""
        booking: RoomBooking | None = getattr(venue, "booking", None)
        key = f"room:{booking.room_id}/{booking.lane}" if booking else ""
        return key if key in self.rooms else _at_home(row)


def _days(wanted: list[Span], taken: Iterable[Span]) -> frozenset[int]:
    """The places in `wanted` of what meets one of the spans that are taken."""
    taken = list(taken)
    return frozenset(
        day
        for day, (first, last) in enumerate(wanted)
        if any(start < last and first < end for start, end in taken)
    )


#: A room that the organiser may book.
_OPEN = "open"


def _of(agency: int) -> str:
    return f"of:{agency}"


def _at_home(row: Seminar) -> str:
    """A place in words takes part as a room of that seminar alone."""
    return f"place:{row.pk}"


def _own_place(row: Seminar) -> planning.Room:
    return planning.Room(_at_home(row), 0, frozenset({_at_home(row)}))


def _beside(room: int) -> str:
    return f"beside:{room}"


def _rooms_beside(venues: Iterable[Venue]) -> frozenset[str]:
    return frozenset(_beside(venue.room_id) for venue in venues if venue.room_id is not None)


def _venues(row: Seminar) -> tuple[Venue | None, list[Venue]]:
    """The first venue, which the plan may move, and the others."""
    venues = sorted(row.venues.all(), key=lambda venue: venue.order)
    return (venues[0], venues[1:]) if venues else (None, [])


def _people(row: Seminar) -> dict[int, str]:
    people = {item.speaker.pk: item.speaker.name for item in row.agenda.all() if item.speaker}
    if row.chair is not None:
        people[row.chair.pk] = row.chair.name
    return people


def _is_half_a_day(row: Seminar) -> bool:
    return row.half_day not in (HalfDay.WHOLE, HalfDay.EVENING)
