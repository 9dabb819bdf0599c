"""A paper from outside the network: registered by the clerk whom it reached, then circulated on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import ledger.record as ledger
from agencies import clock
from agencies.choices import DeputyScope, Role
from agencies.models import Agency, User
from agencies.refusals import Reason
from documents import access, addressing, numbering, secrecy
from documents.choices import (
    CirculationState,
    Expectation,
    LineRole,
    ReceiptKind,
    RegisterKind,
    State,
    Urgency,
)
from documents.lifecycle.drafting import FileFacts, add_file
from documents.lifecycle.evidence import changed, receipt, who
from documents.lifecycle.issuing import seal
from documents.models import Circulation, Dispatch, DispatchVersion, DocumentType
from documents.refusals import Incomplete


@dataclass(frozen=True)
class OutsidePaper:
    """What the clerk reads off the paper. Nothing is completed from elsewhere."""

    type: DocumentType
    issuer: str
    code: str
    issued_on: date
    subject: str
    urgency: Urgency = Urgency.ORDINARY
    signer: str = ""
    signer_title: str = ""
    place: str = ""
    number: int | None = None
    text: str = field(default="", repr=False)


@transaction.atomic
def register_outside(
    *,
    agency: Agency,
    paper: OutsidePaper,
    files: Sequence[FileFacts],
    by: User,
    at: datetime,
    known_twin: bool = False,
) -> Circulation:
    """Enter a paper from outside in the incoming register (vào sổ văn bản đến), with số đến.

    A second paper of the same issuer, number and date asks before it is entered (`known_twin`): true
    repeats exist. Only papers that the clerk may read are compared.

    Raises: NotPermitted, Incomplete with every reason, secrecy.SecretPaper.
    """
    secrecy.refuse_if_secret(f"{paper.subject}\n{paper.text}")
    authority = access.require_role(
        by, agency.pk, frozenset({Role.CLERK}), scope=DeputyScope.INCOMING, at=at
    )
    on = clock.day_of(at)
    _check(paper, files, on=on, twin=None if known_twin else _twin(paper, by, at=at))
    register = numbering.register_for(
        agency=agency, type=paper.type, kind=RegisterKind.INCOMING, on=on
    )
    entry = numbering.take(register, on=on, by=by, at=at)
    dispatch = Dispatch.objects.create(
        type=paper.type,
        archive_kind=paper.type.archive_kind,
        registering_agency=agency,
        issuer_as_printed=paper.issuer.strip(),
        number=paper.number,
        symbol=_symbol(paper),
        code=paper.code.strip(),
        subject=paper.subject.strip(),
        place=paper.place,
        issued_on=paper.issued_on,
        urgency=paper.urgency,
        signer_as_printed=paper.signer.strip(),
        signer_title=paper.signer_title.strip(),
        expectation=Expectation.INFORM,
        audience=agency.default_audience,
        state=State.ISSUED,
        drafter=by,
        created_at=at,
        issued_at=at,
    )
    version = DispatchVersion.objects.create(
        dispatch=dispatch, no=1, text=paper.text, created_at=at, created_by=by
    )
    for order, file in enumerate(files, start=1):
        add_file(version, file, order=order, by=by, at=at)
    seal(version, at=at)
    circulation = Circulation.objects.create(
        dispatch=dispatch,
        agency=agency,
        circulated_by=agency,
        role=LineRole.TO,
        audience=agency.default_audience,
        expectation=Expectation.INFORM,
        sent_at=at,
        receive_by=addressing.receive_by(paper.urgency, sent_at=at),
        state=CirculationState.RECEIVED,
        arrival_entry=entry,
        arrival_number=entry.number,
        arrived_on=on,
        delivered_at=at,
        received_at=at,
    )
    row = receipt(ReceiptKind.RECEIVED, circulation, version, authority, at=at)
    row.save()
    ledger.append(
        "dispatch.registered",
        {
            **who(authority),
            "dispatch": dispatch.pk,
            "entry": entry.pk,
            "number": entry.number,
            "code": dispatch.code,
            "version": version.pk,
            "digest": version.digest,
            "receipt": row.pk,
        },
        at=at,
    )
    changed(dispatch)
    return circulation


#: In signs, as the column has it.
LONGEST_SYMBOL = 60


def _symbol(paper: OutsidePaper) -> str:
    return paper.code.strip().partition("/")[2]


def _twin(paper: OutsidePaper, by: User, *, at: datetime) -> Dispatch | None:
    return (
        access.visible_to(by, at=at)
        .filter(
            code=paper.code.strip(),
            issued_on=paper.issued_on,
            issuer_as_printed=paper.issuer.strip(),
        )
        .first()
    )


def _check(
    paper: OutsidePaper, files: Sequence[FileFacts], *, on: date, twin: Dispatch | None
) -> None:
    found = []
    if not paper.subject.strip():
        found.append(Reason("subject", _("The subject is missing.")))
    if not paper.issuer.strip():
        found.append(Reason("issuer", _("The issuer is missing.")))
    if not paper.code.strip():
        found.append(Reason("code", _("The number and symbol are missing.")))
    if len(_symbol(paper)) > LONGEST_SYMBOL:
        text = _("The symbol is longer than %(most)s signs.") % {"most": LONGEST_SYMBOL}
        found.append(Reason("code", text))
    if paper.issued_on > on:
        found.append(Reason("issued_on", _("The date of the paper lies in the future.")))
    if not files and not paper.text.strip():
        found.append(Reason("files", _("There is neither a text nor a file.")))
    if twin is not None:
        found.append(
            Reason(
                "twin",
                _("%(code)s of that day is already registered. Confirm that this is another one.")
                % {"code": twin.code},
            )
        )
    if found:
        raise Incomplete(found)
