"""Many clerks draw numbers from one register, and some of their transactions fail."""

import contextlib
import random
import time
from typing import Any

from django.db import transaction
from django.db.models.query import QuerySet

from documents import lifecycle
from documents.choices import NumberState, RegisterKind
from documents.models import Dispatch, RegisterEntry
from tests.documents.world import World, at
from tests.races import crews, province
from tests.races.outcome import Outcome

OPENING = 1502
VOIDED_SHARE = 0.05


class Lost(Exception):
    """The transaction fails after its number was drawn."""


def issue_numbers(
    *, processes: int, numbers: int, aborted_share: float = 0.2, locked: bool = True
) -> Outcome:
    """Give numbers from many processes at once; some transactions fail with the number in hand.

    The register must run densely from its first number, each given once; a number that was
    taken back stays, voided, with its reason. `locked=False` leaves row locks out: with it the
    campaign must fail, or it would prove nothing.
    """
    world = World(opening=OPENING)
    share = -(-numbers // processes)
    signed = province.copies_of(world.signed(), share * processes)
    started = time.monotonic()
    answers = crews.at_once(
        _number,
        [
            (world, signed[seed * share : (seed + 1) * share], aborted_share, seed, locked)
            for seed in range(processes)
        ],
    )
    outcome = Outcome(crews.errors(answers))
    done = [each.result for each in answers if each.result]
    span = max((ended for _lost, _begun, ended in done), default=started) - min(
        (begun for _lost, begun, _ended in done), default=started
    )
    given = _expect_dense_register(outcome, world)
    outcome.facts |= {
        "numbers": given,
        "lost": sum(lost for lost, _begun, _ended in done),
        "a_second": round(given / span) if span else 0,
    }
    outcome.expect_good_ledger()
    return outcome


def _expect_dense_register(outcome: Outcome, world: World) -> int:
    entries = RegisterEntry.objects.filter(
        register__agency=world.province, register__kind=RegisterKind.OUTGOING
    ).order_by("number", "pk")
    rows = list(entries.values_list("number", "state", "reason", "dispatch"))
    given = [number for number, _state, _reason, _dispatch in rows]
    outcome.expect(
        given == list(range(OPENING, OPENING + len(given))),
        f"the register does not run densely from {OPENING}: {len(given)} entries, "
        f"{len(set(given))} distinct, to {max(given, default=0)}",
    )
    for number, state, reason, dispatch in rows:
        if state == NumberState.VOIDED:
            outcome.expect(bool(reason), f"{number} is voided without a reason")
        else:
            outcome.expect(dispatch is not None, f"{number} is given to no paper")
    register = entries[0].register if rows else None
    outcome.expect(
        register is not None and register.last_number == OPENING + len(given) - 1,
        "the register does not stand at its last number",
    )
    outcome.facts["voided"] = sum(state == NumberState.VOIDED for _n, state, _r, _d in rows)
    return len(given)


def _number(
    ready: crews.Ready,
    world: World,
    papers: list[int],
    aborted_share: float,
    seed: int,
    locked: bool,
) -> tuple[int, float, float]:
    chance = random.Random(seed)
    signed = list(Dispatch.objects.filter(pk__in=papers).order_by("pk"))
    if not locked:
        leave_locks_out()
    ready()
    begun, lost = time.monotonic(), 0
    for paper in signed:
        while chance.random() < aborted_share:
            with contextlib.suppress(Lost), transaction.atomic():
                lifecycle.number(dispatch=paper, by=world.clerk, at=at(2))
                raise Lost
            lost += 1
        lifecycle.number(dispatch=paper, by=world.clerk, at=at(2))
        if chance.random() < VOIDED_SHARE:
            lifecycle.void_number(dispatch=paper, reason="Đánh số nhầm", by=world.clerk, at=at(2))
            lifecycle.number(dispatch=paper, by=world.clerk, at=at(2))
    return lost, begun, time.monotonic()


def leave_locks_out() -> None:
    def unlocked(rows: QuerySet[Any], *_args: Any, **_kwargs: Any) -> QuerySet[Any]:
        return rows.all()

    QuerySet.select_for_update = unlocked  # type: ignore[method-assign]
