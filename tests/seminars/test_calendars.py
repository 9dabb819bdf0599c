"""Calendars to look at: what stands on which day, for whom, and in which words."""

from datetime import date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from agencies import clock
from agencies.choices import DayKind, Role
from agencies.models import DayRule, User
from seminars import lifecycle
from seminars.calendars import _parts
from seminars.lifecycle import Time
from seminars.models import RoomClosure, Seminar
from tests.documents.factories import client_of
from tests.documents.world import person
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db

JUNE = ("month", 2016, 6)
#: Monday 13 to Sunday 19 June 2016.
WEEK = ("week", 2016, 24)


@pytest.fixture(autouse=True)
def _noon_of_15_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(15, 12))


def url(name: str, *args: object) -> str:
    return reverse(f"seminars:{name}", args=args)


def page(user: User, name: str, *args: object, **asked: str) -> BeautifulSoup:
    answer = client_of(user).get(url(name, *args), asked)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def cell(shown: BeautifulSoup, day: str):
    """The cell, or the section, of a day in ISO form."""
    return shown.find("time", datetime=day).find_parent(["td", "tr", "section"])


def days_of(shown: BeautifulSoup, title: str) -> list[str]:
    """The days on which a title stands."""
    links = [link for link in shown.find_all("a") if title in link.text]
    return [link.find_parent(["td", "tr"]).find("time")["datetime"] for link in links]


def words(tag) -> str:
    return " ".join(tag.text.split())


# -- A month ----------------------------------------------------------------------------------


def test_a_month_is_one_table_from_monday_with_a_caption_and_today():
    house = Seminars()

    shown = page(house.officer, *JUNE)

    table = shown.find("table")
    assert table.caption.text == "Tháng 6 năm 2016"
    heads = table.find_all("th", scope="col")
    assert [heads[0].text, heads[6].text] == ["Thứ Hai", "Chủ nhật"]
    assert len(table.find_all("time")) == 30
    assert [each["datetime"] for each in table.find_all(attrs={"aria-current": "date"})] == [
        "2016-06-15"
    ]
    # The first of June 2016 was a Wednesday.
    first = table.tbody.find("tr").find_all("td")
    assert [bool(each.find("time")) for each in first] == [False] * 2 + [True] * 5


def test_a_link_says_day_date_hours_title_and_state():
    house = Seminars()
    seminar = house.scheduled()

    link = cell(page(house.officer, *JUNE), "2016-06-15").find("a")

    assert link["href"] == url("seminar", seminar.pk)
    name = words(link)
    for part in ("thứ Tư 15/6/2016", "07:30 – 10:00", seminar.title, "Đã xếp lịch"):
        assert part in name


def test_in_english_every_word_of_ours_is_english():
    house = Seminars()
    house.scheduled()
    client = client_of(house.officer)
    client.cookies["language"] = "en"

    shown = BeautifulSoup(client.get(url(*JUNE)).content, "html.parser")

    assert shown.find("caption").text == "June 2016"
    assert "Wednesday 15/6/2016" in words(cell(shown, "2016-06-15").find("a"))


def test_what_lasts_for_days_stands_on_each_and_midnight_is_no_next_day():
    house = Seminars()
    house.held(title="Ba ngày", time=Time(at(7, 14), at(9, 10)))
    house.held(title="Trọn ngày", time=Time(at(10, 0), at(11, 0)), chair=None, places=[])
    house.held(title="Đến nửa đêm", time=Time(at(17, 20), at(18, 0)), chair=None, places=[])

    shown = page(house.officer, *JUNE)

    assert days_of(shown, "Ba ngày") == ["2016-06-07", "2016-06-08", "2016-06-09"]
    said = [words(cell(shown, f"2016-06-0{day}").find("a")) for day in (7, 8, 9)]
    assert "từ 14:00" in said[0]
    assert "cả ngày" in said[1]
    assert "đến 10:00" in said[2]
    assert days_of(shown, "Trọn ngày") == ["2016-06-10"]
    assert "cả ngày" in words(cell(shown, "2016-06-10").find("a"))
    assert days_of(shown, "Đến nửa đêm") == ["2016-06-17"]
    assert "20:00 – 24:00" in words(cell(shown, "2016-06-17").find("a"))


def test_what_crosses_the_turn_of_a_month_stands_in_both():
    house = Seminars()
    house.held(
        title="Qua tháng", time=Time(at(30, 8), datetime(2016, 7, 1, 11, tzinfo=at(1).tzinfo))
    )

    assert days_of(page(house.officer, *JUNE), "Qua tháng") == ["2016-06-30"]
    assert days_of(page(house.officer, "month", 2016, 7), "Qua tháng") == ["2016-07-01"]


