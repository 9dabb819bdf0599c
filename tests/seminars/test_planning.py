"""A programme is planned as well as exhaustive search would plan it, or it is said why not."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seminars.planning import (
    LIMIT,
    MOST,
    Cost,
    Obstacle,
    Plan,
    Programme,
    Reason,
    Room,
    Wish,
    plan,
)

T = TypeVar("T")
#: Where each seminar is held: half-day and room.
Places = Mapping[str, tuple[int, str]]

AGENCIES = ["cong-an", "so-tu-phap", "so-y-te", "thanh-tra"]
PERSONS = ["chu-toa", "dien-gia"]
EQUIPMENT = ["may-chieu", "cau-truyen-hinh"]


def small_programme(
    seed: int, *, half_days: int, rooms: int, seminars: int, standing: int, trouble: float
) -> Programme:
    """A programme small enough for trying everything; the more trouble, the less is possible."""
    chance = random.Random(seed)

    def some(values: Iterable[T], share: float) -> frozenset[T]:
        return frozenset(value for value in values if chance.random() < share)

    days = range(half_days)
    places = [
        Room(
            key=f"phong-{number}",
            capacity=chance.choice((15, 20, 30)),
            equipment=some(EQUIPMENT, 0.7),
            closed=some(days, trouble / 2),
        )
        for number in range(rooms)
    ]
    wishes = [
        Wish(
            key=f"hoi-thao-{number}",
            name=f"Hội thảo thử số {number}",
            seats=chance.randint(5, 15 + round(20 * trouble)),
            half_days=some(days, 1 - trouble / 2),
            required=some(AGENCIES, trouble / 2),
            optional=some(AGENCIES, 0.5),
            persons=some(PERSONS, trouble),
            equipment=some(EQUIPMENT, trouble / 2),
            deadline=chance.randrange(half_days) if chance.random() < trouble else None,
            fixed=(chance.choice(days), chance.choice(places).key) if number < standing else None,
        )
        for number in range(standing + seminars)
    ]
    chance.shuffle(wishes)
    return Programme(
        half_days=half_days,
        wishes=wishes,
        rooms=places,
        agencies_busy={agency: some(days, trouble) for agency in AGENCIES},
        persons_busy={person: some(days, trouble) for person in PERSONS},
    )


def programmes(
    *, half_days: int = 5, rooms: int = 3, trouble: Sequence[float] = (0.05, 0.1, 0.2, 0.3)
) -> st.SearchStrategy[Programme]:
    return st.builds(
        small_programme,
        st.integers(0, 2**20),
        half_days=st.integers(2, half_days) | st.just(half_days),
        rooms=st.integers(1, rooms) | st.just(rooms),
        seminars=st.sampled_from((2, 3, 4, 4)),
        standing=st.integers(0, 2),
        trouble=st.sampled_from(trouble),
    )


def announced(programme: Programme) -> dict[str, tuple[int, str]]:
    return {wish.key: wish.fixed for wish in programme.wishes if wish.fixed is not None}


def movable(programme: Programme) -> list[Wish]:
    return sorted((w for w in programme.wishes if w.fixed is None), key=lambda wish: wish.key)


def possible(programme: Programme, wish: Wish, half_day: int, room: Room, others: Places) -> bool:
    """Whether a seminar can be held there while the others are held where they are."""
    there = [w for w in programme.wishes if w.key in others and others[w.key][0] == half_day]
    return (
        half_day in wish.half_days
        and (wish.deadline is None or half_day <= wish.deadline)
        and room.capacity >= wish.seats
        and room.equipment >= wish.equipment
        and half_day not in room.closed
        and (half_day, room.key) not in others.values()
        and not any(half_day in programme.agencies_busy.get(key, ()) for key in wish.required)
        and not any(half_day in programme.persons_busy.get(key, ()) for key in wish.persons)
        and not any(wish.required & w.required or wish.persons & w.persons for w in there)
    )


def every_plan(programme: Programme) -> Iterator[Places]:
    def extend(wishes: list[Wish], places: Places) -> Iterator[Places]:
        if not wishes:
            yield places
            return
        wish, *rest = wishes
        for half_day in range(programme.half_days):
            for room in programme.rooms:
                if possible(programme, wish, half_day, room, places):
                    yield from extend(rest, {**places, wish.key: (half_day, room.key)})

    return extend(movable(programme), announced(programme))


def cost_of(programme: Programme, places: Places) -> Cost:
    seats: Counter[tuple[int, str]] = Counter()
    required: set[tuple[int, str]] = set()
    wasted = 0
    capacity = {room.key: room.capacity for room in programme.rooms}
    for wish in programme.wishes:
        half_day, room = places[wish.key]
        seats.update((half_day, agency) for agency in wish.optional - wish.required)
        required.update((half_day, agency) for agency in wish.required)
        wasted += max(0, capacity[room] - wish.seats)
    absences = 0
    for (half_day, agency), invitations in seats.items():
        busy = half_day in programme.agencies_busy.get(agency, ())
        absences += invitations if busy or (half_day, agency) in required else invitations - 1
    half_days = [half_day for half_day, _ in places.values()]
    return Cost(absences, max(half_days, default=-1), sum(half_days), wasted)


def order(programme: Programme, places: Places) -> list[int]:
    return [places[wish.key][0] for wish in movable(programme)]


def places_of(found: Plan) -> dict[str, tuple[int, str]]:
    return {placed.wish: (placed.half_day, placed.room) for placed in found.placements}


def without(programme: Programme, *keys: str) -> Programme:
    return replace(programme, wishes=[wish for wish in programme.wishes if wish.key not in keys])


def only(programme: Programme, *keys: str) -> Programme:
    """The same with these seminars and those already announced."""
    unwanted = [wish.key for wish in movable(programme) if wish.key not in keys]
    return without(programme, *unwanted)


def feasible(programme: Programme) -> bool:
    return next(every_plan(programme), None) is not None


@given(programmes())
def test_no_plan_is_better_than_the_one_given(programme: Programme) -> None:
    best = min(
        (
            (cost_of(programme, places), order(programme, places))
            for places in every_plan(programme)
        ),
        default=None,
    )

    found = plan(programme)

    assert found.proven
    assert (found.cost is None) == (best is None)
    if best is not None:
        assert (found.cost, order(programme, places_of(found))) == best


@given(programmes())
def test_a_plan_keeps_every_rule_and_costs_what_it_says(programme: Programme) -> None:
    found = plan(programme)
    assume(found.cost is not None)
    places = places_of(found)

    assert set(places) == {wish.key for wish in programme.wishes}
    assert cost_of(programme, places) == found.cost
    assert sum(len(placed.absent) for placed in found.placements) == found.cost[0]
    rooms = {room.key: room for room in programme.rooms}
    for wish in movable(programme):
        half_day, room = places[wish.key]
        others = {key: place for key, place in places.items() if key != wish.key}
        assert possible(programme, wish, half_day, rooms[room], others)


@given(programmes())
def test_what_is_announced_never_moves(programme: Programme) -> None:
    found = plan(programme)
    assume(found.cost is not None)

    assert announced(programme).items() <= places_of(found).items()


@given(programmes(), st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_given_changes_nothing(
    programme: Programme, chance: random.Random
) -> None:
    shuffled = replace(
        programme,
        wishes=chance.sample(programme.wishes, len(programme.wishes)),
        rooms=chance.sample(programme.rooms, len(programme.rooms)),
        agencies_busy=dict(sorted(programme.agencies_busy.items(), reverse=True)),
    )

    assert plan(shuffled) == plan(programme)


@given(programmes())
def test_a_search_cut_short_finds_a_plan_where_there_is_one(programme: Programme) -> None:
    whole, short = plan(programme), plan(programme, limit=0)

    assert (short.cost is None) == (whole.cost is None)
    if short.cost is not None and whole.cost is not None:
        assert cost_of(programme, places_of(short)) == short.cost >= whole.cost
        assert set(places_of(short)) == {wish.key for wish in programme.wishes}


@given(programmes(half_days=3, rooms=2))
def test_the_ledger_excludes_what_a_seminar_alone_could_not_have(programme: Programme) -> None:
    found = plan(programme)
    assume(found.cost is None)

    for wish in movable(programme):
        alone = {places[wish.key][0] for places in every_plan(only(programme, wish.key))}
        assert set(found.ledger[wish.key]) == set(range(programme.half_days)) - alone


@given(programmes(half_days=3, rooms=2))
def test_every_reason_in_the_ledger_holds_and_none_is_left_out(programme: Programme) -> None:
    found = plan(programme)
    assume(found.cost is None)

    for wish in movable(programme):
        for half_day, obstacles in found.ledger[wish.key].items():
            assert obstacles
            assert set(obstacles) == set(true_obstacles(programme, wish, half_day))
            assert len(set(obstacles)) == len(obstacles)


@given(programmes(half_days=3, rooms=2))
def test_a_conflict_is_gone_as_soon_as_any_one_of_its_seminars_is(programme: Programme) -> None:
    found = plan(programme)
    assume(found.cost is None)

    stuck = any(not feasible(only(programme, wish.key)) for wish in movable(programme))
    assert (found.conflict == ()) == stuck
    if found.conflict:
        assert not feasible(only(programme, *found.conflict))
        for key in found.conflict:
            assert feasible(without(only(programme, *found.conflict), key))


def true_obstacles(programme: Programme, wish: Wish, half_day: int) -> Iterator[Obstacle]:
    """Say the same by asking of each thing alone whether it would stand in the way."""
    there = [w for w in programme.wishes if w.fixed is not None and w.fixed[0] == half_day]
    if half_day not in wish.half_days:
        yield Obstacle(Reason.NOT_WANTED)
    if wish.deadline is not None and wish.deadline < half_day:
        yield Obstacle(Reason.AFTER_DEADLINE)
    for agency in AGENCIES:
        if agency in wish.required and half_day in programme.agencies_busy.get(agency, ()):
            yield Obstacle(Reason.AGENCY_BUSY, agency)
        for other in there:
            if agency in wish.required and agency in other.required:
                yield Obstacle(Reason.AGENCY_TAKEN, agency, other.key)
    for person in PERSONS:
        if person in wish.persons and half_day in programme.persons_busy.get(person, ()):
            yield Obstacle(Reason.PERSON_BUSY, person)
        for other in there:
            if person in wish.persons and person in other.persons:
                yield Obstacle(Reason.PERSON_TAKEN, person, other.key)
    large = [room for room in programme.rooms if room.capacity >= wish.seats]
    fitting = [room for room in large if wish.equipment <= room.equipment]
    if not large:
        yield Obstacle(Reason.ROOMS_TOO_SMALL)
    elif not fitting:
        yield Obstacle(Reason.ROOMS_LACK_EQUIPMENT)
    unusable: list[list[Obstacle]] = []
    for room in fitting:
        closed = [Obstacle(Reason.ROOM_CLOSED, room.key)] if half_day in room.closed else []
        holders = [other.key for other in there if other.fixed == (half_day, room.key)]
        unusable.append(
            closed + [Obstacle(Reason.ROOM_TAKEN, room.key, holder) for holder in holders]
        )
    if all(unusable):
        for obstacles in unusable:
            yield from obstacles


HALL = Room("hoi-truong", 100)
SMALL = Room("phong-hop", 20)


def wish(number: int, **given: object) -> Wish:
    asked: dict[str, object] = {
        "key": f"hoi-thao-{number:02}",
        "name": f"Hội thảo thử số {number}",
        "seats": 15,
        "half_days": frozenset(range(4)),
    }
    return Wish(**(asked | given))  # type: ignore[arg-type]


def test_few_absences_count_before_an_early_end() -> None:
    asked = wish(1, optional=frozenset({"so-y-te"}))

    found = plan(Programme(4, [asked], [HALL], {"so-y-te": frozenset({0, 1})}))

    assert found.cost == Cost(absences=0, last=2, total=2, wasted_seats=85)


def test_an_early_end_counts_before_small_rooms() -> None:
    found = plan(Programme(4, [wish(1), wish(2)], [HALL, SMALL]))

    assert found.cost == Cost(absences=0, last=0, total=0, wasted_seats=90)


def test_the_smallest_room_goes_to_whoever_leaves_the_least_empty() -> None:
    fine = Room("phong-may-chieu", 30, frozenset({"may-chieu"}))
    asked = [wish(1), wish(2, equipment=frozenset({"may-chieu"})), wish(3, seats=60)]

    found = plan(Programme(4, asked, [HALL, fine, SMALL]))

    assert places_of(found) == {
        "hoi-thao-01": (0, "phong-hop"),
        "hoi-thao-02": (0, "phong-may-chieu"),
        "hoi-thao-03": (0, "hoi-truong"),
    }


def test_an_optional_agency_cannot_be_at_two_seminars_at_once() -> None:
    asked = [wish(n, optional=frozenset({"thanh-tra"})) for n in (1, 2)]

    apart = plan(Programme(4, asked, [HALL, SMALL]))
    together = plan(
        Programme(1, [replace(one, half_days=frozenset({0})) for one in asked], [HALL, SMALL])
    )

    assert [placed.half_day for placed in apart.placements] == [0, 1]
    assert [placed.absent for placed in together.placements] == [(), ("thanh-tra",)]


def test_an_agency_required_at_one_seminar_is_absent_from_the_other() -> None:
    asked = [
        wish(1, optional=frozenset({"thanh-tra"}), half_days=frozenset({0})),
        wish(2, required=frozenset({"thanh-tra"}), half_days=frozenset({0})),
    ]

    found = plan(Programme(1, asked, [HALL, SMALL]))

    assert [placed.absent for placed in found.placements] == [("thanh-tra",), ()]


def test_one_chairman_holds_twelve_seminars_one_after_the_other() -> None:
    asked = [
        wish(n, persons=frozenset({"chu-toa"}), half_days=frozenset(range(14))) for n in range(12)
    ]

    found = plan(Programme(14, asked, [HALL, SMALL], persons_busy={"chu-toa": frozenset({3})}))

    half_days = [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert [placed.half_day for placed in found.placements] == half_days
    assert [placed.wish for placed in found.placements] == [each.key for each in asked]
    assert found.proven


def test_twelve_seminars_on_eleven_half_days_of_one_chairman_are_the_conflict() -> None:
    asked = [
        wish(n, persons=frozenset({"chu-toa"}), half_days=frozenset(range(11))) for n in range(12)
    ]

    found = plan(Programme(11, asked, [HALL, SMALL]))

    assert found == Plan(
        placements=(),
        cost=None,
        proven=True,
        ledger={each.key: {} for each in asked},
        conflict=tuple(each.key for each in asked),
    )


def test_a_conflict_names_no_seminar_that_has_nothing_to_do_with_it() -> None:
    same = {"persons": frozenset({"dien-gia"}), "half_days": frozenset({1})}
    asked = [wish(1), wish(2, **same), wish(3), wish(4, **same), wish(5)]

    found = plan(Programme(4, asked, [HALL, SMALL]))

    assert found.conflict == ("hoi-thao-02", "hoi-thao-04")


def test_the_ledger_names_the_announced_seminar_that_takes_all() -> None:
    taken = {"persons": frozenset({"chu-toa"}), "required": frozenset({"cong-an"})}
    standing = wish(1, fixed=(0, "hoi-truong"), **taken)

    found = plan(Programme(1, [standing, wish(2, half_days=frozenset({0}), **taken)], [HALL]))

    assert found.conflict == ()
    assert found.ledger == {
        "hoi-thao-02": {
            0: (
                Obstacle(Reason.AGENCY_TAKEN, "cong-an", "hoi-thao-01"),
                Obstacle(Reason.PERSON_TAKEN, "chu-toa", "hoi-thao-01"),
                Obstacle(Reason.ROOM_TAKEN, "hoi-truong", "hoi-thao-01"),
            )
        }
    }


def test_what_was_announced_against_the_rules_stays_all_the_same() -> None:
    standing = [wish(n, fixed=(0, "phong-hop"), seats=50, persons=frozenset({"x"})) for n in (1, 2)]

    found = plan(Programme(1, standing, [SMALL], persons_busy={"x": frozenset({0})}))

    assert places_of(found) == {each.key: (0, "phong-hop") for each in standing}
    assert found.cost == Cost(absences=0, last=0, total=0, wasted_seats=0)


def test_a_programme_without_seminars_is_planned() -> None:
    assert plan(Programme(0, [], [])) == Plan((), Cost(0, -1, 0, 0), proven=True)


def test_a_search_cut_short_does_not_call_its_plan_proven() -> None:
    programme = province(seed=1, seminars=12, optional=8, busy=0)

    assert not plan(programme, limit=0).proven
    assert plan(programme, limit=LIMIT // 4).proven


@pytest.mark.parametrize("seed", range(1, 6))
def test_twelve_seminars_of_a_province_are_planned_to_the_proven_best(seed: int) -> None:
    programme = province(seed=seed, seminars=12)

    found = plan(programme, limit=LIMIT // 100)

    assert found.proven
    assert found.cost == cost_of(programme, places_of(found))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"wishes": [wish(n) for n in range(MOST + 1)]}, id="too many seminars"),
        pytest.param({"wishes": [wish(1), wish(1)]}, id="a seminar twice"),
        pytest.param({"rooms": [HALL, HALL]}, id="a room twice"),
        pytest.param({"wishes": [wish(1, half_days=frozenset({4}))]}, id="no such half-day"),
        pytest.param({"wishes": [wish(1, fixed=(4, "hoi-truong"))]}, id="fixed on no half-day"),
        pytest.param({"wishes": [wish(1, fixed=(0, "phong-hop"))]}, id="fixed in no room"),
    ],
)
def test_a_programme_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"twice|exist|12"):
        Programme(**({"half_days": 4, "wishes": [wish(1)], "rooms": [HALL]} | wrong))  # type: ignore[arg-type]


def test_announced_seminars_do_not_count_towards_the_twelve() -> None:
    standing = [wish(n, fixed=(0, "hoi-truong")) for n in range(20)]
    asked = [wish(n) for n in range(20, 20 + MOST)]

    assert plan(Programme(4, standing + asked, [HALL, SMALL])).conflict


def province(
    *,
    seed: int,
    seminars: int,
    days: int = 20,
    rooms: int = 6,
    optional: int = 4,
    busy: float = 0.2,
) -> Programme:
    """A programme of the size that an office plans: 40 agencies, 40 speakers, `days` days."""
    chance = random.Random(seed)
    half_days = range(2 * days)
    agencies, persons = ([f"{kind}-{n}" for n in range(40)] for kind in ("co-quan", "dien-gia"))

    def some(share: float) -> frozenset[int]:
        return frozenset(day for day in half_days if chance.random() < share)

    return Programme(
        half_days=len(half_days),
        wishes=[
            wish(
                n,
                seats=chance.choice((15, 25, 40, 60, 100)),
                half_days=frozenset(half_days),
                required=frozenset(chance.sample(agencies, 3)),
                optional=frozenset(chance.sample(agencies, optional)),
                persons=frozenset(chance.sample(persons, 2)),
            )
            for n in range(seminars)
        ],
        rooms=[
            Room(f"phong-{n}", chance.choice((20, 30, 50, 80, 120)), closed=some(0.1))
            for n in range(rooms - 1)
        ]
        + [HALL],
        agencies_busy={agency: some(busy) for agency in agencies},
        persons_busy={person: some(busy) for person in persons},
    )
