"""The kinds of fault that users of comparable systems report (K1, K5, K7, K10, K11), for seminars."""

from datetime import timedelta

import icalendar
import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.urls import reverse
from wagtail import hooks

from agencies.choices import Role
from agencies.models import Post
from documents.access import standing
from documents.models import Receipt
from documents.refusals import Incomplete
from seminars import access, feeds, findings, jobs, lifecycle
from seminars.choices import Answer, FeedScope, NominationState, SeminarState
from seminars.lifecycle import Time
from seminars.models import Minutes, Nomination, RoomBooking, Seminar, SeminarEvent
from tests.documents.factories import client_of
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"seminars:{name}", args=args)


def places(*rows: dict[str, object]) -> dict[str, object]:
    sent: dict[str, object] = {
        "places-TOTAL_FORMS": len(rows),
        "places-INITIAL_FORMS": len(rows),
    }
    for number, row in enumerate(rows):
        sent |= {f"places-{number}-{name}": value for name, value in row.items()}
    return sent


# -- K1: side doors -----------------------------------------------------------------------------


def test_administration_edits_rooms_and_rules_and_nothing_that_a_verb_decides():
    groups = [make() for make in hooks.get_hooks("register_admin_viewset")]
    edited = {
        viewset.model
        for group in groups
        for viewset in getattr(group, "registerables", [group])
        if getattr(viewset, "model", None)
    }
    decided = {
        apps.get_model("seminars", name)
        for name in ("Seminar", "Venue", "RoomBooking", "RoomClaim", "Invitation", "Nomination",
                     "Attendance", "Minutes", "Conclusion", "Override", "Programme", "Order")
    }  # fmt: skip

    assert apps.get_model("seminars", "Room") in edited, "this looks at nothing"
    assert not edited & decided


def test_an_address_or_a_field_that_the_page_did_not_offer_opens_no_door():
    house = Seminars()
    theirs = house.room("Phòng của Sở Tài chính", agency=house.small.finance)
    seminar, other = house.held(), house.draft(title="Cuộc khác")
    row = {
        "venue": seminar.venues.get().pk, "name": "", "host": house.small.province.pk,
        "room": house.hall.pk, "place": "", "seats": 50,
    }  # fmt: skip
    client = client_of(house.officer)

    def sent(**changes: object) -> int:
        return client.post(url("places", seminar.pk), places(row | changes)).status_code

    assert sent(room=theirs.pk) == 422
    assert sent(venue=other.venues.get().pk) == 422
    assert sent() == 302
    assert Seminar.objects.get(pk=other.pk).venues.count() == 1
    # The act of a later state, asked for by its address.
    for name in ("close", "conclude", "report", "approve_minutes"):
        client_of(house.clerk).post(url(name, seminar.pk), {"reason": "x", "waiver": "x"})
    assert Seminar.objects.get(pk=seminar.pk).state == SeminarState.TENTATIVE


def test_another_agencys_invitation_in_the_address_is_not_there():
    house = Seminars()
    seminar = house.invited()
    row = house.named(seminar, "Trần Thị Mẫu")
    own = house.invitation(seminar, house.small.finance)
    client = client_of(house.small.finance_clerk)

    # Their delegate under one's own invitation, and the reverse.
    for invitation in (own, row.invitation):
        answer = client.post(url("withdraw", invitation.pk, row.pk))
        assert answer.status_code == 404
    row.refresh_from_db()
    assert row.state == NominationState.CONFIRMED


def test_a_room_made_smaller_or_closed_afterwards_is_found_and_takes_nobodys_seat():
    house = Seminars()
    seminar = house.scheduled()
    assert not findings.of(seminar, at=at(3))

    house.hall.capacity = 10
    house.hall.save()

    assert [str(each.code) for each in findings.of(seminar, at=at(3))] == ["room_too_small"]
    assert RoomBooking.objects.filter(venue__seminar=seminar).exists()


