"""One pass of a dispatch, act by act, and what each act leaves behind."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from agencies.choices import AgencyKind, DeputyScope, Role
from agencies.models import DistributionList, ListMember
from documents import access, addressing, lifecycle
from documents.choices import (
    CitationKind,
    DueSource,
    LineRole,
    RecallState,
    ReceiptKind,
    State,
    Tone,
)
from documents.lifecycle.drafting import CitationDraft, FileFacts
from documents.manifest import digest_of
from documents.models import (
    Attachment,
    Chase,
    Circulation,
    Dispatch,
    DispatchVersion,
    Notice,
    Receipt,
)
from documents.refusals import EditedMeanwhile, Incomplete, NewerVersion, NotFound, WrongState
from ledger.models import LedgerEntry
from tests.documents.world import (
    START,
    World,
    acknowledged,
    agency,
    at,
    person,
    registers,
    stand_in,
    work,
)

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(LedgerEntry.objects.order_by("seq").values_list("type", flat=True))


def codes(refused: pytest.ExceptionInfo) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def file(name: str = "phu-luc.pdf", mark: str = "a") -> FileFacts:
    return FileFacts(name=name, sha256=mark * 64, size=10, media_type="application/pdf")


# -- Drafting ---------------------------------------------------------------------------------


def test_only_who_edits_the_draft_puts_files_in_and_takes_them_out():
    world = World()
    paper = world.draft()
    kept = lifecycle.attach(dispatch=paper, file=file(), by=world.drafter, at=at(2))
    stranger, colleague = world.home_clerk, world.clerk

    for by in (stranger, colleague):
        with pytest.raises(NotFound):
            lifecycle.attach(dispatch=paper, file=file(mark="b"), by=by, at=at(2))
        with pytest.raises(NotFound):
            lifecycle.detach(dispatch=paper, attachment=kept.pk, by=by, at=at(2))

    assert list(Attachment.objects.all()) == [kept]


def test_a_submitted_paper_takes_no_file_and_gives_none():
    world = World()
    paper = world.draft()
    kept = lifecycle.attach(dispatch=paper, file=file(), by=world.drafter, at=at(2))
    paper = lifecycle.submit(dispatch=paper, by=world.drafter, at=at(2))

    with pytest.raises(WrongState):
        lifecycle.attach(dispatch=paper, file=file(mark="b"), by=world.drafter, at=at(2))
    with pytest.raises(WrongState):
        lifecycle.detach(dispatch=paper, attachment=kept.pk, by=world.drafter, at=at(2))

    assert list(Attachment.objects.all()) == [kept]


def test_a_save_upon_somebody_elses_save_is_refused_and_overwrites_nothing() -> None:
    world = World()
    paper = world.draft()
    lifecycle.save_draft(
        dispatch=paper, by=world.drafter, at=at(2), seen_edits=1, values={"subject": "mới"},
        text="mới", lines=[],
    )  # fmt: skip

    with pytest.raises(EditedMeanwhile):
        lifecycle.save_draft(
            dispatch=paper, by=world.drafter, at=at(2), seen_edits=1, values={"subject": "cũ"},
            text="cũ", lines=[],
        )  # fmt: skip

    paper.refresh_from_db()
    assert (paper.subject, paper.current_version.text) == ("mới", "mới")


def test_a_save_changes_the_text_of_no_other_draft() -> None:
    world = World()
    other = world.draft(subject="việc khác")
    before = other.current_version.text
    paper = world.draft()

    lifecycle.save_draft(
        dispatch=paper, by=world.drafter, at=at(2), seen_edits=1, values={}, text="mới", lines=[]
    )

    assert paper.current_version.text == "mới"
    assert other.current_version.text == before


def test_submitting_names_everything_that_is_missing_at_once() -> None:
    world = World()
    paper = lifecycle.draft(agency=world.province, type=world.type, by=world.drafter, at=at(2))

    with pytest.raises(Incomplete) as refused:
        lifecycle.submit(dispatch=paper, by=world.drafter, at=at(2))

    assert codes(refused) == ["subject", "text", "field", "lines"]


def test_the_file_copy_alone_is_no_addressee() -> None:
    world = World()
    paper = world.draft(lines=[lifecycle.LineDraft("Lưu: VT", LineRole.ARCHIVE)])

    with pytest.raises(Incomplete) as refused:
        lifecycle.submit(dispatch=paper, by=world.drafter, at=at(2))

    assert codes(refused) == ["lines"]


def test_a_deadline_in_the_past_is_refused() -> None:
    world = World()
    paper = world.draft(due_at=at(1), due_source=DueSource.SENDER)

    with pytest.raises(Incomplete) as refused:
        lifecycle.submit(dispatch=paper, by=world.drafter, at=at(2))

    assert codes(refused) == ["due_at"]


def test_an_addressee_that_has_ended_is_refused_with_its_followers() -> None:
    world = World()
    heir = agency("Sở mới")
    world.home.successions.create(successor=heir, kind="merge", on=START, basis="QĐ mẫu")
    paper = world.draft()
    world.home.to_on = START
    world.home.save()

    with pytest.raises(Incomplete) as refused:
        lifecycle.submit(dispatch=paper, by=world.drafter, at=at(2))

    assert "Sở mới" in str(refused.value.reasons[0].message)


def test_a_paper_sent_back_keeps_its_words_in_a_new_version_and_says_why() -> None:
    world = World()
    paper = world.signed()

    back = lifecycle.send_back(dispatch=paper, reason="sai thể thức", by=world.clerk, at=at(2))

    assert (back.state, back.sent_back_reason, back.signed_by) == (
        State.DRAFT,
        "sai thể thức",
        None,
    )
    assert list(back.versions.order_by("no").values_list("no", flat=True)) == [1, 2]
    assert back.current_version.text == "Nội dung của kiểm tra công vụ./."


def test_what_the_source_does_not_print_of_the_signer_stays_empty() -> None:
    paper = World().signed()

    assert (paper.signer_as_printed, paper.signer_title, paper.capacity) == ("", "", "")
    assert paper.signed_by is not None


def test_tm_is_refused_for_a_body_that_is_not_collective() -> None:
    world = World()
    world.province.collective = False
    world.province.save()
    paper = world.submitted()

    with pytest.raises(Incomplete) as refused:
        lifecycle.sign(dispatch=paper, by=world.leader, at=at(2), capacity="tm")

    assert codes(refused) == ["capacity"]


def test_a_deputy_with_another_scope_cannot_sign() -> None:
    world = World()
    paper = world.submitted()
    deputy = person("deputy", (world.province, Role.OFFICER))
    stand_in(world.leader, deputy, first=START, last=at(30).date(), scope=DeputyScope.INCOMING)
    assert access.visible_to(deputy, at=at(2)).filter(pk=paper.pk).exists()

    with pytest.raises(Exception) as refused:  # noqa: PT011
        lifecycle.sign(dispatch=paper, by=deputy, at=at(2))

    assert type(refused.value).__name__ == "NotPermitted"


# -- Issuing ----------------------------------------------------------------------------------


def test_issuing_writes_one_circulation_an_agency_and_three_ledger_entries() -> None:
    world = World()

    paper = world.issued()

    assert paper.circulations.count() == 2
    assert kinds() == ["number.issued", "dispatch.issued", "dispatch.circulated"]


def test_an_agency_in_two_lines_receives_once_as_main_addressee() -> None:
    world = World()
    lines = [
        lifecycle.LineDraft("Sở Nội vụ (để biết)", LineRole.COPY, agencies=[world.home.pk]),
        lifecycle.LineDraft("Sở Nội vụ", LineRole.TO, agencies=[world.home.pk]),
    ]

    row = world.issued(lines=lines).circulations.get()

    assert (row.role, row.lines.count()) == (LineRole.TO, 2)


def test_the_sender_is_never_its_own_recipient() -> None:
    world = World()

    paper = world.issued(to=[world.province, world.home])

    assert [row.agency for row in paper.circulations.all()] == [world.home]


def test_a_list_stands_for_its_members_of_the_day_and_is_frozen_by_issue() -> None:
    world = World()
    group = DistributionList.objects.create(owner=world.province, name="Các sở", from_on=START)
    ListMember.objects.create(list=group, agency=world.home, from_on=START)
    left = ListMember.objects.create(
        list=group, agency=world.finance, from_on=START, to_on=at(2).date()
    )
    lines = [lifecycle.LineDraft("Các sở", lists=[group.pk])]

    before = world.issued(lines=lines, moment=at(2))
    after = world.issued(lines=lines, moment=at(3))
    left.delete()

    assert before.circulations.count() == 2
    assert [row.agency for row in after.circulations.all()] == [world.home]


def test_the_file_line_and_as_above_send_nothing() -> None:
    world = World()
    lines = [
        lifecycle.LineDraft("Sở Nội vụ", agencies=[world.home.pk]),
        lifecycle.LineDraft("Như trên", LineRole.COPY, as_above=True),
        lifecycle.LineDraft("Lưu: VT", LineRole.ARCHIVE, agencies=[world.finance.pk]),
    ]

    assert [row.agency for row in world.issued(lines=lines).circulations.all()] == [world.home]


def test_a_copy_is_for_information_and_owes_nothing() -> None:
    world = World()
    lines = [
        lifecycle.LineDraft("Sở Nội vụ", agencies=[world.home.pk]),
        lifecycle.LineDraft("Sở Tài chính", LineRole.COPY, agencies=[world.finance.pk]),
    ]

    paper = world.issued(lines=lines, due_at=at(7, 17), due_source=DueSource.SENDER)

    copy = paper.circulations.get(role=LineRole.COPY)
    assert (copy.expectation, copy.due_at, copy.due_source) == ("inform", None, "none")
    assert paper.circulations.get(role=LineRole.TO).due_at == at(7, 17)


def test_a_deadline_that_nobody_gave_is_not_invented() -> None:
    world = World()

    row = world.at_home(world.issued())

    assert (row.due_at, row.due_source) == (None, DueSource.NONE)


@pytest.mark.parametrize(
    ("moment", "receive_by"),
    [
        (at(2, 15), at(3, 17)),  # Thursday: until Friday evening
        (at(3, 15), at(6, 17)),  # Friday: until Monday evening
    ],
)
def test_the_law_gives_until_the_end_of_the_next_working_day(moment, receive_by) -> None:
    assert addressing.receive_by("ordinary", sent_at=moment) == receive_by


def test_an_urgent_paper_is_to_be_received_at_once() -> None:
    assert addressing.receive_by("express", sent_at=at(3, 15)) == at(3, 15)


def test_issued_text_and_files_are_sealed_by_their_digest() -> None:
    world = World()
    paper = world.draft()
    lifecycle.attach(dispatch=paper, file=file(), by=world.drafter, at=at(2))
    lifecycle.submit(dispatch=paper, by=world.drafter, at=at(2))
    lifecycle.sign(dispatch=paper, by=world.leader, at=at(2))

    lifecycle.number_and_issue(dispatch=paper, by=world.clerk, at=at(2))

    version = paper.current_version
    assert [each["sha256"] for each in version.manifest] == ["a" * 64]
    assert version.digest == digest_of(version.text, version.manifest)
    assert digest_of(version.text + " ", version.manifest) != version.digest


def test_the_database_refuses_to_change_an_issued_text() -> None:
    version = World().issued().current_version

    with pytest.raises(IntegrityError), transaction.atomic():
        DispatchVersion.objects.filter(pk=version.pk).update(text="khác")

    version.refresh_from_db()
    assert version.text == "Nội dung của kiểm tra công vụ./."


def test_a_failing_issue_leaves_no_number_no_circulation_and_no_entry() -> None:
    world = World()
    paper = world.signed()
    world.home.to_on = START
    world.home.save()
    before = kinds()

    with pytest.raises(Incomplete):
        lifecycle.number_and_issue(dispatch=paper, by=world.clerk, at=at(3))

    assert (paper.circulations.count(), kinds()) == (0, before)
    assert Dispatch.objects.get(pk=paper.pk).number is None


def test_a_later_paper_replaces_an_earlier_one_wherever_it_appears() -> None:
    world = World()
    old = world.issued()

    new = world.issued(
        citations=[CitationDraft(code=old.code, kind=CitationKind.REPLACES, target=old.pk)]
    )

    old.refresh_from_db()
    assert (old.replaced_by, old.in_force, new.in_force) == (new, False, True)
    assert kinds()[-1] == "dispatch.replaced"


def test_a_paper_of_another_agency_cannot_be_replaced() -> None:
    world = World()
    foreign = world.issued()
    registers_of_home = person("a_leader", (world.home, Role.LEADER))
    paper = lifecycle.draft(agency=world.home, type=world.type, by=world.home_officer, at=at(3))
    lifecycle.save_draft(
        dispatch=paper, by=world.home_officer, at=at(3), seen_edits=0,
        values={"subject": "x", "field": foreign.field},
        text="x", lines=[lifecycle.LineDraft("Sở Tài chính", agencies=[world.finance.pk])],
        citations=[CitationDraft(code=foreign.code, kind=CitationKind.REPLACES, target=foreign.pk)],
    )  # fmt: skip
    lifecycle.submit(dispatch=paper, by=world.home_officer, at=at(3))
    lifecycle.sign(dispatch=paper, by=registers_of_home, at=at(3))

    lifecycle.number_and_issue(dispatch=paper, by=world.home_clerk, at=at(3))

    foreign.refresh_from_db()
    assert paper.citations.get().target == foreign
    assert foreign.replaced_by is None


def test_a_citation_of_a_paper_that_the_writer_may_not_read_stays_text() -> None:
    world = World()
    hidden = world.issued(to=[world.finance])
    paper = lifecycle.draft(agency=world.home, type=world.type, by=world.home_officer, at=at(3))

    lifecycle.save_draft(
        dispatch=paper, by=world.home_officer, at=at(3), seen_edits=0, values={}, text="",
        lines=[], citations=[CitationDraft(code=hidden.code, target=hidden.pk)],
    )  # fmt: skip

    citation = paper.citations.get()
    assert (citation.code, citation.target) == (hidden.code, None)


def test_an_update_adds_files_keeps_the_text_and_tells_everybody() -> None:
    world = World()
    paper = world.issued()
    work(at(2, 10))

    version = lifecycle.update(
        dispatch=paper, files=[file()], reason="bổ sung phụ lục", by=world.clerk, at=at(3)
    )
    work(at(3, 10))

    assert (version.no, version.text) == (2, paper.versions.get(no=1).text)
    assert Attachment.objects.filter(version=version).count() == 1
    assert Notice.objects.filter(kind="updated", person=world.home_clerk).count() == 1


def test_a_returned_paper_can_be_sent_again() -> None:
    world = World()
    paper = world.issued()
    lifecycle.return_to_sender(
        circulation=world.at_home(paper),
        reason="nhầm",
        suggested=None,
        by=world.home_clerk,
        at=at(3),
    )

    (again,) = lifecycle.circulate(
        dispatch=paper, agencies=[world.home.pk], by=world.clerk, at=at(4)
    )

    assert (again.wave, again.lines.get().wave) == (2, 2)
    assert access.visible_to(world.home_officer, at=at(4)).filter(pk=paper.pk).exists()


def test_sending_again_to_who_holds_it_is_refused() -> None:
    world = World()
    paper = world.issued()

    with pytest.raises(Incomplete):
        lifecycle.circulate(dispatch=paper, agencies=[world.home.pk], by=world.clerk, at=at(4))

    assert paper.lines.filter(wave__gt=1).count() == 0


def test_the_database_refuses_two_live_circulations_at_one_agency() -> None:
    world = World()
    row = world.at_home(world.issued())
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


# -- Receiving --------------------------------------------------------------------------------


def test_receiving_gives_the_next_arrival_number_and_asked_again_the_same() -> None:
    world = World()
    row = world.received()

    again = lifecycle.receive(circulation=row, by=world.home_clerk, at=at(4))

    assert (row.arrival_number, again.arrival_number, again.arrived_on) == (1, 1, at(3).date())
    assert Receipt.objects.filter(kind=ReceiptKind.RECEIVED).count() == 1


def test_opening_is_recorded_once_a_person_and_version() -> None:
    world = World()
    row = world.at_home(world.issued())

    for hour in (8, 9):
        lifecycle.open_text(circulation=row, by=world.home_officer, at=at(3, hour))
    lifecycle.open_text(circulation=row, by=world.home_clerk, at=at(3, 10))

    row.refresh_from_db()
    assert (row.opened_at, Receipt.objects.filter(kind="opened").count()) == (at(3, 8), 2)
    assert row.received_at is None


def test_an_acknowledgement_given_twice_is_one_receipt() -> None:
    world = World()
    row = world.received()

    first = acknowledged(row, world.home_clerk, at(3, 10))
    second = acknowledged(row, world.home_head, at(3, 11))

    assert first.code == second.code
    assert kinds().count("circulation.acknowledged") == 1


def test_a_clerk_who_acknowledges_an_unreceived_paper_receives_it_too() -> None:
    world = World()
    row = world.at_home(world.issued())

    acknowledged(row, world.home_clerk, at(3))

    row.refresh_from_db()
    assert (row.arrival_number, row.acknowledged_at) == (1, at(3))
    assert kinds()[-2:] == ["circulation.received", "circulation.acknowledged"]


def test_a_head_cannot_acknowledge_before_the_clerk_received() -> None:
    world = World()
    row = world.at_home(world.issued())

    with pytest.raises(WrongState):
        acknowledged(row, world.home_head, at(3))

    row.refresh_from_db()
    assert row.acknowledged_at is None


def test_acknowledging_a_version_that_is_no_longer_the_newest_is_refused() -> None:
    world = World()
    row = world.received()
    shown = row.dispatch.current_version
    lifecycle.update(dispatch=row.dispatch, files=[file()], reason="x", by=world.clerk, at=at(4))

    with pytest.raises(NewerVersion):
        lifecycle.acknowledge(
            circulation=row, version_no=shown.no, digest=shown.digest, by=world.home_clerk, at=at(4)
        )

    assert not Receipt.objects.filter(kind=ReceiptKind.ACKNOWLEDGED).exists()


def test_acknowledging_with_another_digest_is_refused() -> None:
    world = World()
    row = world.received()

    with pytest.raises(NewerVersion):
        lifecycle.acknowledge(
            circulation=row, version_no=1, digest="0" * 64, by=world.home_clerk, at=at(4)
        )


def test_an_act_in_somebodys_place_names_the_mandate_and_a_later_change_does_not_rewrite_it() -> (
    None
):
    world = World()
    row = world.received()
    deputy = person("deputy", (agency("Sở Y tế"), Role.OFFICER))
    mandate = stand_in(world.home_clerk, deputy, first=START, last=at(10).date())

    receipt = acknowledged(row, deputy, at(4))
    mandate.to_on = at(3).date()
    mandate.save()

    receipt.refresh_from_db()
    assert (receipt.actor, receipt.deputy, receipt.on_behalf_of) == (deputy, mandate, world.home)


def test_returning_closes_the_content_and_tells_the_sender() -> None:
    world = World()
    row = world.at_home(world.issued())
    assert access.visible_to(world.home_officer, at=at(3)).exists()

    lifecycle.return_to_sender(
        circulation=row, reason="không thuộc thẩm quyền", suggested=world.finance,
        by=world.home_clerk, at=at(3),
    )  # fmt: skip
    work(at(3))

    assert not access.visible_to(world.home_officer, at=at(3)).exists()
    assert list(access.traces_left_to(world.home_clerk, at=at(3))) == [row]
    assert Notice.objects.filter(kind="returned", person=world.clerk).count() == 1


def test_returning_without_a_reason_is_refused() -> None:
    world = World()
    row = world.at_home(world.issued())

    with pytest.raises(Incomplete):
        lifecycle.return_to_sender(
            circulation=row, reason=" ", suggested=None, by=world.home_clerk, at=at(3)
        )


def test_a_long_reason_is_kept_whole() -> None:
    world = World()
    reason = "không thuộc thẩm quyền, " * 200

    row = world.at_home(world.issued())
    lifecycle.return_to_sender(
        circulation=row, reason=reason, suggested=None, by=world.home_clerk, at=at(3)
    )

    assert Receipt.objects.get(kind="returned").reason == reason.strip()


# -- Chasing ----------------------------------------------------------------------------------


def test_a_late_office_is_reminded_once_a_day() -> None:
    world = World()
    row = world.at_home(world.issued())

    first = lifecycle.chase(circulation=row, by=world.clerk, at=at(6, 18))
    again = lifecycle.chase(circulation=row, by=world.clerk, at=at(6, 19))
    next_day = lifecycle.chase(circulation=row, by=world.clerk, at=at(7, 8))
    work(at(7, 9))

    assert (first, again, next_day) == (True, False, True)
    assert Chase.objects.count() == 2
    assert Notice.objects.filter(kind="chased", person=world.home_clerk).count() == 2


def test_an_office_in_time_is_not_reminded() -> None:
    world = World()
    row = world.at_home(world.issued())

    with pytest.raises(Incomplete):
        lifecycle.chase(circulation=row, by=world.clerk, at=at(3, 16))


# -- Recall -----------------------------------------------------------------------------------


def test_recall_takes_effect_at_once_before_receipt_and_asks_after_it() -> None:
    world = World()
    row = world.received()
    other = Circulation.objects.get(dispatch=row.dispatch, agency=world.finance)

    lifecycle.recall(dispatch=row.dispatch, reason="sai số liệu", by=world.clerk, at=at(4))

    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.recall_state, other.recall_state) == (RecallState.REQUESTED, RecallState.AGREED)
    assert row.state == "received"
    assert access.visible_to(world.home_officer, at=at(4)).exists()
    assert not access.visible_to(world.finance_clerk, at=at(4)).exists()


def test_an_agreed_recall_closes_the_content_and_keeps_the_ladder() -> None:
    world = World()
    row = world.received()
    lifecycle.recall(dispatch=row.dispatch, reason="sai", by=world.clerk, at=at(4))

    row = lifecycle.answer_recall(circulation=row, agree=True, by=world.home_clerk, at=at(5))

    assert (row.state, row.recall_state) == ("received", RecallState.AGREED)
    assert not access.visible_to(world.home_officer, at=at(5)).exists()
    with pytest.raises(NotFound):
        acknowledged(row, world.home_clerk, at(5))


def test_a_refused_recall_needs_a_reason_and_leaves_the_content_open() -> None:
    world = World()
    row = world.received()
    lifecycle.recall(dispatch=row.dispatch, reason="sai", by=world.clerk, at=at(4))

    with pytest.raises(Incomplete):
        lifecycle.answer_recall(circulation=row, agree=False, by=world.home_clerk, at=at(5))
    lifecycle.answer_recall(
        circulation=row, agree=False, reason="đã triển khai", by=world.home_clerk, at=at(5)
    )

    assert access.visible_to(world.home_officer, at=at(5)).exists()


def test_recall_from_one_recipient_leaves_the_paper_and_the_others_alone() -> None:
    world = World()
    paper = world.issued()
    row = world.at_home(paper)

    lifecycle.recall(dispatch=paper, reason="gửi nhầm", by=world.clerk, at=at(3), only=[row.pk])

    paper.refresh_from_db()
    assert paper.recalled_at is None
    assert not access.visible_to(world.home_clerk, at=at(3)).exists()
    assert access.visible_to(world.finance_clerk, at=at(3)).exists()


def test_a_recall_is_done_once() -> None:
    world = World()
    paper = world.issued()
    lifecycle.recall(dispatch=paper, reason="sai", by=world.clerk, at=at(3))

    with pytest.raises(WrongState):
        lifecycle.recall(dispatch=paper, reason="sai", by=world.clerk, at=at(3))


# -- From outside -----------------------------------------------------------------------------


def outside(world: World, **changes) -> lifecycle.OutsidePaper:
    values = {
        "type": world.type,
        "issuer": "Bộ Nội vụ",
        "code": "123/BNV-VP",
        "number": 123,
        "issued_on": at(1).date(),
        "subject": "báo cáo",
        "text": "Nội dung./.",
    }
    return lifecycle.OutsidePaper(**(values | changes))


def test_an_outside_paper_is_registered_with_an_arrival_number_and_circulated_on() -> None:
    world = World()
    row = lifecycle.register_outside(
        agency=world.province, paper=outside(world), files=[], by=world.clerk, at=at(3)
    )

    (sent,) = lifecycle.circulate(
        dispatch=row.dispatch, agencies=[world.home.pk], by=world.clerk, at=at(3)
    )

    assert (row.arrival_number, row.dispatch.code, row.dispatch.issued_on) == (
        1502, "123/BNV-VP", at(1).date(),
    )  # fmt: skip
    assert sent.agency == world.home
    assert access.visible_to(world.home_officer, at=at(3)).get() == row.dispatch


def test_a_second_paper_of_the_same_number_asks_and_is_entered_when_confirmed() -> None:
    world = World()
    arguments = {"agency": world.province, "files": [], "by": world.clerk, "at": at(3)}
    lifecycle.register_outside(paper=outside(world), **arguments)

    with pytest.raises(Incomplete) as refused:
        lifecycle.register_outside(paper=outside(world), **arguments)
    lifecycle.register_outside(paper=outside(world), known_twin=True, **arguments)

    assert codes(refused) == ["twin"]
    assert Dispatch.objects.filter(code="123/BNV-VP").count() == 2


@pytest.mark.parametrize(
    "change", [{"code": "124/BNV-VP"}, {"issuer": "Bộ Tài chính"}, {"issued_on": at(2).date()}]
)
def test_a_paper_of_another_number_issuer_or_day_is_no_twin(change: dict[str, object]) -> None:
    world = World()
    arguments = {"agency": world.province, "files": [], "by": world.clerk, "at": at(3)}
    lifecycle.register_outside(paper=outside(world), **arguments)

    lifecycle.register_outside(paper=outside(world, **change), **arguments)

    assert Dispatch.objects.count() == 2


def test_a_recall_leaves_the_own_entry_of_who_registered_the_paper() -> None:
    world = World()
    own = lifecycle.register_outside(
        agency=world.province, paper=outside(world), files=[], by=world.clerk, at=at(3)
    )
    (sent,) = lifecycle.circulate(
        dispatch=own.dispatch, agencies=[world.home.pk], by=world.clerk, at=at(3)
    )

    lifecycle.recall(dispatch=own.dispatch, reason="gửi nhầm", by=world.leader, at=at(3, 10))

    own.refresh_from_db()
    sent.refresh_from_db()
    assert (own.recall_state, own.closed_at) == (RecallState.NONE, None)
    assert (sent.recall_state, sent.closed_at) == (RecallState.AGREED, at(3, 10))


def test_a_twin_that_the_clerk_may_not_read_is_not_spoken_of() -> None:
    world = World()
    lifecycle.register_outside(
        agency=world.province, paper=outside(world), files=[], by=world.clerk, at=at(3)
    )

    row = lifecycle.register_outside(
        agency=world.home, paper=outside(world), files=[], by=world.home_clerk, at=at(3)
    )

    assert row.agency == world.home


def test_everything_wrong_with_an_outside_paper_is_said_at_once() -> None:
    world = World()
    paper = outside(world, subject=" ", issuer="", code="", text="", issued_on=at(9).date())

    with pytest.raises(Incomplete) as refused:
        lifecycle.register_outside(
            agency=world.province, paper=paper, files=[], by=world.clerk, at=at(3)
        )

    assert codes(refused) == ["subject", "issuer", "code", "issued_on", "files"]


# -- Delivery and notices -----------------------------------------------------------------------


def test_the_worker_delivers_and_tells_each_clerk_once_even_when_run_twice() -> None:
    world = World()
    paper = world.issued()

    work(at(2, 10))
    paper_rows = list(paper.circulations.values_list("delivered_at", flat=True))
    from documents.models import OutboxItem  # noqa: PLC0415

    OutboxItem.objects.update(done_at=None, leased_until=None)
    work(at(2, 11))

    assert paper_rows == [at(2, 10)] * 2
    assert Notice.objects.filter(kind="arrived").count() == 2
    assert Receipt.objects.filter(kind="delivered").count() == 2


def test_where_nobody_can_read_nothing_is_delivered_until_somebody_can() -> None:
    from documents import jobs  # noqa: PLC0415

    world = World()
    empty = agency("Sở mới", kind=AgencyKind.DEPARTMENT)
    registers(empty)
    paper = world.issued(to=[empty])
    work(at(2, 10))
    assert paper.circulations.get().delivered_at is None

    person("n_clerk", (empty, Role.CLERK))
    jobs.deliver_waiting(at=at(2, 12))

    assert paper.circulations.get().delivered_at == at(2, 12)


def test_who_is_told_is_asked_when_the_notice_is_made() -> None:
    world = World()
    world.issued()
    world.home_clerk.is_active = False
    world.home_clerk.save()

    work(at(2, 10))

    assert set(Notice.objects.filter(kind="arrived").values_list("person", flat=True)) == {
        world.home_head.pk, world.finance_clerk.pk,
    }  # fmt: skip


def test_a_failing_item_is_kept_tried_again_and_parked_at_last(monkeypatch) -> None:
    from documents import jobs  # noqa: PLC0415
    from documents.models import OutboxItem  # noqa: PLC0415

    def fail(_item, _at):
        raise RuntimeError("x")

    World().issued()
    monkeypatch.setitem(jobs.HANDLERS, "deliver", fail)
    moment = at(2, 10)
    for _ in range(20):
        work(moment)
        moment += timedelta(hours=1)

    item = OutboxItem.objects.get(kind="deliver")
    assert (item.attempts, item.error, item.done_at) == (8, "RuntimeError: x", None)
    assert item.parked_at is not None


def test_a_paper_that_is_only_cited_stays_in_force() -> None:
    world = World()
    old = world.issued(subject="văn bản cũ")

    world.issued(citations=[CitationDraft(code=old.code, kind=CitationKind.CITES, target=old.pk)])

    old.refresh_from_db()
    assert old.replaced_by is None


def test_a_paper_that_is_not_issued_yet_is_replaced_by_none() -> None:
    world = World()
    unfinished = world.draft(subject="còn dự thảo")

    world.issued(
        citations=[CitationDraft(code="", kind=CitationKind.REPLACES, target=unfinished.pk)]
    )

    unfinished.refresh_from_db()
    assert unfinished.replaced_by is None


def test_tone_and_order_of_the_lines_are_kept() -> None:
    world = World()
    lines = [
        lifecycle.LineDraft("Mặt trận", tone=Tone.ASKED, agencies=[world.home.pk]),
        lifecycle.LineDraft("Sở Tài chính", agencies=[world.finance.pk]),
    ]

    paper = world.issued(lines=lines)

    assert [(str(line), line.tone) for line in paper.lines.all()] == [
        ("Mặt trận", "asked"), ("Sở Tài chính", "ordered"),
    ]  # fmt: skip
    assert world.at_home(paper).tone == Tone.ASKED


def test_receipts_refuse_to_be_changed() -> None:
    world = World()
    receipt = acknowledged(world.received(), world.home_clerk, at(3))

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE documents_receipt SET reason = 'x' WHERE id = %s", [receipt.pk])
