"""K6: the chain still verifies after its round trips: time zones, dump and restore, letters."""

import io
import unicodedata

import pytest
from django.core import serializers
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from documents import lifecycle
from documents.models import DispatchVersion
from ledger import append_only
from ledger.models import LedgerEntry, LedgerHead
from ledger.verification import verify
from tests.documents.factories import acknowledged, at, issued, world

pytestmark = pytest.mark.django_db


def lived_in():
    small = world()
    moment = at(2, 0, 30).replace(microsecond=123_457)
    issued(small, subject="Ký tự đặc biệt: Đ đ ₫ “ ” …", moment=moment)
    acknowledged(small.received(subject="hai"), small.home_clerk, at(3, 23, 59))
    return small


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu"])
def test_another_time_zone_of_the_server_changes_nothing(zone):
    lived_in()
    assert verify().ok

    with override_settings(TIME_ZONE=zone), timezone.override(zone):
        report = verify()

    assert report.ok, report.problems


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_the_chain_verifies_after_it_was_dumped_and_loaded(form):
    lived_in()
    head = LedgerHead.objects.get().hash
    out = io.StringIO()
    call_command("dumpdata", "ledger", format=form, stdout=out)

    with append_only.lifted():
        LedgerEntry.objects.all().delete()
        LedgerHead.objects.all().delete()
        broken = verify().ok
        for each in serializers.deserialize(form, out.getvalue()):
            each.save()

    report = verify()
    assert not broken
    assert (report.ok, report.head) == (True, head), report.problems


def test_the_papers_verify_after_they_were_dumped_and_loaded():
    lived_in()
    out = io.StringIO()
    models = ["documents.dispatchversion", "documents.receipt", "documents.registerentry"]
    call_command("dumpdata", *models, format="json", stdout=out)

    with append_only.lifted():
        for each in serializers.deserialize("json", out.getvalue()):
            each.save()

    assert DispatchVersion.objects.exists()
    report = verify()
    assert report.ok, report.problems


def test_a_text_typed_in_another_unicode_form_is_sealed_as_it_is_stored():
    small = world()
    paper = small.draft()
    text = unicodedata.normalize("NFD", "Kế hoạch số 5 của Sở Nội vụ./.")
    lifecycle.save_draft(
        dispatch=paper, by=small.drafter, at=at(2), seen_edits=paper.edits, values={}, text=text,
        lines=[lifecycle.LineDraft("Sở", agencies=[small.home.pk])],
    )  # fmt: skip
    for verb, by in ((lifecycle.submit, small.drafter), (lifecycle.sign, small.leader),
                     (lifecycle.number_and_issue, small.clerk)):  # fmt: skip
        verb(dispatch=paper, by=by, at=at(2))

    assert verify().ok
