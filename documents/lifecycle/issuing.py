"""From signature to circulation: cấp số, hủy số, phát hành, cập nhật, chuyển tiếp."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import ledger.record as ledger
from agencies import clock
from agencies.authority import Authority
from agencies.models import User
from agencies.refusals import Reason
from documents import access, addressing, notify, numbering
from documents.choices import (
    Action,
    CitationKind,
    DueSource,
    LineRole,
    NoticeKind,
    RegisterKind,
    State,
    Tone,
)
from documents.lifecycle.drafting import (
    FileFacts,
    add_file,
    carry_files,
    require_reason,
    shortcomings,
)
from documents.lifecycle.evidence import changed, slots_digest, who
from documents.manifest import digest_of, manifest_of
from documents.models import (
    AddresseeLine,
    Circulation,
    Dispatch,
    DispatchVersion,
    Register,
)
from documents.models.circulation import LIVE
from documents.refusals import Incomplete


class Deadline(NamedTuple):
    """Until when the recipients act, as the sender sets it when issuing; None: no deadline."""

    moment: datetime | None


@transaction.atomic
def number(
    *, dispatch: Dispatch, deadline: Deadline | None = None, by: User, at: datetime
) -> Dispatch:
    """Give a signed paper its number and date (cấp số): only the records clerk, after signature.

    A `deadline` of the sender's takes the place of the one that the draft names, unless the paper
    prints one. Without it nothing changes.

    Locks the register before the dispatch, as every verb does, so that two clerks can neither share
    a number nor wait for each other. Nothing is drawn if this raises.

    Raises: NotFound, NotPermitted, WrongState, Incomplete.
    """
    on = clock.day_of(at)
    register = _lock_register(dispatch, at=at)
    dispatch = _locked(dispatch)
    authority = access.require(by, Action.NUMBER, dispatch, at=at)
    _set(dispatch, deadline)
    missing = shortcomings(dispatch, addressing.resolve(dispatch, on=on), at=at)
    if missing:
        raise Incomplete(missing)
    entry = numbering.take(register, on=on, by=by, at=at)
    dispatch.entry = entry
    dispatch.number = entry.number
    dispatch.symbol = numbering.symbol_of(dispatch, on=on)
    dispatch.code = numbering.compose_code(dispatch, number=entry.number, on=on)
    dispatch.issued_on = on
    dispatch.state = State.NUMBERED
    dispatch.save()
    ledger.append(
        "number.issued",
        {
            **who(authority),
            "entry": entry.pk,
            "register": register.pk,
            "number": entry.number,
            "dispatch": dispatch.pk,
        },
        at=at,
    )
    changed(dispatch)
    return dispatch


def _set(dispatch: Dispatch, deadline: Deadline | None) -> None:
    if deadline is None or deadline.moment == dispatch.due_at:
        return
    if dispatch.due_source == DueSource.PRINTED:
        raise Incomplete([Reason("due_at", _("The deadline is printed in the paper: it stays."))])
    dispatch.due_at = deadline.moment
    dispatch.due_source = DueSource.SENDER if deadline.moment else DueSource.NONE


def _lock_register(dispatch: Dispatch, *, at: datetime) -> Register:
    known = Dispatch.objects.select_related("registering_agency", "type").get(pk=dispatch.pk)
    register = numbering.register_for(
        agency=known.registering_agency,
        type=known.type,
        kind=RegisterKind.OUTGOING,
        on=clock.day_of(at),
    )
    return Register.objects.select_for_update().get(pk=register.pk)


def _locked(dispatch: Dispatch) -> Dispatch:
    return (
        Dispatch.objects.select_for_update(of=("self",))
        .select_related("type", "field", "issuing_agency", "registering_agency")
        .get(pk=dispatch.pk)
    )


@transaction.atomic
def void_number(*, dispatch: Dispatch, reason: str, by: User, at: datetime) -> Dispatch:
    """Void the number of a paper that was not yet issued (hủy số). The number is never reused.

    The paper is signed and without a number again.

    Raises: NotFound, NotPermitted, WrongState, Incomplete without a reason.
    """
    require_reason(reason)
    dispatch = _locked(dispatch)
    authority = access.require(by, Action.VOID, dispatch, at=at)
    entry = dispatch.entry
    assert entry is not None  # the state says so, and the database with it
    numbering.void(entry, reason=reason.strip(), by=by, at=at)
    dispatch.entry = None
    dispatch.number = dispatch.issued_on = None
    dispatch.symbol = dispatch.code = ""
    dispatch.state = State.SIGNED
    dispatch.save()
    ledger.append(
        "number.voided",
        {**who(authority), "entry": entry.pk, "number": entry.number, "dispatch": dispatch.pk},
        at=at,
    )
    changed(dispatch)
    return dispatch


@transaction.atomic
def issue(
    *, dispatch: Dispatch, deadline: Deadline | None = None, by: User, at: datetime
) -> Dispatch:
    """Seal a numbered paper and circulate it (phát hành): all recipients or none.

    `deadline`: as for `number`.

    Raises: NotFound, NotPermitted, WrongState, Incomplete with everything that stands against it.
    """
    dispatch = _locked(dispatch)
    authority = access.require(by, Action.ISSUE, dispatch, at=at)
    _set(dispatch, deadline)
    addressed = addressing.resolve(dispatch, on=clock.day_of(at))
    missing = shortcomings(dispatch, addressed, at=at)
    if missing:
        raise Incomplete(missing)
    version = seal(dispatch.current_version, at=at)
    dispatch.state = State.ISSUED
    dispatch.issued_at = at
    dispatch.save()
    ledger.append(
        "dispatch.issued",
        {
            **who(authority),
            "dispatch": dispatch.pk,
            "entry": dispatch.entry_id,
            "code": dispatch.code,
            "version": version.pk,
            "digest": version.digest,
        },
        at=at,
    )
    _send(dispatch, version, addressed.slots, authority, wave=1, at=at)
    _replace_cited(dispatch, authority, at=at)
    changed(dispatch)
    return dispatch


@transaction.atomic
def number_and_issue(
    *, dispatch: Dispatch, deadline: Deadline | None = None, by: User, at: datetime
) -> Dispatch:
    """Number and issue in one step: what the clerk's one button does."""
    numbered = number(dispatch=dispatch, deadline=deadline, by=by, at=at)
    return issue(dispatch=numbered, by=by, at=at)


