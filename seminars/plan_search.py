"""The search behind a plan: which seminars share a half-day, at the least cost.

The half-days are gone through in the order of time, and of all ways to have held the same seminars
so far only the best is kept: what follows costs the same after each of them. What cannot become
better than a plan already known is left out.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from itertools import islice
from operator import or_

from seminars.plan_bounds import Bounds
from seminars.plan_problem import (
    Begun,
    Course,
    Problem,
    Sitting,
    Trail,
    absences,
    bits,
    from_place,
)

#: Rounds, for each seminar, in which one that found no place is given the first choice.
_ROUNDS = 4
#: Beginnings that are still followed, each half-day, when the steps are used up.
_NARROW = 50


class Search:
    """One problem, with what was already found out about it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._seatings: dict[tuple[int, int], dict[int, int] | None] = {}
        self._largest: dict[int, list[int]] = {}
        #: Of two courses equal in all else, the one that has the first seminars earlier comes first.
        days, number = len(problem.open_rooms), len(problem.seminars)
        self.weights = [days**later for later in reversed(range(number))]
        #: The least absences of each seminar alone, on each of its half-days.
        self.alone = [
            {day: self._absences(day, 1 << number) for day in seminar.half_days}
            for number, seminar in enumerate(problem.seminars)
        ]

    def seating(self, half_day: int, seminars: int) -> dict[int, int]:
        """Return who sits in each room used when these seminars, of a course, share a half-day."""
        seating = self._seating(self.problem.open_rooms[half_day], seminars)
        if seating is None:
            raise ValueError("there are no rooms for these seminars")
        return seating

    def quick_course(self) -> Course | None:
        """Find a good course without looking far: it says what is not worth looking at."""
        queue = sorted(
            range(len(self.problem.seminars)),
            key=lambda number: (len(self.problem.seminars[number].half_days), number),
        )
        for _ in range(_ROUNDS * len(queue)):
            held: dict[int, int] = {}
            homeless = next((each for each in queue if not self._place(each, held)), None)
            if homeless is None:
                return self._course(held)
            queue.remove(homeless)
            queue.insert(0, homeless)
        return None

    def any_course(self, seminars: int) -> Course | None:
        """Hold these seminars somehow; None if that cannot be.

        Of two beginnings, one that has held all that the other has, and more, is never the worse.
        """
        reached: dict[int, Trail] = {0: None}
        for half_day in range(len(self.problem.open_rooms)):
            if seminars in reached:
                break
            after = dict(reached)
            for done, trail in reached.items():
                for largest in self._largest_sittings(half_day):
                    added = largest & seminars & ~done
                    if added:
                        after.setdefault(done | added, (half_day, added, trail))
            reached = {done: after[done] for done in _largest_of(after)}
        return self._course(_held(reached[seminars])) if seminars in reached else None

    def best_course(self, known: Course, limit: int) -> tuple[Course, bool]:
        """Improve a course until it is the best; whether that is proven.

        After `limit` steps only the most promising beginnings are followed.
        """
        # A narrow search first: the better what is known, the less is left to be looked at.
        better, proven = self._improve(known, 0)
        return (better, True) if proven else self._improve(better, limit)

    def _improve(self, known: Course, limit: int) -> tuple[Course, bool]:
        problem, best, proven, steps = self.problem, known, True, 0
        bounds = Bounds(problem, self.alone, self.weights, known.rank[0])
        absences, latest, total, wasted = problem.settled
        states: dict[int, Begun] = {0: (absences, total, wasted, 0, None)}
        for half_day in range(len(problem.open_rooms)):
            unheld = reduce(or_, (problem.everything & ~done for done in states), 0)
            sittings = [
                sitting
                for sitting in self._sittings(half_day, bounds.worth[half_day] & unheld)
                if bounds.worthwhile(sitting)
            ]
            if not sittings:
                continue
            after = dict(states)
            for rank, (done, begun) in enumerate(states.items()):
                if steps > limit and rank >= _NARROW:
                    proven = False
                    break
                following = [sitting for sitting in sittings if not sitting.seminars & done]
                steps += len(following)
                absences, total, wasted, order, trail = begun
                for sitting in following:
                    now = done | sitting.seminars
                    cost = (
                        absences + sitting.absences,
                        total + sitting.total,
                        wasted + sitting.wasted,
                        order + sitting.order,
                    )
                    if now not in after or cost < after[now][:4]:
                        after[now] = (*cost, (half_day, sitting.seminars, trail))
            finished = after.pop(problem.everything, None)
            if finished is not None:
                absences, total, wasted, order, trail = finished
                complete = (absences, max(latest, half_day), total, wasted, order)
                if complete < best.rank:
                    best = Course(complete, _held(trail))
            states = bounds.promising(after, half_day + 1, best.rank)
        return best, proven

    def _place(self, number: int, held: dict[int, int]) -> bool:
        """Give a seminar the half-day that adds the fewest absences, the earliest such; if any."""
        seminar = self.problem.seminars[number]
        best: tuple[int, int, int] | None = None
        for half_day in seminar.half_days:
            others = held.get(half_day, 0)
            together = others | 1 << number
            if others & seminar.clashes or not self._fit(half_day, together):
                continue
            added = self._absences(half_day, together) - self._absences(half_day, others)
            if best is None or (added, half_day) < best[:2]:
                best = added, half_day, together
        if best is None:
            return False
        _, half_day, held[half_day] = best
        return True

    def _course(self, held: Mapping[int, int]) -> Course:
        absences, last, total, wasted = self.problem.settled
        order = 0
        for half_day, seminars in held.items():
            sitting = self._sitting(half_day, seminars)
            last = max(last, half_day)
            absences += sitting.absences
            total += sitting.total
            wasted += sitting.wasted
            order += sitting.order
        return Course((absences, last, total, wasted, order), held)

    def _sittings(self, half_day: int, candidates: int) -> list[Sitting]:
        """Return every set of these seminars that can share a half-day."""
        sets = [0]
        # The list grows while it is read: each set once, from the one without its last member.
        for seminars in sets:
            for number in bits(from_place(seminars.bit_length(), candidates)):
                together = seminars | 1 << number
                if not self.problem.seminars[number].clashes & seminars and self._fit(
                    half_day, together
                ):
                    sets.append(together)
        return [self._sitting(half_day, seminars) for seminars in sets[1:]]

    def _largest_sittings(self, half_day: int) -> list[int]:
        if half_day not in self._largest:
            candidates = sum(
                1 << number for number, alone in enumerate(self.alone) if half_day in alone
            )
            sets = [sitting.seminars for sitting in self._sittings(half_day, candidates)]
            self._largest[half_day] = _largest_of(sets)
        return self._largest[half_day]

    def _sitting(self, half_day: int, seminars: int) -> Sitting:
        numbers = list(bits(seminars))
        rooms = self.seating(half_day, seminars)
        capacities = sum(self.problem.capacities[room] for room in rooms)
        return Sitting(
            seminars,
            self._absences(half_day, seminars),
            half_day * len(numbers),
            capacities - sum(self.problem.seminars[number].seats for number in numbers),
            half_day * sum(self.weights[number] for number in numbers),
        )

    def _absences(self, half_day: int, seminars: int) -> int:
        """Count the absences that these seminars add to those of the seminars already settled."""
        settled = self.problem.expected[half_day]
        added = [self.problem.seminars[number] for number in bits(seminars)]
        away = self.problem.away[half_day]
        before = absences(settled, away)
        away = reduce(or_, (seminar.required for seminar in added), away)
        return absences([*settled, *(seminar.optional for seminar in added)], away) - before

    def _fit(self, half_day: int, seminars: int) -> bool:
        return self._seating(self.problem.open_rooms[half_day], seminars) is not None

    def _seating(self, open_rooms: int, seminars: int) -> dict[int, int] | None:
        """Give all a room so that the rooms are the smallest that do; None if that cannot be.

        One seminar after the other comes in and takes, others moving along if need be, the
        smallest room that can be had: the whole stays at its least (successive shortest paths).
        """
        if not seminars:
            return {}
        if (open_rooms, seminars) not in self._seatings:
            last = seminars.bit_length() - 1
            others = self._seating(open_rooms, seminars & ~(1 << last))
            seating = None if others is None else self._one_more(open_rooms, others, last)
            self._seatings[open_rooms, seminars] = seating
        return self._seatings[open_rooms, seminars]

    def _one_more(
        self, open_rooms: int, seating: Mapping[int, int], number: int
    ) -> dict[int, int] | None:
        seminars = self.problem.seminars
        taker: dict[int, int] = {}
        waiting = [number]
        # The list grows while it is read: whoever is in a room that is wanted looks for another.
        for each in waiting:
            # One of as many rooms as there are seminars is always free: no need of larger ones.
            for room in islice(bits(seminars[each].rooms & open_rooms), len(seminars)):
                if room not in taker:
                    taker[room] = each
                    if room in seating:
                        waiting.append(seating[room])
        free = [room for room in taker if room not in seating]
        if not free:
            return None
        rooms = {seminar: room for room, seminar in seating.items()}
        changed = dict(seating)
        room = min(free)
        while (mover := taker[room]) != number:
            changed[room] = mover
            room = rooms[mover]
        changed[room] = number
        return changed


def _largest_of(sets: Iterable[int]) -> list[int]:
    """Return the sets that are no part of another of them."""
    kept: list[int] = []
    for each in sorted(sets, key=lambda one: (-one.bit_count(), one)):
        if not any(each & larger == each for larger in kept):
            kept.append(each)
    return kept


def _held(trail: Trail) -> dict[int, int]:
    held: dict[int, int] = {}
    while trail is not None:
        half_day, seminars, trail = trail
        held[half_day] = seminars
    return held
