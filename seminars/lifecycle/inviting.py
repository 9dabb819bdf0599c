"""Agencies are invited, each with a quota, by an official letter; they say whether they come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import Agency, User
from agencies.refusals import Reason, Reasons
from documents import secrecy
from documents.choices import State
from documents.models import Dispatch
from documents.refusals import Incomplete, NotFound, WrongState
from seminars import access
from seminars.choices import Act, Answer, InvitationRole, SeminarState
from seminars.lifecycle.evidence import record
from seminars.lifecycle.locks import keep, locked, raise_sequence
from seminars.lifecycle.seats import free_seats_of, promote, refuse_when_begun
from seminars.models import Invitation, Seminar, Venue
from seminars.models.invitations import LIVE
from seminars.refusals import Full


@dataclass(frozen=True)
class Invited:
    """One agency of the list: to which venue, in what role, with how many seats kept for it."""

    agency: Agency
    venue: Venue
    quota: int = 1
    role: str = InvitationRole.REQUIRED


@transaction.atomic
def list_invited(
    *, seminar: Seminar, invited: Sequence[Invited], by: User, at: datetime
) -> Seminar:
    """Say which agencies are invited. Those who have the letter already stay.

    Raises: NotFound, NotPermitted, WrongState, Incomplete, Full (the quotas of a venue are more
    than its seats).
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.LIST_INVITED, seminar, at=at)
    standing = {row.agency_id: row for row in seminar.invitations.select_related("agency")}
    found = Reasons()
    named = [each.agency.pk for each in invited]
    found.against(len(set(named)) != len(named), "agency", _("An agency is named twice."))
    on = clock.day_of(at)
    venues = set(seminar.venues.values_list("pk", flat=True))
    for each in invited:
        ended = not each.agency.is_live_on(on) and each.agency.pk not in standing
        text = _("“%(agency)s” no longer exists on this day.")
        found.against(ended, "agency", text % {"agency": each.agency})
        found.against(each.venue.pk not in venues, "venue", _("This venue is not there any more."))
    for pk, row in standing.items():
        text = _("“%(agency)s” has been invited already: it cannot be taken off the list.")
        gone = pk not in named and row.sent_at is not None
        found.against(gone, "agency", text % {"agency": row.agency})
    found.refuse(Incomplete)
    _refuse_more_than_seats(seminar, invited)
    seminar.invitations.filter(sent_at__isnull=True).exclude(agency__in=named).delete()
    for each in invited:
        row = standing.get(each.agency.pk) or Invitation(seminar=seminar, agency=each.agency)
        row.audience = row.audience or each.agency.default_audience
        if row.pk and row.venue_id != each.venue.pk and row.nominations.filter(LIVE).exists():
            text = _("“%(agency)s” has named delegates: it stays at its venue.")
            raise Incomplete([Reason("venue", text % {"agency": each.agency})])
        row.venue, row.quota, row.role = each.venue, each.quota, each.role
        row.save()
    keep(seminar, at=at)
    record(seminar, Act.LIST_INVITED, authority, at=at, agencies=len(invited))
    # A quota that shrank gives seats to those who wait.
    promote(seminar, at=at)
    return seminar


def _refuse_more_than_seats(seminar: Seminar, invited: Sequence[Invited]) -> None:
    found = Reasons()
    for venue in seminar.venues.all():
        kept = sum(each.quota for each in invited if each.venue.pk == venue.pk)
        values = {"kept": kept, "seats": venue.seats, "surplus": kept - venue.seats}
        text = _("%(kept)s seats are kept, %(seats)s are there: %(surplus)s too many.")
        found.against(kept > venue.seats, "quota", text % values)
    found.refuse(Full)


