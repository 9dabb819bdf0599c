"""Findings of many seminars at once: what each says alone, for the queries of one."""

import random
from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import DayKind
from agencies.models import DayRule
from seminars import findings, lifecycle
from seminars.choices import FindingCode
from seminars.lifecycle import Invited, Time
from seminars.models import AgendaItem, Policy, RoomClosure, RoomHours, Seminar, WorkingHours
from tests.documents.factories import client_of
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db


def crowded(seed: int) -> Seminars:
    """A month in which nearly everything stands against something."""
    house, drawn = Seminars(), random.Random(seed)
    rooms = [
        house.room(f"Phòng {n}", drawn.choice((10, 60, 200)), setup_minutes=0, clear_minutes=0,
                   lanes=9)
        for n in range(3)
    ]  # fmt: skip
    RoomClosure.objects.create(room=rooms[0], from_at=at(14), to_at=at(17), reason="Sửa điện")
    for room in rooms[:2]:
        RoomHours.objects.create(
            room=room, weekday=drawn.randrange(5), opens=time(8), closes=time(16),
            from_on=date(2016, 1, 1),
        )  # fmt: skip
    WorkingHours.objects.create(
        agency=house.small.province, weekday=2, opens=time(7), closes=time(15),
        from_on=date(2016, 6, 14),
    )  # fmt: skip
    DayRule.objects.create(day=date(2016, 6, 16), kind=DayKind.OFF, name="nghỉ")
    Policy.objects.create(
        agency=house.small.province, from_on=date(2016, 1, 1), most_at_round_table=40,
        travel_minutes=90, invite_days=4,
    )  # fmt: skip
    programme = house.programme(due_on=date(2016, 6, 16), target=9)
    for number in range(8):
        day, hour = drawn.randrange(14, 19), drawn.randrange(7, 17)
        seminar = house.held(
            time=Time(at(day, hour), at(day, hour + drawn.randrange(1, 3))),
            places=[house.place(room=drawn.choice(rooms))],
            chair=drawn.choice([house.chair, (f"Chủ trì {number}", "")]),
            kind=drawn.choice(["seminar", "round_table"]),
            programme=drawn.choice([programme, None]),
        )
        if drawn.random() < 0.5:
            AgendaItem.objects.create(
                seminar=seminar, order=1, minutes=30, title="Tham luận", speaker=house.chair
            )
        lifecycle.list_invited(
            seminar=seminar, invited=[Invited(house.small.home, seminar.venues.get(), 1)],
            by=house.officer, at=at(2),
        )  # fmt: skip
    house.held(time=Time(day=date(2016, 6, 18), half_day="morning"))
    one = next(each for each in findings.of(Seminar.objects.all()[0], at=at(13)))
    lifecycle.let_stand(
        seminar=Seminar.objects.all()[0], code=one.code, about=one.about, reason="Đã thống nhất",
        by=house.leader, at=at(13),
    )  # fmt: skip
    return house


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_each_is_told_together_what_it_is_told_alone(seed: int):
    crowded(seed)
    rows = list(Seminar.objects.order_by("pk"))

    together = findings.of_all(rows, at=at(13))

    assert together == {row.pk: findings.of(row, at=at(13)) for row in rows}
    said = {each.code for found in together.values() for each in found}
    # They could have differed: much is said, and of more than one.
    assert len(said) >= 5
    assert FindingCode.PERSON_TWICE in said


def test_many_cost_the_queries_of_one():
    crowded(1)
    rows = list(Seminar.objects.order_by("pk"))

    def queries(some: list[Seminar]) -> int:
        with CaptureQueriesContext(connection) as counted:
            findings.of_all(some, at=at(13))
        return len(counted)

    one = [row for row in rows if row.programme_id is not None][:1]
    assert queries(one) == queries(rows) <= 16
    assert findings.of_all([], at=at(13)) == {}


def test_a_board_costs_the_same_with_one_seminar_and_with_three(monkeypatch):
    monkeypatch.setattr("agencies.clock.now", lambda: at(6, 12))
    house = Seminars()
    programme = house.programme(target=3)
    client = client_of(house.officer)
    url = reverse("seminars:board", args=[programme.pk])

    def add(number: int) -> None:
        # Two at one hour under one chair: something stands against each.
        house.held(
            programme=programme, places=[house.place(room=house.room(f"Phòng {number}", 20))]
        )

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            page = client.get(url).content.decode()
        assert "#findings" in page
        return len(counted)

    add(1)
    client.get(url)
    alone = queries()
    add(2)
    add(3)

    assert queries() == alone
