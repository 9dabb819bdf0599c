"""What speaks against a plan, read anew each time; blocks are settled or overridden with a reason."""

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.choices import DayKind
from agencies.models import DayRule
from documents.refusals import Incomplete
from seminars import findings, lifecycle
from seminars.choices import Level
from seminars.lifecycle import Invited, Time
from seminars.models import (
    AgendaItem,
    Person,
    Policy,
    RoomClosure,
    RoomHours,
    Seminar,
    WorkingHours,
)
from tests.seminars.world import MORNING, Seminars, at

pytestmark = pytest.mark.django_db


def codes(seminar: Seminar, moment=None) -> list[str]:
    return [each.code for each in findings.of(seminar, at=moment or at(2))]


def test_a_plan_in_good_time_in_a_large_room_has_nothing_against_it():
    house = Seminars()

    assert codes(house.held()) == []


def test_a_room_too_small_stands_against_publishing():
    house = Seminars()
    room = house.room("Phòng nhỏ", 20)
    seminar = house.held(places=[house.place(room=room, seats=50)])

    with pytest.raises(Incomplete) as refused:
        lifecycle.schedule(seminar=seminar, by=house.officer, at=at(2))

    assert [reason.code for reason in refused.value.reasons] == ["finding:room_too_small"]
    words = str(refused.value.reasons[0].message)
    assert "Phòng nhỏ" in words
    assert "20" in words
    assert "50" in words


def test_an_override_lets_exactly_this_finding_stand():
    house = Seminars()
    room = house.room("Phòng nhỏ", 20)
    seminar = house.held(places=[house.place(room=room, seats=50)])
    finding = findings.of(seminar, at=at(2))[0]

    with pytest.raises(Incomplete):
        lifecycle.let_stand(
            seminar=seminar, code=finding.code, about=finding.about, reason=" ",
            by=house.leader, at=at(2),
        )  # fmt: skip
    lifecycle.let_stand(
        seminar=seminar, code=finding.code, about=finding.about, reason="Kê thêm ghế",
        by=house.leader, at=at(2),
    )  # fmt: skip
    assert lifecycle.schedule(seminar=seminar, by=house.officer, at=at(2)).pk

    # A still smaller room is another matter.
    room.capacity = 10
    room.save()
    assert findings.of(seminar, at=at(2))[0].override is None


def test_a_closure_and_hours_in_which_the_room_is_not_open():
    house = Seminars()
    seminar = house.held()
    closure = RoomClosure.objects.create(
        room=house.hall, from_at=at(15, 9), to_at=at(15, 17), reason="Sửa điện"
    )
    assert codes(seminar) == ["room_closed"]

    closure.from_at = at(15, 10)
    closure.save()
    assert codes(seminar) == []

    RoomHours.objects.create(
        room=house.hall, weekday=2, opens=time(8), closes=time(17), from_on=date(2016, 1, 1)
    )
    assert codes(seminar) == ["room_closed"]


def test_a_room_that_is_no_longer_in_use_stands_against_it():
    house = Seminars()
    seminar = house.held()
    house.hall.active = False
    house.hall.save()

    assert codes(seminar) == ["room_closed"]


def test_a_chair_in_two_places_stands_against_it_and_a_speaker_too():
    house = Seminars()
    other_room = house.room("Phòng họp 2")
    house.scheduled()
    speaker = Person.objects.create(agency=house.small.province, name="Diễn giả Mẫu")

    second = house.held(places=[house.place(room=other_room)], chair=speaker)
    assert codes(second) == []
    AgendaItem.objects.create(
        seminar=second, order=1, minutes=30, title="Tham luận", speaker=house.chair
    )

    found = findings.of(second, at=at(2))
    assert [(each.code, each.level) for each in found] == [("person_twice", Level.BLOCK)]
    assert "Lâm Sương Dung" in found[0].words


