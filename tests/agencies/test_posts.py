"""Posts are opened and ended by those who administer; a closed account is closed everywhere."""

from datetime import date, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from agencies.choices import Role
from agencies.models import Post, User
from agencies.posts import deactivate, end_post, open_post, reactivate
from agencies.succession import end_agency
from ledger.models import LedgerEntry
from ledger.verification import verify
from tests.agencies.world import (
    AT,
    DAY,
    Province,
    at,
    body,
    hold,
    ledger,
    person,
    refused,
    stand_in,
)


def opened(province: Province, by: User | None, **values: object) -> Post:
    values.setdefault("user", province.b_clerk)
    values.setdefault("agency", province.a)
    values.setdefault("role", Role.OFFICER)
    values.setdefault("from_on", DAY)
    return open_post(by=by, at=AT, **values)


def test_an_administrator_opens_posts_in_the_agency_and_below(province: Province) -> None:
    post = opened(province, province.a_admin, title=" Chuyên viên ")

    assert post.title == "Chuyên viên"
    assert opened(province, province.a_admin, agency=province.unit).agency == province.unit
    assert opened(province, province.admin, role=Role.LEADER)
    assert ledger()[-3:] == ["post.opened"] * 3


@pytest.mark.parametrize("who", ["a_head", "a_clerk", "a_officer", "b_clerk"])
def test_nobody_else_opens_posts(province: Province, who: str) -> None:
    with refused("permission"):
        opened(province, getattr(province, who))


def test_an_administrator_opens_none_beside_or_above(province: Province) -> None:
    for agency in (province.b, province.p):
        with refused("permission"):
            opened(province, province.a_admin, agency=agency)


def test_a_superuser_opens_none(province: Province) -> None:
    with refused("permission"):
        opened(province, User.objects.create_superuser("root"))


def test_the_administrator_of_yesterday_opens_none(province: Province) -> None:
    assert opened(province, province.a_admin)
    post = province.a_admin.posts.get()
    end_post(post=post, to_on=DAY - timedelta(days=1), by=province.admin, at=AT)

    with refused("permission"):
        opened(province, province.a_admin, role=Role.LEADER)


def test_a_mandate_for_all_acts_lets_the_deputy_of_an_administrator_open_posts(
    province: Province,
) -> None:
    stand_in(province.a_admin.posts.get(), province.a_officer)

    post = opened(province, province.a_officer)

    entry = LedgerEntry.objects.latest("seq")
    assert str(post.pk) in bytes(entry.entry_bytes).decode()
    assert b'"actor_mandate":null' not in bytes(entry.entry_bytes)


def test_all_that_is_wrong_is_said_at_once(province: Province) -> None:
    agency = body("Sở cũ", province.p, to_on=date(2016, 12, 31))
    hold(province.b_clerk, agency, Role.OFFICER, to_on=date(2016, 7, 1))
    deactivate(user=province.b_clerk, by=None, at=AT)

    with refused("user", "to_on", "from_on"):
        opened(province, province.admin, agency=agency)


def test_the_same_role_twice_on_one_day_is_refused(province: Province) -> None:
    opened(province, province.admin, to_on=date(2016, 6, 30))
    with refused("from_on"):
        opened(province, province.admin, from_on=date(2016, 6, 30))

    later = opened(province, province.admin, from_on=date(2016, 7, 1))

    assert later.from_on == date(2016, 7, 1)


def test_another_role_at_the_same_time_is_no_overlap(province: Province) -> None:
    opened(province, province.admin)

    assert opened(province, province.admin, role=Role.CLERK)


def test_a_post_at_an_ended_agency_is_refused(province: Province) -> None:
    end_agency(agency=province.b, to_on=DAY, by=province.admin, at=AT)

    with refused("to_on", "from_on"):
        open_post(
            user=province.b_clerk, agency=province.b, role=Role.CLERK, from_on=DAY, by=None, at=AT
        )
    with refused("to_on"):
        opened(province, None, agency=province.b, from_on=date(2017, 1, 1), user=province.a_clerk)


def test_a_post_before_the_agency_is_refused(province: Province) -> None:
    with refused("from_on"):
        opened(province, province.admin, from_on=date(2015, 12, 31))


def test_a_period_that_ends_before_it_begins_is_refused(province: Province) -> None:
    with refused("to_on"):
        opened(province, province.admin, to_on=DAY - timedelta(days=1))


def test_a_post_ends_on_its_last_day(province: Province) -> None:
    post = end_post(post=province.clerkship, to_on=date(2016, 6, 30), by=province.a_admin, at=AT)

    assert post.to_on == date(2016, 6, 30)
    assert ledger()[-1] == "post.ended"


def test_ending_twice_writes_once(province: Province) -> None:
    end_post(post=province.clerkship, to_on=DAY, by=province.admin, at=AT)
    before = ledger()

    end_post(post=province.clerkship, to_on=DAY, by=province.admin, at=AT)

    assert ledger() == before


