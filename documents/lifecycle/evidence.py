"""What a verb leaves behind: ledger data and receipts, in one form."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from agencies.authority import Authority
from agencies.models import Agency
from documents import events
from documents.choices import ReceiptKind
from documents.models import Circulation, Dispatch, DispatchVersion, Receipt

Data = dict[str, int | str | bool | None]


def who(authority: Authority) -> Data:
    """Return the actor as ids: names are not written into the chain."""
    return {
        "actor": authority.user.pk,
        "agency": authority.agency.pk,
        "deputy": authority.deputy.pk if authority.deputy else None,
    }


def slots_digest(circulations: Iterable[Circulation]) -> str:
    """Return the SHA-256 (hex) over the sorted slots of one sending: one line a circulation."""
    lines = sorted(
        f"{each.pk}:{each.agency_id}:{each.role}:{each.audience}:{each.expectation}"
        for each in circulations
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def receipt(
    kind: ReceiptKind,
    circulation: Circulation,
    version: DispatchVersion,
    authority: Authority,
    *,
    at: datetime,
    reason: str = "",
    suggested: Agency | None = None,
    code: str | None = None,
) -> Receipt:
    """Build, unsaved, the receipt of one act: by whom, in whose place, on which version."""
    return Receipt(
        circulation=circulation,
        kind=kind,
        at=at,
        actor=authority.user,
        on_behalf_of=circulation.agency,
        deputy=authority.deputy,
        version=version,
        digest=version.digest,
        reason=reason,
        suggested=suggested,
        code=code,
    )


def changed(dispatch: Dispatch) -> None:
    """Say that something about the dispatch changed: the last line of each verb."""
    events.changed.send(sender=Dispatch, instance=dispatch, progress=False)


def progressed(dispatch: Dispatch) -> None:
    """Say that a recipient has come further with it, in place of `changed`: it reads as before."""
    events.changed.send(sender=Dispatch, instance=dispatch, progress=True)
