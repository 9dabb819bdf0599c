"""What comes of it: the conclusion notice, the report to whoever ordered it, the programme's end."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.choices import DeputyScope, Role
from agencies.models import Agency, User
from agencies.refusals import Reason, Reasons
from documents import access as papers
from documents.choices import ArchiveKind, State
from documents.lifecycle import file_as
from documents.models import Dispatch, DispatchVersion
from documents.refusals import Incomplete, NotFound, WrongState
from seminars import access
from seminars.choices import Act, ProgrammeState, SeminarState
from seminars.lifecycle.evidence import record
from seminars.lifecycle.holding import unmarked
from seminars.lifecycle.locks import keep, locked
from seminars.models import Order, Programme, Seminar


@transaction.atomic
def conclude(
    *, seminar: Seminar, notice: Dispatch | None, waiver: str = "", by: User, at: datetime
) -> Seminar:
    """Có kết luận: the notice was issued, or it is recorded why there is none.

    Only with attendance closed and the minutes approved.

    Raises: NotFound, NotPermitted, WrongState, Incomplete.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.CONCLUDE, seminar, at=at)
    found = Reasons()
    left = unmarked(seminar)
    text = _("%(left)s delegates are not marked yet.")
    found.against(left, "attendance", text % {"left": left})
    approved = seminar.minutes.filter(approved_at__isnull=False).exists()
    found.against(not approved, "minutes", _("The minutes are not approved yet."))
    found.against(
        notice is None and not waiver.strip(), "notice",
        _("Name the conclusion notice, or say why there is none."),
    )  # fmt: skip
    if notice is not None:
        _check_own(found, notice, seminar, "notice")
        used = type(seminar.conclusion).objects.filter(notice=notice).exclude(seminar=seminar)
        found.against(used.exists(), "notice", _("This paper concludes another seminar."))
    found.refuse(Incomplete)
    conclusion = seminar.conclusion
    conclusion.notice, conclusion.waiver = notice, "" if notice else waiver.strip()
    conclusion.save()
    if notice is not None:
        file_as(dispatch=notice, kind=ArchiveKind.CONCLUSION)
    seminar.state = SeminarState.CONCLUDED
    keep(seminar, at=at)
    record(
        seminar, Act.CONCLUDE, authority, at=at, reason=conclusion.waiver,
        proof="seminar.concluded", notice=notice.pk if notice else None,
    )  # fmt: skip
    return seminar


@transaction.atomic
def attach_paper(*, seminar: Seminar, paper: Dispatch, by: User, at: datetime) -> Seminar:
    """Remember which paper is drafted as the notice (until concluded) or the report (after that).

    Raises: NotFound, NotPermitted, WrongState, Incomplete.
    """
    seminar = locked(seminar)
    act = Act.REPORT if seminar.state == SeminarState.CONCLUDED else Act.CONCLUDE
    authority = access.require(by, act, seminar, at=at)
    found = Reasons()
    own = paper.registering_agency_id == seminar.agency_id
    found.against(not own, "paper", _("The paper is not a paper of this agency."))
    found.refuse(Incomplete)
    conclusion = seminar.conclusion
    if act == Act.REPORT:
        conclusion.report = paper
    else:
        conclusion.notice = paper
    conclusion.save()
    record(seminar, Act.DRAFT_PAPER, authority, at=at, drafted=paper.pk)
    return seminar


