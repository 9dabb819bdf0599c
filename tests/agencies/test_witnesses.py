"""`ledger verify` finds it when somebody changed posts, mandates or names past the verbs."""

from collections.abc import Callable
from datetime import date

import pytest

from agencies.deputies import end_mandate
from agencies.models import AgencyName, Deputy, Post
from agencies.posts import end_post
from agencies.succession import rename
from ledger.verification import verify
from tests.agencies.world import AT, DAY, Province, name, stand_in


@pytest.fixture
def lived_in(province: Province) -> Province:
    mandate = stand_in(province.clerkship, province.a_officer)
    end_mandate(mandate=mandate, to_on=date(2016, 6, 5), by=None, at=AT)
    stand_in(province.clerkship, province.a_head, to_on=date(2016, 6, 9))
    end_post(post=province.b_clerk.posts.get(), to_on=date(2016, 6, 30), by=None, at=AT)
    rename(agency=province.a, name=name("Mới", basis="NQ 1"), on=DAY, by=None, at=AT)
    return province


def test_what_the_verbs_did_agrees_with_the_ledger(lived_in: Province) -> None:
    report = verify()

    assert report.ok, report.problems


@pytest.mark.parametrize(
    "tamper",
    [
        lambda world: Post.objects.filter(user=world.a_officer).update(role="head"),
        lambda world: Post.objects.filter(user=world.a_officer).update(agency=world.b),
        lambda world: Post.objects.filter(user=world.b_clerk).update(to_on=None),
        lambda world: Deputy.objects.filter(to_on=date(2016, 6, 5)).update(
            to_on=DAY.replace(day=6)
        ),
        lambda world: Deputy.objects.filter(deputy=world.a_head).update(to_on=DAY.replace(day=10)),
        lambda world: Deputy.objects.filter(deputy=world.a_head).update(scope="reading"),
        lambda world: AgencyName.objects.filter(name="Mới").update(from_on=date(2016, 5, 1)),
        lambda world: Deputy.objects.filter(deputy=world.a_head).delete(),
    ],
)
def test_a_change_past_the_verbs_is_found(
    lived_in: Province, tamper: Callable[[Province], object]
) -> None:
    assert verify().ok

    tamper(lived_in)

    report = verify()
    assert report.problem_count == 1
    assert report.first_bad