def test_approved_minutes_are_not_changed_by_any_door():
    house = Seminars()
    row = house.minuted().minutes.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Minutes.objects.filter(pk=row.pk).update(text="khác")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        SeminarEvent.objects.all().delete()


# -- K5: evidence that nobody made --------------------------------------------------------------


def test_fetching_a_calendar_or_printing_a_sheet_is_no_answer_and_no_presence(monkeypatch):
    house = Seminars()
    seminar = house.invited()
    house.named(seminar, "Trần Thị Mẫu")
    token = lifecycle.make_feed(
        scope=FeedScope.MINE, agency=None, by=house.small.finance_clerk, at=at(3)
    ).token
    theirs = house.invitation(seminar, house.small.finance)
    before = (SeminarEvent.objects.count(), Receipt.objects.count())
    monkeypatch.setattr("agencies.clock.now", lambda: at(15, 8))

    browser = client_of(house.small.finance_clerk)
    for method in (browser.get, browser.head):
        assert method(reverse("feed", args=[token])).status_code == 200
    sheet = client_of(house.officer).get(url("attendance_print", seminar.pk))

    theirs.refresh_from_db()
    assert sheet.status_code == 200
    assert theirs.answer == Answer.NONE
    assert not seminar.attendance.exists()
    assert (SeminarEvent.objects.count(), Receipt.objects.count()) == before


# -- K7: lists and counts -----------------------------------------------------------------------


def test_somebody_in_two_offices_of_two_who_are_invited_sees_one_line():
    house = Seminars()
    small = house.small
    Post.objects.create(
        user=small.home_clerk, agency=small.finance, role=Role.CLERK, from_on=at(1).date()
    )
    first, second = (
        house.place(seats=20, name="Một"),
        house.place(seats=20, name="Hai", room=house.room("Phòng B")),
    )
    seminar = house.scheduled(places=[first, second])
    one, other = seminar.venues.all()
    lifecycle.list_invited(
        seminar=seminar, by=house.officer, at=at(2),
        invited=[lifecycle.Invited(small.home, one, 1), lifecycle.Invited(small.finance, other, 1)],
    )  # fmt: skip
    lifecycle.invite(
        seminar=seminar, letter=house.letter([small.home, small.finance]), answer_by=None,
        by=house.clerk, at=at(3),
    )  # fmt: skip

    assert access.visible_to(small.home_clerk, at=at(3)).count() == 1
    for tab in ("", "?xem=moi"):
        page = client_of(small.home_clerk).get(url("seminars") + tab).content.decode()
        assert page.count(url("seminar", seminar.pk)) == 1


def test_a_name_is_the_same_person_in_any_case_and_another_by_one_mark():
    house = Seminars()
    seminar = house.invited()
    house.named(seminar, "Đặng Thị Ánh")

    with pytest.raises(Incomplete):
        house.named(seminar, "ĐẶNG THỊ ÁNH")
    assert house.named(seminar, "Dặng Thị Ánh").pk


# -- K10: dates ---------------------------------------------------------------------------------


def calendar_of(house: Seminars) -> list[icalendar.Event]:
    user = house.small.home_clerk
    feed = lifecycle.make_feed(scope=FeedScope.MINE, agency=None, by=user, at=at(3)).feed
    written = feeds.written(feed, standing(user, at=at(3)), name="Lịch", address="http://a/")
    return list(icalendar.Calendar.from_ical(written).walk("VEVENT"))


@pytest.mark.parametrize(("hour", "until"), [(0, 1), (6, 7), (22, 23)])
def test_the_day_is_that_of_vietnam_whatever_the_hour(hour: int, until: int):
    """Before seven in the morning it is yesterday by the clock of the database."""
    house = Seminars()
    seminar = house.draft(time=Time(at(16, hour), at(16, until)))

    assert seminar.day == at(16).date()
    seminar = lifecycle.hold(seminar=seminar, by=house.officer, at=at(2))
    page = client_of(house.officer).get(url("seminar", seminar.pk)).content.decode()
    assert "16/6/2016" in page
    assert f"{hour:02}:00" in page


