"""Which times are suggested for a seminar, read from what is planned, closed and decreed."""

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import DayKind
from agencies.models import DayRule
from seminars import lifecycle, slots
from seminars.free_time import Answer, Reason
from seminars.instants import from5
from seminars.lifecycle import Invited, Time
from seminars.models import Room, RoomClosure, RoomHours, WorkingHours
from seminars.slots import Wish
from tests.documents.factories import client_of
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db

#: Wednesday 15 June 2016.
WEDNESDAY = date(2016, 6, 15)


def times(answer: Answer) -> list[str]:
    return [f"{from5(each.start5):%d/%m %H:%M}" for each in answer.suggestions]


def ask(house: Seminars, seminar, **wish) -> Answer:
    wish.setdefault("first", WEDNESDAY)
    wish.setdefault("last", WEDNESDAY)
    wish.setdefault("minutes", 120)
    return slots.best_times(seminar, Wish(**wish), at=at(2))


def test_an_empty_day_is_suggested_from_its_first_hour():
    house = Seminars()
    seminar = house.draft(time=Time())

    # With a quarter to set up, the first start of the day is still the first.
    assert times(ask(house, seminar))[0] == "15/06 07:00"


def test_a_chair_who_sits_elsewhere_and_an_agency_that_must_be_elsewhere_are_avoided():
    house = Seminars()
    house.listed(quotas={house.small.home: 1}, time=Time(at(15, 7), at(15, 9)))
    seminar = house.draft(time=Time(), places=[house.place(room=house.room("Phòng 2"))])
    assert times(ask(house, seminar))[0] == "15/06 09:00"

    free = house.draft(time=Time(), chair=None, places=[house.place(room=house.room("Phòng 3"))])
    assert times(ask(house, free))[0] == "15/06 07:00"
    lifecycle.list_invited(
        seminar=free, invited=[Invited(house.small.home, free.venues.get())],
        by=house.officer, at=at(2),
    )  # fmt: skip
    assert times(ask(house, free))[0] == "15/06 09:00"


def test_days_off_are_left_out_and_swap_days_are_in():
    house = Seminars()
    seminar = house.draft(time=Time())
    saturday = date(2016, 6, 18)

    assert ask(house, seminar, first=saturday, last=saturday).reason == Reason.NO_WORKING_TIME
    DayRule.objects.create(day=saturday, kind=DayKind.WORKING, name="Làm bù")
    assert times(ask(house, seminar, first=saturday, last=saturday))[0] == "18/06 07:00"


def test_what_is_over_is_not_suggested():
    house = Seminars()
    seminar = house.draft(time=Time())

    answer = slots.best_times(seminar, Wish(WEDNESDAY, WEDNESDAY, 120), at=at(15, 8, 10))

    assert times(answer)[0] == "15/06 08:15"


def test_the_hours_of_the_agency_count():
    house = Seminars()
    seminar = house.draft(time=Time())
    WorkingHours.objects.create(
        agency=house.small.province, weekday=2, opens=time(13, 30), closes=time(15, 30),
        from_on=date(2016, 6, 1),
    )  # fmt: skip

    assert times(ask(house, seminar)) == ["15/06 13:30"]
    assert ask(house, seminar, minutes=180).reason == Reason.TOO_LONG
    # Hours need not lie on the quarter; what is suggested does.
    WorkingHours.objects.update(opens=time(13, 20), closes=time(15, 50))
    assert times(ask(house, seminar)) == ["15/06 13:30"]


def test_closed_rooms_and_rooms_that_are_not_open_are_not_free():
    house = Seminars()
    seminar = house.draft(time=Time())
    closure = RoomClosure.objects.create(
        room=house.hall, from_at=at(15, 0), to_at=at(15, 13), reason="Sửa điện"
    )
    # A quarter to set up after the works.
    assert times(ask(house, seminar))[0] == "15/06 13:15"

    closure.delete()
    RoomHours.objects.create(
        room=house.hall, weekday=2, opens=time(14), closes=time(17, 30), from_on=date(2016, 1, 1)
    )
    assert times(ask(house, seminar))[0] == "15/06 14:15"


def test_without_a_room_large_enough_it_says_so_and_without_a_room_it_finds_a_time():
    house = Seminars()
    seminar = house.draft(time=Time(), places=[house.place(seats=500)])

    assert ask(house, seminar).reason == Reason.ROOMS_TOO_SMALL
    assert times(ask(house, seminar, with_room=False))[0] == "15/06 07:00"
    Room.objects.update(active=False)
    assert ask(house, seminar).reason == Reason.ROOMS_TOO_SMALL


def test_its_own_booking_is_not_in_its_own_way():
    house = Seminars()
    seminar = house.held(time=Time(at(15, 7), at(15, 11)))

    assert times(ask(house, seminar))[0] == "15/06 07:00"


def test_reading_costs_the_same_for_one_other_seminar_and_for_four():
    house = Seminars()
    seminar = house.draft(time=Time())

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            ask(house, seminar)
        return len(counted)

    house.held(chair=None)
    before = queries()
    for number in range(3):
        house.held(chair=None, places=[house.place(room=house.room(f"P{number}"))])
    assert queries() == before
    assert before <= 14


def test_the_page_suggests_and_a_choice_opens_the_time(monkeypatch):
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))
    house = Seminars()
    house.listed(quotas={house.small.home: 1}, time=Time(at(15, 7), at(15, 15)))
    seminar = house.draft(time=Time(), places=[house.place(room=house.room("Phòng 2"))])
    client = client_of(house.officer)
    address = reverse("seminars:find_time", args=[seminar.pk])
    assert client.get(address).status_code == 200

    asked = {"first": "15/06/2016", "last": "15/06/2016", "minutes": 240, "with_room": "on"}
    page = client.get(address, asked).content.decode()
    assert "Lâm Sương Dung" in page
    assert "không lúc nào cùng rảnh" in page
    page = client.get(address, asked | {"minutes": 120}).content.decode()
    start = page.index(reverse("seminars:move", args=[seminar.pk]))
    chosen = page[start : page.index('"', start)].replace("&amp;", "&")
    form = client.get(chosen).content.decode()
    assert 'value="15/06/2016"' in form
    assert 'value="15:00"' in form


@pytest.mark.parametrize(
    "changes",
    [
        {"first": "31/06/2016"}, {"last": "01/01/2016"}, {"last": "01/01/2017"},
        {"minutes": "7"}, {"minutes": ""},
    ],
)  # fmt: skip
def test_bad_input_is_said_in_place(changes):
    house = Seminars()
    seminar = house.draft()
    asked = {"first": "15/06/2016", "last": "30/06/2016", "minutes": 120} | changes

    answer = client_of(house.officer).get(reverse("seminars:find_time", args=[seminar.pk]), asked)

    assert answer.status_code == 422
