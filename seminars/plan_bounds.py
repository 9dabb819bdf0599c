"""What the seminars that are not held yet must cost at the least: by it the search leaves out."""

from collections.abc import Mapping, Sequence

from seminars.plan_problem import Begun, Problem, Rank, Seminar, Sitting, bits, from_place


class Bounds:
    """What the seminars not yet held cost at the least, on half-days that can be worth it."""

    def __init__(
        self,
        problem: Problem,
        alone: Sequence[Mapping[int, int]],
        weights: Sequence[int],
        absences: int,
    ) -> None:
        """`alone`: the least absences of each seminar by itself on each half-day; `absences`: those
        of a plan already known; `weights`: what a half-day later counts, of each seminar, at a tie.
        """
        self.fewest = [min(each.values(), default=0) for each in alone]
        #: A seminar with more absences than its fewest and these makes the whole worse than known.
        self.slack = absences - problem.settled[0] - sum(self.fewest)
        self.everything = problem.everything
        self.latest = problem.settled[1]
        self.weights = weights
        self.wasted = [
            min(problem.capacities[room] for room in bits(seminar.rooms)) - seminar.seats
            for seminar in problem.seminars
        ]
        worth = [
            {day: lost for day, lost in each.items() if lost - fewest <= self.slack}
            for each, fewest in zip(alone, self.fewest, strict=True)
        ]
        days = range(len(problem.open_rooms))
        #: For each half-day the seminars that may be held then; and how many at once at the most.
        self.worth = [
            sum(1 << number for number, each in enumerate(worth) if day in each) for day in days
        ]
        together = _most_together(problem.seminars)
        self.most = [
            min(rooms.bit_count(), seminars.bit_count(), together)
            for rooms, seminars in zip(problem.open_rooms, self.worth, strict=True)
        ]
        #: For each seminar and half-day: its next half-day and its fewest absences from there on.
        self.ahead = [_ahead(each, len(days)) for each in worth]

    def worthwhile(self, sitting: Sitting) -> bool:
        fewest = sum(self.fewest[number] for number in bits(sitting.seminars))
        return sitting.absences - fewest <= self.slack

    def promising(self, states: Mapping[int, Begun], day: int, best: Rank) -> dict[int, Begun]:
        """Keep the beginnings that may become better than the best; the most promising first."""
        kept: list[tuple[Rank, int]] = []
        for done, begun in states.items():
            bound = self._least(done, begun, day)
            if bound is not None and bound < best:
                kept.append((bound, done))
        return {done: states[done] for _, done in sorted(kept)}

    def _least(self, done: int, begun: Begun, day: int) -> Rank | None:
        """Return what a course that begins so costs at the least; None if it cannot be ended."""
        absences, total, wasted, order, _ = begun
        earliest: list[int] = []
        for number in bits(self.everything & ~done):
            ahead = self.ahead[number][day]
            if ahead is None:
                return None
            earliest.append(ahead[0])
            absences += ahead[1]
            wasted += self.wasted[number]
            order += ahead[0] * self.weights[number]
        # Each half-day holds only so many: one after the other they take the first with room left.
        at, inside = -1, 0
        for first in sorted(earliest):
            if first > at:
                at, inside = first, 0
            while inside >= self.most[at]:
                at, inside = at + 1, 0
                if at == len(self.most):
                    return None
            inside += 1
            total += at
        return absences, max(self.latest, at), total, wasted, order


def _most_together(seminars: tuple[Seminar, ...]) -> int:
    """Return the size of the largest set of seminars of which no two clash."""
    most = 0
    sets = [(0, (1 << len(seminars)) - 1)]
    for size, open_to in sets:
        most = max(most, size)
        for number in bits(open_to):
            sets.append((size + 1, from_place(number + 1, open_to) & ~seminars[number].clashes))
    return most


def _ahead(lost: Mapping[int, int], days: int) -> list[tuple[int, int] | None]:
    """Return, for each half-day, the next of these and the least lost on any from there on."""
    ahead: list[tuple[int, int] | None] = [None]
    for day in reversed(range(days)):
        following = ahead[-1]
        if day in lost:
            least = lost[day] if following is None else min(lost[day], following[1])
            following = (day, least)
        ahead.append(following)
    return ahead[::-1]
