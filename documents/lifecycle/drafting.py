"""From an empty page to a signature: soạn thảo, trình ký, trả lại, ký."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import ledger.record as ledger
from agencies import clock
from agencies.authority import Authority
from agencies.choices import Role
from agencies.models import Agency, User
from agencies.refusals import Reason
from documents import access, addressing, notify, secrecy
from documents.choices import (
    Action,
    CitationKind,
    DueSource,
    FileRole,
    LineRole,
    NoticeKind,
    State,
    Tone,
)
from documents.lifecycle.evidence import changed, who
from documents.models import (
    AddresseeLine,
    Attachment,
    Citation,
    Dispatch,
    DispatchVersion,
    DocumentType,
)
from documents.refusals import EditedMeanwhile, Incomplete, NotPermitted

WRITERS = frozenset({Role.CLERK, Role.OFFICER, Role.LEADER, Role.HEAD})

#: What the drafter fills in; anything else is set by a verb.
DRAFT_FIELDS = frozenset(
    {
        "type",
        "archive_kind",
        "subject",
        "field",
        "place",
        "effective_on",
        "urgency",
        "circulation_note",
        "expectation",
        "due_at",
        "due_source",
        "audience",
    }
)


@dataclass(frozen=True)
class LineDraft:
    """An addressee line as the drafter writes it."""

    text: str
    role: LineRole = LineRole.TO
    tone: Tone = Tone.ORDERED
    as_above: bool = False
    agencies: Sequence[int] = ()
    lists: Sequence[int] = ()


@dataclass(frozen=True)
class CitationDraft:
    code: str
    kind: CitationKind = CitationKind.CITES
    title: str = ""
    issued_on: date | None = None
    target: int | None = None


@dataclass(frozen=True)
class FileFacts:
    """A file that is already stored under its hash, and what was found out about it."""

    name: str
    sha256: str
    size: int
    media_type: str
    role: FileRole = FileRole.ANNEX
    pages: int | None = None
    text: str = field(default="", repr=False)


@transaction.atomic
def draft(*, agency: Agency, type: DocumentType, by: User, at: datetime) -> Dispatch:
    """Begin a paper of `agency`. Only its drafter sees it until it is submitted.

    Raises: NotPermitted unless `by` holds a writing post there.
    """
    access.require_role(by, agency.pk, WRITERS, at=at)
    day = clock.day_of(at)
    name = agency.name_on(day)
    dispatch = Dispatch.objects.create(
        type=type,
        archive_kind=type.archive_kind,
        registering_agency=agency,
        issuing_agency=agency,
        place=name.place if name else "",
        drafter=by,
        audience=agency.default_audience,
        created_at=at,
    )
    DispatchVersion.objects.create(dispatch=dispatch, no=1, created_at=at, created_by=by)
    changed(dispatch)
    return dispatch


@transaction.atomic
def save_draft(
    *,
    dispatch: Dispatch,
    by: User,
    at: datetime,
    seen_edits: int,
    values: dict[str, Any],
    text: str,
    lines: Sequence[LineDraft],
    citations: Sequence[CitationDraft] = (),
) -> Dispatch:
    """Save everything that the page of a draft holds. Incomplete drafts are saved too.

    `seen_edits` is the count that the page was opened with: a save upon another's save is refused,
    so that nobody's words vanish.

    Raises: NotFound, NotPermitted, WrongState, EditedMeanwhile, secrecy.SecretPaper.
    """
    secrecy.refuse_if_secret(f"{values.get('subject', '')}\n{text}")
    dispatch = locked(dispatch)
    access.require(by, Action.EDIT, dispatch, at=at)
    if dispatch.edits != seen_edits:
        raise EditedMeanwhile(
            [Reason("edited", _("The draft was saved elsewhere after you opened this page."))]
        )
    for name in values.keys() & DRAFT_FIELDS:
        setattr(dispatch, name, values[name])
    if dispatch.due_at is None:
        dispatch.due_source = DueSource.NONE
    dispatch.edits += 1
    dispatch.saved_by, dispatch.saved_at = by, at
    dispatch.save()
    DispatchVersion.objects.filter(dispatch=dispatch, issued_at__isnull=True).update(text=text)
    _write_lines(dispatch, lines)
    _write_citations(dispatch, citations, by=by, at=at)
    changed(dispatch)
    return dispatch


def locked(dispatch: Dispatch) -> Dispatch:
    """Lock the row and read it anew."""
    return Dispatch.objects.select_for_update(of=("self",)).get(pk=dispatch.pk)


def _write_lines(dispatch: Dispatch, lines: Sequence[LineDraft]) -> None:
    dispatch.lines.all().delete()
    for order, line in enumerate(lines, start=1):
        row = AddresseeLine.objects.create(
            dispatch=dispatch,
            order=order,
            text_as_printed=line.text,
            role=line.role,
            tone=line.tone,
            as_above=line.as_above,
        )
        row.agencies.set(line.agencies)
        row.lists.set(line.lists)


def _write_citations(
    dispatch: Dispatch, citations: Sequence[CitationDraft], *, by: User, at: datetime
) -> None:
    """Rewrite the citations. A target is kept only when the writer may read it himself."""
    dispatch.citations.all().delete()
    wanted = {each.target for each in citations if each.target}
    readable = set(
        access.visible_to(by, at=at).filter(pk__in=wanted).values_list("pk", flat=True)
        if wanted
        else ()
    )
    Citation.objects.bulk_create(
        [
            Citation(
                dispatch=dispatch,
                kind=each.kind,
                code=each.code,
                title=each.title,
                issued_on=each.issued_on,
                target_id=each.target if each.target in readable else None,
            )
            for each in citations
        ]
    )


@transaction.atomic
def attach(*, dispatch: Dispatch, file: FileFacts, by: User, at: datetime) -> Attachment:
    """Add a stored file to a draft. The file is on disk before this row says so.

    Raises: NotFound, NotPermitted, WrongState.
    """
    dispatch = locked(dispatch)
    access.require(by, Action.EDIT, dispatch, at=at)
    version = dispatch.current_version
    row = add_file(version, file, order=version.attachments.count() + 1, by=by, at=at)
    changed(dispatch)
    return row


def carry_files(old: DispatchVersion, new: DispatchVersion) -> int:
    """Give a newer version the files of the one before it; return how many they are."""
    files = list(old.attachments.all())
    for file in files:
        file.pk = None
        file.version = new
        file._state.adding = True
    return len(Attachment.objects.bulk_create(files))


def add_file(
    version: DispatchVersion, file: FileFacts, *, order: int, by: User, at: datetime
) -> Attachment:
    return Attachment.objects.create(
        version=version,
        order=order,
        role=file.role,
        name=file.name,
        sha256=file.sha256,
        size=file.size,
        media_type=file.media_type,
        pages=file.pages,
        text=file.text,
        added_at=at,
        added_by=by,
    )


@transaction.atomic
def detach(*, dispatch: Dispatch, attachment: int, by: User, at: datetime) -> None:
    """Take a file off a draft. Raises: NotFound, NotPermitted, WrongState."""
    dispatch = locked(dispatch)
    access.require(by, Action.EDIT, dispatch, at=at)
    dispatch.current_version.attachments.filter(pk=attachment).delete()
    changed(dispatch)


def require_reason(reason: str) -> None:
    """Raises: Incomplete when an act that needs a reason has none."""
    if not reason.strip():
        raise Incomplete([Reason("reason", _("State the reason."))])


@transaction.atomic
def submit(*, dispatch: Dispatch, by: User, at: datetime) -> Dispatch:
    """Put the draft before the one who signs (trình ký).

    Raises: NotFound, NotPermitted, WrongState, Incomplete with everything that is missing.
    """
    dispatch = locked(dispatch)
    access.require(by, Action.SUBMIT, dispatch, at=at)
    missing = shortcomings(dispatch, addressing.resolve(dispatch, on=clock.day_of(at)), at=at)
    if missing:
        raise Incomplete(missing)
    dispatch.state = State.SUBMITTED
    dispatch.sent_back_reason = ""
    dispatch.save(update_fields=["state", "sent_back_reason"])
    notify.tell_home(NoticeKind.SUBMITTED, dispatch, mark=str(dispatch.edits), at=at)
    changed(dispatch)
    return dispatch


def shortcomings(
    dispatch: Dispatch, addressed: addressing.Addressing, *, at: datetime
) -> list[Reason]:
    """Return everything that keeps the paper from being signed and issued, all at once."""
    found = []
    version = dispatch.current_version
    if not dispatch.subject.strip():
        found.append(Reason("subject", _("The subject is missing.")))
    if not version.text.strip() and not version.attachments.exists():
        found.append(Reason("text", _("There is neither a text nor a file.")))
    if not dispatch.type.abbreviation and dispatch.field is None:
        found.append(
            Reason("field", _("The symbol of this type needs the field of work (such as NC)."))
        )
    if dispatch.due_at is not None and dispatch.due_at <= at:
        found.append(Reason("due_at", _("The deadline lies in the past.")))
    return found + _addressing_reasons(dispatch, addressed)


def _addressing_reasons(dispatch: Dispatch, addressed: addressing.Addressing) -> list[Reason]:
    found = []
    if not dispatch.lines.exclude(role=LineRole.ARCHIVE).exists():
        found.append(Reason("lines", _("Nobody is addressed.")))
    for line in addressed.unresolved:
        found.append(
            Reason(
                "lines",
                _("The line “%(line)s” stands for no agency yet.") % {"line": line},
            )
        )
    for agency, successions in addressed.ended:
        heirs = ", ".join(str(each.successor) for each in successions if each.successor)
        text = (
            _("%(agency)s has ended; it was followed by: %(heirs)s.")
            if heirs
            else _("%(agency)s has ended and nobody followed it.")
        )
        found.append(Reason("lines", text % {"agency": agency, "heirs": heirs}))
    return found


@transaction.atomic
def discard(*, dispatch: Dispatch, by: User, at: datetime) -> Dispatch:
    """Withdraw a draft (rút dự thảo). Its row stays, nobody else ever saw it."""
    dispatch = locked(dispatch)
    access.require(by, Action.DISCARD, dispatch, at=at)
    dispatch.state = State.DISCARDED
    dispatch.save(update_fields=["state"])
    changed(dispatch)
    return dispatch


@transaction.atomic
def record_refused_secret(*, agency: Agency, by: User | None, at: datetime) -> None:
    """Note that a paper marked secret was refused at the door, and nothing of the paper.

    `by` is None where nobody signed in: whoever had a mail that was sent to the agency.

    State secrets are not for this network (Law 117/2025/QH15; Decree 30/2020, article 1).
    """
    if by is None:
        ledger.append("paper.refused", {"actor": None, "agency": agency.pk, "deputy": None}, at=at)
        return
    authority: Authority | None
    try:
        authority = access.require_role(by, agency.pk, WRITERS, at=at)
    except NotPermitted:
        authority = None
    data = who(authority) if authority else {"actor": by.pk, "agency": None, "deputy": None}
    ledger.append("paper.refused", data, at=at)
