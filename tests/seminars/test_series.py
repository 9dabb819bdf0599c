"""A seminar comes again: real drafts, all or none; a date left out is a row and may be taken back."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.refusals import Incomplete, NotFound, NotPermitted, WrongState
from documents.secrecy import SecretPaper
from seminars import lifecycle
from seminars.choices import Act, SeminarState
from seminars.lifecycle import Line, Occurrence, Time
from seminars.models import RoomClaim, Seminar, Series, SkippedDate
from tests.documents.factories import client_of
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db

WEEK_LATER, FORTNIGHT_LATER = date(2016, 6, 22), date(2016, 6, 29)


def repeat(house: Seminars, seminar: Seminar, *dates: Occurrence, by=None, moment=None) -> Series:
    return lifecycle.repeat(
        seminar=seminar, dates=dates, by=by or house.officer, at=moment or at(3)
    )


def test_each_date_is_a_draft_of_its_own_with_the_same_hour_places_and_agenda():
    house = Seminars()
    seminar = house.invited(purpose="Bàn giải pháp", contact="Văn thư")
    lifecycle.set_agenda(
        seminar=seminar, lines=[Line("Khai mạc", 15, ("Người Mẫu", "Trưởng phòng"))],
        edits=Seminar.objects.get(pk=seminar.pk).edits, by=house.officer, at=at(3),
    )  # fmt: skip
    claims = RoomClaim.objects.count()

    series = repeat(house, seminar, Occurrence(WEEK_LATER), Occurrence(FORTNIGHT_LATER))

    first, *others = series.seminars.order_by("day")
    assert first == seminar
    assert [each.day for each in others] == [WEEK_LATER, FORTNIGHT_LATER]
    for each in others:
        assert each.state == SeminarState.DRAFT
        assert (each.title, each.purpose, each.chair) == (
            seminar.title, "Bàn giải pháp", house.chair
        )  # fmt: skip
        assert f"{each.starts_at:%H:%M}-{each.ends_at:%H:%M}" == "07:30-10:00"
        assert [venue.room for venue in each.venues.all()] == [house.hall]
        assert [item.speaker.name for item in each.agenda.all()] == ["Người Mẫu"]
        assert each.uid != seminar.uid
        assert not each.invitations.exists()
    # Nothing is held or announced by planning.
    assert RoomClaim.objects.count() == claims
    assert seminar.events.get(act=Act.REPEAT).facts == {
        "series": series.pk, "made": 2, "skipped": 0,
    }  # fmt: skip


def test_a_date_left_out_is_a_row_with_its_reason_and_can_be_taken_back():
    house = Seminars()
    seminar = house.scheduled()
    series = repeat(house, seminar, Occurrence(WEEK_LATER, "Nghỉ lễ"), Occurrence(FORTNIGHT_LATER))
    row = series.skipped.get()
    assert (row.day, row.reason) == (WEEK_LATER, "Nghỉ lễ")

    made = lifecycle.take_back(seminar=seminar, skipped=row.pk, by=house.officer, at=at(4))

    assert (made.day, made.series, made.state) == (WEEK_LATER, series, SeminarState.DRAFT)
    assert not series.skipped.exists()
    told = seminar.events.filter(act=Act.REPEAT).last()
    assert (told.reason, told.facts["taken_back"]) == ("Nghỉ lễ", "2016-06-22")
    with pytest.raises(NotFound):
        lifecycle.take_back(seminar=seminar, skipped=row.pk, by=house.officer, at=at(4))


def test_it_is_all_or_nothing():
    house = Seminars()
    seminar = house.scheduled()
    before = Seminar.objects.count()

    with pytest.raises(Incomplete):
        repeat(house, seminar, Occurrence(WEEK_LATER), Occurrence(date(2016, 6, 1)))
    house.hall.active = False
    house.hall.save()
    with pytest.raises(Incomplete):
        repeat(house, seminar, Occurrence(date(2016, 7, 6), "x"), Occurrence(WEEK_LATER))

    seminar.refresh_from_db()
    assert seminar.series is None
    assert Seminar.objects.count() == before
    assert not Series.objects.exists()
    assert not SkippedDate.objects.exists()


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ([], "ngày nào"),
        ([Occurrence(WEEK_LATER), Occurrence(WEEK_LATER)], "hai lần"),
        ([Occurrence(WEEK_LATER, " ")], "22/06/2016"),
        ([Occurrence(WEEK_LATER, "x" * 256)], "dài"),
        ([Occurrence(date(2016, 6, 15))], "đã có trong chuỗi"),
        ([Occurrence(date(2017, 1, 1 + n % 28)) for n in range(53)], "52"),
    ],
)
def test_what_is_wrong_is_said(dates, said):
    house = Seminars()
    seminar = house.scheduled()

    with pytest.raises(Incomplete) as refused:
        repeat(house, seminar, *dates)

    assert said in str(refused.value.reasons[0].message)


def test_repeating_again_goes_on_in_the_same_series():
    house = Seminars()
    seminar = house.scheduled()
    series = repeat(house, seminar, Occurrence(WEEK_LATER), Occurrence(FORTNIGHT_LATER, "Nghỉ"))
    sister = series.seminars.get(day=WEEK_LATER)

    for taken in (WEEK_LATER, FORTNIGHT_LATER, date(2016, 6, 15)):
        with pytest.raises(Incomplete):
            repeat(house, sister, Occurrence(taken), by=house.officer)
    assert repeat(house, sister, Occurrence(date(2016, 7, 6))) == series
    assert series.seminars.count() == 3


def test_a_date_of_a_foreign_series_is_not_taken_back():
    house = Seminars()
    one = house.scheduled()
    row = repeat(house, one, Occurrence(WEEK_LATER, "Nghỉ")).skipped.get()
    other = house.draft(time=Time(at(16, 8), at(16, 9)))

    with pytest.raises(NotFound):
        lifecycle.take_back(seminar=other, skipped=row.pk, by=house.officer, at=at(4))
    repeat(house, other, Occurrence(WEEK_LATER))
    with pytest.raises(NotFound):
        lifecycle.take_back(seminar=other, skipped=row.pk, by=house.officer, at=at(4))


def test_who_may_and_when():
    house = Seminars()
    seminar = house.invited()
    with pytest.raises(NotPermitted):
        repeat(house, seminar, Occurrence(WEEK_LATER), by=house.small.home_clerk)
    with pytest.raises(SecretPaper):
        repeat(house, seminar, Occurrence(WEEK_LATER, "TUYỆT MẬT"))
    lifecycle.cancel(seminar=seminar, reason="Bão", by=house.clerk, at=at(3))
    with pytest.raises(WrongState):
        repeat(house, seminar, Occurrence(WEEK_LATER))


def test_a_day_is_left_out_of_a_series_once():
    house = Seminars()
    series = repeat(house, house.scheduled(), Occurrence(WEEK_LATER, "Nghỉ"))

    with pytest.raises(IntegrityError), transaction.atomic():
        SkippedDate.objects.create(series=series, day=WEEK_LATER, reason="Nữa")


# -- The page ---------------------------------------------------------------------------------


@pytest.fixture
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))


def url(name: str, *args: object) -> str:
    return reverse(f"seminars:{name}", args=args)


@pytest.mark.usefixtures("_noon")
def test_the_rule_is_shown_as_dates_and_a_day_off_asks_for_a_choice():
    house = Seminars()
    seminar = house.scheduled(time=Time(at(18, 8), at(18, 9)))  # A Saturday.
    client = client_of(house.officer)
    asked = url("repeat", seminar.pk) + "?rule=month_day&every=1&count=2"
    assert client.get(url("repeat", seminar.pk)).status_code == 200

    page = client.get(asked).content.decode()
    assert "18/7/2016" in page or "18/07/2016" in page
    # 18 July is a Monday, 18 August a Thursday: nothing to ask.
    assert "Ngày nghỉ" not in page
    weekly = url("repeat", seminar.pk) + "?rule=weeks&every=1&count=2"
    assert "Ngày nghỉ" in client.get(weekly).content.decode()

    # Without a choice for a day off nothing is planned.
    answer = client.post(weekly, {"d20160625-choice": "plan", "d20160702-choice": ""})
    assert answer.status_code == 422
    answer = client.post(
        weekly, {"d20160625-choice": "plan", "d20160702-choice": "skip", "d20160702-reason": " "}
    )
    assert answer.status_code == 422
    assert "02/07/2016" in answer.content.decode()
    assert Seminar.objects.count() == 1

    answer = client.post(
        weekly,
        {
            "d20160625-choice": "plan",
            "d20160702-choice": "skip",
            "d20160702-reason": "Nghỉ thứ Bảy",
        },
    )
    assert answer.status_code == 302
    page = client.get(url("seminar", seminar.pk)).content.decode()
    assert "Nghỉ thứ Bảy" in page
    row = SkippedDate.objects.get()
    assert client.post(url("take_back", seminar.pk, row.pk)).status_code == 302
    assert Seminar.objects.count() == 3


@pytest.mark.usefixtures("_noon")
@pytest.mark.parametrize(
    "query",
    [
        "rule=x&every=1&count=1", "rule=weeks&every=0&count=1", "rule=weeks&every=1&count=53",
        "rule=weeks&every=a&count=",
    ],
)  # fmt: skip
def test_a_wrong_rule_is_said_in_place(query):
    house = Seminars()
    seminar = house.scheduled()

    answer = client_of(house.officer).get(f"{url('repeat', seminar.pk)}?{query}")

    assert answer.status_code == 422


@pytest.mark.usefixtures("_noon")
def test_one_without_a_day_asks_for_it_first():
    house = Seminars()
    seminar = house.draft(time=Time())

    page = client_of(house.officer).get(url("repeat", seminar.pk) + "?rule=weeks&every=1&count=1")

    assert "chưa có ngày" in page.content.decode()


@pytest.mark.usefixtures("_noon")
def test_the_page_of_a_seminar_costs_the_same_in_a_long_series():
    house = Seminars()
    seminar = house.scheduled()
    repeat(house, seminar, Occurrence(WEEK_LATER))

    def cost() -> int:
        client = client_of(house.officer)
        client.get(url("seminar", seminar.pk))
        with CaptureQueriesContext(connection) as queries:
            client.get(url("seminar", seminar.pk))
        return len(queries)

    one = cost()
    repeat(house, seminar, *(Occurrence(date(2016, 7, day)) for day in (6, 13, 20)))
    assert cost() == one