def test_a_moved_seminar_leaves_its_old_cell_at_once_and_a_postponed_one_the_calendar():
    house = Seminars()
    seminar = house.scheduled(title="Dời đi")
    assert days_of(page(house.officer, *JUNE), "Dời đi") == ["2016-06-15"]

    seminar = lifecycle.move(
        seminar=seminar, time=Time(at(21, 8), at(21, 9)), by=house.officer, at=at(3)
    )
    assert days_of(page(house.officer, *JUNE), "Dời đi") == ["2016-06-21"]
    lifecycle.postpone(seminar=seminar, reason="Chờ ý kiến", by=house.clerk, at=at(3))

    assert days_of(page(house.officer, *JUNE), "Dời đi") == []


def test_a_cancelled_one_is_struck_and_said():
    house = Seminars()
    seminar = house.held(title="Không họp nữa")
    lifecycle.cancel(seminar=seminar, reason="Trùng lịch", by=house.clerk, at=at(3))

    link = cell(page(house.officer, *JUNE), "2016-06-15").find("a")

    assert link.s.text == "Không họp nữa"
    assert "Đã hủy" in words(link)


# -- Days that are marked ---------------------------------------------------------------------


def test_holidays_and_days_worked_for_them_are_named_and_our_rows_override():
    house = Seminars()
    DayRule.objects.create(day=date(2016, 6, 18), kind=DayKind.WORKING, name="Làm bù ngày 17/6")
    DayRule.objects.create(day=date(2016, 6, 17), kind=DayKind.OFF, name="Hoán đổi")
    DayRule.objects.create(day=date(2016, 9, 2), kind=DayKind.WORKING, name="Trực chiến")

    june = page(house.officer, *JUNE)
    assert "Làm việc: Làm bù ngày 17/6" in words(cell(june, "2016-06-18"))
    assert "off" not in cell(june, "2016-06-18")["class"]
    assert "Nghỉ: Hoán đổi" in words(cell(june, "2016-06-17"))
    assert "off" in cell(june, "2016-06-17")["class"]
    assert "Trực chiến" in words(cell(page(house.officer, "month", 2016, 9), "2016-09-02"))
    swap = page(house.officer, "month", 2026, 8)
    assert "Làm việc: làm bù" in words(cell(swap, "2026-08-22"))
    assert "22/08/2026" in words(cell(swap, "2026-08-31"))


def test_what_no_decree_is_known_of_is_a_forecast_and_fixed_days_are_not():
    house = Seminars()

    tet = page(house.officer, "month", 2027, 2)
    assert "dự báo" in words(cell(tet, "2027-02-08"))
    assert "dự báo" not in words(cell(page(house.officer, "month", 2027, 9), "2027-09-02"))
    assert "dự báo" not in words(cell(page(house.officer, "month", 2026, 2), "2026-02-17"))

    DayRule.objects.create(day=date(2027, 2, 8), kind=DayKind.OFF, name="Nghỉ Tết")
    tet = page(house.officer, "month", 2027, 2)
    assert "dự báo" not in words(cell(tet, "2027-02-08"))


# -- Weeks, lists -----------------------------------------------------------------------------


def test_half_a_day_without_an_hour_stands_in_its_half():
    house = Seminars()
    house.held(title="Chưa có giờ", time=Time(day=date(2016, 6, 16), half_day="afternoon"))
    house.held(title="Có giờ", time=Time(at(16, 8), at(16, 9)))

    row = cell(page(house.officer, *WEEK), "2016-06-16")

    morning, afternoon, evening = row.find_all("td")
    assert "Có giờ" in words(morning)
    assert "Buổi chiều Chưa có giờ" in words(afternoon)
    assert words(evening) == ""
    # Place, organiser and chair: what a printed schedule says.
    assert "Hội trường A" in words(morning)
    assert "Lâm Sương Dung" in words(morning)


def test_the_links_to_the_weeks_before_and_after_say_their_full_names():
    house = Seminars()

    shown = page(house.officer, "week", 2026, 49)

    assert shown.find("caption").text == "Tuần 49, từ 30/11 đến 06/12/2026"
    assert words(shown.find("a", rel="prev")) == "‹ Tuần 48, từ 23/11 đến 29/11/2026"
    assert words(shown.find("a", rel="next")) == "Tuần 50, từ 07/12 đến 13/12/2026 ›"


