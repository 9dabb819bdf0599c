"""The gate of seminars: who sees one, who does what to it, and whose delegates one sees.

Rights follow from rows that live: the posts and mandates of the person, and the invitations that
were sent. The same rule stands here twice, as SQL (`visible_to`) and as tokens (`reader_tokens`,
`tokens_of`); a property test holds the two equal. A superuser sees nothing here by being one.
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import BigIntegerField, F, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from agencies import clock
from agencies.authority import Authority
from agencies.choices import Audience, DeputyScope, Role
from agencies.models import Agency, User
from agencies.refusals import Reason
from documents.access import Standing, require_role, standing, standing_of
from documents.refusals import NotFound, NotPermitted, WrongState
from documents.standing import resolved
from seminars.choices import (
    SEMINAR_RULES,
    Act,
    PaperState,
    ProgrammeState,
    SeminarState,
    Visibility,
)
from seminars.models import (
    HalfDaySurvey,
    Invitation,
    Nomination,
    Paper,
    PaperVersion,
    Programme,
    Seminar,
    SeminarMail,
    SurveyAsked,
)
from seminars.models.invitations import LIVE

__all__ = [
    "EVERYBODY",
    "Standing",
    "answered_by_link",
    "answering",
    "answering_survey",
    "asked_or_404",
    "asked_seen_by",
    "get_or_404",
    "invitations_seen_by",
    "may",
    "nominations_seen_by",
    "opened_by",
    "paper_or_404",
    "papers_seen_by",
    "programme_or_404",
    "programmes_seen_by",
    "reached",
    "reader_tokens",
    "require",
    "require_planning",
    "standing",
    "standing_of",
    "survey_or_404",
    "surveys_seen_by",
    "tokens_of",
    "versions_seen_by",
    "visible_to",
]

#: The token of what everybody who signs in may see; the archive knows it by the same word.
EVERYBODY = "everybody"

# -- Seeing -----------------------------------------------------------------------------------


def visible_to(
    user: User | Standing, *, at: datetime | None = None, among: Collection[int] | None = None
) -> "QuerySet[Seminar]":
    """Return the seminars that the person may see at that moment; `among`: of these ids only."""
    who = resolved(user, at)
    seen = _seen(who)
    if among is None:
        return Seminar.objects.filter(seen)
    among = [pk for pk in among if pk <= BigIntegerField.MAX_BIGINT]
    return Seminar.objects.filter(seen, pk__in=among)


def _seen(who: Standing) -> Q:
    announced = ~Q(state=SeminarState.DRAFT)
    seen = Q(agency__in=who.office_of) | (Q(agency__in=who.readers_of) & announced)
    for agency, member in who.members:
        seen |= Q(agency=agency, created_by=member)
    seen |= Q(pk__in=invitations_seen_by(who).values("seminar"))
    if who.user.is_active:
        seen |= Q(visibility=Visibility.EVERYBODY) & announced
    return seen


def invitations_seen_by(
    user: User | Standing, *, at: datetime | None = None
) -> "QuerySet[Invitation]":
    """Return what was sent to the person's own agencies, as the audience of each says."""
    who = resolved(user, at)
    own = Q(agency__in=who.office_of)
    own |= Q(agency__in=who.readers_of, audience=Audience.AGENCY)
    return Invitation.objects.filter(own, sent_at__isnull=False)


def reached(*, at: datetime) -> "QuerySet[Invitation]":
    """Return what was sent to agencies that exist on that day: whom mail and news may reach."""
    living = Agency.objects.live_on(clock.day_of(at))
    return Invitation.objects.filter(sent_at__isnull=False, agency__in=living)


def opened_by(mail: int, *, at: datetime) -> SeminarMail | None:
    """Return the mail whose link still opens the answer page of its invitation, if it does.

    It must be of the seminar as it stands, sent to the mailbox that the agency has now; the agency
    exists, the seminar is announced and ahead, and there is still time to answer.
    """
    row = (
        SeminarMail.objects.filter(
            pk=mail,
            invitation__in=reached(at=at),
            invitation__agency__mailbox=F("address"),
            invitation__seminar__state=SeminarState.INVITED,
            invitation__seminar__sequence=F("sequence"),
        )
        .select_related("invitation__seminar__agency", "invitation__seminar__chair",
                        "invitation__agency", "invitation__venue__room", "invitation__letter")
        .first()
    )  # fmt: skip
    if row is None:
        return None
    until = [row.invitation.answer_by, row.invitation.seminar.starts_at]
    return None if any(each is not None and each <= at for each in until) else row


