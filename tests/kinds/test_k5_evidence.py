"""K5: nothing but a person's own act says opened, received or acknowledged; nothing falls back."""

import pytest
from django.urls import reverse

from documents import jobs, lifecycle
from documents.choices import CirculationState, ReceiptKind
from documents.models import Circulation, Notice, OutboxItem, Receipt
from tests.documents.factories import acknowledged, at, client_of, issued, work, world

pytestmark = pytest.mark.django_db

ACTS = (ReceiptKind.OPENED, ReceiptKind.RECEIVED, ReceiptKind.ACKNOWLEDGED)


def evidence() -> int:
    return Receipt.objects.filter(kind__in=ACTS).count()


def test_a_look_at_the_page_is_what_opens_so_that_the_rest_here_means_something():
    small = world()
    paper = issued(small)

    client_of(small.home_clerk).get(reverse("documents:dispatch", args=[paper.pk]))

    assert evidence() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"X-Purpose": "preview"},
        {"Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Dest": "image"},
    ],
    ids=str,
)
def test_what_a_machine_fetches_ahead_opens_nothing(headers):
    small = world()
    paper = issued(small)

    answer = client_of(small.home_clerk).get(
        reverse("documents:dispatch", args=[paper.pk]), headers=headers
    )

    assert answer.status_code == 200
    assert evidence() == 0


def test_head_lists_exports_prints_notices_and_files_open_nothing():
    small = world()
    paper = issued(small)
    row = small.at_home(paper)
    work(at(2, 10))
    browser = client_of(small.home_clerk)
    notice = Notice.objects.filter(person=small.home_clerk).get()

    browser.head(reverse("documents:dispatch", args=[paper.pk]))
    for name in ("incoming", "incoming_print", "incoming_xlsx", "notices", "drafts"):
        assert browser.get(reverse(f"documents:{name}")).status_code == 200
    browser.post(reverse("documents:read_notices"), {"notice": notice.pk})
    browser.post(reverse("documents:read_notices"), {"until": notice.pk})
    for name in ("receive", "acknowledge", "answer_recall"):
        assert browser.get(reverse(f"documents:{name}", args=[row.pk])).status_code == 405
        assert browser.head(reverse(f"documents:{name}", args=[row.pk])).status_code == 405

    notice.refresh_from_db()
    row.refresh_from_db()
    assert notice.read_at is not None
    assert evidence() == 0
    assert (row.opened_at, row.received_at, row.acknowledged_at) == (None, None, None)


def test_an_acknowledgement_without_its_token_is_refused_as_a_link_in_a_mail_would_be():
    from django.test import Client  # noqa: PLC0415

    small = world()
    row = small.received()
    version = row.dispatch.current_version
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(small.home_clerk)

    answer = browser.post(
        reverse("documents:acknowledge", args=[row.pk]),
        {"version": version.no, "digest": version.digest},
    )

    assert answer.status_code == 403
    assert not Receipt.objects.filter(kind=ReceiptKind.ACKNOWLEDGED).exists()


def test_a_late_delivery_sets_nothing_back():
    small = world()
    row = small.received()
    acknowledged(row, small.home_clerk, at(3, 10))
    before = Circulation.objects.values().get(pk=row.pk)
    assert before["delivered_at"] is None

    work(at(4))

    after = Circulation.objects.values().get(pk=row.pk)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"delivered_at"}
    assert after["state"] == CirculationState.RECEIVED


def test_every_job_run_a_second_time_changes_nothing():
    small = world()
    row = small.received()
    work(at(3))
    acknowledged(row, small.home_clerk, at(3, 10))
    rows = list(Circulation.objects.values().order_by("pk"))
    counted = Receipt.objects.count(), Notice.objects.count()

    OutboxItem.objects.update(done_at=None, leased_until=None, attempts=1)
    work(at(4))
    jobs.deliver_waiting(at=at(4))

    assert list(Circulation.objects.values().order_by("pk")) == rows
    assert (Receipt.objects.count(), Notice.objects.count()) == counted


def test_a_delivery_after_a_recall_reaches_nobody():
    small = world()
    paper = issued(small)
    lifecycle.recall(dispatch=paper, reason="Sai", by=small.leader, at=at(2, 10))

    work(at(3))

    assert not Receipt.objects.filter(kind=ReceiptKind.DELIVERED).exists()
    assert not Notice.objects.filter(kind="arrived").exists()