def test_the_fifty_third_week_leads_into_the_next_year_and_back():
    house = Seminars()

    shown = page(house.officer, "week", 2026, 53)

    assert shown.find("caption").text == "Tuần 53, từ 28/12/2026 đến 03/01/2027"
    assert shown.find("a", rel="next")["href"] == url("week", 2027, 1)
    shown = page(house.officer, "week", 2027, 1)
    assert shown.find("a", rel="prev")["href"] == url("week", 2026, 53)


def test_a_list_has_the_days_on_which_something_is_held_or_says_that_there_is_none():
    house = Seminars()
    house.scheduled()

    shown = page(house.officer, "agenda", 2016, 6)

    assert [each["datetime"] for each in shown.find_all("time")] == ["2016-06-15"]
    assert "Không có cuộc nào trong tháng này" in page(house.officer, "agenda", 2016, 8).text


# -- Bounds -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "thang/2016/13", "thang/2016/0", "thang/99999/1", "thang/1999/12", "thang/2101/1",
        "tuan/2025/53", "tuan/2016/0", "tuan/2016/54", "tuan/99999/1", "tuan/1999/51",
        "danh-sach/2016/13", "phong/2025/53", "phong/9999999999999999999999/1", "thang/-1/1",
    ],
)  # fmt: skip
def test_no_such_month_or_week_is_a_page_that_is_not_there(address: str):
    client = client_of(Seminars().officer)

    assert client.get(f"/hoi-thao/lich-xem/{address}/").status_code == 404


@pytest.mark.parametrize(
    ("address", "first", "last"),
    [
        ("thang/2016/2", "2016-02-01", "2016-02-29"),
        ("thang/2100/2", "2100-02-01", "2100-02-28"),
        ("thang/2000/1", "2000-01-01", "2000-01-31"),
        ("thang/2100/12", "2100-12-01", "2100-12-31"),
        ("tuan/1999/52", "1999-12-27", "2000-01-02"),
        ("tuan/2100/52", "2100-12-27", "2101-01-02"),
    ],
)
def test_leap_years_and_the_ends_of_the_calendar(address: str, first: str, last: str):
    answer = client_of(Seminars().officer).get(f"/hoi-thao/lich-xem/{address}/")

    shown = BeautifulSoup(answer.content, "html.parser")
    times = [each["datetime"] for each in shown.find("table").find_all("time")]
    assert (times[0], times[-1]) == (first, last)


def test_every_link_of_a_page_at_the_ends_of_the_calendar_leads_somewhere():
    client = client_of(Seminars().officer)

    for address in ("thang/2000/1", "thang/2100/12", "tuan/1999/52", "tuan/2100/52"):
        answer = client.get(f"/hoi-thao/lich-xem/{address}/")
        shown = BeautifulSoup(answer.content, "html.parser")
        for nav in shown.select(".calnav"):
            for link in nav.find_all("a"):
                assert client.get(link["href"]).status_code == 200, link


def test_one_goes_to_a_day_that_was_typed_and_a_bad_one_is_said():
    house = Seminars()
    client = client_of(house.officer)
    start = url("calendar")

    assert page(house.officer, "calendar").find("caption").text == "Tháng 6 năm 2016"
    assert client.get(start, {"ngay": "24/11/2026", "kieu": "week"}).url == url("week", 2026, 48)
    assert client.get(start, {"kieu": "mười"}).url == url(*JUNE)
    for typed in ("31/02/2016", "mai", "01/01/99999", "01/01/1900"):
        answer = client.get(start, {"ngay": typed, "kieu": "rooms"}, follow=True)
        assert answer.redirect_chain == [(url("rooms", 2016, 24), 302)]
        assert typed in answer.content.decode()
    assert client.get(start, {"ngay": "2/3/2016", "xem": "moi-nguoi"}).url == (
        url("month", 2016, 3) + "?xem=moi-nguoi"
    )


# -- Who sees what ----------------------------------------------------------------------------


