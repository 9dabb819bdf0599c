"""At the recipient: mở, tiếp nhận, trả lại, phân công, xác nhận; and the sender's reminder."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import ledger.record as ledger
from agencies import clock
from agencies.models import Agency, User
from agencies.refusals import Reason
from documents import access, notify, numbering, people
from documents.choices import (
    Action,
    CirculationState,
    HandlingRole,
    NoticeKind,
    ReceiptKind,
    RegisterKind,
)
from documents.lifecycle.drafting import require_reason
from documents.lifecycle.evidence import changed, progressed, receipt, who
from documents.models import Chase, Circulation, DispatchVersion, Handling, Receipt, Register
from documents.refusals import Incomplete, NewerVersion

#: No letters that are mistaken for digits when a receipt is read out over the telephone.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"


def locked(circulation: Circulation) -> Circulation:
    return (
        Circulation.objects.select_for_update(of=("self",))
        .select_related("dispatch__type", "agency")
        .get(pk=circulation.pk)
    )


def issued_version(circulation: Circulation) -> DispatchVersion:
    """Return the newest issued version (one query)."""
    return circulation.dispatch.versions.filter(issued_at__isnull=False).order_by("-no")[0]


@transaction.atomic
def open_text(*, circulation: Circulation, by: User, at: datetime) -> None:
    """Record that a person at the recipient looked at the text: once a person and version.

    Only an explicit view of the text calls this: no list, prefetch, export or job does.
    """
    authority = access.authority_at(by, circulation, at=at)
    if authority is None:
        return
    version = issued_version(circulation)
    if Receipt.objects.filter(
        circulation=circulation, actor=by, version=version, kind=ReceiptKind.OPENED
    ).exists():
        return
    Receipt.objects.bulk_create(
        [receipt(ReceiptKind.OPENED, circulation, version, authority, at=at)],
        ignore_conflicts=True,
    )
    Circulation.objects.filter(pk=circulation.pk, opened_at__isnull=True).update(opened_at=at)


@transaction.atomic
def receive(*, circulation: Circulation, by: User, at: datetime) -> Circulation:
    """Take the paper over (tiếp nhận, 03) and give it its số đến.

    Asked again for a paper that is already received, it answers with what is there.

    Raises: NotFound, NotPermitted, WrongState, Incomplete (no incoming register).
    """
    on = clock.day_of(at)
    register = numbering.register_for(
        agency=circulation.agency,
        type=circulation.dispatch.type,
        kind=RegisterKind.INCOMING,
        on=on,
    )
    register = Register.objects.select_for_update().get(pk=register.pk)
    circulation = locked(circulation)
    if circulation.received_at is not None and circulation.is_live:
        access.require(by, Action.ANSWER_RECALL, circulation, at=at)
        return circulation
    authority = access.require(by, Action.RECEIVE, circulation, at=at)
    version = issued_version(circulation)
    entry = numbering.take(register, on=on, by=by, at=at)
    circulation.state = CirculationState.RECEIVED
    circulation.arrival_entry = entry
    circulation.arrival_number = entry.number
    circulation.arrived_on = on
    circulation.received_at = at
    circulation.save()
    row = receipt(ReceiptKind.RECEIVED, circulation, version, authority, at=at)
    row.save()
    ledger.append(
        "circulation.received",
        {
            **who(authority),
            "circulation": circulation.pk,
            "receipt": row.pk,
            "version": version.pk,
            "digest": version.digest,
            "entry": entry.pk,
            "number": entry.number,
        },
        at=at,
    )
    progressed(circulation.dispatch)
    return circulation


@transaction.atomic
def return_to_sender(
    *,
    circulation: Circulation,
    reason: str,
    suggested: Agency | None,
    by: User,
    at: datetime,
) -> Circulation:
    """Return a misdirected paper (trả lại, 02; Decree 30/2020, article 21.2b).

    The content is closed to this agency; number, date and reason stay in its register.

    Raises: NotFound, NotPermitted, WrongState, Incomplete without a reason.
    """
    require_reason(reason)
    circulation = locked(circulation)
    authority = access.require(by, Action.RETURN, circulation, at=at)
    version = issued_version(circulation)
    circulation.state = CirculationState.RETURNED
    circulation.closed_at = at
    circulation.save(update_fields=["state", "closed_at"])
    row = receipt(
        ReceiptKind.RETURNED,
        circulation,
        version,
        authority,
        at=at,
        reason=reason.strip(),
        suggested=suggested,
    )
    row.save()
    notify.tell_sender(NoticeKind.RETURNED, circulation, mark="1", at=at)
    ledger.append(
        "circulation.returned",
        {
            **who(authority),
            "circulation": circulation.pk,
            "receipt": row.pk,
            "version": version.pk,
            "digest": version.digest,
        },
        at=at,
    )
    changed(circulation.dispatch)
    return circulation


@transaction.atomic
def assign(
    *,
    circulation: Circulation,
    assignee: User,
    role: HandlingRole,
    due_at: datetime | None,
    note: str,
    by: User,
    at: datetime,
) -> Handling:
    """Give the paper to a person of the agency to work on (phân công, 04).

    Raises: NotFound, NotPermitted, WrongState, Incomplete (not of this agency, a lead is there).
    """
    circulation = locked(circulation)
    authority = access.require(by, Action.ASSIGN, circulation, at=at)
    found = []
    members = people.members_of(circulation.agency_id, on=clock.day_of(at))
    if not members.filter(pk=assignee.pk).exists():
        found.append(Reason("assignee", _("This person holds no post at your agency.")))
    handlings = circulation.handlings
    if role == HandlingRole.LEAD and handlings.filter(role=role).exclude(assignee=assignee):
        found.append(Reason("role", _("Somebody else leads already.")))
    if due_at is not None and due_at <= at:
        found.append(Reason("due_at", _("The deadline lies in the past.")))
    if found:
        raise Incomplete(found)
    handling, _created = Handling.objects.update_or_create(
        circulation=circulation,
        assignee=assignee,
        defaults={
            "role": role,
            "due_at": due_at,
            "note": note.strip(),
            "assigned_by": by,
            "assigned_at": at,
        },
    )
    circulation.state = CirculationState.ASSIGNED
    circulation.save(update_fields=["state"])
    version = issued_version(circulation)
    receipt(ReceiptKind.ASSIGNED, circulation, version, authority, at=at).save()
    notify.tell_person(NoticeKind.ASSIGNED, circulation, assignee.pk, mark=at.isoformat(), at=at)
    changed(circulation.dispatch)
    return handling


@transaction.atomic
def acknowledge(
    *, circulation: Circulation, version_no: int, digest: str, by: User, at: datetime
) -> Receipt:
    """Acknowledge, for the agency, the version that the person was shown (xác nhận đã nhận).

    Once a version: asked again it gives the same receipt. A clerk who has not yet received the
    paper receives it with this act.

    Raises: NotFound, NotPermitted, WrongState, NewerVersion when another version is the newest.
    """
    takes_over = circulation.state == CirculationState.SENT and access.may(
        by, Action.RECEIVE, circulation, at=at
    )
    # Undone with all else when another version was shown.
    circulation = (
        receive(circulation=circulation, by=by, at=at) if takes_over else locked(circulation)
    )
    authority = access.require(by, Action.ACKNOWLEDGE, circulation, at=at)
    given = _given(circulation, version_no, digest)
    if given is not None:
        return given
    version = _check_shown(circulation, version_no, digest)
    row = receipt(
        ReceiptKind.ACKNOWLEDGED,
        circulation,
        version,
        authority,
        at=at,
        code=_receipt_code(circulation),
    )
    row.save()
    if circulation.acknowledged_at is None:
        circulation.acknowledged_at = at
        circulation.save(update_fields=["acknowledged_at"])
    ledger.append(
        "circulation.acknowledged",
        {
            **who(authority),
            "circulation": circulation.pk,
            "receipt": row.pk,
            "version": version.pk,
            "digest": version.digest,
            "code": row.code,
        },
        at=at,
    )
    progressed(circulation.dispatch)
    return row


def _given(circulation: Circulation, version_no: int, digest: str) -> Receipt | None:
    return Receipt.objects.filter(
        circulation=circulation,
        kind=ReceiptKind.ACKNOWLEDGED,
        version__no=version_no,
        digest=digest,
    ).first()


def _check_shown(circulation: Circulation, version_no: int, digest: str) -> DispatchVersion:
    version = issued_version(circulation)
    if version.no != version_no or version.digest != digest:
        raise NewerVersion(
            [
                Reason(
                    "version",
                    _("A newer version (%(no)s) has come. Read it, then acknowledge that one.")
                    % {"no": version.no},
                )
            ]
        )
    return version


def _receipt_code(circulation: Circulation) -> str:
    dispatch = circulation.dispatch
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    year = dispatch.issued_on.year if dispatch.issued_on else 0
    return f"BN-{dispatch.number or 0}-{year}-{drawn}"


@transaction.atomic
def chase(*, circulation: Circulation, by: User, at: datetime) -> bool:
    """Remind a late office: one notice, at most one a day an office. Returns whether one was sent.

    Raises: NotFound, NotPermitted, WrongState, Incomplete when the office is not late.
    """
    circulation = locked(circulation)
    access.require(by, Action.CHASE, circulation.dispatch, at=at)
    if not Circulation.objects.filter(pk=circulation.pk).late(at).exists():
        raise Incomplete([Reason("not_late", _("This office is not late."))])
    on = clock.day_of(at)
    _row, created = Chase.objects.get_or_create(
        circulation=circulation, on=on, defaults={"at": at, "by": by}
    )
    if created:
        notify.tell_recipient(NoticeKind.CHASED, circulation, mark=on.isoformat(), at=at)
        progressed(circulation.dispatch)
    return created
