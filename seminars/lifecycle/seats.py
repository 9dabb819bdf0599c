"""Delegates: named, seated or queued, withdrawn, replaced, promoted. Never more than there are seats.

Every change of seats happens under the lock of the seminar's row, and the database keeps its own
rule: a seat number of a venue is had once. Without a lock 57 were confirmed for 50 places (traps T26).
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from agencies.refusals import Reason, Reasons
from documents.refusals import Incomplete, WrongState
from seminars import access
from seminars.choices import AWAITED, Act, Answer, NominationState
from seminars.lifecycle.evidence import record
from seminars.lifecycle.locks import locked
from seminars.models import Invitation, Nomination, Person, Seminar, Venue
from seminars.models.invitations import LIVE
from seminars.people import LONGEST_NAME, person_of, squeezed
from seminars.seating import Seating, lowest_free


@transaction.atomic
def name_delegate(
    *, invitation: Invitation, name: str, office: str = "", by: User, at: datetime
) -> Nomination:
    """Name somebody who comes for one's agency: he gets a seat, or a place in the queue.

    Naming somebody says that the agency comes.

    Raises: NotFound, NotPermitted, WrongState, Incomplete (no name; named already; the time for
    naming is over).
    """
    seminar = locked(invitation.seminar)
    invitation = Invitation.objects.select_related("agency", "venue").get(pk=invitation.pk)
    authority = access.answering(by, invitation, at=at)
    _refuse_when_settled(seminar, invitation, at=at)
    person = _person(invitation, name, office)
    if seminar.nominations.filter(LIVE, person=person).exists():
        text = _("“%(name)s” has been named already.")
        raise Incomplete([Reason("name", text % {"name": person.name})])
    if invitation.answer != Answer.ACCEPTED:
        invitation.answer = Answer.ACCEPTED
        invitation.answered_at, invitation.answered_by = at, by
        invitation.answered_by_mail = None
        invitation.declined_for = ""
        invitation.save()
    row = Nomination(
        invitation=invitation, seminar=seminar, venue=invitation.venue, person=person,
        named_at=at, named_by=by,
    )  # fmt: skip
    # Seats that fell free with the clock are for those who wait, not for the next who comes.
    promote(seminar, at=at)
    _seat_or_queue(row, at=at)
    record(
        seminar, Act.NAME, authority, at=at, proof="seminar.nominated",
        nomination=row.pk, invitation=invitation.pk, state=str(row.state),
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_delegate(*, nomination: Nomination, by: User, at: datetime) -> None:
    """Take a delegate back; the first in the queue who may have the seat gets it.

    Once withdrawn, it answers with what is there.

    Raises: NotFound, NotPermitted, WrongState.
    """
    seminar = locked(nomination.seminar)
    nomination = Nomination.objects.select_related("invitation__agency").get(pk=nomination.pk)
    authority = access.answering(by, nomination.invitation, at=at)
    if nomination.state in (NominationState.WITHDRAWN, NominationState.REPLACED):
        return
    refuse_when_begun(seminar)
    _end(nomination, NominationState.WITHDRAWN, at=at)
    record(seminar, Act.WITHDRAW, authority, at=at, proof="seminar.withdrawn",
           nomination=nomination.pk)  # fmt: skip
    promote(seminar, at=at)


@transaction.atomic
def substitute(
    *, nomination: Nomination, name: str, office: str = "", by: User, at: datetime
) -> Nomination:
    """Ask that somebody else comes in a delegate's place (dự thay); the chair consents or not.

    The delegate keeps his seat until then (Decision 45/2018/QĐ-TTg: only if the chair agrees).

    Raises: NotFound, NotPermitted, WrongState, Incomplete.
    """
    seminar = locked(nomination.seminar)
    nomination = Nomination.objects.select_related("invitation__agency").get(pk=nomination.pk)
    authority = access.answering(by, nomination.invitation, at=at)
    refuse_when_begun(seminar)
    if nomination.state != NominationState.CONFIRMED:
        raise WrongState([Reason("state", _("This delegate has no seat to hand on."))])
    if Nomination.objects.filter(replaces=nomination).exists():
        raise WrongState([Reason("state", _("A substitute has been named already."))])
    person = _person(nomination.invitation, name, office)
    if seminar.nominations.filter(LIVE, person=person).exists():
        text = _("“%(name)s” has been named already.")
        raise Incomplete([Reason("name", text % {"name": person.name})])
    row = Nomination.objects.create(
        invitation=nomination.invitation, seminar=seminar, venue_id=nomination.venue_id,
        person=person, state=NominationState.PENDING, replaces=nomination,
        named_at=at, named_by=by,
    )  # fmt: skip
    record(seminar, Act.SUBSTITUTE, authority, at=at, proof="seminar.substituted",
           nomination=row.pk, replaces=nomination.pk)  # fmt: skip
    return row


@transaction.atomic
def consent(*, nomination: Nomination, agrees: bool, by: User, at: datetime) -> Nomination:
    """The organiser answers for the chair whether a substitute may come; he takes over the seat.

    Raises: NotFound, NotPermitted, WrongState.
    """
    seminar = locked(nomination.seminar)
    authority = access.require(by, Act.LIST_INVITED, seminar, at=at)
    row = Nomination.objects.select_related("replaces").get(pk=nomination.pk)
    if row.state != NominationState.PENDING or row.replaces is None:
        raise WrongState([Reason("state", _("Nobody asks for this any more."))])
    if agrees:
        seat = row.replaces.seat_no
        _end(row.replaces, NominationState.REPLACED, at=at)
        row.state, row.seat_no = NominationState.CONFIRMED, seat
        row.save()
    else:
        _end(row, NominationState.WITHDRAWN, at=at)
    record(seminar, Act.CONSENT, authority, at=at, proof="seminar.consented",
           nomination=row.pk, agrees=agrees)  # fmt: skip
    return row


def promote(seminar: Seminar, *, at: datetime) -> list[Nomination]:
    """Seat those in the queue who may have a seat now, in order. Under the seminar's lock.

    Each is an event of its own; calling it again does nothing.
    """
    risen = []
    for venue in seminar.venues.all():
        queue = list(
            venue.nominations.filter(state=NominationState.QUEUED)
            .select_related("invitation")
            .order_by("queue_no")
        )
        if not queue:
            continue
        by_key = {row.pk: row for row in queue}
        seating = _seating(venue, at=at)
        for pk in seating.promoted((row.pk, row.invitation.agency_id) for row in queue):
            row = by_key[pk]
            row.queue_no = None
            _take_seat(row)
            risen.append(row)
    for row in risen:
        record(seminar, Act.PROMOTE, None, at=at, promoted=row.pk, seat=row.seat_no)
    return risen


@transaction.atomic
def promote_after_deadline(*, seminar: Seminar, at: datetime) -> int:
    """Let unused seats fall into the pool once the time for naming is over. For the worker."""
    return len(promote(locked(seminar), at=at))


def free_seats_of(invitation: Invitation, *, at: datetime) -> None:
    """Withdraw all delegates of an agency that does not come. Under the seminar's lock."""
    for row in invitation.nominations.filter(LIVE):
        _end(row, NominationState.WITHDRAWN, at=at)


