"""What is done for seminars beside the requests: the clock, mails, news on desks."""

from datetime import datetime

from django.db import transaction

from agencies import clock
from agencies.models import User
from documents import jobs, people
from documents.jobs import handles
from documents.models import OutboxItem
from seminars import access, lifecycle, links, mails
from seminars.choices import AWAITED, NominationState
from seminars.lifecycle import telling
from seminars.models import Nomination, Seminar, SeminarEvent, SeminarNotice


def look_at_the_clock(at: datetime) -> bool:
    """Do what is due; returns whether there was anything. May be run twice, and by several."""
    lost = lifecycle.let_holds_run_out(at=at)
    # Somebody waits, and the time for naming is over for one of the agencies.
    waiting = Seminar.objects.filter(
        state__in=AWAITED,
        invitations__answer_by__lt=at,
        nominations__state=NominationState.QUEUED,
    ).distinct()
    risen = sum(
        lifecycle.promote_after_deadline(seminar=each, at=at) for each in waiting.order_by("pk")
    )
    return bool(lost or risen)


# -- Mail -------------------------------------------------------------------------------------


class Undelivered(Exception):
    """The mail server did not take it. Its words are kept for whoever runs the installation."""


def mail_one(at: datetime) -> bool:
    """Send one mail that is due; returns whether there was one."""
    return jobs.work_one(at=at, outside=True)


@handles(telling.MAIL, outside=True)
def mail_seminar(item: OutboxItem, at: datetime) -> None:
    """Tell an agency by mail how things stand now, if it was not told yet.

    Raises: Undelivered; the item is tried again.
    """
    # Written as it was begun, under one lock: the link and the words are of the same moment.
    with transaction.atomic():
        mail = lifecycle.begin_mail(invitation=item.payload["invitation"], owed_by=item.key, at=at)
        message = mails.message_of(mail) if mail else None
    if mail is None or message is None:
        return
    try:
        message.send()
    except OSError as error:
        # What a server says of a message may quote it, and the link is a secret.
        secret = links.token_of(mail.pk)
        raise Undelivered(f"{type(error).__name__}: {error}".replace(secret, "…")) from None
    lifecycle.mail_sent(mail=mail, at=at)


# -- News -------------------------------------------------------------------------------------


@handles(telling.TELL)
def tell_invited(item: OutboxItem, at: datetime) -> None:
    """Write a line on the desks of the offices that an act concerns, once a person and act.

    Who is told is asked now, not when it was owed.
    """
    event = SeminarEvent.objects.select_related("seminar").get(pk=item.payload["event"])
    told = access.reached(at=at).filter(seminar=event.seminar)
    delegate = telling.delegate_of(event)
    if delegate is not None:
        told = told.filter(pk__in=Nomination.objects.filter(pk=delegate).values("invitation"))
    invitations = dict(told.values_list("agency", "pk"))
    members = people.office_members(invitations, on=clock.day_of(at))
    standings = {
        user.pk: access.standing(user, at=at)
        for user in User.objects.filter(pk__in={person for _agency, person in members})
    }
    may_see = {
        person: set(
            access.invitations_seen_by(who)
            .filter(seminar=event.seminar)
            .values_list("pk", flat=True)
        )
        for person, who in standings.items()
    }
    SeminarNotice.objects.bulk_create(
        [
            SeminarNotice(
                event=event, seminar=event.seminar, invitation_id=invitations[agency],
                person_id=person, news=telling.news_of(event), at=at,
            )
            for agency, person in members
            if invitations[agency] in may_see[person]
        ],
        ignore_conflicts=True,
    )  # fmt: skip
