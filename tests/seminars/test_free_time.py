"""The best times are those that trying every quarter of an hour would find."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seminars.free_time import (
    Answer,
    Interval,
    Party,
    Question,
    Reason,
    Room,
    Span,
    Suggestion,
    overlaps,
    suggest,
)

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 11, 23, tzinfo=VIETNAM)
DAY = 288


def at(day: int, hour: int, minute: int = 0) -> int:
    """Units of five minutes since the epoch, on the so-many-eth day after that Monday."""
    moment = MONDAY + timedelta(days=day, hours=hour, minutes=minute)
    return int(moment.timestamp()) // 300


def hours(day: int, first: int, last: int) -> Span:
    return at(day, first), at(day, last)


POLICE = Party("cong-an", "Công an tỉnh Hòa Sơn (thử)")
JUSTICE = Party("so-tu-phap", "Sở Tư pháp tỉnh Hòa Sơn (thử)")
HEALTH = Party("so-y-te", "Sở Y tế tỉnh Hòa Sơn (thử)", required=False)
HALL = Room("hoi-truong", "Hội trường A (thử)", 100)
SMALL = Room("phong-hop", "Phòng họp 2 (thử)", 20, frozenset({"may-chieu"}))


def question(**given: object) -> Question:
    asked: dict[str, object] = {
        "parties": [POLICE, JUSTICE, HEALTH],
        "busy": {},
        "window": [hours(0, 8, 12), hours(0, 13, 17)],
        "minutes": 60,
    }
    return Question(**(asked | given))  # type: ignore[arg-type]


def starts(answer: Answer) -> list[int]:
    return [suggestion.start5 for suggestion in answer.suggestions]


# -- Trying everything ---------------------------------------------------------------------------


def meet(one: Span, other: Span) -> bool:
    return bool(set(range(*one)) & set(range(*other)))


def missing(asked: Question, start: int) -> list[Party]:
    span = start, start + asked.minutes // 5
    return [
        party
        for party in asked.parties
        if any(meet(span, busy) for busy in asked.busy.get(party.key, ()))
    ]


def unsure(asked: Question, start: int) -> list[Party]:
    span = start, start + asked.minutes // 5
    return [
        party
        for party in asked.parties
        if party not in missing(asked, start)
        and any(meet(span, perhaps) for perhaps in asked.unsure.get(party.key, ()))
    ]


def free_rooms(asked: Question, start: int) -> list[Room]:
    fitting = [
        room
        for room in asked.rooms or ()
        if room.capacity >= asked.seats and asked.equipment <= room.equipment
    ]
    return [
        room
        for room in sorted(fitting, key=lambda room: room.capacity)
        for span in [(start - room.before // 5, start + asked.minutes // 5 + room.after // 5)]
        if any(not any(meet(span, busy) for busy in lane) for lane in room.lanes)
    ]


def half_day(start: int) -> tuple[object, str]:
    moment = datetime.fromtimestamp(start * 300, VIETNAM)
    part = "sáng" if moment.hour < 12 else "chiều" if moment.hour < 18 else "tối"
    return moment.date(), part


def best(asked: Question, candidates: Iterable[int], most: int) -> tuple[Suggestion, ...]:
    def lack(start: int) -> tuple[int, int, int, int]:
        lacking = missing(asked, start)
        required = sum(party.required for party in lacking)
        return required, len(lacking) - required, len(unsure(asked, start)), start

    kept: list[int] = []
    for start in sorted(candidates, key=lack):
        near = [other for other in kept if half_day(other) == half_day(start)]
        if len(kept) < most and all(abs(start - other) >= 12 for other in near):
            kept.append(start)
    return tuple(
        Suggestion(
            start,
            start + asked.minutes // 5,
            tuple(party for party in missing(asked, start) if party.required),
            tuple(party for party in missing(asked, start) if not party.required),
            tuple(free_rooms(asked, start)),
            tuple(unsure(asked, start)),
        )
        for start in kept
    )


def in_working_time(asked: Question) -> list[int]:
    length = asked.minutes // 5
    return [
        start
        for start in range(at(-1, 0), at(5, 0), 3)
        if any(first <= start and start + length <= last for first, last in asked.window)
    ]


def with_a_room(asked: Question) -> list[int]:
    starts = in_working_time(asked)
    return [start for start in starts if asked.rooms is None or free_rooms(asked, start)]


def everything_tried(asked: Question, most: int) -> Answer:
    """The answer, without the pair that clashes."""
    placed = with_a_room(asked)
    complete = [
        start
        for start in placed
        if asked.allow_missing or not any(party.required for party in missing(asked, start))
    ]
    enough = len(asked.parties) - asked.quorum
    quorate = [start for start in placed if len(missing(asked, start)) <= enough]
    found = [start for start in complete if start in quorate]
    large = [room for room in asked.rooms or () if room.capacity >= asked.seats]
    reasons = {
        Reason.NO_WORKING_TIME: all(first >= last for first, last in asked.window),
        Reason.TOO_LONG: not in_working_time(asked),
        Reason.ROOMS_TOO_SMALL: asked.rooms is not None and not large,
        Reason.ROOMS_LACK_EQUIPMENT: asked.rooms is not None
        and not any(asked.equipment <= room.equipment for room in large),
        Reason.NO_ROOM_FREE: not placed,
        Reason.NEVER_TOGETHER: not complete,
        Reason.NO_QUORUM: not found,
    }
    reason = next((reason for reason, holds in reasons.items() if holds), None)
    if reason in (Reason.NEVER_TOGETHER, Reason.NO_QUORUM):
        return Answer(reason=reason, nearest=best(asked, quorate or placed, most))
    return Answer(suggestions=best(asked, found, most), reason=reason)


# -- Random questions ----------------------------------------------------------------------------


def small_question(
    seed: int, *, parties: int, rooms: int | None, intervals: int, minutes: int
) -> Question:
    """Two days with night between; busy times also off the grid, overlapping, empty, doubled."""
    chance = random.Random(seed)

    def span(longest: int) -> Span:
        start = chance.randrange(at(0, 5), at(2, 0))
        return start, start + chance.choice((0, chance.randrange(longest), 12, 24, longest))

    def busy(longest: int) -> list[Span]:
        spans = [span(longest) for _ in range(chance.randint(0, intervals))]
        return spans + chance.sample(spans, len(spans) // 3)

    def place(number: int) -> Room:
        return Room(
            f"phong-{number}",
            f"Phòng thử {number}",
            chance.choice((10, 20, 30)),
            frozenset(chance.sample(["may-chieu", "micro"], chance.randint(0, 2))),
            lanes=[busy(60) for _ in range(chance.randint(0, 2))],
            before=chance.choice((0, 15, 60)),
            after=chance.choice((0, 30)),
        )

    windows = [hours(0, 7, 11), hours(0, 13, 17), hours(0, 20, 27), hours(1, 8, 12), span(50)]
    everybody = [
        Party(f"co-quan-{number}", f"Cơ quan thử {number}", chance.random() < 0.6)
        for number in range(parties)
    ]
    return Question(
        parties=everybody,
        busy={party.key: busy(200) for party in everybody if chance.random() < 0.8},
        window=chance.sample(windows, chance.randint(0 if chance.random() < 0.05 else 1, 4)),
        minutes=minutes,
        rooms=None if rooms is None else [place(number) for number in range(rooms)],
        seats=chance.choice((0, 5, 10, 15, 30)),
        equipment=frozenset(chance.sample(["may-chieu", "micro"], chance.choice((0, 0, 0, 1)))),
        quorum=chance.randint(0, parties) if chance.random() < 0.5 else 0,
        allow_missing=chance.random() < 0.5,
        unsure={party.key: busy(200) for party in everybody if chance.random() < 0.3},
    )


questions = st.builds(
    small_question,
    st.integers(0, 2**20),
    parties=st.sampled_from((0, 2, 3, 5, 6)),
    rooms=st.none() | st.integers(1, 4) | st.just(4),
    intervals=st.integers(0, 10) | st.just(10),
    minutes=st.sampled_from((15, 30, 60, 120, 180, 240)),
)


@given(questions, st.integers(1, 6))
def test_the_answer_is_that_of_trying_every_quarter(asked: Question, most: int) -> None:
    assert replace(suggest(asked, most=most), clash=()) == everything_tried(asked, most)


@given(questions)
def test_those_named_as_a_clash_are_free_together_least_often(asked: Question) -> None:
    answer = suggest(asked)
    placed = with_a_room(asked)
    free = {
        party: {start for start in placed if party not in missing(asked, start)}
        for party in asked.parties
        if party.required
    }

    if answer.reason != Reason.NEVER_TOGETHER:
        assert answer.clash == ()
    elif all(free.values()):
        one, other = answer.clash
        fewest = min(len(free[a] & free[b]) for a, b in combinations(free, 2))
        assert len(free[one] & free[other]) == fewest
    else:
        (never,) = answer.clash
        assert free[never] == set()


# -- One rule at a time --------------------------------------------------------------------------


def test_a_meeting_may_begin_when_another_ends_and_end_when_another_begins() -> None:
    busy = {POLICE.key: [hours(0, 14, 15)], JUSTICE.key: [hours(0, 16, 17)]}

    answer = suggest(question(busy=busy, window=[hours(0, 14, 17)]))

    assert starts(answer) == [at(0, 15)]


def test_somebody_busy_across_midnight_is_busy_on_both_days() -> None:
    busy = {POLICE.key: [(at(0, 22), at(1, 2))]}

    answer = suggest(question(busy=busy, window=[hours(0, 21, 24), hours(1, 0, 3)]))

    assert starts(answer) == [at(0, 21), at(1, 2)]


def test_a_meeting_does_not_reach_from_one_working_time_into_the_next() -> None:
    answer = suggest(question(window=[hours(0, 8, 12), hours(0, 12, 13)], minutes=240))

    assert starts(answer) == [at(0, 8)]


def test_without_anybody_busy_the_earliest_times_an_hour_apart_are_suggested() -> None:
    answer = suggest(question(window=[hours(0, 8, 12)]), most=3)

    assert starts(answer) == [at(0, 8), at(0, 9), at(0, 10)]


@pytest.mark.parametrize("change", [12, 18])
def test_two_half_days_may_lie_less_than_an_hour_apart(change: int) -> None:
    answer = suggest(question(window=[(at(0, change, -15), at(0, change + 1))], minutes=45))

    assert starts(answer) == [at(0, change, -15), at(0, change)]


def test_fewer_suggestions_are_given_when_there_are_no_more() -> None:
    answer = suggest(question(window=[hours(0, 8, 10)]), most=5)

    assert starts(answer) == [at(0, 8), at(0, 9)]


def test_a_time_for_all_comes_before_an_earlier_one_for_the_required_only() -> None:
    answer = suggest(question(busy={HEALTH.key: [hours(0, 8, 12)]}), most=5)

    assert starts(answer) == [at(0, 13), at(0, 14), at(0, 15), at(0, 16), at(0, 8)]
    assert [each.missing_optional for each in answer.suggestions] == [()] * 4 + [(HEALTH,)]


def test_a_required_party_is_missed_only_when_that_is_allowed() -> None:
    asked = question(busy={POLICE.key: [hours(0, 0, 24)]})

    refused, allowed = suggest(asked), suggest(replace(asked, allow_missing=True))

    assert (refused.suggestions, refused.reason) == ((), Reason.NEVER_TOGETHER)
    assert refused.nearest == allowed.suggestions
    assert {each.missing_required for each in allowed.suggestions} == {(POLICE,)}


def test_one_required_party_more_weighs_more_than_all_optional_ones() -> None:
    asked = question(
        busy={POLICE.key: [hours(0, 8, 12)], HEALTH.key: [hours(0, 13, 17)]}, allow_missing=True
    )

    assert starts(suggest(asked, most=1)) == [at(0, 13)]


def test_a_party_that_is_never_free_is_named_alone() -> None:
    busy = {POLICE.key: [hours(0, 8, 12)], JUSTICE.key: [hours(-1, 0, 48)]}

    answer = suggest(question(busy=busy))

    assert (answer.reason, answer.clash) == (Reason.NEVER_TOGETHER, (JUSTICE,))


def test_the_two_that_are_never_free_together_are_named() -> None:
    third = Party("thanh-tra", "Thanh tra tỉnh Hòa Sơn (thử)")
    busy = {
        third.key: [hours(0, 9, 12)],
        POLICE.key: [hours(0, 8, 12)],
        JUSTICE.key: [hours(0, 13, 17)],
    }

    answer = suggest(question(parties=[third, POLICE, JUSTICE], busy=busy))

    assert set(answer.clash) == {POLICE, JUSTICE}


def test_a_quorum_counts_optional_parties_too() -> None:
    asked = question(busy={HEALTH.key: [hours(0, 0, 24)]}, quorum=3)

    answer = suggest(asked)

    assert answer.reason == Reason.NO_QUORUM
    assert {each.missing_optional for each in answer.nearest} == {(HEALTH,)}
    assert suggest(replace(asked, quorum=2)).reason is None


def test_the_nearest_times_reach_the_quorum_if_any_does() -> None:
    third = replace(HEALTH, key="thanh-tra")
    busy = {
        POLICE.key: [hours(0, 13, 17)],
        JUSTICE.key: [hours(0, 8, 17)],
        HEALTH.key: [hours(0, 8, 12)],
        third.key: [hours(0, 8, 12)],
    }
    asked = question(parties=[POLICE, JUSTICE, HEALTH, third], busy=busy)

    assert suggest(asked, most=1).nearest[0].start5 == at(0, 8)
    assert suggest(replace(asked, quorum=2), most=1).nearest[0].start5 == at(0, 13)
    assert suggest(replace(asked, quorum=3), most=1).nearest[0].start5 == at(0, 8)


def test_a_party_given_twice_counts_once_and_as_required() -> None:
    twice = replace(HEALTH, required=True)
    asked = question(parties=[HEALTH, twice, HEALTH], busy={HEALTH.key: [hours(0, 8, 17)]})

    answer = suggest(replace(asked, allow_missing=True))

    assert answer.suggestions[0].missing_required == (twice,)
    assert answer.suggestions[0].missing_optional == ()
    assert suggest(replace(asked, busy={}, quorum=2)).reason == Reason.NO_QUORUM


def test_an_interval_given_twice_changes_nothing() -> None:
    once = question(busy={POLICE.key: [hours(0, 8, 10)], HEALTH.key: [hours(0, 14, 16)]})
    twice = replace(once, busy={key: [*spans, *spans] for key, spans in once.busy.items()})

    assert suggest(twice) == suggest(once)


def test_a_meeting_without_anybody_invited_is_at_the_first_working_time() -> None:
    assert starts(suggest(question(parties=[]), most=1)) == [at(0, 8)]


REASONS: list[tuple[Reason, dict[str, object]]] = [
    (Reason.NO_WORKING_TIME, {"window": []}),
    (Reason.TOO_LONG, {"minutes": 480}),
    (Reason.ROOMS_TOO_SMALL, {"seats": 101}),
    (Reason.ROOMS_LACK_EQUIPMENT, {"seats": 50, "equipment": frozenset({"may-chieu"})}),
    (Reason.NO_ROOM_FREE, {"rooms": [replace(HALL, lanes=[[hours(0, 0, 24)]])]}),
    (Reason.NEVER_TOGETHER, {"busy": {POLICE.key: [hours(0, 0, 24)]}}),
    (Reason.NO_QUORUM, {"quorum": 4}),
]


@pytest.mark.parametrize("first", range(len(REASONS)))
def test_of_several_reasons_the_first_in_order_is_given(first: int) -> None:
    asked = question(rooms=[HALL, SMALL])
    assert suggest(asked).reason is None

    for reason, change in reversed(REASONS[first:]):
        asked = replace(asked, **change)  # type: ignore[arg-type]
        assert suggest(asked).reason == reason


def test_the_smallest_room_that_is_enough_comes_first() -> None:
    other = Room("phong-3", "Phòng họp 3 (thử)", 60)

    answer = suggest(question(rooms=[HALL, SMALL, other], seats=30), most=1)

    assert answer.suggestions[0].rooms == (other, HALL)


def test_a_time_is_suggested_only_where_a_room_is_free() -> None:
    rooms = [replace(HALL, lanes=[[hours(0, 8, 14)]]), replace(SMALL, lanes=[[hours(0, 9, 17)]])]

    answer = suggest(question(rooms=rooms), most=2)

    assert [each.rooms for each in answer.suggestions] == [(rooms[1],), (rooms[0],)]
    assert starts(answer) == [at(0, 8), at(0, 14)]


def test_a_room_is_free_while_one_of_its_lanes_is() -> None:
    room = replace(HALL, lanes=[[hours(0, 8, 12)], [hours(0, 10, 17)]])

    answer = suggest(question(rooms=[room], minutes=120))

    assert starts(answer) == [at(0, 8), at(0, 13), at(0, 14), at(0, 15)]


def test_a_meeting_may_not_change_lanes_on_the_way() -> None:
    room = replace(HALL, lanes=[[hours(0, 8, 10)], [hours(0, 10, 12)]])

    answer = suggest(question(rooms=[room], minutes=240, window=[hours(0, 8, 12)]))

    assert answer.reason == Reason.NO_ROOM_FREE


def test_setting_up_and_clearing_up_need_the_room_but_not_the_people() -> None:
    room = replace(HALL, before=30, after=15, lanes=[[hours(0, 8, 9), hours(0, 11, 12)]])
    busy = {POLICE.key: [(at(0, 9), at(0, 9, 30)), (at(0, 10, 45), at(0, 12))]}

    answer = suggest(question(rooms=[room], minutes=75, window=[hours(0, 8, 12)], busy=busy))

    assert starts(answer) == [at(0, 9, 30)]


def test_times_are_counted_from_the_epoch_in_utc() -> None:
    assert at(0, 8) * 300 == datetime(2026, 11, 23, 1, tzinfo=UTC).timestamp()
    assert starts(suggest(question(), most=1)) == [at(0, 8)]


@pytest.mark.parametrize(
    "nonsense",
    [
        pytest.param(lambda: question(minutes=0), id="no time at all"),
        pytest.param(lambda: question(minutes=50), id="not in quarters"),
        pytest.param(lambda: replace(HALL, before=-15), id="set-up before it begins"),
        pytest.param(lambda: replace(HALL, after=10), id="clear-up not in quarters"),
        pytest.param(lambda: suggest(question(), most=0), id="no suggestion wanted"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(nonsense: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"quarters|suggestion"):
        nonsense()


def test_two_hundred_agencies_over_four_weeks_are_answered_as_one_by_one() -> None:
    asked = province(parties=200, days=28, intervals=48)

    answer = suggest(asked, most=3)

    for suggestion in answer.suggestions:
        lacking = {*suggestion.missing_required, *suggestion.missing_optional}
        assert lacking == set(missing(asked, suggestion.start5))
    fewest = len(answer.suggestions[0].missing_required)
    for start in range(at(0, 8), at(0, 16), 3):
        assert sum(party.required for party in missing(asked, start)) >= fewest


def province(*, parties: int, days: int, intervals: int, seed: int = 1) -> Question:
    """A question of the size that a province asks, with a calendar for each party."""
    chance = random.Random(seed)
    everybody = [
        Party(f"co-quan-{number}", f"Cơ quan thử {number}", required=number % 2 == 0)
        for number in range(parties)
    ]

    def busy() -> Iterator[Span]:
        for _ in range(intervals):
            start = at(chance.randrange(days), chance.randrange(7, 17), chance.choice((0, 15, 30)))
            yield start, start + chance.randrange(3, 36, 3)

    return Question(
        parties=everybody,
        busy={party.key: list(busy()) for party in everybody},
        window=[hours(day, *part) for day in range(days) for part in ((8, 12), (13, 17))],
        minutes=120,
        allow_missing=True,
    )


# -- Overlaps ------------------------------------------------------------------------------------

intervals = st.lists(
    st.builds(
        Interval,
        key=st.sampled_from(["hoi-truong", "phong-hop"]),
        start5=st.integers(0, 20),
        end5=st.integers(0, 20),
        ref=st.sampled_from(["a", "b", "c"]),
    ),
    max_size=12,
)


@given(intervals)
def test_overlaps_are_those_found_by_comparing_all_pairs(items: Sequence[Interval]) -> None:
    expected = [
        tuple(sorted((one, other)))
        for one, other in combinations(items, 2)
        if one.key == other.key and meet((one.start5, one.end5), (other.start5, other.end5))
    ]

    found = overlaps(iter(items))

    assert sorted(tuple(sorted(pair)) for pair in found) == sorted(expected)
    assert all(one.start5 <= other.start5 for one, other in found)


def test_intervals_that_touch_do_not_overlap() -> None:
    first = Interval("hoi-truong", at(0, 15), at(0, 16), "a")
    second = Interval("hoi-truong", at(0, 16), at(0, 17), "b")

    assert overlaps([first, second]) == []
    assert overlaps([first, second._replace(start5=at(0, 16) - 1)]) != []
