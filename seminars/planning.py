"""A whole programme of seminars planned at once: each a half-day and a room, at the least cost.

Half-days are numbered from 0 in the order of time. The plan is a pure function of the programme:
no clock, no chance, and the order in which wishes and rooms are given does not count.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from seminars.plan_problem import Problem, Seminar, absences
from seminars.plan_search import Search

#: More seminars than these are not planned at once.
MOST = 12
#: Steps of the search, a few seconds of them, after which a plan is no longer proven the best.
LIMIT = 2_000_000

_NEVER: frozenset[int] = frozenset()


class Reason(StrEnum):
    """Why a seminar cannot be held on a half-day."""

    NOT_WANTED = "not_wanted"
    AFTER_DEADLINE = "after_deadline"
    AGENCY_BUSY = "agency_busy"
    #: By a seminar already announced, as with all that is taken.
    AGENCY_TAKEN = "agency_taken"
    PERSON_BUSY = "person_busy"
    PERSON_TAKEN = "person_taken"
    ROOMS_TOO_SMALL = "rooms_too_small"
    ROOMS_LACK_EQUIPMENT = "rooms_lack_equipment"
    ROOM_CLOSED = "room_closed"
    ROOM_TAKEN = "room_taken"


@dataclass(frozen=True, slots=True)
class Wish:
    """A seminar to be planned, with the keys of those whom it needs.

    `half_days` are those on which it may be held, as far as they are not after the `deadline`. An
    agency both required and optional is required. `fixed` is the half-day and the room of one
    already announced: there it stays, whatever the rest says, and what it takes is taken.
    """

    key: str
    name: str
    seats: int
    half_days: frozenset[int]
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    equipment: frozenset[str] = frozenset()
    deadline: int | None = None
    fixed: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A place for one seminar a half-day, except on those on which it is closed."""

    key: str
    capacity: int
    equipment: frozenset[str] = frozenset()
    closed: frozenset[int] = _NEVER


@dataclass(frozen=True, slots=True)
class Programme:
    """What is to be planned, on the half-days 0 to `half_days` - 1, and who is busy on which.

    Raises: ValueError for a key used twice, a half-day or a room that does not exist, and more
    than twelve seminars that are not fixed.
    """

    half_days: int
    wishes: Sequence[Wish]
    rooms: Sequence[Room]
    agencies_busy: Mapping[str, frozenset[int]] = field(default_factory=dict)
    persons_busy: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rooms = {room.key for room in self.rooms}
        wishes = {wish.key for wish in self.wishes}
        if len(rooms) < len(self.rooms) or len(wishes) < len(self.wishes):
            raise ValueError("a key is used twice")
        for wish in self.wishes:
            half_days = wish.half_days if wish.fixed is None else {wish.fixed[0]}
            if not half_days <= set(range(self.half_days)):
                raise ValueError(f"{wish.key} names a half-day that does not exist")
            if wish.fixed is not None and wish.fixed[1] not in rooms:
                raise ValueError(f"{wish.key} stands in a room that does not exist")
        if sum(wish.fixed is None for wish in self.wishes) > MOST:
            raise ValueError(f"no more than {MOST} seminars are planned at once")


class Cost(NamedTuple):
    """What a plan costs, fixed seminars included. A number counts where those before it are equal.

    An optional agency is absent when it is busy, when another seminar requires it at that time, or
    when it is at another one already.
    """

    absences: int
    #: The last half-day that is used; -1 for no seminar at all.
    last: int
    #: The half-days of all seminars, added up.
    total: int
    wasted_seats: int


@dataclass(frozen=True, slots=True)
class Placement:
    """A seminar with its half-day and room, and the optional agencies that will not be there."""

    wish: str
    half_day: int
    room: str
    absent: tuple[str, ...]


class Obstacle(NamedTuple):
    """A reason, the agency, person or room that it concerns, and the announced seminar behind it."""

    reason: Reason
    who: str = ""
    seminar: str = ""


