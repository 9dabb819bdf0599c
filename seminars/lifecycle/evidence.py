"""What a verb leaves behind: an event of the seminar, and for what counts as proof a ledger entry."""

from datetime import datetime
from typing import Any

import ledger.record as ledger
from agencies.authority import Authority
from documents.lifecycle.evidence import who
from seminars import events
from seminars.choices import Act
from seminars.lifecycle.telling import owe_what_follows
from seminars.models import Seminar, SeminarEvent

Facts = dict[str, int | str | bool | None]


def record(
    seminar: Seminar,
    act: Act,
    authority: Authority | None,
    *,
    at: datetime,
    reason: str = "",
    proof: str = "",
    **facts: Any,
) -> None:
    """Write one event, with `proof` a ledger entry of that type, and what others are owed for it.

    Then say that it changed. Without authority the clock acted, or whoever had a mail. `facts` are
    ids, units and codes.
    """
    event = SeminarEvent.objects.create(
        seminar=seminar,
        act=act,
        state=seminar.state,
        at=at,
        actor=authority.user if authority else None,
        deputy=authority.deputy if authority else None,
        reason=reason,
        facts=facts,
    )
    if proof:
        actor: Facts = who(authority) if authority else {}
        ledger.append(proof, {**actor, "seminar": seminar.pk, **facts}, at=at)
    owe_what_follows(event)
    events.changed.send(sender=Seminar, instance=seminar)
