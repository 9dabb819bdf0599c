"""What people of invited agencies are told on their desks: once an act, and only what they may see."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Post, User
from documents.models import OutboxItem
from seminars import access, lifecycle
from seminars.desk import news_for
from seminars.lifecycle import Time
from seminars.models import Seminar, SeminarNotice
from tests.documents.factories import client_of, work
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db


def told(user: User, moment: datetime) -> list[str]:
    work(moment)
    return [each.news for each in news_for(access.standing(user, at=moment))]


def moved(house: Seminars, seminar: Seminar, hour: int = 14) -> Seminar:
    return lifecycle.move(
        seminar=seminar, time=Time(at(16, hour), at(16, hour + 1)), reason="Trùng", at=at(6),
        by=house.officer,
    )  # fmt: skip


def test_the_offices_of_invited_agencies_are_told_of_a_move_and_nobody_else():
    house = Seminars()
    seminar = house.invited(quotas={house.small.home: 1})
    assert told(house.small.home_clerk, at(3)) == []

    moved(house, seminar)

    assert told(house.small.home_clerk, at(6)) == ["moved"]
    # Where there is a clerk, the clerk is told: as of dispatches.
    for other in (
        house.small.home_officer, house.small.finance_clerk, house.clerk, house.small.stranger,
    ):  # fmt: skip
        assert told(other, at(6)) == []


def test_a_move_that_changes_nothing_is_no_news():
    house = Seminars()
    seminar = house.invited()
    lifecycle.move(seminar=seminar, time=Time.of(seminar), reason="x", by=house.officer, at=at(6))

    assert told(house.small.home_clerk, at(6)) == []


def test_before_the_letter_went_out_nobody_is_told():
    house = Seminars()
    seminar = house.listed()
    seminar = lifecycle.move(
        seminar=seminar, time=Time(at(16, 8), at(16, 9)), by=house.officer, at=at(3)
    )
    lifecycle.cancel(seminar=seminar, reason="Bão", by=house.clerk, at=at(6))

    work(at(6))
    assert not SeminarNotice.objects.exists()


@pytest.mark.parametrize("act", ["postpone", "cancel"])
def test_what_is_called_off_is_told(act):
    house = Seminars()
    seminar = house.invited()
    getattr(lifecycle, act)(seminar=seminar, reason="Bão", by=house.clerk, at=at(6))

    wanted = {"postpone": "postponed", "cancel": "cancelled"}[act]
    assert told(house.small.home_clerk, at(6)) == [wanted]
    assert told(house.small.finance_clerk, at(6)) == [wanted]


def full(house: Seminars) -> Seminar:
    """Two seats: Sở Nội vụ has both, and the third of its delegates waits."""
    seminar = house.invited(
        quotas={house.small.home: 0, house.small.finance: 0}, places=[house.place(seats=2)]
    )
    for name in ("Một", "Hai", "Ba"):
        house.named(seminar, name)
    return seminar


def test_a_promotion_is_told_once_to_the_agency_of_the_delegate_whoever_runs_twice():
    house = Seminars()
    seminar = full(house)
    first = seminar.nominations.get(person__name="Một")
    lifecycle.withdraw_delegate(nomination=first, by=house.small.home_clerk, at=at(6))

    assert told(house.small.home_clerk, at(6)) == ["promoted"]
    # A worker that was killed runs it again.
    OutboxItem.objects.filter(kind="tell_invited").update(done_at=None, leased_until=None)
    lifecycle.promote_after_deadline(seminar=seminar, at=at(6))
    assert told(house.small.home_clerk, at(7)) == ["promoted"]
    assert told(house.small.finance_clerk, at(7)) == []


@pytest.mark.parametrize(("agrees", "news"), [(True, "consented"), (False, "refused")])
def test_the_chairs_word_on_a_substitute_is_told(agrees, news):
    house = Seminars()
    seminar = house.invited()
    named = house.named(seminar, "Một")
    waiting = lifecycle.substitute(
        nomination=named, name="Hai", by=house.small.home_clerk, at=at(6)
    )
    lifecycle.consent(nomination=waiting, agrees=agrees, by=house.clerk, at=at(6))

    assert told(house.small.home_clerk, at(6)) == [news]
    assert told(house.small.finance_clerk, at(6)) == []


def test_who_is_told_is_asked_when_it_is_written_and_again_when_it_is_shown():
    house = Seminars()
    seminar = house.invited()
    moved(house, seminar)
    clerk, head = house.small.home_clerk, house.small.home_head
    Post.objects.filter(user=clerk).update(to_on=date(2016, 6, 5))

    assert told(clerk, at(6)) == []
    # No clerk is left, so the rest of the office is told.
    assert told(head, at(6)) == ["moved"]
    Post.objects.filter(user=head).update(to_on=date(2016, 6, 6))
    assert told(head, at(7)) == []


def test_a_killed_worker_leaves_nothing_half_told(monkeypatch):
    house = Seminars()
    moved(house, house.invited())

    def killed(*_args: object, **_values: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as here:
        here.setattr(SeminarNotice.objects, "bulk_create", killed)
        with pytest.raises(KeyboardInterrupt):
            work(at(6))
    assert not SeminarNotice.objects.exists()
    assert told(house.small.home_clerk, at(6, 10)) == ["moved"]


def test_the_database_refuses_to_tell_a_person_twice():
    house = Seminars()
    moved(house, house.invited())
    work(at(6))
    row = SeminarNotice.objects.first()
    assert row is not None
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.fixture
def desk(monkeypatch):
    monkeypatch.setattr("agencies.clock.now", lambda: at(6, 12))


def test_the_desk_shows_it_until_it_is_marked_read(desk):
    house = Seminars()
    seminar = moved(house, house.invited(), 14)
    moved(house, seminar, 15)
    work(at(6))
    browser = client_of(house.small.home_clerk)
    page = browser.get("/").content.decode()
    assert page.count('name="notice"') == 2
    assert "Hội thảo xây dựng phong trào" in page
    seen = reverse("seminars:news_seen")
    newest = SeminarNotice.objects.filter(person=house.small.home_clerk).latest("pk")

    assert browser.post(seen, {"notice": newest.pk}).status_code == 302
    assert browser.get("/").content.decode().count('name="notice"') == 1
    # Another person's line is not his to mark.
    client_of(house.small.finance_clerk).post(seen, {"until": newest.pk})
    assert browser.get("/").content.decode().count('name="notice"') == 1
    for wrong in ({}, {"notice": "x"}, {"until": "9" * 30}):
        assert browser.post(seen, wrong).status_code == 302
    browser.post(seen, {"until": newest.pk})
    assert 'name="notice"' not in browser.get("/").content.decode()


def test_three_lines_cost_no_query_more_than_one(desk):
    house = Seminars()
    seminar = moved(house, house.invited(), 14)
    work(at(6))

    def queries() -> int:
        who = access.standing(house.small.home_clerk, at=at(6, 12))
        with CaptureQueriesContext(connection) as counted:
            for row in news_for(who):
                assert str(row.seminar.title) + str(row.invitation.agency)
        return len(counted)

    before = queries()
    for hour in (15, 16):
        seminar = moved(house, seminar, hour)
    work(at(6))
    assert SeminarNotice.objects.filter(person=house.small.home_clerk).count() == 3
    assert queries() == before == 1