#: For each seminar that is not fixed, the half-days on which it cannot be held, each with why.
Ledger = Mapping[str, Mapping[int, tuple[Obstacle, ...]]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where all seminars are held, in the order of time, then of keys; or why they cannot be.

    `proven` says that no plan costs less, or that there is none. `ledger` has what stands in the way
    of each seminar alone, whether or not there is a plan; without one `cost` is None. Where each
    alone could be held, `conflict` names seminars that cannot all be: without any one of them, the
    others can.
    """

    placements: tuple[Placement, ...]
    cost: Cost | None
    proven: bool
    ledger: Ledger = field(default_factory=dict)
    conflict: tuple[str, ...] = ()


def plan(programme: Programme, *, limit: int = LIMIT) -> Plan:
    """Find the plan of least cost; among equals, that with the first key earliest, and so on.

    No room, person or required agency has two seminars on one half-day, nor one when it is closed
    or busy; each room has the seats and the equipment. After `limit` steps of the search only the
    most promising plans are followed and the result is not proven; if there is a plan, one is
    given all the same.
    """
    fixed = [
        _Placed(*wish.fixed, wish)
        for wish in sorted(programme.wishes, key=lambda wish: wish.key)
        if wish.fixed is not None
    ]
    wishes = sorted((w for w in programme.wishes if w.fixed is None), key=lambda wish: wish.key)
    rooms = sorted(programme.rooms, key=lambda room: (room.capacity, room.key))
    ledger = {wish.key: _obstacles(programme, wish, fixed, rooms) for wish in wishes}
    search = Search(_problem(programme, wishes, fixed, rooms, ledger))

    course = search.quick_course() or search.any_course(search.problem.everything)
    if course is None:
        alone = all(len(excluded) < programme.half_days for excluded in ledger.values())
        conflict = _conflict(search, wishes) if alone else ()
        return Plan((), cost=None, proven=True, ledger=ledger, conflict=conflict)
    course, proven = search.best_course(course, limit)
    moved = [
        _Placed(half_day, rooms[room].key, wishes[number])
        for half_day, seminars in course.held.items()
        for room, number in search.seating(half_day, seminars).items()
    ]
    placements = _placements(programme, fixed + moved)
    return Plan(placements, Cost(*course.rank[:4]), proven, ledger)


class _Placed(NamedTuple):
    half_day: int
    room: str
    wish: Wish


def _obstacles(
    programme: Programme, wish: Wish, fixed: Iterable[_Placed], rooms: Sequence[Room]
) -> dict[int, tuple[Obstacle, ...]]:
    """Return the half-days on which this seminar alone cannot be held, each with every reason."""
    found: dict[int, tuple[Obstacle, ...]] = {}
    for half_day in range(programme.half_days):
        there = [other for other in fixed if other.half_day == half_day]
        obstacles = (
            *_outside(wish, half_day),
            *_engaged(programme, wish, half_day, there),
            *_roomless(wish, half_day, there, rooms),
        )
        if obstacles:
            found[half_day] = obstacles
    return found


def _outside(wish: Wish, half_day: int) -> Iterator[Obstacle]:
    if half_day not in wish.half_days:
        yield Obstacle(Reason.NOT_WANTED)
    if wish.deadline is not None and half_day > wish.deadline:
        yield Obstacle(Reason.AFTER_DEADLINE)


def _engaged(
    programme: Programme, wish: Wish, half_day: int, there: Iterable[_Placed]
) -> Iterator[Obstacle]:
    for agency in sorted(wish.required):
        if half_day in programme.agencies_busy.get(agency, _NEVER):
            yield Obstacle(Reason.AGENCY_BUSY, agency)
    for person in sorted(wish.persons):
        if half_day in programme.persons_busy.get(person, _NEVER):
            yield Obstacle(Reason.PERSON_BUSY, person)
    for _, _, other in there:
        for agency in sorted(wish.required & other.required):
            yield Obstacle(Reason.AGENCY_TAKEN, agency, other.key)
        for person in sorted(wish.persons & other.persons):
            yield Obstacle(Reason.PERSON_TAKEN, person, other.key)


def _roomless(
    wish: Wish, half_day: int, there: Sequence[_Placed], rooms: Iterable[Room]
) -> Iterator[Obstacle]:
    """Say why no room can be had, naming each that would do; nothing where one can be had."""
    large = [room for room in rooms if room.capacity >= wish.seats]
    fitting = [room for room in large if room.equipment >= wish.equipment]
    if not fitting:
        yield Obstacle(Reason.ROOMS_LACK_EQUIPMENT if large else Reason.ROOMS_TOO_SMALL)
        return
    taken = {other.room for other in there}
    if all(half_day in room.closed or room.key in taken for room in fitting):
        for room in fitting:
            if half_day in room.closed:
                yield Obstacle(Reason.ROOM_CLOSED, room.key)
            for other in there:
                if other.room == room.key:
                    yield Obstacle(Reason.ROOM_TAKEN, room.key, other.wish.key)


def _problem(
    programme: Programme,
    wishes: Sequence[Wish],
    fixed: Sequence[_Placed],
    rooms: Sequence[Room],
    ledger: Ledger,
) -> Problem:
    """Write the programme in numbers: a set of agencies, rooms or seminars is an integer's bits."""
    named = sorted({key for wish in programme.wishes for key in wish.required | wish.optional})
    half_days = range(programme.half_days)
    on = [[placed for placed in fixed if placed.half_day == day] for day in half_days]
    away = [
        _bits(
            any(agency in other.wish.required for other in on[day])
            or day in programme.agencies_busy.get(agency, _NEVER)
            for agency in named
        )
        for day in half_days
    ]
    expected = [
        tuple(_bits(agency in _optional(other.wish) for agency in named) for other in on[day])
        for day in half_days
    ]
    capacities = {room.key: room.capacity for room in rooms}
    return Problem(
        seminars=tuple(
            Seminar(
                half_days=tuple(day for day in half_days if day not in ledger[wish.key]),
                seats=wish.seats,
                rooms=_bits(
                    room.capacity >= wish.seats and room.equipment >= wish.equipment
                    for room in rooms
                ),
                clashes=_bits(other is not wish and _clash(wish, other) for other in wishes),
                required=_bits(agency in wish.required for agency in named),
                optional=_bits(agency in _optional(wish) for agency in named),
            )
            for wish in wishes
        ),
        capacities=tuple(room.capacity for room in rooms),
        open_rooms=tuple(
            _bits(
                day not in room.closed and all(room.key != other.room for other in on[day])
                for room in rooms
            )
            for day in half_days
        ),
        away=tuple(away),
        expected=tuple(expected),
        settled=(
            sum(map(absences, expected, away)),
            max((placed.half_day for placed in fixed), default=-1),
            sum(placed.half_day for placed in fixed),
            sum(max(0, capacities[placed.room] - placed.wish.seats) for placed in fixed),
        ),
    )


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << number for number, flag in enumerate(flags) if flag)


