"""The screen of days off: what a decree touches is shown first, and nothing is computed anew."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from agencies.choices import DayKind, Role
from agencies.models import DayRule, User
from seminars import desk, findings, lifecycle
from seminars.access import standing
from seminars.lifecycle import Time
from seminars.models import Conclusion, Seminar
from tests.documents.factories import client_of
from tests.documents.world import person
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db

DAYS = reverse("seminars:days")
BACK = reverse("seminars:restore_days")
#: Wednesday 15 June 2016, for Saturday the 18th.
TYPED = {
    "off_on": "15/06/2016", "worked_on": "18/06/2016", "name": "Hoán đổi", "basis": "123/VPCP",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _noon_of_3_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))


def keeper(house: Seminars, *more: Role) -> User:
    roles = [(house.small.province, role) for role in (Role.ADMINISTRATOR, *more)]
    return person("keeper", *roles)


def main(answer) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").main.text.split())


def agreed(answer) -> str:
    return BeautifulSoup(answer.content, "html.parser").find("button", attrs={"name": "agreed"})[
        "value"
    ]


def test_what_it_touches_is_shown_before_anything_is_kept_and_then_it_is_entered():
    house = Seminars()
    seminar = house.scheduled()
    client = client_of(keeper(house))

    shown = client.post(DAYS, TYPED)

    assert shown.status_code == 200
    assert not DayRule.objects.exists()
    assert "Cuộc rơi vào các ngày này" in main(shown)
    done = client.post(DAYS, TYPED | {"agreed": agreed(shown)})
    assert done.url == f"{DAYS}?nam=2016"
    assert {rule.day.day: rule.kind for rule in DayRule.objects.all()} == {
        15: DayKind.OFF, 18: DayKind.WORKING,
    }  # fmt: skip
    # The organiser finds it: on the seminar, and on the desk until it is settled.
    assert "day_off" in [each.code for each in findings.of(seminar, at=at(3))]
    waiting = desk.waiting_for(standing(house.clerk, at=at(3)))
    assert [each.seminar for each in waiting] == [seminar]


def test_an_administrator_is_no_reader_and_learns_a_number_only():
    house = Seminars()
    house.scheduled(title="Chuyện không ai biết")

    shown = client_of(keeper(house)).post(DAYS, TYPED)
    assert "Chuyện không ai biết" not in shown.content.decode()
    assert f"{house.small.province}: 1" in main(shown)

    both = client_of(person("both", (house.small.province, Role.ADMINISTRATOR),
                            (house.small.province, Role.LEADER)))  # fmt: skip
    assert "Chuyện không ai biết" in both.post(DAYS, TYPED).content.decode()


def test_what_was_typed_after_looking_is_looked_at_again():
    client = client_of(keeper(Seminars()))
    seen = agreed(client.post(DAYS, TYPED))

    answer = client.post(DAYS, TYPED | {"off_on": "16/06/2016", "agreed": seen})

    assert answer.status_code == 200
    assert not DayRule.objects.exists()
    assert agreed(answer) != seen


def test_a_deadline_that_was_set_stays_and_is_listed():
    house = Seminars()
    seminar = house.minuted()
    due = Conclusion.objects.get(seminar=seminar).due_on
    assert due == date(2016, 6, 22)
    client = client_of(keeper(house))

    typed = TYPED | {"off_on": "20/06/2016", "worked_on": ""}
    shown = client.post(DAYS, typed)
    assert "Thông báo kết luận" in main(shown)
    client.post(DAYS, typed | {"agreed": agreed(shown)})

    assert DayRule.objects.get().day == date(2016, 6, 20)
    assert Conclusion.objects.get(seminar=seminar).due_on == due
    other = client.post(DAYS, TYPED | {"off_on": "24/06/2016", "worked_on": ""})
    assert "Thông báo kết luận" not in main(other)


def test_answers_that_are_due_on_the_day_off_are_counted_by_agency():
    house = Seminars()
    house.invited(answer_by=at(10, 17), time=Time(at(22, 8), at(22, 9)))

    shown = client_of(keeper(house)).post(DAYS, TYPED | {"off_on": "10/06/2016"})

    assert f"{house.small.home}: 1" in main(shown)


def test_where_nothing_is_touched_the_page_says_so():
    shown = client_of(keeper(Seminars())).post(DAYS, TYPED)

    assert "Không động đến việc nào" in main(shown)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"worked_on": "15/06/2016"}, "không đổi cho chính nó"),
        ({"off_on": "18/06/2016", "worked_on": "19/06/2016"}, "đã là ngày nghỉ"),
        ({"off_on": "31/06/2016"}, "một ngày hợp lệ"),
        ({"off_on": "01/01/2500"}, "2100"),
        ({"name": ""}, "bắt buộc"),
        ({"name": "x" * 200}, "120"),
    ],
)
def test_bad_input_is_said_in_place_and_what_was_typed_stays(changes, said):
    answer = client_of(keeper(Seminars())).post(DAYS, TYPED | changes)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "123/VPCP" in page
    assert not DayRule.objects.exists()


def test_the_list_says_what_is_ours_what_is_general_and_what_is_a_forecast():
    house = Seminars()
    client = client_of(keeper(house))
    client.post(DAYS, TYPED | {"agreed": agreed(client.post(DAYS, TYPED))})

    this = main(client.get(DAYS))
    assert "123/VPCP" in this
    assert "Lịch chung" in this
    assert "dự báo" in main(client.get(DAYS, {"nam": "2027"}))
    for odd in ("99999", "x", "1999", "²⁰¹⁶"):
        assert "Ngày trong năm 2016" in main(client.get(DAYS, {"nam": odd}))


def test_rules_are_taken_back_after_seeing_what_that_touches():
    house = Seminars()
    seminar = house.scheduled(time=Time(at(18, 8), at(18, 9)))
    DayRule.objects.create(day=date(2016, 6, 18), kind=DayKind.WORKING, name="Làm bù")
    client = client_of(keeper(house))
    address = f"{BACK}?ngay=2016-06-18&ngay=bậy&ngay=99999-01-01"

    shown = client.get(address)
    assert f"{house.small.province}: 1" in main(shown)
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "nhầm"}).url == f"{DAYS}?nam=2016"

    assert not DayRule.objects.exists()
    assert "day_off" in [each.code for each in findings.of(seminar, at=at(3))]
    assert client.get(BACK).status_code == 200
    assert client.post(BACK, {"reason": "nhầm"}).status_code == 422


def test_nobody_else_sees_the_screen():
    house = Seminars()

    for user in (house.clerk, house.leader, house.small.home_clerk):
        for address in (DAYS, BACK):
            assert client_of(user).get(address).status_code == 403
            assert client_of(user).post(address, TYPED).status_code == 403


def test_who_lets_the_day_stand_has_it_off_the_desk_until_it_is_moved_to_another():
    house = Seminars()
    seminar = house.scheduled()
    DayRule.objects.create(day=date(2016, 6, 15), kind=DayKind.OFF, name="nghỉ")
    leader = standing(house.leader, at=at(3))
    assert len(desk.waiting_for(leader)) == 1

    finding = next(f for f in findings.of(seminar, at=at(3)) if f.code == "day_off")
    lifecycle.let_stand(
        seminar=seminar, code=finding.code, about=finding.about, reason="Trực ngày nghỉ",
        by=house.leader, at=at(3),
    )  # fmt: skip
    assert desk.waiting_for(leader) == []

    DayRule.objects.create(day=date(2016, 6, 16), kind=DayKind.OFF, name="nghỉ")
    lifecycle.move(
        seminar=Seminar.objects.get(), time=Time(at(16, 8), at(16, 9)), by=house.officer, at=at(3)
    )
    assert len(desk.waiting_for(leader)) == 1