def seal(version: DispatchVersion, *, at: datetime) -> DispatchVersion:
    """Freeze text and files: from here on the row refuses to change."""
    version.manifest = manifest_of(version)
    version.digest = digest_of(version.text, version.manifest)
    version.issued_at = at
    version.save(update_fields=["manifest", "digest", "issued_at"])
    return version


def _send(
    dispatch: Dispatch,
    version: DispatchVersion,
    slots: Sequence[addressing.Slot],
    authority: Authority,
    *,
    wave: int,
    at: datetime,
) -> list[Circulation]:
    """Write the circulations of one sending, one ledger entry for all, and owe the delivery."""
    alike: dict[tuple[str, str], list[addressing.Slot]] = {}
    for slot in slots:
        alike.setdefault((slot.role, slot.tone), []).append(slot)
    for first, *others in alike.values():
        circulation = addressing.circulation_for(
            dispatch, first, circulated_by=authority.agency, wave=wave, at=at
        )
        circulation.save()
        circulation.spread([slot.agency.pk for slot in others])
    named = ("agency_id", "role", "audience", "expectation")
    sent = list(Circulation.objects.filter(dispatch=dispatch, wave=wave).only(*named))
    by_agency = {each.agency_id: each.pk for each in sent}
    by_line = Circulation.lines.through
    by_line.objects.bulk_create(
        [
            by_line(circulation_id=by_agency[slot.agency.pk], addresseeline_id=line.pk)
            for slot in slots
            for line in slot.lines
        ],
        batch_size=5000,
    )
    ledger.append(
        "dispatch.circulated",
        {
            **who(authority),
            "dispatch": dispatch.pk,
            "version": version.pk,
            "wave": wave,
            "count": len(sent),
            "slots": slots_digest(sent),
        },
        at=at,
    )
    notify.deliver(dispatch, version, wave=wave, at=at)
    return sent