@transaction.atomic
def attach_letter(*, seminar: Seminar, letter: Dispatch, by: User, at: datetime) -> Seminar:
    """Remember which paper is drafted as the invitation; it says nothing until it is issued.

    Raises: NotFound, NotPermitted, WrongState, Incomplete (another agency's paper).
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.LIST_INVITED, seminar, at=at)
    found = Reasons()
    own = letter.registering_agency_id == seminar.agency_id
    found.against(not own, "letter", _("The letter is not a paper of this agency."))
    found.refuse(Incomplete)
    seminar.letter = letter
    seminar.save(update_fields=["letter"])
    record(seminar, Act.DRAFT_PAPER, authority, at=at, letter=letter.pk)
    return seminar


@transaction.atomic
def invite(
    *, seminar: Seminar, letter: Dispatch, answer_by: datetime | None, by: User, at: datetime
) -> Seminar:
    """Đã mời: the official letter was issued; from now the agencies see the seminar and answer.

    The letter is an ordinary dispatch of the organiser that went to every agency of the list. For a
    seminar that is announced already: those who were listed since are invited, and with `answer_by`
    everybody has until then.

    Raises: NotFound, NotPermitted, WrongState, Incomplete.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.INVITE, seminar, at=at)
    announced = seminar.state == SeminarState.INVITED
    rows = list(seminar.invitations.select_related("agency"))
    if announced:
        rows = [row for row in rows if row.sent_at is None]
    found = Reasons()
    nothing = not rows and not (announced and answer_by)
    found.against(nothing, "agency", _("There is nobody to invite."))
    own = letter.registering_agency_id == seminar.agency_id
    issued = letter.state == State.ISSUED and letter.recalled_at is None
    found.against(
        not (own and issued), "letter", _("The letter is not an issued paper of this agency.")
    )
    # The organiser itself has its own letter.
    reached = {seminar.agency_id, *letter.circulations.live().values_list("agency", flat=True)}
    for row in rows:
        text = _("The letter was not sent to “%(agency)s”.")
        found.against(row.agency_id not in reached, "letter", text % {"agency": row.agency})
    soon = answer_by is not None and answer_by <= at
    found.against(soon, "answer_by", _("The time to answer lies in the past."))
    late = answer_by is not None and seminar.starts_at and answer_by > seminar.starts_at
    found.against(late, "answer_by", _("The time to answer lies after the seminar begins."))
    found.refuse(Incomplete)
    sent = [row.pk for row in rows]
    seminar.invitations.filter(pk__in=sent).update(letter=letter, sent_at=at)
    if answer_by or not announced:
        seminar.invitations.update(answer_by=answer_by)
    if not announced:
        seminar.state = SeminarState.INVITED
        raise_sequence(seminar)
    keep(seminar, at=at)
    record(
        seminar, Act.INVITE, authority, at=at, proof="seminar.invited",
        letter=letter.pk, agencies=len(rows), sequence=seminar.sequence,
    )  # fmt: skip
    return seminar


@transaction.atomic
def answer(
    *, invitation: Invitation, comes: bool, reason: str = "", by: User, at: datetime
) -> Invitation:
    """Say for one's agency whether it comes. Declining gives its delegates' seats back.

    The same answer again changes nothing.

    Raises: NotFound, NotPermitted, WrongState (the seminar is over or called off), Incomplete.
    """
    seminar = locked(invitation.seminar)
    invitation = Invitation.objects.select_related("agency").get(pk=invitation.pk)
    authority = access.answering(by, invitation, at=at)
    wanted = Answer.ACCEPTED if comes else Answer.DECLINED
    if invitation.answer == wanted:
        return invitation
    refuse_when_begun(seminar)
    invitation.answered_by, invitation.answered_by_mail = by, None
    _write_answer(invitation, wanted, reason, at=at)
    record(
        seminar, Act.ANSWER, authority, at=at, proof="seminar.answered",
        invitation=invitation.pk, answer=str(wanted),
    )  # fmt: skip
    promote(seminar, at=at)
    return invitation


@transaction.atomic
def answer_by_link(*, mail: int, comes: bool, reason: str = "", at: datetime) -> Invitation:
    """Take the answer of whoever has the mail that was sent to the agency's mailbox.

    Nobody signed in, so no person is named for it: event and ledger hold the mail. It names no
    delegate and takes none back; the same answer again changes nothing.

    Raises: NotFound (the link opens nothing now), WrongState (a person has answered, or delegates
    are named), Incomplete, secrecy.SecretPaper.
    """
    row = access.opened_by(mail, at=at)
    if row is None:
        raise NotFound
    seminar = locked(row.invitation.seminar)
    # Once more, behind the lock.
    row = access.opened_by(mail, at=at)
    if row is None:
        raise NotFound
    invitation = row.invitation
    wanted = Answer.ACCEPTED if comes else Answer.DECLINED
    if invitation.answer == wanted:
        return invitation
    if not access.answered_by_link(invitation):
        text = _("Somebody of the agency has answered after signing in: sign in to change it.")
        raise WrongState([Reason("answer", text)])
    secrecy.refuse_if_secret(reason)
    invitation.answered_by, invitation.answered_by_mail = None, row
    _write_answer(invitation, wanted, reason, at=at)
    record(
        seminar, Act.ANSWER_BY_LINK, None, at=at, proof="seminar.answered",
        invitation=invitation.pk, answer=str(wanted), mail=row.pk,
    )  # fmt: skip
    promote(seminar, at=at)
    return invitation


def _write_answer(invitation: Invitation, answer: Answer, reason: str, *, at: datetime) -> None:
    declined = answer == Answer.DECLINED
    found = Reasons()
    found.against(declined and not reason.strip(), "reason", _("State the reason."))
    found.refuse(Incomplete)
    invitation.answer, invitation.answered_at = answer, at
    invitation.declined_for = reason.strip() if declined else ""
    invitation.save()
    if declined:
        free_seats_of(invitation, at=at)
