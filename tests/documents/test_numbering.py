"""Numbers: dense, of the right year, never twice, voided with a reason."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from documents import lifecycle, numbering
from documents.choices import NumberState, RegisterKind, State
from documents.models import Dispatch, DocumentType, Register, RegisterEntry, WorkField
from documents.refusals import Incomplete, WrongState
from tests.documents.world import World, at

pytestmark = pytest.mark.django_db


def test_the_first_number_is_the_opening_number_and_the_next_follows() -> None:
    world = World(opening=1502)

    first, second = world.numbered(), world.numbered()

    assert (first.code, second.code) == ("1502/UBND-NC", "1503/UBND-NC")


def test_a_number_below_ten_is_written_with_a_zero() -> None:
    world = World(opening=5)

    assert world.numbered().code == "05/UBND-NC"


@pytest.mark.parametrize(
    ("slug", "code"),
    [("quyet-dinh", "07/QĐ-UBND"), ("to-trinh", "07/TTr-UBND"), ("nghi-dinh", "07/2016/NĐ-UBND")],
)
def test_a_named_type_stands_in_the_symbol_with_its_own_case(slug: str, code: str) -> None:
    world = World(opening=7)

    paper = world.numbered(type=DocumentType.objects.get(slug=slug))

    assert paper.code == code


def test_an_official_letter_without_a_field_is_refused() -> None:
    world = World()

    with pytest.raises(Incomplete) as refused:
        world.submitted(field=None)

    assert [reason.code for reason in refused.value.reasons] == ["field"]


def test_a_series_starts_at_one_on_the_first_of_january() -> None:
    world = World(opening=1502)
    world.numbered(moment=at(31, 23, 59, month=12))

    paper = world.numbered(moment=at(1, 0, 0, month=1, year=2017))

    assert paper.code == "01/UBND-NC"
    assert set(Register.objects.filter(agency=world.province, kind="outgoing").values_list(
        "year", "last_number"
    )) == {(2016, 1502), (2017, 1)}  # fmt: skip


def test_a_series_of_its_own_takes_the_types_that_it_names() -> None:
    world = World(opening=1502)
    decision = DocumentType.objects.get(slug="quyet-dinh")
    numbering.open_register(
        agency=world.province, kind=RegisterKind.OUTGOING, name="Quyết định", year=2016,
        types=(decision,),
    )  # fmt: skip

    papers = [world.numbered(type=decision), world.numbered()]

    assert [paper.number for paper in papers] == [1, 1502]


def test_a_voided_number_keeps_its_reason_and_is_never_given_again() -> None:
    world = World(opening=1502)
    paper = world.numbered()

    voided = lifecycle.void_number(
        dispatch=paper, reason=" in nhầm ngày ", by=world.clerk, at=at(3)
    )
    again = lifecycle.number(dispatch=voided, by=world.clerk, at=at(3))

    entry = RegisterEntry.objects.get(number=1502)
    assert (entry.state, entry.reason, entry.voided_by) == (
        NumberState.VOIDED, "in nhầm ngày", world.clerk,
    )  # fmt: skip
    assert again.number == 1503


def test_an_issue_that_fails_gives_its_number_back() -> None:
    world = World(opening=1502)
    paper = world.signed()

    with pytest.raises(RuntimeError, match="after the number"):
        _number_and_fail(world, paper)

    assert world.numbered().number == 1502
    assert list(RegisterEntry.objects.values_list("number", flat=True)) == [1502]


@transaction.atomic
def _number_and_fail(world: World, paper: Dispatch) -> None:
    lifecycle.number(dispatch=paper, by=world.clerk, at=at(3))
    raise RuntimeError("after the number was drawn")


def test_the_database_refuses_a_number_twice() -> None:
    world = World()
    entry = world.numbered().entry

    with pytest.raises(IntegrityError), transaction.atomic():
        RegisterEntry.objects.create(
            register=entry.register, number=entry.number, on=entry.on,
            given_at=at(3), given_by=world.clerk,
        )  # fmt: skip


def test_the_first_number_cannot_move_once_a_number_was_given() -> None:
    world = World(opening=1502)
    world.numbered()

    with pytest.raises(WrongState) as refused:
        numbering.open_register(
            agency=world.province, kind=RegisterKind.OUTGOING, name="Công văn đi", year=2016,
            opening_number=1400,
        )  # fmt: skip

    assert refused.value.reasons[0].code == "numbers_given"
    assert "1502" in str(refused.value.reasons[0].message)


def test_a_register_refuses_a_paper_of_another_year() -> None:
    world = World()
    register = Register.objects.get(agency=world.province, kind="outgoing")

    with pytest.raises(WrongState), transaction.atomic():
        numbering.take(register, on=date(2017, 1, 1), by=world.clerk, at=at(2))


def test_an_agency_without_a_register_says_so() -> None:
    world = World()
    Register.objects.filter(agency=world.province).delete()

    with pytest.raises(Incomplete) as refused:
        lifecycle.number(dispatch=world.signed(), by=world.clerk, at=at(3))

    assert refused.value.reasons[0].code == "no_register"


def test_the_drafter_cannot_number_even_when_he_signed_nothing() -> None:
    world = World()
    paper = world.signed()

    with pytest.raises(Exception) as refused:  # noqa: PT011 - the kind is checked below
        lifecycle.number(dispatch=paper, by=world.drafter, at=at(3))

    assert type(refused.value).__name__ == "NotPermitted"
    assert not RegisterEntry.objects.exists()
    assert Dispatch.objects.get(pk=paper.pk).state == State.SIGNED


def test_the_field_changes_the_symbol() -> None:
    world = World(opening=12)

    paper = world.numbered(field=WorkField.objects.get(code="VX"))

    assert (paper.symbol, paper.code) == ("UBND-VX", "12/UBND-VX")
