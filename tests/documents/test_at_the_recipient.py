"""What is refused where a paper is worked on, and where it is asked back."""

import pytest

from agencies.choices import Role
from documents import lifecycle
from documents.choices import CirculationState, HandlingRole, NoticeKind, RecallState, ReceiptKind
from documents.models import Circulation, Handling, Notice, Receipt
from documents.refusals import Incomplete, NewerVersion, WrongState
from tests.documents.world import World, at, person, work

pytestmark = pytest.mark.django_db


def codes(refused: "pytest.ExceptionInfo[Incomplete]") -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def given(world: World, row: Circulation, **values: object) -> Handling:
    values = {
        "assignee": world.home_officer, "role": HandlingRole.LEAD, "due_at": None, "note": "",
    } | values  # fmt: skip
    return lifecycle.assign(circulation=row, by=world.home_clerk, at=at(3, 10), **values)


def test_work_is_given_to_people_of_the_agency_with_one_lead_and_a_day_ahead() -> None:
    world = World()
    row = world.received()
    second = person("a_officer_2", (world.home, Role.OFFICER))

    for wrong, code in (
        ({"assignee": world.finance_officer}, "assignee"),
        ({"due_at": at(3, 10)}, "due_at"),
    ):
        with pytest.raises(Incomplete) as refused:
            given(world, row, **wrong)
        assert codes(refused) == [code]
    row.refresh_from_db()
    assert row.state == CirculationState.RECEIVED

    given(world, row)
    with pytest.raises(Incomplete) as refused:
        given(world, row, assignee=second)
    assert codes(refused) == ["role"]
    given(world, row, assignee=second, role=HandlingRole.SUPPORT)
    given(world, row, due_at=at(9))

    assert {(each.assignee, each.role) for each in row.handlings.all()} == {
        (world.home_officer, HandlingRole.LEAD), (second, HandlingRole.SUPPORT),
    }  # fmt: skip


def test_who_does_not_read_there_leaves_no_trace_of_opening() -> None:
    world = World()
    row = world.received()

    for by in (world.finance_officer, world.drafter):
        lifecycle.open_text(circulation=row, by=by, at=at(3))
    assert not Receipt.objects.filter(kind=ReceiptKind.OPENED).exists()
    for _twice in range(2):
        lifecycle.open_text(circulation=row, by=world.home_officer, at=at(3))

    assert Receipt.objects.get(kind=ReceiptKind.OPENED).actor == world.home_officer


def test_a_clerk_who_was_shown_another_version_receives_nothing_with_it() -> None:
    world = World()
    row = world.at_home(world.issued())

    with pytest.raises(NewerVersion):
        lifecycle.acknowledge(
            circulation=row, version_no=1, digest="0" * 64, by=world.home_clerk, at=at(3)
        )

    row.refresh_from_db()
    assert (row.state, row.arrival_number) == (CirculationState.SENT, None)


def test_a_paper_is_asked_back_with_a_reason_and_only_from_whoever_holds_it() -> None:
    world = World()
    row = world.received()
    recall = {"dispatch": row.dispatch, "by": world.clerk, "at": at(3, 11)}

    with pytest.raises(Incomplete) as refused:
        lifecycle.recall(reason=" ", **recall)
    assert codes(refused) == ["reason"]
    other = world.issued(subject="việc khác").circulations.first()
    with pytest.raises(Incomplete) as refused:
        lifecycle.recall(reason="sai", only=[other.pk], **recall)

    assert codes(refused) == ["only"]
    row.refresh_from_db()
    assert row.recall_state == RecallState.NONE


def test_who_gave_a_paper_back_is_neither_told_of_files_nor_asked_for_it() -> None:
    world = World()
    row = world.at_home(world.issued())
    lifecycle.return_to_sender(
        circulation=row, reason="nhầm nơi", suggested=None, by=world.home_clerk, at=at(3)
    )
    forgotten = lifecycle.FileFacts("phu-luc.pdf", "a" * 64, 10, "application/pdf")

    lifecycle.update(
        dispatch=row.dispatch, files=[forgotten], reason="quên", by=world.clerk, at=at(3, 10)
    )
    work(at(3, 11))
    lifecycle.recall(dispatch=row.dispatch, reason="sai", by=world.clerk, at=at(3, 12))

    row.refresh_from_db()
    assert row.recall_state == RecallState.NONE
    told = Notice.objects.filter(kind=NoticeKind.UPDATED).values_list("person", flat=True)
    assert world.home_clerk.pk not in told
    assert world.finance_clerk.pk in told


def test_who_was_asked_already_is_not_asked_again() -> None:
    world = World()
    row = world.received()
    recall = {"dispatch": row.dispatch, "reason": "sai", "by": world.clerk, "only": [row.pk]}
    lifecycle.recall(**recall, at=at(3, 11))

    with pytest.raises(Incomplete):
        lifecycle.recall(**recall, at=at(3, 12))

    asked = Receipt.objects.filter(circulation=row, kind=ReceiptKind.RECALL_REQUESTED)
    assert asked.count() == 1


def test_who_refused_a_recall_is_asked_once_more_on_his_own() -> None:
    world = World()
    row = world.received()
    recall = {"dispatch": row.dispatch, "by": world.clerk, "reason": "sai"}
    lifecycle.recall(**recall, at=at(3, 11))
    lifecycle.answer_recall(
        circulation=row, agree=False, reason="đã thực hiện", by=world.home_clerk, at=at(3, 12)
    )

    lifecycle.recall(**recall, only=[row.pk], at=at(3, 13))

    row.refresh_from_db()
    assert row.recall_state == RecallState.REQUESTED


def test_a_paper_that_everybody_gave_back_is_recalled_all_the_same() -> None:
    world = World()
    paper = world.issued(to=[world.home])
    lifecycle.return_to_sender(
        circulation=world.at_home(paper), reason="không thuộc thẩm quyền", suggested=None,
        by=world.home_clerk, at=at(3),
    )  # fmt: skip

    lifecycle.recall(dispatch=paper, reason="sai", by=world.clerk, at=at(3, 11))

    paper.refresh_from_db()
    assert paper.recalled_at == at(3, 11)


def test_nobody_answers_a_recall_that_was_not_asked_for_or_was_answered() -> None:
    world = World()
    row = world.received()
    answer = {"circulation": row, "agree": True, "by": world.home_clerk, "at": at(3, 12)}

    with pytest.raises(WrongState):
        lifecycle.answer_recall(**answer)
    lifecycle.recall(dispatch=row.dispatch, reason="sai", by=world.clerk, at=at(3, 11))
    lifecycle.answer_recall(**answer | {"agree": False, "reason": "đã thực hiện"})
    with pytest.raises(WrongState):
        lifecycle.answer_recall(**answer)

    row.refresh_from_db()
    assert row.recall_state == RecallState.REFUSED


def test_a_symbol_longer_than_its_column_is_refused_in_words() -> None:
    world = World()

    with pytest.raises(Incomplete) as refused:
        lifecycle.register_outside(
            agency=world.province, files=[], by=world.clerk, at=at(3),
            paper=lifecycle.OutsidePaper(
                type=world.type, issuer="Bộ Nội vụ", code=f"123/{'B' * 61}", number=123,
                issued_on=at(1).date(), subject="báo cáo", text="Nội dung./.",
            ),
        )  # fmt: skip

    assert codes(refused) == ["code"]
