"""`ledger verify` holds the rows and files against the chain and names the first bad entry."""

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from agencies.authority import authorities
from documents import lifecycle, storage
from documents.choices import FileRole, ReceiptKind
from documents.lifecycle.evidence import receipt
from documents.models import (
    Attachment,
    Circulation,
    Dispatch,
    DispatchVersion,
    Receipt,
    RegisterEntry,
)
from ledger import append_only
from ledger.models import LedgerEntry
from ledger.verification import Report, verify
from tests.documents.factories import World, acknowledged, at, outside_paper, world
from tests.documents.files.samples import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> World:
    return _lived_in()


def _lived_in() -> World:
    """A world in which every kind of entry about papers was written, and which verifies."""
    small = world()
    voided = small.numbered()
    lifecycle.void_number(dispatch=voided, reason="Sai ngày", by=small.clerk, at=at(2))
    paper = small.draft()
    lifecycle.attach(dispatch=paper, file=_file("ke-hoach.pdf"), by=small.drafter, at=at(2))
    paper = lifecycle.submit(dispatch=paper, by=small.drafter, at=at(2))
    paper = lifecycle.sign(dispatch=paper, by=small.leader, at=at(2))
    paper = lifecycle.number_and_issue(dispatch=paper, by=small.clerk, at=at(2))
    row = lifecycle.receive(circulation=small.at_home(paper), by=small.home_clerk, at=at(3))
    acknowledged(row, small.home_clerk, at(3, 10))
    other = Circulation.objects.get(dispatch=paper, agency=small.finance)
    lifecycle.return_to_sender(
        circulation=other, reason="Nhầm", suggested=None, by=small.finance_clerk, at=at(3)
    )
    lifecycle.update(
        dispatch=paper, files=[_file("phu-luc.pdf", pages=2)], reason="Thiếu phụ lục",
        by=small.clerk, at=at(4),
    )  # fmt: skip
    lifecycle.recall(dispatch=paper, reason="Sai căn cứ", by=small.leader, at=at(5))
    lifecycle.answer_recall(circulation=row, agree=True, by=small.home_head, at=at(5))
    outside_paper(small)
    small.paper, small.row = paper, row
    return small


def _file(name: str, *, pages: int = 1) -> lifecycle.FileFacts:
    """A file in the store, as an upload that passed every check leaves it."""
    content = pdf(pages=pages)
    sha256 = hashlib.sha256(content).hexdigest()
    storage.attachments().keep(io.BytesIO(content), sha256, size=len(content))
    return lifecycle.FileFacts(name, sha256, len(content), "application/pdf", FileRole.ANNEX)


def seq_of(type: str, **wanted: object) -> int:
    """Return the first entry of a type whose data hold these values."""
    return next(
        each.seq
        for each in LedgerEntry.objects.filter(type=type).order_by("seq")
        if wanted.items() <= each.data.items()
    )


def found(*, files: bool = False) -> Report:
    return verify(files=files)


def test_what_nobody_touched_verifies_with_its_files(small):
    report = found(files=True)

    assert (report.ok, report.problems) == (True, [])
    types = set(LedgerEntry.objects.values_list("type", flat=True))
    assert {"number.issued", "number.voided", "dispatch.issued", "dispatch.updated",
            "dispatch.circulated", "dispatch.registered", "dispatch.recalled",
            "circulation.received", "circulation.acknowledged", "circulation.returned",
            "recall.answered"} <= types  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "type"),
    [
        (ReceiptKind.RECEIVED, "circulation.received"),
        (ReceiptKind.ACKNOWLEDGED, "circulation.acknowledged"),
        (ReceiptKind.RETURNED, "circulation.returned"),
        (ReceiptKind.RECALL_AGREED, "recall.answered"),
    ],
)
def test_a_receipt_given_to_another_person_is_found_at_its_entry(small, kind, type):
    row = Receipt.objects.filter(kind=kind, circulation__dispatch=small.paper).get()
    with append_only.lifted():
        Receipt.objects.filter(pk=row.pk).update(actor=small.drafter)

    assert found().first_bad == seq_of(type, receipt=row.pk)


@pytest.mark.parametrize("field", ["digest", "code"])
def test_an_acknowledgement_of_other_words_or_another_slip_is_found(small, field):
    row = Receipt.objects.get(kind=ReceiptKind.ACKNOWLEDGED)
    with append_only.lifted():
        Receipt.objects.filter(pk=row.pk).update(**{field: "0" * 16})

    assert found().first_bad == seq_of("circulation.acknowledged", receipt=row.pk)


def test_a_receipt_taken_away_is_found_at_its_entry(small):
    row = Receipt.objects.get(kind=ReceiptKind.ACKNOWLEDGED)
    seq = seq_of("circulation.acknowledged", receipt=row.pk)
    with append_only.lifted():
        row.delete()

    assert found().first_bad == seq


def test_a_receipt_moved_to_another_kind_is_found(small):
    row = Receipt.objects.get(kind=ReceiptKind.RETURNED)
    with append_only.lifted():
        Receipt.objects.filter(pk=row.pk).update(kind=ReceiptKind.RECEIVED)

    assert found().first_bad == seq_of("circulation.returned", receipt=row.pk)


def test_a_receipt_entered_for_the_registering_clerk_is_held_to_its_entry(small):
    row = Receipt.objects.get(
        kind=ReceiptKind.RECEIVED, circulation__dispatch__registering_agency=small.home
    )
    with append_only.lifted():
        Receipt.objects.filter(pk=row.pk).update(actor=small.drafter)

    assert found().first_bad == seq_of("dispatch.registered", receipt=row.pk)


