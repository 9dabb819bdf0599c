"""K1: whatever the door, the number comes from the one series and the gate is asked."""

import pytest
from django.urls import reverse

from documents import lifecycle
from documents.choices import RegisterKind
from documents.models import Circulation, Register, RegisterEntry
from documents.refusals import NotFound, NotPermitted
from tests.documents.factories import World, acknowledged, at, client_of, outside_paper, world

pytestmark = pytest.mark.django_db


def numbers(small: World, kind: RegisterKind, body=None) -> list[int]:
    rows = RegisterEntry.objects.filter(
        register__agency=body or small.province, register__kind=kind
    )
    return list(rows.order_by("given_at", "pk").values_list("number", flat=True))


def test_number_and_number_and_issue_and_a_renumbering_draw_from_one_series():
    small = world()
    first = lifecycle.number(dispatch=small.signed(), by=small.clerk, at=at(2, 10))
    lifecycle.number_and_issue(dispatch=small.signed(), by=small.clerk, at=at(2, 11))
    lifecycle.void_number(dispatch=first, reason="Nhầm", by=small.clerk, at=at(2, 12))

    again = lifecycle.number(dispatch=first, by=small.clerk, at=at(2, 13))

    assert numbers(small, RegisterKind.OUTGOING) == [1502, 1503, 1504]
    assert again.number == 1504


def test_what_is_received_acknowledged_unreceived_and_entered_from_outside_shares_a_series():
    small = world()
    received = small.at_home(small.issued())
    lifecycle.receive(circulation=received, by=small.home_clerk, at=at(3, 9))
    outside_paper(small)
    acknowledged(small.at_home(small.issued(subject="hai")), small.home_clerk, at(3, 11))

    assert sorted(numbers(small, RegisterKind.INCOMING, small.home)) == [1, 2, 3]
    assert Register.objects.get(agency=small.home, kind=RegisterKind.INCOMING).last_number == 3
    assert numbers(small, RegisterKind.OUTGOING, small.home) == []


def test_the_screens_draw_from_the_series_that_the_verbs_draw_from():
    small = world()
    by_screen, by_verb = small.signed(), small.signed()

    answer = client_of(small.clerk).post(
        reverse("documents:number", args=[by_screen.pk]),
        {"version": by_screen.current_version.no},
    )
    lifecycle.number(dispatch=by_verb, by=small.clerk, at=at(3, 13))

    assert answer.status_code == 302
    assert numbers(small, RegisterKind.OUTGOING) == [1502, 1503]


def _doors(small: World):
    signed, numbered, row = small.signed(), small.numbered(), small.at_home(small.issued())
    version = row.dispatch.current_version
    return {
        "number": lambda by: lifecycle.number(dispatch=signed, by=by, at=at(3)),
        "number_and_issue": lambda by: lifecycle.number_and_issue(dispatch=signed, by=by, at=at(3)),
        "issue": lambda by: lifecycle.issue(dispatch=numbered, by=by, at=at(3)),
        "void": lambda by: lifecycle.void_number(dispatch=numbered, reason="x", by=by, at=at(3)),
        "circulate": lambda by: lifecycle.circulate(
            dispatch=row.dispatch, agencies=[small.province.pk], by=by, at=at(3)
        ),
        "receive": lambda by: lifecycle.receive(circulation=row, by=by, at=at(3)),
        "acknowledge": lambda by: lifecycle.acknowledge(
            circulation=row, version_no=version.no, digest=version.digest, by=by, at=at(3)
        ),
    }


@pytest.mark.parametrize(
    "door",
    ["number", "number_and_issue", "issue", "void", "circulate", "receive", "acknowledge"],
)
def test_no_door_lets_in_a_stranger_or_the_clerk_of_another_agency(door):
    small = world()
    small.stranger.is_superuser = True
    small.stranger.save()
    act = _doors(small)[door]
    before = RegisterEntry.objects.count(), Circulation.objects.count()

    for by in (small.stranger, small.finance_officer, small.home_officer):
        with pytest.raises((NotFound, NotPermitted)):
            act(by)

    assert (RegisterEntry.objects.count(), Circulation.objects.count()) == before


def test_a_paper_from_outside_is_refused_to_a_clerk_of_another_agency_and_draws_nothing():
    small = world()
    assert outside_paper(small).arrival_number == 1

    with pytest.raises(NotPermitted):
        outside_paper(small, agency=small.finance)

    assert numbers(small, RegisterKind.INCOMING, small.finance) == []


def test_the_next_number_is_the_series_own_and_not_the_next_of_what_the_clerk_sees():
    small = world()
    hidden = small.issued()
    Register.objects.filter(agency=small.province, kind="outgoing").update(name="Sổ cũ")

    paper = small.issued(subject="sau")

    assert (hidden.number, paper.number) == (1502, 1503)
