"""Own seats first, then the pool, then the queue: against a list of seats kept by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seminars.seating import Seating, lowest_free

AGENCIES = range(4)


class ByHand:
    """The same rule told with single seats: each is an agency's own, or the pool's."""

    def __init__(self, seats: int, quotas: dict[int, int]) -> None:
        own = [agency for agency, quota in quotas.items() for _seat in range(quota)]
        self.kept: list[int | None] = [*own, *[None] * (seats - len(own))]
        self.had: list[int | None] = [None] * seats

    def seat(self, agency: int) -> bool:
        for wanted in (agency, None):
            for place, kept in enumerate(self.kept):
                if kept == wanted and self.had[place] is None:
                    self.had[place] = agency
                    return True
        return False

    def release(self, agency: int) -> None:
        self.kept = [None if kept == agency else kept for kept in self.kept]


@given(st.data())
def test_whoever_gets_a_seat_by_hand_gets_one_here(data) -> None:
    quotas = data.draw(st.dictionaries(st.sampled_from(AGENCIES), st.integers(0, 3)))
    seats = sum(quotas.values()) + data.draw(st.integers(0, 4))
    by_hand, released = ByHand(seats, quotas), set()
    seating = Seating(seats, quotas)
    for _step in range(data.draw(st.integers(0, 15))):
        agency = data.draw(st.sampled_from(AGENCIES))
        if data.draw(st.booleans()):
            assert seating.has_seat_for(agency) == by_hand.seat(agency)
            if seating.has_seat_for(agency):
                seating.seat(agency)
        else:
            by_hand.release(agency)
            released.add(agency)
            seating = Seating(seats, quotas, seating.seated, frozenset(released))
        assert sum(seating.seated.values()) <= seats


@given(
    st.dictionaries(st.sampled_from(AGENCIES), st.integers(0, 3)),
    st.integers(0, 4),
    st.lists(st.sampled_from(AGENCIES), max_size=12),
)
def test_nobody_is_promoted_past_somebody_with_an_equal_claim(quotas, pool, queue) -> None:
    seating = Seating(sum(quotas.values()) + pool, quotas)
    risen = seating.promoted(enumerate(queue))

    left = [place for place in range(len(queue)) if place not in risen]
    assert risen == sorted(risen)
    for place in left:
        # Whoever of the same agency rose stood before; and no seat is left for him.
        assert all(each < place for each in risen if queue[each] == queue[place])
        assert not seating.has_seat_for(queue[place])


def test_a_seat_that_is_not_there_is_not_given() -> None:
    seating = Seating(1, {7: 1})

    with pytest.raises(ValueError, match="no seat"):
        seating.seat(8)


@given(st.sets(st.integers(1, 6)))
def test_the_lowest_free_number_is_free_and_none_below_it(taken) -> None:
    if len(taken) == 6:
        with pytest.raises(ValueError, match="taken"):
            lowest_free(taken, 6)
        return
    number = lowest_free(taken, 6)
    assert number not in taken
    assert all(below in taken for below in range(1, number))