@transaction.atomic
def report(*, seminar: Seminar, paper: Dispatch, by: User, at: datetime) -> Seminar:
    """Đã báo cáo: the report went to the body that ordered it.

    Raises: NotFound, NotPermitted, WrongState, Incomplete.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.REPORT, seminar, at=at)
    found = Reasons()
    _check_own(found, paper, seminar, "report")
    programme = seminar.programme
    if programme is not None:
        ordered_by = programme.order.dispatch.issuing_agency_id
        own = ordered_by == seminar.agency_id
        reached = paper.circulations.live().filter(agency=ordered_by).exists()
        text = _("The report was not sent to the body that ordered it.")
        found.against(ordered_by is not None and not own and not reached, "report", text)
    found.refuse(Incomplete)
    conclusion = seminar.conclusion
    conclusion.report = paper
    conclusion.save()
    seminar.state = SeminarState.REPORTED
    keep(seminar, at=at)
    record(seminar, Act.REPORT, authority, at=at, proof="seminar.reported", report=paper.pk)
    return seminar


def _check_own(found: Reasons, paper: Dispatch, seminar: Seminar, field: str) -> None:
    issued = paper.state == State.ISSUED and paper.recalled_at is None
    own = paper.registering_agency_id == seminar.agency_id
    text = _("The paper is not an issued paper of this agency.")
    found.against(not (issued and own), field, text)


# -- Programmes -------------------------------------------------------------------------------


@transaction.atomic
def begin_programme(
    *,
    agency: Agency,
    dispatch: Dispatch,
    words: tuple[int, int],
    title: str,
    kind: str,
    target: int,
    due_on: date | None = None,
    lead: str = "",
    partners: tuple[Agency, ...] = (),
    owner: User | None = None,
    by: User,
    at: datetime,
) -> Programme:
    """Plan what an order of a dispatch asks; `words` is where it stands in the newest issued text.

    Raises: NotFound (the dispatch is not the person's to read), NotPermitted, Incomplete.
    """
    authority = papers.require_role(
        by, agency.pk, Role.office() | {Role.OFFICER}, scope=DeputyScope.OUTGOING, at=at
    )
    papers.require_readable(by, dispatch, at=at)
    version = (
        DispatchVersion.objects.filter(dispatch=dispatch, issued_at__isnull=False)
        .order_by("-no")
        .first()
    )
    if version is None:
        raise NotFound
    start, end = words
    found = Reasons()
    inside = 0 <= start < end <= len(version.text)
    found.against(not inside, "words", _("Mark the words that order it."))
    found.against(not title.strip(), "title", _("Say what it is about."))
    found.against(target < 1, "target", _("At least one is held."))
    found.refuse(Incomplete)
    order = Order.objects.create(
        dispatch=dispatch, version=version, start=start, end=end, words=version.text[start:end]
    )
    programme = Programme.objects.create(
        agency=agency, order=order, title=title.strip(), kind=kind, target=target, due_on=due_on,
        lead=lead.strip(), owner=owner or authority.user, created_at=at, created_by=by,
    )  # fmt: skip
    programme.partners.set(partners)
    return programme


@transaction.atomic
def close_programme(*, programme: Programme, waiver: str = "", by: User, at: datetime) -> Programme:
    """End it: carried out when as many are reported as the order wants, else waived by its owner.

    Raises: NotFound, NotPermitted, WrongState, Incomplete (too few are reported, and no reason).
    """
    who = papers.standing(by, at=at)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if not access.programmes_seen_by(who).filter(pk=programme.pk).exists():
        raise NotFound
    papers.require_role(who, programme.agency_id, Role.office() | {Role.OFFICER})
    if programme.state != ProgrammeState.OPEN:
        raise WrongState([Reason("state", _("The programme is closed already."))])
    reported = programme.seminars.filter(state=SeminarState.REPORTED).count()
    enough = reported >= programme.target
    found = Reasons()
    text = _("%(reported)s of %(target)s are reported: the owner may record why that is enough.")
    values = {"reported": reported, "target": programme.target}
    found.against(not enough and not waiver.strip(), "waiver", text % values)
    not_owner = not enough and programme.owner_id != by.pk
    found.against(not_owner, "owner", _("Only its owner may record a waiver."))
    found.refuse(Incomplete)
    programme.state = ProgrammeState.CARRIED_OUT if enough else ProgrammeState.WAIVED
    programme.waiver = "" if enough else waiver.strip()
    programme.closed_at, programme.closed_by = at, by
    programme.save()
    return programme
