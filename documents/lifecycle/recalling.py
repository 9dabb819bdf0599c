"""Recall (thu hồi): a real change of state, not a label. Decree 30/2020, article 18.4."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import ledger.record as ledger
from agencies.models import User
from agencies.refusals import Reason
from documents import access, notify
from documents.choices import (
    TAKEN_OVER,
    Action,
    NoticeKind,
    RecallState,
    ReceiptKind,
)
from documents.lifecycle.drafting import require_reason
from documents.lifecycle.evidence import changed, receipt, slots_digest, who
from documents.lifecycle.receiving import issued_version, locked
from documents.models import Circulation, Dispatch, Receipt
from documents.models.circulation import LIVE
from documents.refusals import Incomplete, WrongState


@transaction.atomic
def recall(
    *,
    dispatch: Dispatch,
    reason: str,
    by: User,
    at: datetime,
    only: Sequence[int] | None = None,
) -> Dispatch:
    """Recall a paper from everybody, or from some circulations (`only`, their ids).

    Who has not yet received it loses it at once; who has is asked. Number, metadata and reason stay
    in the registers of both sides; there is no deletion.

    Raises: NotFound, NotPermitted, WrongState, Incomplete.
    """
    require_reason(reason)
    dispatch = (
        Dispatch.objects.select_for_update(of=("self",)).select_related("type").get(pk=dispatch.pk)
    )
    authority = access.require(by, Action.RECALL, dispatch, at=at)
    if dispatch.recalled_at and only is None:
        raise WrongState([Reason("recalled", _("The paper was recalled already."))])
    rows = Circulation.objects.select_for_update().filter(
        LIVE, dispatch=dispatch, recall_state__in=(RecallState.NONE, RecallState.REFUSED)
    )
    # What the registering agency keeps of a paper from outside is its own register.
    rows = rows.exclude(agency=dispatch.registering_agency_id)
    if only is not None:
        rows = rows.filter(pk__in=only)
    circulations = list(rows.order_by("pk"))
    if only is not None and not circulations:
        raise Incomplete([Reason("only", _("None of these recipients still holds it."))])
    version = dispatch.versions.filter(issued_at__isnull=False).order_by("-no")[0]
    receipts = []
    for row in circulations:
        asked = row.state in TAKEN_OVER
        row.recall_state = RecallState.REQUESTED if asked else RecallState.AGREED
        row.recall_reason = reason.strip()
        row.closed_at = None if asked else at
        kind = ReceiptKind.RECALL_REQUESTED if asked else ReceiptKind.RECALLED
        receipts.append(receipt(kind, row, version, authority, at=at))
        told = NoticeKind.RECALL_REQUESTED if asked else NoticeKind.RECALLED
        notify.tell_recipient(told, row, mark=at.isoformat(), at=at)
    Circulation.objects.bulk_update(
        circulations, ["recall_state", "recall_reason", "closed_at"], batch_size=500
    )
    Receipt.objects.bulk_create(receipts, batch_size=1000)
    if only is None:
        dispatch.recalled_at = at
        dispatch.recall_reason = reason.strip()
        dispatch.save(update_fields=["recalled_at", "recall_reason"])
    ledger.append(
        "dispatch.recalled",
        {
            **who(authority),
            "dispatch": dispatch.pk,
            "whole": only is None,
            "count": len(circulations),
            "slots": slots_digest(circulations),
        },
        at=at,
    )
    changed(dispatch)
    return dispatch


@transaction.atomic
def answer_recall(
    *, circulation: Circulation, agree: bool, reason: str = "", by: User, at: datetime
) -> Circulation:
    """Answer a recall: agreed (15), and the content is closed here; or refused (16) with reason.

    Raises: NotFound, NotPermitted, WrongState when none is asked for, Incomplete.
    """
    if not agree:
        require_reason(reason)
    circulation = locked(circulation)
    authority = access.require(by, Action.ANSWER_RECALL, circulation, at=at)
    if circulation.recall_state != RecallState.REQUESTED:
        raise WrongState([Reason("recall", _("Nobody asks for this paper back."))])
    circulation.recall_state = RecallState.AGREED if agree else RecallState.REFUSED
    circulation.closed_at = at if agree else None
    circulation.save(update_fields=["recall_state", "closed_at"])
    version = issued_version(circulation)
    kind = ReceiptKind.RECALL_AGREED if agree else ReceiptKind.RECALL_REFUSED
    row = receipt(kind, circulation, version, authority, at=at, reason=reason.strip())
    row.save()
    notify.tell_sender(NoticeKind.RECALL_ANSWERED, circulation, mark=at.isoformat(), at=at)
    ledger.append(
        "recall.answered",
        {
            **who(authority),
            "circulation": circulation.pk,
            "receipt": row.pk,
            "agreed": agree,
            "version": version.pk,
            "digest": version.digest,
        },
        at=at,
    )
    changed(circulation.dispatch)
    return circulation
