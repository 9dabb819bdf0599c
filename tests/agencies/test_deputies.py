"""Mandates are written, limited in time and scope, and never handed on."""

from datetime import date, timedelta

import pytest

from agencies.authority import authorities
from agencies.choices import DeputyScope, Role
from agencies.deputies import end_mandate
from agencies.models import User
from agencies.posts import deactivate, end_post
from tests.agencies.world import AT, DAY, Province, ledger, person, refused, stand_in


@pytest.mark.parametrize("who", ["a_clerk", "a_head", "a_admin", "admin"])
def test_the_holder_the_head_and_the_administrators_name_a_deputy(
    province: Province, who: str
) -> None:
    mandate = stand_in(province.clerkship, province.a_officer, by=getattr(province, who))

    assert mandate.deputy == province.a_officer
    assert ledger()[-1] == "deputy.appointed"


@pytest.mark.parametrize("who", ["a_officer", "b_clerk"])
def test_nobody_else_names_one(province: Province, who: str) -> None:
    with refused("permission"):
        stand_in(province.clerkship, province.a_officer, by=getattr(province, who))


def test_a_superuser_names_none(province: Province) -> None:
    with refused("permission"):
        stand_in(province.clerkship, province.a_officer, by=User.objects.create_superuser("root"))


def test_a_deputy_does_not_hand_on(province: Province) -> None:
    stand_in(province.clerkship, province.a_officer)
    stand_in(province.a_head.posts.get(), province.a_officer)
    third = person("third", (province.a, Role.OFFICER))

    with refused("permission"):
        stand_in(province.clerkship, third, by=province.a_officer)


def test_nobody_is_his_own_deputy(province: Province) -> None:
    with refused("deputy"):
        stand_in(province.clerkship, province.a_clerk, by=province.a_clerk)


def test_a_mandate_has_an_end(province: Province) -> None:
    with refused("to_on"):
        stand_in(province.clerkship, province.a_officer, to_on=None)


def test_a_mandate_does_not_begin_in_the_past(province: Province) -> None:
    with refused("from_on"):
        stand_in(province.clerkship, province.a_officer, from_on=DAY - timedelta(days=1))

    assert stand_in(province.clerkship, province.a_officer, from_on=DAY)


def test_a_mandate_does_not_end_before_it_begins(province: Province) -> None:
    with refused("to_on"):
        stand_in(province.clerkship, province.a_officer, to_on=DAY - timedelta(days=1))


def test_a_mandate_lies_within_the_post_that_it_is_for(province: Province) -> None:
    end_post(post=province.clerkship, to_on=date(2016, 6, 9), by=None, at=AT)
    with refused("to_on"):
        stand_in(province.clerkship, province.a_officer, to_on=date(2016, 6, 10))

    assert stand_in(province.clerkship, province.a_officer, to_on=date(2016, 6, 9))


def test_the_deputy_holds_a_post_near_by_all_the_while(province: Province) -> None:
    with refused("deputy"):
        stand_in(province.clerkship, province.b_clerk)
    end_post(post=province.a_officer.posts.get(), to_on=date(2016, 6, 9), by=None, at=AT)
    with refused("deputy"):
        stand_in(province.clerkship, province.a_officer, to_on=date(2016, 6, 10))

    assert stand_in(province.clerkship, province.a_officer, to_on=date(2016, 6, 9))


@pytest.mark.parametrize("where", ["p", "a", "unit"])
def test_the_deputy_may_come_from_above_or_from_a_unit(province: Province, where: str) -> None:
    other = person("other", (getattr(province, where), Role.OFFICER))

    assert stand_in(province.clerkship, other)


def test_closed_accounts_neither_stand_in_nor_are_stood_in_for(province: Province) -> None:
    deactivate(user=province.a_officer, by=None, at=AT)
    with refused("deputy"):
        stand_in(province.clerkship, province.a_officer)

    deactivate(user=province.a_clerk, by=None, at=AT)
    with refused("deputy", "of"):
        stand_in(province.clerkship, province.a_officer)


def test_the_same_mandate_twice_on_one_day_is_refused(province: Province) -> None:
    stand_in(province.clerkship, province.a_officer)
    with refused("from_on"):
        stand_in(province.clerkship, province.a_officer, from_on=date(2016, 6, 10))

    assert stand_in(province.clerkship, province.a_officer, scope=DeputyScope.READING)


def test_all_that_is_wrong_is_said_at_once(province: Province) -> None:
    yesterday = DAY - timedelta(days=1)

    with refused("deputy", "from_on", "to_on"):
        stand_in(province.clerkship, province.a_clerk, from_on=yesterday, to_on=None)


@pytest.mark.parametrize("who", ["a_officer", "a_clerk", "a_head", "a_admin"])
def test_a_mandate_is_ended_by_those_who_may_give_it_and_laid_down_by_the_deputy(
    province: Province, who: str
) -> None:
    mandate = stand_in(province.clerkship, province.a_officer)

    ended = end_mandate(mandate=mandate, to_on=DAY, by=getattr(province, who), at=AT)

    assert ended.to_on == DAY
    assert ledger()[-1] == "deputy.ended"
    with refused("permission"):
        end_mandate(mandate=mandate, to_on=DAY, by=province.b_clerk, at=AT)


def test_a_mandate_given_by_mistake_gives_nothing_from_the_moment_it_is_taken_back(
    province: Province,
) -> None:
    mandate = stand_in(province.clerkship, province.a_officer)
    assert any(each.deputy for each in authorities(province.a_officer, on=DAY))

    yesterday = DAY - timedelta(days=1)
    assert end_mandate(mandate=mandate, to_on=yesterday, by=province.a_head, at=AT).is_taken_back

    assert not any(each.deputy for each in authorities(province.a_officer, on=DAY))
    assert stand_in(province.clerkship, province.a_officer)


def test_a_mandate_is_not_made_longer(province: Province) -> None:
    mandate = stand_in(province.clerkship, province.a_officer)

    with refused("to_on"):
        end_mandate(mandate=mandate, to_on=date(2016, 6, 11), by=province.a_clerk, at=AT)


def test_ending_twice_writes_once(province: Province) -> None:
    mandate = stand_in(province.clerkship, province.a_officer)
    end_mandate(mandate=mandate, to_on=DAY, by=province.a_clerk, at=AT)
    before = ledger()

    end_mandate(mandate=mandate, to_on=DAY, by=province.a_clerk, at=AT)

    assert ledger() == before