def answered_by_link(invitation: Invitation) -> bool:
    """Say whether the holder of a mail may give or change the answer.

    Not over the answer of somebody who signed in, and not while delegates are named: declining
    would take their seats away.
    """
    return invitation.answered_by_id is None and not invitation.nominations.filter(LIVE).exists()


def nominations_seen_by(who: Standing, seminar: Seminar) -> "QuerySet[Nomination]":
    """Return the delegates whose names the person may see: the organiser all, others their own."""
    rows = Nomination.objects.filter(seminar=seminar)
    if seminar.agency_id in who.readers_of:
        return rows
    own = invitations_seen_by(who).filter(seminar=seminar)
    return rows.filter(invitation__in=own.values("pk"))


def papers_seen_by(user: User | Standing, *, at: datetime | None = None) -> "QuerySet[Paper]":
    """Return the papers that the person may see: the organiser all, an agency its own.

    One that was accepted is for every agency that was invited to that seminar.
    """
    who = resolved(user, at)
    invited = invitations_seen_by(who)
    own = Q(seminar__agency__in=who.readers_of) | Q(invitation__in=invited.values("pk"))
    for_all = Q(state=PaperState.ACCEPTED, seminar__in=invited.values("seminar"))
    return Paper.objects.filter(own | for_all)


def versions_seen_by(user: User | Standing, paper: Paper) -> "QuerySet[PaperVersion]":
    """Return the versions of a paper that the person sees: all, or the one that was accepted."""
    who = resolved(user, None)
    rows = PaperVersion.objects.filter(paper=paper)
    at_home = paper.seminar.agency_id in who.readers_of
    if at_home or invitations_seen_by(who).filter(pk=paper.invitation_id).exists():
        return rows
    # Nothing is handed in after an acceptance: the last version is the one that was accepted.
    last = rows.order_by("-no").values("pk")[:1]
    return rows.filter(pk__in=list(last.values_list("pk", flat=True)))