def _optional(wish: Wish) -> frozenset[str]:
    return wish.optional - wish.required


def _clash(one: Wish, other: Wish) -> bool:
    return bool(one.persons & other.persons or one.required & other.required)


def _conflict(search: Search, wishes: Sequence[Wish]) -> tuple[str, ...]:
    """Leave out every seminar without which the rest still cannot be held."""
    kept = search.problem.everything
    for number in range(len(wishes)):
        fewer = kept & ~(1 << number)
        if search.any_course(fewer) is None:
            kept = fewer
    return tuple(wish.key for number, wish in enumerate(wishes) if kept >> number & 1)


def _placements(programme: Programme, placed: Iterable[_Placed]) -> tuple[Placement, ...]:
    placements: list[Placement] = []
    in_order = sorted(placed, key=lambda one: (one.half_day, one.wish.key))
    for half_day, group in groupby(in_order, key=lambda one: one.half_day):
        together = list(group)
        elsewhere = {agency for one in together for agency in one.wish.required}
        for _, room, wish in together:
            absent: list[str] = []
            for agency in sorted(_optional(wish)):
                if agency in elsewhere or half_day in programme.agencies_busy.get(agency, _NEVER):
                    absent.append(agency)
                elsewhere.add(agency)
            placements.append(Placement(wish.key, half_day, room, tuple(absent)))
    return tuple(placements)
