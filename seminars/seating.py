"""Who gets a seat: its agency's own first, then one of the pool, else a place in the queue.

Pure: numbers in, numbers out. A venue with C seats keeps a quota for each agency; what is left is
the pool. Once the time for naming is over, what an agency did not use of its quota falls into the
pool. So an agency holds, of the C, the larger of what is kept for it and what it has.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Seating:
    """The seats of one venue as they stand.

    `quotas`: seats kept by agency. `seated`: seats had by agency. `released`: agencies whose time
    for naming is over.
    """

    seats: int
    quotas: Mapping[int, int]
    seated: dict[int, int] = field(default_factory=dict)
    released: frozenset[int] = frozenset()

    def kept_for(self, agency: int) -> int:
        return 0 if agency in self.released else self.quotas.get(agency, 0)

    @property
    def pool(self) -> int:
        """Seats that any agency may have now."""
        agencies = set(self.quotas) | set(self.seated)
        return self.seats - sum(
            max(self.kept_for(each), self.seated.get(each, 0)) for each in agencies
        )

    def has_seat_for(self, agency: int) -> bool:
        # What is kept may be had by others: an agency that declined and comes after all finds that
        # its seats went to those who waited.
        if sum(self.seated.values()) >= self.seats:
            return False
        return self.seated.get(agency, 0) < self.kept_for(agency) or self.pool > 0

    def seat(self, agency: int) -> None:
        """Give the agency one seat. Raises: ValueError when there is none for it."""
        if not self.has_seat_for(agency):
            raise ValueError("no seat is left for this agency")
        self.seated[agency] = self.seated.get(agency, 0) + 1

    def promoted(self, queue: Iterable[tuple[int, int]]) -> list[int]:
        """Seat whoever can be, in order; `queue` is (key, agency) by arrival. Returns the keys.

        One pass is enough: a seat given to one never frees a seat for another.
        """
        risen = []
        for key, agency in queue:
            if self.has_seat_for(agency):
                self.seat(agency)
                risen.append(key)
        return risen


def lowest_free(taken: Iterable[int | None], seats: int) -> int:
    """Return the lowest seat number, from 1, that nobody has. Raises: ValueError when all are had."""
    had = set(taken)
    for number in range(1, seats + 1):
        if number not in had:
            return number
    raise ValueError("every seat is taken")
