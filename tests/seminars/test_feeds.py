"""Calendars that are subscribed to: the owner's rights at each request, and the same bytes twice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Post, User
from documents.refusals import Incomplete, NotFound, WrongState
from seminars import lifecycle
from seminars.choices import FeedScope, Visibility
from seminars.lifecycle import Time
from seminars.models import Feed
from tests.documents.factories import client_of
from tests.seminars.calendar_parsers import READERS, Seen, with_icalendar
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(6, 12))


def address_of(owner: User, scope: str = FeedScope.MINE, agency=None) -> str:
    made = lifecycle.make_feed(scope=scope, agency=agency, by=owner, at=at(6))
    return reverse("feed", args=[made.token])


def fetched(address: str, **headers: str):
    return Client().get(address, headers=headers)


def seen(address: str) -> list[Seen]:
    """What two parsers that are not ours read, who have to agree."""
    body = fetched(address).content
    first, second = (read(body) for read in READERS)
    assert [each.uid for each in first] == [each.uid for each in second]
    assert [(e.summary, e.starts, e.ends) for e in first] == [
        (e.summary, e.starts, e.ends) for e in second
    ]
    return first


def test_a_feed_shows_what_concerns_its_owners_agencies():
    house = Seminars()
    seminar = house.invited()
    house.draft(title="Nháp", chair=None)

    for owner in (house.officer, house.small.home_clerk):
        (event,) = seen(address_of(owner))
        assert event.uid == f"{seminar.uid}@kinh-gui"
        assert event.summary == seminar.title
        assert event.starts == seminar.starts_at
        assert event.location == "Hội trường A"
        assert "Lâm Sương Dung" in event.description
        assert event.url.endswith(reverse("seminars:seminar", args=[seminar.pk]))
    assert seen(address_of(house.small.finance_officer)) == []
    assert seen(address_of(house.small.stranger)) == []


def test_no_delegate_and_no_paper_is_in_it():
    house = Seminars()
    seminar = house.invited()
    house.named(seminar, "Trần Thị Mẫu")

    for owner in (house.officer, house.small.home_clerk, house.small.finance_clerk):
        body = fetched(address_of(owner)).content.decode()
        assert "Trần" not in body
        assert "UBND-NC" not in body


def test_the_rights_are_those_of_the_moment_of_asking():
    house = Seminars()
    house.invited()
    clerk = house.small.home_clerk
    address = address_of(clerk)
    assert len(seen(address)) == 1

    Post.objects.filter(user=clerk).update(to_on=at(5).date())
    assert seen(address) == []


def test_unknown_revoked_and_blocked_answer_alike():
    house = Seminars()
    unknown = fetched("/lich/ics/x.ics")
    made = lifecycle.make_feed(scope="mine", by=house.officer, at=at(6))
    blocked = address_of(house.small.home_clerk)
    User.objects.filter(pk=house.small.home_clerk.pk).update(is_active=False)
    lifecycle.revoke_feed(feed=made.feed, by=house.officer, at=at(6))

    for address in (reverse("feed", args=[made.token]), blocked):
        answer = fetched(address)
        assert (answer.status_code, answer.content) == (404, unknown.content)
    with pytest.raises(WrongState):
        lifecycle.revoke_feed(feed=made.feed, by=house.officer, at=at(6))


def test_only_the_hash_of_the_secret_is_kept():
    house = Seminars()
    made = lifecycle.make_feed(scope="mine", by=house.officer, at=at(6))

    row = Feed.objects.get()
    assert made.token not in str(vars(row))
    assert len(made.token) >= 43
    assert len(row.token_hash) == 64


def test_the_same_state_gives_the_same_bytes_and_is_not_sent_twice():
    house = Seminars()
    seminar = house.invited()
    address = address_of(house.officer)
    first = fetched(address)

    assert fetched(address).content == first.content
    with CaptureQueriesContext(connection) as counted:
        again = fetched(address, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert len(counted) <= 4
    lifecycle.move(
        seminar=seminar, time=Time(at(16, 8), at(16, 9)), reason="x", by=house.officer, at=at(6)
    )
    changed = fetched(address, if_none_match=first["ETag"])
    assert changed.status_code == 200
    assert changed["Cache-Control"] == "private, no-cache"
    assert changed["Referrer-Policy"] == "no-referrer"


def test_a_room_that_is_renamed_is_sent_anew():
    house = Seminars()
    house.held()
    address = address_of(house.officer)
    first = fetched(address)
    house.hall.name = "Hội trường Thống Nhất"
    house.hall.save()

    assert fetched(address, if_none_match=first["ETag"]).status_code == 200


def test_a_move_is_the_same_event_with_a_higher_sequence():
    house = Seminars()
    seminar = house.invited()
    address = address_of(house.officer)
    (before,) = seen(address)

    lifecycle.move(
        seminar=seminar, time=Time(at(16, 8), at(16, 9)), reason="x", by=house.officer, at=at(6)
    )

    (after,) = seen(address)
    assert after.uid == before.uid
    assert after.sequence > before.sequence
    assert after.starts == at(16, 8)
    assert after.changed_at == at(6)


def test_a_cancelled_one_says_so_for_sixty_days_and_then_leaves(monkeypatch):
    house = Seminars()
    seminar = house.invited()
    address = address_of(house.officer)
    lifecycle.cancel(seminar=seminar, reason="Bão", by=house.clerk, at=at(6))

    (event,) = seen(address)
    assert (event.status, event.free) == ("CANCELLED", True)
    monkeypatch.setattr("agencies.clock.now", lambda: at(6) + timedelta(days=60, hours=1))
    assert seen(address) == []


def test_half_a_day_without_an_hour_is_one_day_and_says_which_half():
    house = Seminars()
    house.held(time=Time(day=at(15).date(), half_day="morning"))

    (event,) = seen(address_of(house.officer))

    assert (event.ends - event.starts).days == 1
    assert event.summary.endswith("(buổi sáng)")


def test_a_declined_invitation_leaves_the_calendar():
    house = Seminars()
    seminar = house.invited()
    clerk = house.small.home_clerk
    address = address_of(clerk)
    lifecycle.answer(
        invitation=house.invitation(seminar), comes=False, reason="Bận", by=clerk, at=at(6)
    )

    assert seen(address) == []


def test_the_feeds_of_an_agency_and_of_everybody_are_narrower():
    house = Seminars()
    house.invited()
    open_to_all = house.held(
        title="Cho mọi người", chair=None, visibility=Visibility.EVERYBODY,
        places=[house.place(room=house.room("Phòng 2"))],
    )  # fmt: skip
    small = house.small

    of_agency = seen(address_of(small.home_clerk, FeedScope.AGENCY, small.home))
    for_all = seen(address_of(small.stranger, FeedScope.EVERYBODY))

    assert [event.summary for event in of_agency] == ["Hội thảo xây dựng phong trào"]
    assert [event.uid for event in for_all] == [f"{open_to_all.uid}@kinh-gui"]
    with pytest.raises(Incomplete):
        lifecycle.make_feed(scope="agency", agency=small.finance, by=small.home_clerk, at=at(6))


def test_two_hundred_seminars_cost_no_query_more_than_one():
    house = Seminars()
    house.held()
    address = address_of(house.officer)
    fetched(address)

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            fetched(address)
        return len(counted)

    before = queries()
    for number in range(3):
        house.held(
            chair=None, places=[house.place(room=house.room(f"P{number}"))], title=f"{number}"
        )
    assert queries() == before


def test_the_page_shows_the_address_once_and_revokes():
    house = Seminars()
    client = client_of(house.officer)
    page = client.post(reverse("seminars:feeds"), {"scope": "mine", "agency": ""})
    start = page.content.decode().index("http://testserver/lich/ics/")
    address = page.content.decode()[start:].partition("<")[0]

    assert fetched(address.removeprefix("http://testserver")).status_code == 200
    again = client.get(reverse("seminars:feeds")).content.decode()
    assert "/lich/ics/" not in again
    assert "06/06/2016" in again
    feed = Feed.objects.get()
    other = client_of(house.leader)
    assert other.post(reverse("seminars:revoke_feed", args=[feed.pk])).status_code == 404
    assert client.post(reverse("seminars:revoke_feed", args=[feed.pk])).status_code == 302
    assert fetched(address.removeprefix("http://testserver")).status_code == 404


def test_another_persons_feed_is_not_revoked_and_there_is_an_end_to_them():
    house = Seminars()
    made = [lifecycle.make_feed(scope="mine", by=house.officer, at=at(6)) for _ in range(20)]

    with pytest.raises(Incomplete):
        lifecycle.make_feed(scope="mine", by=house.officer, at=at(6))
    with pytest.raises(NotFound):
        lifecycle.revoke_feed(feed=made[0].feed, by=house.clerk, at=at(6))


def test_asking_by_head_or_without_anything_to_show_is_a_whole_calendar():
    house = Seminars()
    address = address_of(house.small.stranger)

    assert Client().head(address).status_code == 200
    assert Client().post(address).status_code == 405
    assert with_icalendar(fetched(address).content) == []