def test_one_after_the_other_at_the_same_place_is_fine_and_elsewhere_is_a_warning():
    house = Seminars()
    bare = house.room("Phòng 1", setup_minutes=0, clear_minutes=0)
    house.scheduled(places=[house.place(room=bare)])
    after = Time(at(15, 10), at(15, 11))

    same = house.held(places=[house.place(room=bare)], time=after)
    assert codes(same) == []
    lifecycle.cancel(seminar=same, reason="x", by=house.clerk, at=at(2))
    away = house.held(places=[house.place(room=None, place="Huyện Châu Thành")], time=after)
    assert codes(away) == ["travel_gap"]


def test_an_agency_that_must_be_at_two_seminars_is_a_warning():
    house = Seminars()
    house.listed()
    other = house.held(places=[house.place(room=house.room("Phòng 2"))], chair=None)
    lifecycle.list_invited(
        seminar=other, invited=[Invited(house.small.home, other.venues.get())],
        by=house.officer, at=at(2),
    )  # fmt: skip

    assert codes(other) == ["agency_twice"]


def test_days_off_swap_days_and_hours_are_warnings():
    house = Seminars()
    saturday = house.held(time=Time(at(18, 8), at(18, 9)))
    assert codes(saturday) == ["day_off"]

    DayRule.objects.create(day=date(2016, 6, 18), kind=DayKind.WORKING, name="Làm bù")
    assert codes(saturday) == []

    evening = house.held(time=Time(at(16, 18), at(16, 20)), chair=None)
    assert codes(evening) == ["outside_hours"]
    WorkingHours.objects.create(
        agency=house.small.province, weekday=3, opens=time(7), closes=time(21),
        from_on=date(2016, 6, 1),
    )  # fmt: skip
    assert codes(evening) == []
    WorkingHours.objects.update(closes=time(19, 50))
    assert codes(evening) == ["outside_hours"]


def test_a_late_invitation_is_a_warning_until_it_went_out():
    house = Seminars()
    # Three working days before Wednesday the 15th: Friday the 10th.
    seminar = house.listed()
    assert codes(seminar, at(10, 17)) == []
    assert codes(seminar, at(11)) == ["invite_late"]

    policy = Policy.objects.create(
        agency=house.small.province, from_on=date(2016, 6, 1), invite_days=5
    )
    assert codes(seminar, at(9)) == ["invite_late"]
    policy.delete()
    lifecycle.invite(
        seminar=seminar, letter=house.letter(), answer_by=None, by=house.clerk, at=at(10)
    )
    assert codes(Seminar.objects.get(pk=seminar.pk), at(11)) == []


def test_after_the_deadline_of_the_order_stands_against_it():
    house = Seminars()
    programme = house.programme(due_on=date(2016, 6, 10))

    assert codes(house.held(programme=programme)) == ["after_deadline"]


def test_more_seats_than_the_policy_allows_for_its_kind():
    house = Seminars()
    Policy.objects.create(
        agency=house.small.province, from_on=date(2016, 1, 1), most_at_round_table=40
    )

    assert codes(house.held(kind="round_table")) == ["over_cap"]
    assert codes(house.held(time=Time(at(16, 8), at(16, 9)))) == []


def test_a_half_day_without_an_hour_is_looked_at_as_far_as_it_goes():
    house = Seminars()
    seminar = house.held(time=Time(day=date(2016, 6, 18), half_day="morning"))

    assert codes(seminar) == ["day_off"]


def test_reading_them_costs_the_same_whatever_else_is_planned():
    house = Seminars()
    seminar = house.listed()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            findings.of(Seminar.objects.select_related("agency", "programme").get(pk=seminar.pk),
                        at=at(2))  # fmt: skip
        return len(counted)

    before = queries()
    for number in range(3):
        room = house.room(f"Phòng {number}")
        house.held(places=[house.place(room=room)], time=MORNING, title=f"Khác {number}")

    # Who else is there is read once for all: agenda, speakers, venues.
    assert queries() <= before + 3
    assert before <= 16