def test_each_sees_what_concerns_his_agencies_and_nothing_that_is_not_announced():
    house = Seminars()
    house.draft(title="Còn nháp", time=Time(at(16, 8), at(16, 9)))
    invited = house.invited(title="Mời Sở")
    house.held(title="Của Ủy ban", time=Time(at(17, 8), at(17, 9)))
    house.held(title="Cho mọi người", time=Time(at(20, 8), at(20, 9)), visibility="everybody")
    clerk = house.small.home_clerk

    own = words(page(house.officer, *JUNE).table)
    assert [each in own for each in ("Còn nháp", "Mời Sở", "Của Ủy ban")] == [False, True, True]
    theirs = words(page(clerk, *JUNE).table)
    assert [each in theirs for each in ("Mời Sở", "Của Ủy ban", "Cho mọi")] == [True, False, False]
    shared = words(page(clerk, *JUNE, xem="moi-nguoi").table)
    assert [each in shared for each in ("Mời Sở", "Của Ủy ban", "Cho mọi")] == [False, False, True]
    home = str(house.small.home.pk)
    assert "Mời Sở" in words(page(clerk, *JUNE, xem=home).table)

    lifecycle.answer(
        invitation=house.invitation(invited), comes=False, reason="Bận", by=clerk, at=at(4)
    )
    assert "Mời Sở" not in words(page(clerk, *JUNE).table)


def test_the_calendar_of_an_agency_that_is_not_ones_own_is_not_there():
    house = Seminars()
    client = client_of(house.small.home_clerk)

    for asked in (house.small.province.pk, 999_999, "x", "１"):
        assert client.get(url(*JUNE), {"xem": str(asked)}).status_code == 404


def test_rooms_say_by_what_they_are_taken_only_to_whoever_may_see_it():
    house = Seminars()
    house.hall.shared = True
    house.hall.save()
    house.room("Phòng riêng")
    house.scheduled(title="Việc nội bộ")
    RoomClosure.objects.create(
        room=house.hall, from_at=at(17, 8), to_at=at(17, 12), reason="Sửa điện bí mật"
    )
    rooms = ("rooms", 2016, 24)

    own = words(page(house.officer, *rooms).table)
    # Set-up and clear-up are taken too.
    assert "07:15 – 10:15 Việc nội bộ đã đặt" in own
    assert "Phòng riêng" in own
    theirs = words(page(house.small.home_clerk, *rooms).table)
    assert "07:15 – 10:15 Bận" in theirs
    assert "08:00 – 12:00 Không nhận đặt" in theirs
    assert not any(each in theirs for each in ("Việc nội bộ", "Phòng riêng", "Sửa điện"))


def test_a_hold_that_ran_out_is_not_shown_though_no_worker_came():
    house = Seminars()
    house.held(title="Giữ chỗ", moment=at(2))

    assert "Giữ chỗ" not in words(page(house.officer, "rooms", 2016, 24).table)


def test_somebody_without_a_post_sees_an_empty_calendar():
    Seminars().scheduled()
    stranger = person("newcomer")

    for name, *args in (JUNE, WEEK, ("agenda", 2016, 6), ("rooms", 2016, 24)):
        assert "Hội thảo xây dựng" not in page(stranger, name, *args).text


# -- What it costs ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", [JUNE, WEEK, ("agenda", 2016, 6), ("rooms", 2016, 24)], ids=lambda each: each[0]
)
def test_a_page_costs_the_same_with_one_seminar_and_with_many(address):
    house = Seminars()
    client = client_of(house.officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url(*address)).status_code == 200
        return len(counted)

    house.scheduled(chair=("Ai 0", ""))
    queries()
    one = queries()
    for number in range(1, 8):
        room = house.room(f"Phòng {number}")
        house.scheduled(places=[house.place(room=room)], chair=(f"Ai {number}", ""))

    assert queries() == one
    assert one <= 12


@given(st.integers(0, 40_000), st.integers(1, 14 * 96))
def test_the_parts_of_an_interval_are_the_interval_each_on_its_own_day(start: int, quarters: int):
    begins = clock.at(date(2016, 1, 1)) + timedelta(minutes=15 * start)
    ends = begins + timedelta(minutes=15 * quarters)

    parts = _parts(begins, ends)

    days = [on for on, _start, _words in parts]
    last = (ends - timedelta(seconds=1)).date()
    assert days == [
        begins.date() + timedelta(days=n) for n in range((last - begins.date()).days + 1)
    ]
    assert parts[0][1] == begins
    assert all(start == clock.at(on) for on, start, _words in parts[1:])


def test_roles_that_only_administer_see_no_rows_by_it():
    house = Seminars()
    house.scheduled()
    keeper = person("keeper", (house.small.province, Role.ADMINISTRATOR))

    assert Seminar.objects.count() == 1
    assert "Hội thảo xây dựng" not in page(keeper, *JUNE).text
