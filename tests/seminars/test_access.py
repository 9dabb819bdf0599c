"""Who sees a seminar: the same rule as SQL and as tokens, over random worlds."""

from datetime import timedelta

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agencies import clock
from agencies.choices import Audience, Role
from agencies.models import User
from documents.refusals import NotFound, NotPermitted, WrongState
from seminars import access, lifecycle
from seminars.choices import Act, SeminarState, Visibility
from seminars.models import Invitation, Seminar
from tests.documents.world import person, stand_in
from tests.examples import a_share
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db


def sees(user: User, seminar: Seminar) -> bool:
    return access.visible_to(user, at=at(6)).filter(pk=seminar.pk).exists()


def test_a_draft_is_before_the_office_and_whoever_wrote_it():
    house = Seminars()
    seminar = house.draft()
    other = person("other", (house.small.province, Role.OFFICER))

    assert [sees(who, seminar) for who in (house.officer, house.clerk, house.leader)] == [True] * 3
    assert not sees(other, seminar)
    lifecycle.hold(seminar=seminar, by=house.officer, at=at(2))
    assert sees(other, seminar)


def test_an_agency_sees_it_once_the_letter_went_out_and_its_delegates_alone():
    house = Seminars()
    seminar = house.listed()
    small = house.small
    assert not sees(small.home_clerk, seminar)

    lifecycle.invite(
        seminar=seminar, letter=house.letter(), answer_by=None, by=house.clerk, at=at(3)
    )
    house.named(seminar, "Một")
    house.named(seminar, "Hai", agency=small.finance, by=small.finance_clerk)

    assert sees(small.home_clerk, seminar)
    # Sở Tài chính's office reads what reaches it, its officers do not.
    assert sees(small.finance_clerk, seminar)
    assert not sees(small.finance_officer, seminar)
    assert not sees(small.stranger, seminar)

    def names(user: User) -> list[str]:
        who = access.standing(user, at=at(6))
        rows = access.nominations_seen_by(who, seminar).order_by("pk")
        return list(rows.values_list("person__name", flat=True))

    assert names(small.home_clerk) == ["Một"]
    assert names(small.finance_clerk) == ["Hai"]
    assert names(house.officer) == ["Một", "Hai"]


def test_what_one_may_not_see_is_not_there():
    house = Seminars()
    seminar = house.scheduled()

    for pk in (seminar.pk, 999_999, 2**80):
        with pytest.raises(Http404):
            access.get_or_404(house.small.home_clerk, pk, at=at(6))
    with pytest.raises(NotFound):
        lifecycle.cancel(seminar=seminar, reason="x", by=house.small.home_clerk, at=at(6))


def test_a_superuser_sees_nothing_by_being_one():
    house = Seminars()
    house.scheduled()
    root = User.objects.create(username="root", is_superuser=True)

    assert not access.visible_to(root, at=at(6)).exists()


def test_what_is_for_everybody_is_for_everybody_who_may_sign_in():
    house = Seminars()
    seminar = house.scheduled(visibility=Visibility.EVERYBODY)
    gone = person("gone", is_active=False)

    assert sees(house.small.stranger, seminar)
    assert not sees(gone, seminar)


class Worlds(TestCase):
    @a_share(6)
    @given(st.data())
    def test_sql_tokens_and_acts_agree(self, data) -> None:
        house = Seminars()
        small = house.small
        seminars = [
            self._drawn(data, house, number) for number in range(data.draw(st.integers(1, 3)))
        ]
        today = clock.day_of(at(6))
        stand_in(
            small.home_head,
            small.stranger,
            first=today - timedelta(days=3),
            last=today + timedelta(days=data.draw(st.integers(-1, 1))),
        )
        people = [
            small.clerk, small.drafter, small.leader, small.home_clerk, small.home_officer,
            small.finance_clerk, small.finance_officer, small.stranger,
            person("aud", (small.home, Role.AUDITOR)),
        ]  # fmt: skip
        for user in people:
            who = access.standing(user, at=at(6))
            visible = set(access.visible_to(who).values_list("pk", flat=True))
            held = access.tokens_of(who)
            for seminar in seminars:
                by_tokens = bool(access.reader_tokens(seminar) & held)
                assert (seminar.pk in visible) == by_tokens, (user.username, seminar.state)
                alone = access.visible_to(who, among=[seminar.pk]).exists()
                assert alone == by_tokens
                try:
                    access.require(who, Act.EDIT, seminar)
                    reached = True
                except NotFound:
                    reached = False
                except (NotPermitted, WrongState):
                    reached = True
                assert reached == by_tokens

    def _drawn(self, data, house: Seminars, number: int) -> Seminar:
        house.hall = house.room(f"Phòng {number}", 100)
        make = house.held if data.draw(st.booleans()) else house.draft
        seminar = make(chair=None, title=f"Hội thảo {number}")
        changes = {
            "state": data.draw(st.sampled_from([SeminarState.DRAFT, SeminarState.TENTATIVE])),
            "visibility": data.draw(st.sampled_from(Visibility.values)),
            "created_by": data.draw(
                st.sampled_from([house.officer, house.small.home_officer, house.small.stranger])
            ),
        }
        Seminar.objects.filter(pk=seminar.pk).update(**changes)
        for agency in (house.small.home, house.small.finance):
            if data.draw(st.booleans()):
                Invitation.objects.create(
                    seminar=seminar, agency=agency, venue=seminar.venues.get(), quota=0,
                    audience=data.draw(st.sampled_from(Audience.values)),
                    sent_at=data.draw(st.sampled_from([None, at(3)])),
                )  # fmt: skip
        return Seminar.objects.get(pk=seminar.pk)


@pytest.mark.prove
class ManyWorlds(Worlds):
    """The same with as many worlds as `make prove` wants."""