def _replace_cited(dispatch: Dispatch, authority: Authority, *, at: datetime) -> None:
    """Mark what this paper replaces: only papers of the same registering agency can be."""
    targets = (
        dispatch.citations.filter(
            kind=CitationKind.REPLACES,
            target__registering_agency=dispatch.registering_agency_id,
            target__state=State.ISSUED,
        )
        .order_by("target")
        .values_list("target", flat=True)
    )
    for pk in targets:
        old = Dispatch.objects.select_for_update(of=("self",)).get(pk=pk)
        old.replaced_by = dispatch
        old.save(update_fields=["replaced_by"])
        ledger.append(
            "dispatch.replaced",
            {**who(authority), "dispatch": old.pk, "by": dispatch.pk},
            at=at,
        )
        changed(old)


@transaction.atomic
def circulate(
    *,
    dispatch: Dispatch,
    agencies: Sequence[int],
    lists: Sequence[int] = (),
    text: str = "",
    role: LineRole = LineRole.TO,
    tone: Tone = Tone.ORDERED,
    by: User,
    at: datetime,
) -> list[Circulation]:
    """Send an issued paper to further agencies (gửi bổ sung, chuyển tiếp).

    The printed lines do not change: the addition is a line of its own, marked as such. Agencies
    that hold it already are left as they are.

    Raises: NotFound, NotPermitted, WrongState, Incomplete.
    """
    dispatch = _locked(dispatch)
    authority = access.require(by, Action.CIRCULATE, dispatch, at=at)
    if dispatch.recalled_at:
        raise Incomplete([Reason("recalled", _("The paper was recalled."))])
    last = dispatch.lines.order_by("-order").first()
    wave = max(dispatch.circulations.values_list("wave", flat=True), default=0) + 1
    line = AddresseeLine.objects.create(
        dispatch=dispatch,
        order=(last.order if last else 0) + 1,
        text_as_printed=text.strip() or str(_("Sent later")),
        role=role,
        tone=tone,
        wave=wave,
    )
    line.agencies.set(agencies)
    line.lists.set(lists)
    result = addressing.resolve(dispatch, on=clock.day_of(at), lines=[line])
    held = set(dispatch.circulations.filter(LIVE).values_list("agency", flat=True))
    slots = [slot for slot in result.slots if slot.agency.pk not in held]
    if not slots:
        raise Incomplete(
            [Reason("agencies", _("Name at least one agency that does not hold it already."))]
        )
    version = dispatch.versions.filter(issued_at__isnull=False).order_by("-no")[0]
    sent = _send(dispatch, version, slots, authority, wave=wave, at=at)
    changed(dispatch)
    return sent


@transaction.atomic
def update(
    *, dispatch: Dispatch, files: Sequence[FileFacts], reason: str, by: User, at: datetime
) -> DispatchVersion:
    """Add forgotten files to an issued paper (cập nhật): none is removed, everybody is told.

    The text stays, byte for byte; who acknowledges from now on acknowledges the new version.

    Raises: NotFound, NotPermitted, WrongState, Incomplete.
    """
    require_reason(reason)
    if not files:
        raise Incomplete([Reason("files", _("Add at least one file."))])
    dispatch = _locked(dispatch)
    authority = access.require(by, Action.UPDATE, dispatch, at=at)
    old = dispatch.current_version
    new = DispatchVersion.objects.create(
        dispatch=dispatch,
        no=old.no + 1,
        text=old.text,
        reason=reason.strip(),
        created_at=at,
        created_by=by,
    )
    carried = carry_files(old, new)
    for order, file in enumerate(files, start=carried + 1):
        add_file(new, file, order=order, by=by, at=at)
    seal(new, at=at)
    ledger.append(
        "dispatch.updated",
        {
            **who(authority),
            "dispatch": dispatch.pk,
            "version": new.pk,
            "digest": new.digest,
        },
        at=at,
    )
    for circulation in dispatch.circulations.filter(LIVE):
        notify.tell_recipient(NoticeKind.UPDATED, circulation, mark=str(new.no), at=at)
    changed(dispatch)
    return new
