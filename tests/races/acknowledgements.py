"""Many acknowledge: the same paper at the same moment, and many papers at once."""

import time

from agencies.models import User
from documents import access, lifecycle
from documents.choices import ReceiptKind
from documents.models import Circulation, Receipt
from ledger.models import LedgerEntry
from tests.documents.world import World, acknowledged, at
from tests.races import crews, province
from tests.races.outcome import Outcome


def acknowledge_at_once(*, callers: int) -> Outcome:
    """One clerk's acknowledgement arrives many times at once (two clicks, a retry, a time-out).

    One receipt is made, every caller gets it, and the paper is received once; first for a paper
    that waits to be received, then for one that is received.
    """
    world = World()
    outcome = Outcome()
    waiting = world.at_home(world.issued())
    for row, taken_over in ((waiting, False), (world.received(), True)):
        answers = crews.at_once(_acknowledge, [(row.pk, world.home_clerk.pk)] * callers)
        outcome.findings += crews.errors(answers)
        codes = {each.result for each in answers if each.result}
        outcome.expect(len(codes) == 1, f"the callers were given {len(codes)} codes, not one")
        for kind in (ReceiptKind.ACKNOWLEDGED, ReceiptKind.RECEIVED):
            count = Receipt.objects.filter(circulation=row, kind=kind).count()
            outcome.expect(count == 1, f"{count} receipts “{kind}”, {taken_over=}")
    entries = LedgerEntry.objects.filter(type="circulation.acknowledged").count()
    outcome.expect(entries == 2, f"{entries} acknowledgements in the ledger, not two")
    outcome.expect_good_ledger()
    return outcome


def _acknowledge(ready: crews.Ready, circulation: int, clerk: int) -> str | None:
    row = Circulation.objects.select_related("dispatch").get(pk=circulation)
    user = User.objects.get(pk=clerk)
    ready()
    return acknowledged(row, user, at(3)).code


def acknowledge_mixed(*, acknowledgements: int, connections: int) -> Outcome:
    """Many offices open, list and acknowledge at once, each its own paper.

    No error reaches anybody, no "database is locked" above all (security L03), and nothing that
    was confirmed is lost.
    """
    world = World()
    agencies = province.crowd(acknowledgements)
    paper = world.issued(lines=province.line_to(agencies))
    pks = list(
        Circulation.objects.filter(dispatch=paper).order_by("pk").values_list("pk", flat=True)
    )
    answers = crews.at_once(
        _acknowledge_each, [(pks[each::connections],) for each in range(connections)]
    )
    outcome = Outcome(crews.errors(answers))
    done = [each.result for each in answers if each.result]
    confirmed = {code for codes, _spans, _begun, _ended in done for code in codes}
    spans = sorted(span for _codes, each, _begun, _ended in done for span in each)
    stored = set(
        Receipt.objects.filter(kind=ReceiptKind.ACKNOWLEDGED).values_list("code", flat=True)
    )
    outcome.expect(confirmed <= stored, f"{len(confirmed - stored)} confirmed receipts are lost")
    outcome.expect(
        len(confirmed) == acknowledgements,
        f"{len(confirmed)} of {acknowledgements} acknowledgements were confirmed",
    )
    if done:
        begun = min(begun for _codes, _spans, begun, _ended in done)
        ended = max(ended for _codes, _spans, _begun, ended in done)
        outcome.facts["a_second"] = round(len(confirmed) / (ended - begun))
        outcome.facts["p95_ms"] = round(1000 * spans[int(0.95 * (len(spans) - 1))])
    outcome.expect_good_ledger()
    return outcome


def _acknowledge_each(
    ready: crews.Ready, circulations: list[int]
) -> tuple[list[str | None], list[float], float, float]:
    rows = Circulation.objects.select_related("dispatch").in_bulk(circulations)
    clerks = {
        user.posts.all()[0].agency_id: user
        for user in User.objects.filter(
            posts__agency__in=[row.agency_id for row in rows.values()]
        ).prefetch_related("posts")
    }
    ready()
    begun = time.monotonic()
    codes, spans = [], []
    for row in rows.values():
        clerk = clerks[row.agency_id]
        lifecycle.open_text(circulation=row, by=clerk, at=at(3))
        list(access.circulations_read_by(clerk, at=at(3)).order_by("-sent_at", "-pk")[:25])
        asked = time.monotonic()
        codes.append(acknowledged(row, clerk, at(3)).code)
        spans.append(time.monotonic() - asked)
    return codes, spans, begun, time.monotonic()