def test_one_whole_day_is_one_day_in_every_calendar(monkeypatch):
    house = Seminars()
    seminar = house.invited()
    lifecycle.postpone(seminar=seminar, reason="Bão", by=house.clerk, at=at(3))
    lifecycle.move(
        seminar=seminar, time=Time(day=at(20).date(), half_day="whole"), by=house.officer, at=at(3)
    )

    [event] = calendar_of(house)

    assert event.start == at(20).date()
    assert event.end - event.start == timedelta(days=1)


@pytest.mark.parametrize("typed", ["31/06/2016", "00/01/2016", "15/6", "15/06/99999"])
def test_a_day_that_does_not_exist_is_neither_corrected_nor_completed(typed: str):
    house = Seminars()
    seminar = house.draft()

    answer: HttpResponse = client_of(house.officer).post(
        url("move", seminar.pk),
        {"day": typed, "from_time": "07:30", "to_time": "09:00", "half_day": ""},
    )

    assert answer.status_code == 422
    assert Seminar.objects.get(pk=seminar.pk).starts_at == at(15, 7, 30)


# -- K11: doubles -------------------------------------------------------------------------------


def test_two_clicks_on_any_button_of_a_seminar_are_one_act(monkeypatch):
    house = Seminars()
    monkeypatch.setattr("agencies.clock.now", lambda: at(2, 12))
    drafted, tentative = (
        house.draft(),
        house.held(title="hai", places=[house.place(place="Nhà khách")]),
    )

    def twice(name: str, pk: int, user=None, **values: object) -> list[int]:
        browser = client_of(user or house.clerk)
        return [browser.post(url(name, pk), values).status_code for _ in range(2)]

    lifecycle.move(
        seminar=tentative, time=Time(at(17, 8), at(17, 9)), by=house.officer, at=at(2, 12)
    )
    assert twice("hold", drafted.pk)[0] == 302
    assert twice("schedule", tentative.pk)[0] == 302
    assert twice("cancel", drafted.pk, reason="Bão")[0] == 302

    for pk, act in ((drafted.pk, "hold"), (tentative.pk, "schedule"), (drafted.pk, "cancel")):
        assert SeminarEvent.objects.filter(seminar=pk, act=act).count() == 1
    assert Seminar.objects.get(pk=drafted.pk).sequence == 2


def test_a_promotion_happens_once_whoever_comes_by():
    house = Seminars()
    quotas = {house.small.home: 1, house.small.finance: 1}
    seminar = house.invited(places=[house.place(seats=2)], quotas=quotas, answer_by=at(8, 12))
    for name in ("Một", "Hai"):
        house.named(seminar, name)

    for moment in (at(9), at(9), at(10)):
        jobs.look_at_the_clock(moment)
        lifecycle.promote_after_deadline(seminar=seminar, at=moment)

    row = Nomination.objects.get(person__name="Hai")
    assert (row.state, row.seat_no) == (NominationState.CONFIRMED, 2)
    risen = SeminarEvent.objects.filter(seminar=seminar, act="promote")
    assert [event.facts["promoted"] for event in risen] == [row.pk]


def test_the_organiser_among_those_invited_is_one_reader_and_one_line():
    house = Seminars()
    seminar = house.listed(quotas={house.small.home: 1, house.small.province: 1})
    letter = house.letter([house.small.home, house.small.province])

    lifecycle.invite(seminar=seminar, letter=letter, answer_by=None, by=house.clerk, at=at(3))

    assert access.visible_to(house.clerk, at=at(3)).count() == 1
    own = house.invitation(seminar, house.small.province)
    lifecycle.name_delegate(invitation=own, name="Nguyễn Văn Nhà", by=house.clerk, at=at(6))
    assert seminar.nominations.get().state == NominationState.CONFIRMED
