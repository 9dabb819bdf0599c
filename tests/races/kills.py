"""Processes that are killed in the middle: of issuing, of delivering."""

import random
import time
from datetime import timedelta

from django.core.management import call_command
from django.db import transaction

from agencies import clock
from agencies.models import User
from documents import jobs, lifecycle
from documents.choices import NoticeKind, ReceiptKind, State
from documents.models import Circulation, Dispatch, Notice, OutboxItem, Receipt
from ledger.models import LedgerEntry
from tests.documents.world import World, at
from tests.races import crews, province
from tests.races.outcome import Outcome


def circulate_killed(*, agencies: int, kills: int, seed: int = 1) -> Outcome:
    """Kill the process that issues a paper to many agencies: all of it happened, or nothing.

    Circulations, state, ledger and what is owed to the worker agree after each kill, and the
    same act succeeds afterwards.
    """
    chance = random.Random(seed)
    world = World()
    outcome = Outcome()
    crowd = province.crowd(agencies)
    paper = world.numbered(lines=province.line_to(crowd))
    usual = _time_to_issue(paper, world)
    held = 0
    paper = world.numbered(lines=province.line_to(crowd))
    for _ in range(kills):
        victim = crews.Victim(_issue, paper.pk, world.clerk.pk)
        victim.wait_until_ready()
        time.sleep(chance.uniform(0, 1.1 * usual))
        victim.kill()
        if _expect_whole(outcome, paper, agencies):
            held += 1
            paper = world.numbered(lines=province.line_to(crowd))
    lifecycle.issue(dispatch=paper, by=world.clerk, at=at(2))
    outcome.expect(_expect_whole(outcome, paper, agencies), "issuing again left nothing")
    outcome.facts |= {"issue_ms": round(1000 * usual), "killed_after_commit": held}
    outcome.expect_good_ledger()
    return outcome


def _time_to_issue(paper: Dispatch, world: World) -> float:
    victim = crews.Victim(_issue, paper.pk, world.clerk.pk)
    victim.wait_until_ready()
    begun = time.monotonic()
    victim.finish()
    return time.monotonic() - begun


def _issue(ready: crews.Ready, paper: int, clerk: int) -> None:
    dispatch = Dispatch.objects.get(pk=paper)
    user = User.objects.get(pk=clerk)
    ready()
    lifecycle.issue(dispatch=dispatch, by=user, at=at(2))


def _expect_whole(outcome: Outcome, paper: Dispatch, agencies: int) -> bool:
    """Return whether the paper is issued, after noting where its rows disagree about that."""
    with transaction.atomic():
        # Waits until the database has let go of the dead process's transaction.
        issued = Dispatch.objects.select_for_update().get(pk=paper.pk).state == State.ISSUED
    sent = Circulation.objects.filter(dispatch=paper).count()
    owed = OutboxItem.objects.filter(key__startswith=f"deliver:{paper.pk}:").count()
    told = [
        entry.type
        for entry in LedgerEntry.objects.filter(type__in=("dispatch.issued", "dispatch.circulated"))
        if entry.data["dispatch"] == paper.pk
    ]
    found = (sent, owed, len(told))
    whole = (agencies, 1, 2) if issued else (0, 0, 0)
    outcome.expect(found == whole, f"{issued=}, but circulations, owed, ledger are {found}")
    return issued


# -- The worker -------------------------------------------------------------------------------


def worker_killed(
    *, agencies: int, kills: int, lease: float = 1.0, batch: int = 10, seed: int = 1
) -> Outcome:
    """Kill `manage.py worker` again and again while it delivers; two run at once.

    At the end each person has exactly one notice and each circulation one receipt of delivery,
    and what a dead worker held was taken up within two leases (security F02).
    """
    chance = random.Random(seed)
    world = World()
    outcome = Outcome()
    paper = world.issued(lines=province.line_to(province.crowd(agencies, clerks=2)))
    step = max(1, agencies // (kills + 1))
    for kill in range(kills):
        crew = [crews.Victim(_work, lease, batch) for _ in range(1 + kill % 2)]
        for victim in crew:
            victim.wait_until_ready()
        _wait_for_delivered(paper, chance.randint(kill * step, (kill + 1) * step))
        time.sleep(chance.uniform(0, 0.02))
        for victim in crew:
            victim.kill()
    before = _delivered(paper)
    begun = time.monotonic()
    last = crews.Victim(_work, lease, batch)
    _wait_for_delivered(paper, before + 1)
    resumed = time.monotonic() - begun
    _wait_until_nothing_is_owed()
    last.kill()
    limit = 2 * lease + 2
    outcome.expect(
        before == agencies or resumed <= limit, f"taken up again only after {resumed:.1f} s"
    )
    _expect_told_once(outcome, paper, agencies)
    outcome.facts |= {"delivered_before_the_last": before, "resumed_s": round(resumed, 1)}
    outcome.expect_good_ledger()
    return outcome


def _work(ready: crews.Ready, lease: float, batch: int) -> None:
    jobs.LEASE = timedelta(seconds=lease)
    jobs.BATCH = batch
    ready()
    call_command("worker")


def _delivered(paper: Dispatch) -> int:
    return Circulation.objects.filter(dispatch=paper, delivered_at__isnull=False).count()


def _wait_for_delivered(paper: Dispatch, wanted: int) -> None:
    until = time.monotonic() + 60
    total = Circulation.objects.filter(dispatch=paper).count()
    while _delivered(paper) < min(wanted, total) and time.monotonic() < until:
        time.sleep(0.002)


def _wait_until_nothing_is_owed() -> None:
    until = time.monotonic() + 60
    while _owed() and time.monotonic() < until:
        time.sleep(0.05)


def _owed() -> int:
    return OutboxItem.objects.filter(done_at__isnull=True, not_before__lte=clock.now()).count()


def _expect_told_once(outcome: Outcome, paper: Dispatch, agencies: int) -> None:
    owed = OutboxItem.objects.filter(done_at__isnull=True).count()
    outcome.expect(owed == 0, f"{owed} items are still owed")
    delivered = Receipt.objects.filter(circulation__dispatch=paper, kind=ReceiptKind.DELIVERED)
    at_ones = set(delivered.values_list("circulation", flat=True))
    outcome.expect(
        delivered.count() == len(at_ones) == agencies == _delivered(paper),
        f"{delivered.count()} receipts of delivery at {len(at_ones)} of {agencies} agencies",
    )
    notices = Notice.objects.filter(dispatch=paper, kind=NoticeKind.ARRIVED)
    people = set(notices.values_list("person", flat=True))
    outcome.expect(
        notices.count() == len(people) == 2 * agencies,
        f"{notices.count()} notices to {len(people)} of {2 * agencies} people",
    )