def paper_or_404(user: User | Standing, pk: int, *, at: datetime | None = None) -> Paper:
    """Return a paper that the person may see. Raises: Http404, the same for none at all."""
    if pk > BigIntegerField.MAX_BIGINT:
        raise Http404
    rows = papers_seen_by(user, at=at).select_related(
        "seminar__agency", "invitation__agency", "author", "item"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_or_404(user: User | Standing, pk: int, *, at: datetime | None = None) -> Seminar:
    """Return a seminar that the person may see. Raises: Http404, the same for none at all."""
    found = (
        visible_to(user, at=at, among=[pk])
        .select_related("agency", "chair__agency", "programme__order__dispatch")
        .first()
    )
    if found is None:
        raise Http404
    return found


def programmes_seen_by(
    user: User | Standing, *, at: datetime | None = None
) -> "QuerySet[Programme]":
    """Return the programmes of the person's own agencies."""
    return Programme.objects.filter(agency__in=resolved(user, at).readers_of)


def programme_or_404(user: User | Standing, pk: int, *, at: datetime | None = None) -> Programme:
    """Return a programme of one of the person's agencies. Raises: Http404."""
    if pk > BigIntegerField.MAX_BIGINT:
        raise Http404
    rows = programmes_seen_by(user, at=at).select_related("agency", "order__dispatch", "owner")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def surveys_seen_by(
    user: User | Standing, *, at: datetime | None = None
) -> "QuerySet[HalfDaySurvey]":
    """Return the surveys that the person's own agencies sent, with all answers."""
    who = resolved(user, at)
    rows = HalfDaySurvey.objects.filter(agency__in=who.readers_of)
    return rows.filter(Q(programme__isnull=False) | Q(seminar__in=visible_to(who).values("pk")))


def survey_or_404(user: User | Standing, pk: int, *, at: datetime | None = None) -> HalfDaySurvey:
    """Return a survey of one of the person's agencies. Raises: Http404."""
    rows = surveys_seen_by(user, at=at).select_related("agency", "seminar__agency", "programme")
    found = rows.filter(pk=pk).first() if pk <= BigIntegerField.MAX_BIGINT else None
    if found is None:
        raise Http404
    return found


def asked_seen_by(user: User | Standing, *, at: datetime | None = None) -> "QuerySet[SurveyAsked]":
    """Return what surveys ask the person's own offices: of each its own row alone."""
    return SurveyAsked.objects.filter(agency__in=resolved(user, at).office_of)


def asked_or_404(user: User | Standing, pk: int, *, at: datetime | None = None) -> SurveyAsked:
    """Return what one of the person's offices is asked. Raises: Http404."""
    rows = asked_seen_by(user, at=at).select_related(
        "agency", "survey__agency", "survey__seminar", "survey__programme"
    )
    found = rows.filter(pk=pk).first() if pk <= BigIntegerField.MAX_BIGINT else None
    if found is None:
        raise Http404
    return found


# -- Seeing, as tokens ------------------------------------------------------------------------


def reader_tokens(seminar: Seminar) -> set[str]:
    """Return the tokens of which a reader must hold one. They never depend on the clock."""
    home = seminar.agency_id
    tokens = {f"office:{home}", f"member:{home}:{seminar.created_by_id}"}
    if seminar.state != SeminarState.DRAFT:
        tokens.add(f"agency:{home}")
        if seminar.visibility == Visibility.EVERYBODY:
            tokens.add(EVERYBODY)
    for row in seminar.invitations.all():
        if row.sent_at is None:
            continue
        tokens.add(f"office:{row.agency_id}")
        if row.audience == Audience.AGENCY:
            tokens.add(f"agency:{row.agency_id}")
    return tokens


def tokens_of(user: User | Standing, *, at: datetime | None = None) -> set[str]:
    """Return the tokens that the person holds at that moment."""
    who = resolved(user, at)
    held = {f"agency:{pk}" for pk in who.readers_of} | {f"office:{pk}" for pk in who.office_of}
    held |= {f"member:{agency}:{member}" for agency, member in who.members}
    return held | ({EVERYBODY} if who.user.is_active else set())


# -- Acting -----------------------------------------------------------------------------------


def require(
    user: User | Standing, act: Act, seminar: Seminar, *, at: datetime | None = None
) -> Authority:
    """Return the one authority under which the person does this act now. Call it after locking.

    Raises: NotFound (may not even see it), NotPermitted, WrongState.
    """
    who = resolved(user, at)
    if not visible_to(who, among=[seminar.pk]).exists():
        raise NotFound
    rule = SEMINAR_RULES[act]
    fitting = require_role(who, seminar.agency_id, rule.roles, scope=rule.scope)
    if seminar.state not in rule.states:
        text = _("“%(act)s” does not apply: the seminar is in the state “%(state)s”.")
        words = text % {"act": act.label, "state": seminar.get_state_display()}
        raise WrongState([Reason("state", words)])
    return fitting


def may(user: User | Standing, act: Act, seminar: Seminar, *, at: datetime | None = None) -> bool:
    """Say whether a button for this act has a place on the person's page.

    The seminar must be one that he may see; costs no query for a standing.
    """
    who = resolved(user, at)
    rule = SEMINAR_RULES[act]
    if seminar.state not in rule.states:
        return False
    try:
        require_role(who, seminar.agency_id, rule.roles, scope=rule.scope)
    except NotPermitted:
        return False
    return True


def answering(
    user: User | Standing, invitation: Invitation, *, at: datetime | None = None
) -> Authority:
    """Return the authority under which the person answers for the agency that was invited.

    Raises: NotFound (it was not sent to an agency of his), NotPermitted.
    """
    who = resolved(user, at)
    if not invitations_seen_by(who).filter(pk=invitation.pk).exists():
        raise NotFound
    return require_role(who, invitation.agency_id, Role.office(), scope=DeputyScope.INCOMING)


def require_planning(
    user: User | Standing, programme: Programme, *, at: datetime | None = None
) -> Authority:
    """Return the authority under which the person plans a programme. Call it after locking.

    Raises: NotFound, NotPermitted, WrongState (it is closed).
    """
    who = resolved(user, at)
    if not programmes_seen_by(who).filter(pk=programme.pk).exists():
        raise NotFound
    rule = SEMINAR_RULES[Act.MOVE]
    fitting = require_role(who, programme.agency_id, rule.roles, scope=rule.scope)
    if programme.state != ProgrammeState.OPEN:
        raise WrongState([Reason("state", _("The programme is closed."))])
    return fitting


def answering_survey(
    user: User | Standing, asked: SurveyAsked, *, at: datetime | None = None
) -> Authority:
    """Return the authority under which the person says when his agency is free.

    Raises: NotFound (no agency of his is asked), NotPermitted.
    """
    who = resolved(user, at)
    if not asked_seen_by(who).filter(pk=asked.pk).exists():
        raise NotFound
    return require_role(who, asked.agency_id, Role.office(), scope=DeputyScope.INCOMING)