# -- What they share --------------------------------------------------------------------------


def refuse_when_begun(seminar: Seminar) -> None:
    """Raises: WrongState once it has begun, or is called off for good."""
    if seminar.state not in AWAITED:
        text = _("The seminar is in the state “%(state)s”.")
        raise WrongState([Reason("state", text % {"state": seminar.get_state_display()})])


def _refuse_when_settled(seminar: Seminar, invitation: Invitation, *, at: datetime) -> None:
    refuse_when_begun(seminar)
    if invitation.answer_by is not None and at > invitation.answer_by:
        text = _("The time for naming delegates is over: ask the organiser for more of it.")
        raise Incomplete([Reason("answer_by", text)])


def _person(invitation: Invitation, name: str, office: str) -> Person:
    found = Reasons()
    found.against(not name.strip(), "name", _("Say who comes."))
    found.against(len(squeezed(name)) > LONGEST_NAME, "name", _("The name is too long."))
    found.against(len(squeezed(office)) > LONGEST_NAME, "office", _("The office is too long."))
    found.refuse(Incomplete)
    return person_of(invitation.agency, name, office)


def _seating(venue: Venue, *, at: datetime) -> Seating:
    """Read how the seats of a venue stand (two queries)."""
    invitations = list(venue.invitations.values_list("agency", "quota", "answer_by", "answer"))
    seated: dict[int, int] = {}
    confirmed = venue.nominations.filter(state=NominationState.CONFIRMED)
    for agency in confirmed.values_list("invitation__agency", flat=True):
        seated[agency] = seated.get(agency, 0) + 1
    return Seating(
        venue.seats,
        {agency: quota for agency, quota, _by, _answer in invitations},
        seated,
        frozenset(
            agency
            for agency, _quota, by, answer in invitations
            if (by is not None and by < at) or answer == Answer.DECLINED
        ),
    )


def reseat(venue: Venue) -> list[Nomination]:
    """Give a number that exists to whoever sits beyond the last seat of a room that became smaller.

    There are enough: fewer seats than delegates who have one were refused before.
    """
    beyond = list(venue.nominations.filter(seat_no__gt=venue.seats).order_by("seat_no"))
    for row in beyond:
        row.venue = venue
        _take_seat(row)
    return beyond


def _seat_or_queue(row: Nomination, *, at: datetime) -> None:
    if _seating(row.venue, at=at).has_seat_for(row.invitation.agency_id):
        _take_seat(row)
        return
    last = row.venue.nominations.aggregate(last=Max("queue_no"))["last"] or 0
    row.state, row.queue_no = NominationState.QUEUED, last + 1
    row.save()


def _take_seat(row: Nomination) -> None:
    venue = row.venue
    taken = venue.nominations.filter(seat_no__isnull=False).values_list("seat_no", flat=True)
    row.seat_no = lowest_free(taken, venue.seats)
    row.state = NominationState.CONFIRMED
    row.save()


def _end(row: Nomination, state: NominationState, *, at: datetime) -> None:
    row.state, row.seat_no, row.queue_no, row.ended_at = state, None, None, at
    row.save()
    # Whoever was to come in his place, and is not yet agreed to, goes with him.
    waiting = Nomination.objects.filter(replaces=row, state=NominationState.PENDING)
    if state == NominationState.WITHDRAWN:
        waiting.update(state=NominationState.WITHDRAWN, ended_at=at)