@pytest.mark.parametrize(
    "type", ["circulation.acknowledged", "circulation.received", "circulation.returned",
             "recall.answered"]
)  # fmt: skip
def test_a_receipt_that_no_act_made_is_found_though_no_entry_speaks_of_it(small, type):
    kind = {
        "circulation.acknowledged": ReceiptKind.ACKNOWLEDGED,
        "circulation.received": ReceiptKind.RECEIVED,
        "circulation.returned": ReceiptKind.RETURNED,
        "recall.answered": ReceiptKind.RECALL_REFUSED,
    }[type]
    paper = small.issued(subject="giấy thứ hai")
    row = small.at_home(paper)
    genuine = Receipt.objects.get(kind=ReceiptKind.ACKNOWLEDGED)
    assert found().ok

    forged = receipt(kind, row, paper.current_version, _authority(small), at=at(5))
    if kind == ReceiptKind.ACKNOWLEDGED:
        forged.code = genuine.code[:-1] + ("Y" if genuine.code.endswith("Z") else "Z")
    forged.save()

    report = found()
    assert not report.ok
    assert any(str(forged.pk) in problem.text for problem in report.problems)


def _authority(small: World):
    return authorities(small.home_clerk, on=at(5).date())[0]


def test_a_register_entry_under_another_number_is_found_at_its_entry(small):
    entry = small.paper.entry
    RegisterEntry.objects.filter(pk=entry.pk).update(number=8_888)

    assert found().first_bad == seq_of("number.issued", entry=entry.pk)


def test_an_arrival_number_that_was_changed_is_found_at_its_entry(small):
    row = Circulation.objects.get(pk=small.row.pk)
    RegisterEntry.objects.filter(pk=row.arrival_entry_id).update(number=8_888)

    assert found().first_bad == seq_of("circulation.received", circulation=row.pk)


def test_a_voided_number_brought_back_to_life_is_found_at_its_entry(small):
    entry = RegisterEntry.objects.get(state="voided")
    RegisterEntry.objects.filter(pk=entry.pk).update(
        state="issued", reason="", voided_at=None, voided_by=None
    )

    assert found().first_bad == seq_of("number.voided", entry=entry.pk)


def test_a_circulation_moved_to_another_agency_is_found_at_its_sending(small):
    other = Circulation.objects.get(dispatch=small.paper, agency=small.finance)
    Circulation.objects.filter(pk=other.pk).update(agency=small.province)

    assert found().first_bad == seq_of("dispatch.circulated", dispatch=small.paper.pk)


def test_a_circulation_that_no_act_sent_is_found_at_the_sending(small):
    row = Circulation.objects.get(dispatch=small.paper, agency=small.finance)
    row.pk, row.agency, row.arrival_entry = None, small.province, None
    row.save()

    assert found().first_bad == seq_of("dispatch.circulated", dispatch=small.paper.pk)


def test_a_code_of_a_dispatch_that_was_changed_is_found_at_its_issue(small):
    Dispatch.objects.filter(pk=small.paper.pk).update(code="9999/UBND-NC")

    assert found().first_bad == seq_of("dispatch.issued", dispatch=small.paper.pk)


@pytest.mark.parametrize("place", [0, 1])
def test_a_text_that_was_changed_is_found_at_the_entry_of_its_version(small, place):
    version = small.paper.versions.order_by("no")[place]
    with append_only.lifted():
        DispatchVersion.objects.filter(pk=version.pk).update(text="Chữ khác./.")

    type = ("dispatch.issued", "dispatch.updated")[place]
    assert found().first_bad == seq_of(type, version=version.pk)


def test_of_two_changes_the_earlier_entry_is_named(small):
    row = Receipt.objects.get(kind=ReceiptKind.ACKNOWLEDGED)
    with append_only.lifted():
        Receipt.objects.filter(pk=row.pk).update(actor=small.drafter)
    Dispatch.objects.filter(pk=small.paper.pk).update(code="9999/UBND-NC")

    report = found()
    assert report.problem_count == 2
    assert report.first_bad == seq_of("dispatch.issued", dispatch=small.paper.pk)


# -- Files ------------------------------------------------------------------------------------


@contextmanager
def damaged(name: str) -> Iterator[Path]:
    """Lend the stored file of that name; afterwards it is as before, for other tests share it."""
    row = Attachment.objects.filter(name=name).order_by("pk")[0]
    store = storage.attachments()
    path = Path(store.path(store.name_of(row.sha256)))
    content, mode = path.read_bytes(), path.stat().st_mode
    os.chmod(path, 0o600)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        os.chmod(path, mode)


def test_a_missing_file_is_found_only_when_files_are_asked_for(small):
    with damaged("phu-luc.pdf") as path:
        path.unlink()

        assert found().ok
        assert found(files=True).first_bad == seq_of("dispatch.updated")


def test_a_changed_file_is_found_at_the_first_version_that_holds_it(small):
    with damaged("ke-hoach.pdf") as path:
        path.write_bytes(path.read_bytes()[:-1] + b"x")

        report = found(files=True)

    assert report.first_bad == seq_of("dispatch.issued", dispatch=small.paper.pk)
    assert report.problem_count == 2  # the version with the added annex holds it too


def test_the_command_says_the_first_bad_entry_and_exits_with_one(small):
    Dispatch.objects.filter(pk=small.paper.pk).update(code="9999/UBND-NC")
    out = io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("ledger", "verify", stdout=out, stderr=out)

    assert ended.value.code == 1
    assert str(seq_of("dispatch.issued", dispatch=small.paper.pk)) in out.getvalue()


def test_the_vendor_is_one_that_the_triggers_know(small):
    assert connection.vendor in ("sqlite", "postgresql")
    assert append_only.missing() == []
