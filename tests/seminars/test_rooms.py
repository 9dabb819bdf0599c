"""A room is had by one at a time, set-up and clear-up included; the refusal says what it may."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from documents.refusals import Incomplete
from seminars import lifecycle
from seminars.choices import SeminarState
from seminars.lifecycle import Time
from seminars.models import RoomBooking, RoomClaim, Seminar
from seminars.refusals import RoomTaken
from tests.examples import a_share
from tests.seminars.world import MORNING, Seminars, at

pytestmark = pytest.mark.django_db


def refusal(call) -> str:
    with pytest.raises(RoomTaken) as refused, transaction.atomic():
        call()
    return " ".join(str(reason.message) for reason in refused.value.reasons)


def test_a_second_seminar_does_not_get_the_room_and_learns_who_has_it():
    house = Seminars()
    first = house.scheduled()

    words = refusal(lambda: house.held(time=Time(at(15, 9), at(15, 11)), title="Khác"))

    assert "Hội trường A" in words
    assert "07:15 15/06/2016" in words
    assert "10:15 15/06/2016" in words
    assert first.title in words
    # Nothing of the second one's hold is left.
    assert RoomBooking.objects.count() == 1


def test_whoever_may_not_see_the_other_seminar_learns_only_that_it_is_taken():
    house = Seminars()
    shared = house.room("Nhà văn hóa", 300, shared=True)
    first = house.held(places=[house.place(room=shared)], title="Không cho ai biết")
    small = house.small
    theirs = lifecycle.draft(
        agency=small.home, details=lifecycle.Details("Tọa đàm"), time=MORNING,
        places=[lifecycle.Place(small.home, 20, room=shared)], by=small.home_officer, at=at(2),
    )  # fmt: skip

    words = refusal(lambda: lifecycle.hold(seminar=theirs, by=small.home_officer, at=at(2)))

    assert "Nhà văn hóa" in words
    assert first.title not in words


def test_one_that_ends_when_the_other_begins_does_not_touch_it():
    house = Seminars()
    bare = house.room("Phòng họp", setup_minutes=0, clear_minutes=0)
    places = [house.place(room=bare)]

    house.scheduled(places=places, time=Time(at(15, 8), at(15, 9)))
    house.held(places=places, time=Time(at(15, 9), at(15, 10)))

    assert RoomBooking.objects.count() == 2


def test_a_hall_with_two_lanes_takes_two_at_once_and_not_three():
    house = Seminars()
    hall = house.room("Hội trường chia đôi", 400, lanes=2)
    places = [house.place(room=hall)]

    house.held(places=places)
    house.held(places=places)

    assert sorted(RoomBooking.objects.values_list("lane", flat=True)) == [1, 2]
    refusal(lambda: house.held(places=places))


def test_a_hold_runs_out_and_makes_way_even_before_the_worker_comes():
    house = Seminars()
    first = house.held()

    second = house.held(title="Hội thảo sau", chair=None, moment=at(10))

    assert RoomBooking.objects.get().venue.seminar == second
    assert first.events.last().act == "room_lost"
    refusal(lambda: lifecycle.schedule(seminar=first, by=house.officer, at=at(10)))


def test_the_worker_gives_up_holds_that_ran_out_and_says_so():
    house = Seminars()
    seminar = house.held()

    assert lifecycle.let_holds_run_out(at=at(8)) == 0
    assert lifecycle.let_holds_run_out(at=at(10)) == 1

    assert not RoomClaim.objects.exists()
    assert seminar.events.last().act == "room_lost"
    assert seminar.events.last().actor is None


def test_booking_turns_a_hold_into_a_booking_that_does_not_run_out():
    house = Seminars()
    house.scheduled()

    assert lifecycle.let_holds_run_out(at=at(30)) == 0
    assert RoomBooking.objects.get().held_until is None


def test_a_cancelled_seminar_gives_up_its_room_at_once():
    house = Seminars()
    seminar = house.scheduled()
    lifecycle.cancel(seminar=seminar, reason="Trùng lịch", by=house.clerk, at=at(3))

    assert house.scheduled(title="Thay vào").state == SeminarState.SCHEDULED


def test_a_move_onto_a_taken_time_changes_nothing():
    house = Seminars()
    house.scheduled(time=Time(at(16, 8), at(16, 10)))
    seminar = house.held(title="Đứng yên")
    before = set(RoomClaim.objects.values_list("slot15", flat=True))

    refusal(
        lambda: lifecycle.move(
            seminar=seminar, time=Time(at(16, 9), at(16, 11)), by=house.officer, at=at(3)
        )
    )

    assert set(RoomClaim.objects.values_list("slot15", flat=True)) == before
    assert Seminar.objects.get(pk=seminar.pk).start5 == seminar.start5


def test_the_key_itself_refuses_a_quarter_that_is_had():
    house = Seminars()
    house.held()
    booking = RoomBooking.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        RoomClaim.objects.create(
            booking=booking, room=booking.room, lane=booking.lane, slot15=booking.from15
        )


def test_another_agencys_room_is_not_for_the_taking():
    house = Seminars()
    theirs = house.room("Phòng của Sở", agency=house.small.home)

    with pytest.raises(Incomplete):
        house.draft(places=[house.place(room=theirs)])
    assert house.draft(places=[house.place(room=theirs, host=house.small.home)]).pk


class Overlaps(TestCase):
    """Against the plain rule: two intervals clash where each begins before the other ends."""

    @a_share(6)
    @given(
        st.lists(
            st.tuples(st.integers(0, 30), st.integers(1, 8), st.booleans()),
            min_size=1,
            max_size=7,
        )
    )
    def test_what_is_accepted_is_what_does_not_overlap(self, wanted) -> None:
        house = Seminars()
        room = house.room("Phòng họp", setup_minutes=15, clear_minutes=0)
        had: list[tuple[int, int]] = []
        for start, length, given_up in wanted:
            begins = at(15, 6) + timedelta(minutes=15 * start)
            time = Time(begins, begins + timedelta(minutes=15 * length))
            span = (start - 1, start + length)
            free = all(span[1] <= first or last <= span[0] for first, last in had)
            try:
                with transaction.atomic():
                    seminar = house.held(places=[house.place(room=room)], time=time)
            except RoomTaken:
                assert not free
            else:
                assert free
                if given_up:
                    lifecycle.cancel(seminar=seminar, reason="x", by=house.clerk, at=at(2))
                else:
                    had.append(span)
        assert RoomClaim.objects.count() == sum(last - first for first, last in had)


@pytest.mark.prove
class ManyOverlaps(Overlaps):
    """The same with as many wishes as `make prove` wants."""
