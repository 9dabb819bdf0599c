"""What a person holds on a day: first and last day included, own before lent, nothing lent on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agencies.authority import Authority, acting_for, authorities
from agencies.choices import DeputyScope, Role
from agencies.models import Deputy, Post, User
from agencies.posts import deactivate, end_post, reactivate
from agencies.succession import end_agency
from tests.agencies.world import AT, BEGINS, DAY, Province, body, hold, person, stand_in


def on(user: User, day: date) -> list[tuple[str, Role, bool]]:
    return [(str(a.agency), a.role, a.deputy is not None) for a in authorities(user, on=day)]


def test_a_post_holds_from_its_first_day_to_its_last(province: Province) -> None:
    user = person("x")
    hold(user, province.a, Role.CLERK, from_on=date(2016, 3, 1), to_on=date(2016, 3, 31))

    assert on(user, date(2016, 2, 29)) == []
    assert on(user, date(2016, 3, 1)) == [("Sở Nội vụ", Role.CLERK, False)]
    assert on(user, date(2016, 3, 31)) == [("Sở Nội vụ", Role.CLERK, False)]
    assert on(user, date(2016, 4, 1)) == []


def test_a_mandate_holds_through_its_last_day(province: Province) -> None:
    stand_in(province.clerkship, province.a_officer)
    own, lent = ("Sở Nội vụ", Role.OFFICER, False), ("Sở Nội vụ", Role.CLERK, True)

    assert on(province.a_officer, date(2016, 5, 31)) == [own]
    assert on(province.a_officer, DAY) == [own, lent]
    assert on(province.a_officer, date(2016, 6, 10)) == [own, lent]
    assert on(province.a_officer, date(2016, 6, 11)) == [own]


def test_the_mandate_is_empty_once_the_post_ended(province: Province) -> None:
    stand_in(province.clerkship, province.a_officer)
    assert len(on(province.a_officer, date(2016, 6, 5))) == 2

    end_post(post=province.clerkship, to_on=date(2016, 6, 4), by=province.admin, at=AT)

    assert len(on(province.a_officer, date(2016, 6, 4))) == 2
    assert len(on(province.a_officer, date(2016, 6, 5))) == 1


def test_the_mandate_is_empty_while_the_account_of_the_principal_is_closed(
    province: Province,
) -> None:
    stand_in(province.clerkship, province.a_officer)
    assert len(on(province.a_officer, DAY)) == 2

    deactivate(user=province.a_clerk, by=province.admin, at=AT)
    assert len(on(province.a_officer, DAY)) == 1

    reactivate(user=province.a_clerk, by=province.admin, at=AT)
    assert len(on(province.a_officer, DAY)) == 2


def test_a_closed_account_holds_nothing(province: Province) -> None:
    assert on(province.a_clerk, DAY)

    closed = deactivate(user=province.a_clerk, by=province.admin, at=AT)

    assert on(closed, DAY) == []


def test_an_ended_agency_gives_nothing_even_where_a_post_says_otherwise(province: Province) -> None:
    stand_in(province.clerkship, province.a_officer)
    last = date(2016, 6, 3)
    end_agency(agency=province.a, to_on=last, by=province.admin, at=AT)
    Post.objects.filter(agency=province.a).update(to_on=None)

    assert len(on(province.a_officer, last)) == 2
    assert on(province.a_officer, last + timedelta(days=1)) == []


def test_a_deputy_of_a_deputy_holds_only_what_the_deputy_owns(province: Province) -> None:
    stand_in(province.clerkship, province.a_officer)
    third = person("third", (province.unit, Role.OFFICER))
    stand_in(province.a_officer.posts.get(), third)

    held = on(third, DAY)

    assert held == [("Phòng Một", Role.OFFICER, False), ("Sở Nội vụ", Role.OFFICER, True)]


def test_a_superuser_holds_nothing_for_being_one(province: Province) -> None:
    root = User.objects.create_superuser("root")

    assert on(root, DAY) == []


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (DeputyScope.ALL, set(DeputyScope)),
        (DeputyScope.INCOMING, {DeputyScope.INCOMING}),
        (DeputyScope.OUTGOING, {DeputyScope.OUTGOING}),
        (DeputyScope.READING, {DeputyScope.READING}),
    ],
)
def test_a_mandate_covers_its_scope(
    province: Province, scope: DeputyScope, covered: set[DeputyScope]
) -> None:
    stand_in(province.clerkship, province.a_officer, scope=scope)

    own, lent = authorities(province.a_officer, on=DAY)

    assert {each for each in DeputyScope if lent.covers(each)} == covered
    assert all(own.covers(each) for each in DeputyScope)


def test_an_act_names_who_acts_for_whom(province: Province) -> None:
    stand_in(province.clerkship, province.a_officer)
    own, lent = authorities(province.a_officer, on=DAY)

    assert acting_for(own).instead_of == ""
    assert acting_for(lent).person == "Nguyễn a_officer"
    assert acting_for(lent).agency == "Sở Nội vụ"
    assert acting_for(lent).instead_of == "Nguyễn a_clerk"


@pytest.mark.parametrize("number", [1, 3])
def test_what_a_person_holds_costs_two_queries(
    province: Province, number: int, django_assert_num_queries
) -> None:
    user = person("many")
    for place in range(number):
        agency = body(f"Sở {place}", province.p)
        hold(user, agency, Role.OFFICER)
        stand_in(hold(person(f"away{place}"), agency, Role.CLERK), user)

    with django_assert_num_queries(2):
        held = authorities(user, on=DAY)
        assert len([acting_for(each) for each in held]) == 2 * number


class WhatHoldsTest(TestCase):
    """The queries agree with the rule said in plain Python, whatever the periods."""

    offsets = st.tuples(st.integers(0, 12), st.none() | st.integers(0, 12))

    @given(
        agency=offsets, post=offsets, mandate=offsets, principal=st.booleans(), active=st.booleans(),
        day=st.integers(0, 13), role=st.sampled_from(Role), scope=st.sampled_from(DeputyScope),
    )  # fmt: skip
    def test_a_mandate_holds_exactly_when_everything_under_it_does(
        self, agency, post, mandate, principal, active, day, role, scope
    ) -> None:
        def period(given) -> dict:
            first = BEGINS + timedelta(days=given[0])
            return {
                "from_on": first,
                "to_on": None if given[1] is None else first + timedelta(days=given[1]),
            }

        office = body("Sở", **period(agency))
        holder = User.objects.create(username="holder", is_active=principal)
        deputy = User.objects.create(username="deputy", is_active=active)
        held = Post.objects.create(user=holder, agency=office, role=role, **period(post))
        lent = period(mandate)
        lent["to_on"] = lent["to_on"] or lent["from_on"]
        row = Deputy.objects.create(of=held, deputy=deputy, scope=scope, **lent)
        today = BEGINS + timedelta(days=day)

        found = authorities(deputy, on=today)

        holds = active and principal and all(each.is_live_on(today) for each in (office, held, row))
        assert found == ([Authority(deputy, office, role, held, row)] if holds else [])
        own = principal and all(each.is_live_on(today) for each in (office, held))
        assert authorities(holder, on=today) == (
            [Authority(holder, office, role, held)] if own else []
        )
