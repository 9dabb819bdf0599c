"""When a meeting can be held: the best times for those invited, and the rooms that are free then.

Times count units of five minutes since the Unix epoch (UTC); intervals are half-open, so what ends
at 16:00 leaves 16:00 free. Meetings begin on the quarter hour.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate, combinations
from operator import itemgetter
from typing import NamedTuple

#: (start5, end5); one that ends no later than it starts blocks nothing.
Span = tuple[int, int]

#: Units in the quarter of an hour on which meetings begin.
GRID = 3
#: Two suggestions within one half-day begin at least an hour apart.
_APART = 12
_DAY = 24 * 12
#: Vietnam keeps UTC+7 the whole year, since 1975.
_VIETNAM = 7 * 12
#: Local hours at which the afternoon and the evening begin.
_PARTS = (12 * 12, 18 * 12)


class Reason(StrEnum):
    """Why no time is suggested. The first that holds, in this order, is given."""

    NO_WORKING_TIME = "no_working_time"
    TOO_LONG = "too_long"
    ROOMS_TOO_SMALL = "rooms_too_small"
    ROOMS_LACK_EQUIPMENT = "rooms_lack_equipment"
    NO_ROOM_FREE = "no_room_free"
    NEVER_TOGETHER = "never_together"
    NO_QUORUM = "no_quorum"


@dataclass(frozen=True, slots=True)
class Party:
    """An agency or a person invited."""

    key: str
    name: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Room:
    """A place that holds one meeting a lane.

    `lanes` has the busy intervals of each lane, set-up and clear-up of those meetings included;
    `before` and `after` are the minutes of set-up and clear-up that this meeting needs here.

    Raises: ValueError when these are negative or no quarter hours.
    """

    key: str
    name: str
    capacity: int
    equipment: frozenset[str] = frozenset()
    lanes: Sequence[Sequence[Span]] = ((),)
    before: int = 0
    after: int = 0

    def __post_init__(self) -> None:
        if min(self.before, self.after) < 0 or self.before % 15 or self.after % 15:
            raise ValueError("set-up and clear-up take quarters of an hour")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: who should come, for how many minutes, when, and in what kind of room.

    `busy` has the intervals of each party by its key, in any order; who is not in it is free.
    `unsure` has those in which a party comes if need be: it is not missing then, but of two times
    equal in who is missing the one with fewer of these is the better. The meeting must lie within
    one interval of `window`. `rooms` None: no place is needed. `quorum` is the least number of
    parties present, required or not. A time at which a required party is missing counts only where
    `allow_missing` says so. A party given twice counts once, as required if it is so either time.

    Raises: ValueError when `minutes` are not a positive number of quarter hours.
    """

    parties: Sequence[Party]
    busy: Mapping[str, Sequence[Span]]
    window: Sequence[Span]
    minutes: int
    rooms: Sequence[Room] | None = None
    seats: int = 0
    equipment: frozenset[str] = frozenset()
    quorum: int = 0
    allow_missing: bool = False
    unsure: Mapping[str, Sequence[Span]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.minutes <= 0 or self.minutes % 15:
            raise ValueError("a meeting takes quarters of an hour")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A time, who cannot come then, and the rooms free for it: the smallest that is enough first.

    `unsure` are those who are not missing, and come only if need be.
    """

    start5: int
    end5: int
    missing_required: tuple[Party, ...]
    missing_optional: tuple[Party, ...]
    rooms: tuple[Room, ...]
    unsure: tuple[Party, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Suggestions, the best first; or else the one reason why there are none.

    With NEVER_TOGETHER, `clash` names the required party that is never free, or else the two that
    are free together least often. With it and with NO_QUORUM, `nearest` has the best times whoever
    is missing: of those that reach the quorum, or of all if none does.
    """

    suggestions: tuple[Suggestion, ...] = ()
    reason: Reason | None = None
    clash: tuple[Party, ...] = ()
    nearest: tuple[Suggestion, ...] = ()


class Interval(NamedTuple):
    """Something, `ref`, that occupies `key` (a person, a room lane) for a time."""

    key: str
    start5: int
    end5: int
    ref: str


def suggest(question: Question, *, most: int = 5) -> Answer:
    """Find the best times: fewest required parties missing, fewest optional, fewest unsure, earliest.

    Two suggestions are at least 60 minutes apart or on different half-days (morning until 12:00,
    afternoon until 18:00, evening; in Vietnam). Unless the question allows it, no suggestion lacks
    a required party: those times are given as `nearest`, beside the reason. Linear in the busy
    intervals and the starts, but for sorting them.

    Raises: ValueError when `most` is less than 1.
    """
    if most < 1:
        raise ValueError("at least one suggestion is asked for")
    length = question.minutes // 5
    starts = _allowed(question.window, length)
    if not starts:
        some = any(start < end for start, end in question.window)
        return Answer(reason=Reason.TOO_LONG if some else Reason.NO_WORKING_TIME)
    within = range(starts[0], starts[-1] + 1)

    places: list[tuple[Room, list[_Blocked]]] = []
    if question.rooms is not None:
        large = [room for room in question.rooms if room.capacity >= question.seats]
        fitting = [room for room in large if room.equipment >= question.equipment]
        if not fitting:
            return Answer(reason=Reason.ROOMS_LACK_EQUIPMENT if large else Reason.ROOMS_TOO_SMALL)
        places = [
            (room, _lanes(room, length, within))
            for room in sorted(fitting, key=lambda room: room.capacity)
        ]
        every_lane = [lane for _, lanes in places for lane in lanes]
        taken = _count(every_lane, within)
        starts = [at for at in starts if taken[at - within.start] < len(every_lane)]
        if not starts:
            return Answer(reason=Reason.NO_ROOM_FREE)

    invited = [
        (party, _blocked(question.busy.get(party.key, ()), length, 0, within))
        for party in _distinct(question.parties)
    ]
    # Missing or unsure: one that is both at a time is missing.
    wavering = {
        party.key: _blocked(
            [*question.busy.get(party.key, ()), *question.unsure[party.key]], length, 0, within
        )
        for party, _ in invited
        if party.key in question.unsure
    }
    required = [(party, blocked) for party, blocked in invited if party.required]
    lacking = _count((blocked for _, blocked in required), within)
    absent = _count((blocked for _, blocked in invited), within)
    doubtful = _count((wavering.get(party.key, blocked) for party, blocked in invited), within)

    def cost(at: int) -> tuple[int, int, int, int]:
        slot = at - within.start
        return lacking[slot], absent[slot], doubtful[slot], at

    def best(candidates: Iterable[int]) -> tuple[Suggestion, ...]:
        ranked = sorted(candidates, key=cost)
        return tuple(
            _suggestion(at, length, invited, wavering, places) for at in _apart(ranked, most)
        )

    def quorate(candidates: Iterable[int]) -> list[int]:
        enough = len(invited) - question.quorum
        return [at for at in candidates if absent[at - within.start] <= enough]

    complete = [at for at in starts if question.allow_missing or not lacking[at - within.start]]
    if found := quorate(complete):
        return Answer(suggestions=best(found))
    nearest = best(quorate(starts) or starts)
    if complete:
        return Answer(reason=Reason.NO_QUORUM, nearest=nearest)
    return Answer(
        reason=Reason.NEVER_TOGETHER, clash=_clash(required, starts, within), nearest=nearest
    )


def overlaps(items: Iterable[Interval]) -> list[tuple[Interval, Interval]]:
    """Return every pair of intervals of one key that overlap, the one that starts first in front.

    Touching intervals do not overlap, nor does an empty one with anything. Once sorted, linear in
    the intervals and the pairs found.
    """
    by_key: dict[str, list[Interval]] = {}
    for item in items:
        if item.start5 < item.end5:
            by_key.setdefault(item.key, []).append(item)
    pairs: list[tuple[Interval, Interval]] = []
    for intervals in by_key.values():
        intervals.sort(key=lambda interval: interval.start5)
        running: list[Interval] = []
        for interval in intervals:
            running = [earlier for earlier in running if earlier.end5 > interval.start5]
            pairs += [(earlier, interval) for earlier in running]
            running.append(interval)
    return pairs


class _Blocked(NamedTuple):
    """The starts, counted in quarters, that a calendar forbids: disjoint ranges in order."""

    ranges: list[Span]

    def forbids(self, start: int) -> bool:
        at = bisect_right(self.ranges, start, key=itemgetter(0))
        return at > 0 and start < self.ranges[at - 1][1]


def _distinct(parties: Iterable[Party]) -> list[Party]:
    found: dict[str, Party] = {}
    for party in parties:
        if party.key not in found or (party.required and not found[party.key].required):
            found[party.key] = party
    return list(found.values())


def _allowed(window: Iterable[Span], length: int) -> list[int]:
    """Return the quarters at which a meeting can begin so that one interval holds all of it."""
    quarters: set[int] = set()
    for start, end in window:
        quarters.update(range(-(-start // GRID), (end - length) // GRID + 1))
    return sorted(quarters)


def _blocked(busy: Iterable[Span], ahead: int, behind: int, within: range) -> _Blocked:
    """Find the starts at which a meeting would run into one of these intervals.

    It occupies the time from `behind` before its start to `ahead` after it.
    """
    ranges: list[Span] = []
    done, last = within.start, within.stop
    for start, end in sorted(busy):
        # Comparisons, not min and max: this runs for every interval of everybody.
        begin = (start - ahead) // GRID + 1
        if begin < done:
            begin = done
        until = -(-(end + behind) // GRID)
        if until > last:
            until = last
        if begin < until and start < end:
            ranges.append((begin, until))
            done = until
    return _Blocked(ranges)


def _lanes(room: Room, length: int, within: range) -> list[_Blocked]:
    ahead, behind = length + room.after // 5, room.before // 5
    return [_blocked(busy, ahead, behind, within) for busy in room.lanes]


def _count(calendars: Iterable[_Blocked], within: range) -> list[int]:
    """Count, for every start, the calendars that forbid it."""
    change = [0] * (len(within) + 1)
    offset = within.start
    for calendar in calendars:
        for begin, until in calendar.ranges:
            change[begin - offset] += 1
            change[until - offset] -= 1
    return list(accumulate(change))


def _half_day(start: int) -> tuple[int, int]:
    day, time = divmod(start * GRID + _VIETNAM, _DAY)
    return day, bisect_right(_PARTS, time)


def _apart(ranked: Iterable[int], most: int) -> list[int]:
    """Keep the first, then each that is no mere shift of one that is kept."""
    kept: list[int] = []
    for start in ranked:
        if all(
            abs(start - other) * GRID >= _APART or _half_day(start) != _half_day(other)
            for other in kept
        ):
            kept.append(start)
        if len(kept) == most:
            break
    return kept


def _suggestion(
    start: int,
    length: int,
    invited: Iterable[tuple[Party, _Blocked]],
    wavering: Mapping[str, _Blocked],
    places: Iterable[tuple[Room, list[_Blocked]]],
) -> Suggestion:
    missing = [party for party, blocked in invited if blocked.forbids(start)]
    return Suggestion(
        start5=start * GRID,
        end5=start * GRID + length,
        missing_required=tuple(party for party in missing if party.required),
        missing_optional=tuple(party for party in missing if not party.required),
        rooms=tuple(
            room for room, lanes in places if not all(lane.forbids(start) for lane in lanes)
        ),
        unsure=tuple(
            party
            for party, _ in invited
            if party not in missing and party.key in wavering and wavering[party.key].forbids(start)
        ),
    )


def _clash(
    required: Iterable[tuple[Party, _Blocked]], starts: Iterable[int], within: range
) -> tuple[Party, ...]:
    """Name the party that is never free, or the two with the fewest starts free for both."""
    possible = sum(1 << (start - within.start) for start in starts)
    free: list[tuple[int, Party]] = []
    for party, blocked in required:
        mask = possible
        for begin, until in blocked.ranges:
            mask &= ~((1 << until - within.start) - (1 << begin - within.start))
        free.append((mask, party))
    free.sort(key=lambda one: one[0].bit_count())
    if not free[0][0]:
        return (free[0][1],)
    fewest = possible.bit_count() + 1
    pair: tuple[Party, ...] = ()
    for (one, first), (other, second) in combinations(free, 2):
        common = (one & other).bit_count()
        if common < fewest:
            fewest, pair = common, (first, second)
            if not fewest:
                break
    return pair