def test_what_was_done_under_a_post_stays_done_under_it(province: Province) -> None:
    yesterday = DAY - timedelta(days=1)
    with refused("to_on"):
        end_post(post=province.clerkship, to_on=DAY - timedelta(days=2), by=province.admin, at=AT)

    assert end_post(post=province.clerkship, to_on=yesterday, by=province.admin, at=AT)


@pytest.mark.parametrize("begins_in", [0, 1, 30])
def test_a_post_given_by_mistake_is_taken_back_and_can_be_given_anew(
    province: Province, begins_in: int
) -> None:
    first = DAY + timedelta(days=begins_in)
    wrong = opened(province, province.admin, from_on=first)

    back = end_post(post=wrong, to_on=DAY - timedelta(days=1), by=province.admin, at=AT)

    assert back.is_taken_back
    assert not Post.objects.lasting(DAY).filter(pk=wrong.pk).exists()
    for day in (first - timedelta(days=1), first, first + timedelta(days=1)):
        assert not Post.objects.live_on(day).filter(pk=wrong.pk).exists()
        assert not back.is_live_on(day)
    assert ledger()[-1] == "post.ended"
    before = ledger()
    end_post(post=wrong, to_on=DAY - timedelta(days=1), by=province.admin, at=AT)
    assert ledger() == before
    assert opened(province, province.admin, from_on=first).is_live_on(first)
    assert verify().ok


def test_an_agency_ends_though_a_later_post_there_was_taken_back(province: Province) -> None:
    wrong = opened(province, province.admin, from_on=DAY + timedelta(days=9))
    end_post(post=wrong, to_on=DAY, by=province.admin, at=AT)

    assert end_agency(agency=wrong.agency, to_on=DAY + timedelta(days=3), by=None, at=AT)


def test_a_post_is_not_made_longer(province: Province) -> None:
    end_post(post=province.clerkship, to_on=DAY, by=province.admin, at=AT)

    with refused("to_on"):
        end_post(post=province.clerkship, to_on=DAY + timedelta(days=1), by=province.admin, at=AT)


def test_nobody_else_ends_a_post(province: Province) -> None:
    for who in (province.a_clerk, province.a_head, province.b_clerk):
        with refused("permission"):
            end_post(post=province.clerkship, to_on=DAY, by=who, at=AT)


# -- Accounts ---------------------------------------------------------------------------------


def test_a_closed_account_loses_every_session_at_once(province: Province) -> None:
    phone, desk, other = Client(), Client(), Client()
    phone.force_login(province.a_clerk)
    desk.force_login(province.a_clerk)
    other.force_login(province.b_clerk)
    tracked = desk.session.session_key
    UserSession.objects.create(user=province.a_clerk, ip="127.0.0.1", session_key=tracked)
    assert Session.objects.count() == 3

    user = deactivate(user=province.a_clerk, by=province.a_admin, at=AT)

    kept = Session.objects.get()
    assert kept.get_decoded()["_auth_user_id"] == str(province.b_clerk.pk)
    assert not UserSession.objects.filter(user=user).exists()
    assert not User.objects.get(pk=user.pk).is_active
    assert ledger()[-1] == "user.deactivated"


def test_sessions_do_not_come_back_with_the_account(province: Province) -> None:
    client = Client()
    client.force_login(province.a_clerk)
    deactivate(user=province.a_clerk, by=province.a_admin, at=AT)

    reactivate(user=province.a_clerk, by=province.a_admin, at=AT)

    assert User.objects.get(pk=province.a_clerk.pk).is_active
    assert not Session.objects.exists()
    assert ledger()[-2:] == ["user.deactivated", "user.reactivated"]


def test_an_account_is_closed_once(province: Province) -> None:
    deactivate(user=province.a_clerk, by=province.admin, at=AT)
    before = ledger()

    deactivate(user=province.a_clerk, by=province.admin, at=AT)

    assert ledger() == before


def test_nobody_closes_his_own_account(province: Province) -> None:
    with refused("user"):
        deactivate(user=province.admin, by=province.admin, at=AT)


def test_who_holds_posts_elsewhere_is_closed_by_whoever_administers_all(
    province: Province,
) -> None:
    both = person("both", (province.a, Role.OFFICER), (province.b, Role.OFFICER))
    for verb in (deactivate, reactivate):
        with refused("permission"):
            verb(user=both, by=province.a_admin, at=AT)

    assert not deactivate(user=both, by=province.admin, at=AT).is_active


def test_a_former_colleague_is_still_looked_after(province: Province) -> None:
    end_post(post=province.clerkship, to_on=DAY, by=province.admin, at=AT)

    closed = deactivate(user=province.a_clerk, by=province.a_admin, at=at(date(2016, 7, 1)))

    assert not closed.is_active
