"""A plan in numbers: seminars, rooms and agencies are bits of integers, half-days count from 0."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

#: Courses compare by optional absences, last half-day, sum of half-days, wasted seats, and then by
#: the half-day of the first seminar, of the second, and so on, written as one number.
Rank = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Seminar:
    """What one seminar needs; `half_days` are those on which it alone could be held, in order."""

    half_days: tuple[int, ...]
    seats: int
    rooms: int
    #: Seminars with which it cannot share a half-day.
    clashes: int
    required: int
    optional: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Seminars to be held, and for each half-day what is already settled."""

    seminars: tuple[Seminar, ...]
    #: Of the rooms, the smallest first.
    capacities: tuple[int, ...]
    open_rooms: tuple[int, ...]
    #: Agencies that are busy or required elsewhere.
    away: tuple[int, ...]
    #: The optional agencies of each seminar already settled there.
    expected: tuple[tuple[int, ...], ...]
    #: What the settled seminars cost without the others: absences, last, sum and wasted seats.
    settled: tuple[int, int, int, int]

    @property
    def everything(self) -> int:
        return (1 << len(self.seminars)) - 1


class Course(NamedTuple):
    """The seminars held on each half-day that has any, and how good that is."""

    rank: Rank
    held: Mapping[int, int]


class Sitting(NamedTuple):
    """Seminars that share a half-day, and what they add to the cost."""

    seminars: int
    absences: int
    total: int
    wasted: int
    order: int


#: The sittings of a beginning, the last one in front of those before it.
Trail = tuple[int, int, "Trail"] | None
#: Absences, sum of half-days, wasted seats, order, sittings. The last half-day is left out: it
#: will be that of the next sitting, whichever beginning that follows.
Begun = tuple[int, int, int, int, Trail]


def absences(optional: Iterable[int], away: int) -> int:
    """Count those who do not come, when each agency goes to one of the seminars or is away."""
    optional = list(optional)
    coming = reduce(or_, optional, 0) & ~away
    return sum(agencies.bit_count() for agencies in optional) - coming.bit_count()


def bits(mask: int) -> Iterator[int]:
    """Return the places of the bits that are set, the lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def from_place(place: int, mask: int) -> int:
    """Return the bits at this place and above."""
    return mask >> place << place
