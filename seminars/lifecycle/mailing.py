"""A mail to an agency that is invited: begun before it is handed over, marked after.

Whoever was killed between the two hands it over again, with the same Message-ID, UID and SEQUENCE:
to a mail server that is at least once, and to a calendar that is once.
"""

from datetime import datetime

from django.db import transaction

from seminars import access
from seminars.choices import Act, SeminarState
from seminars.ical import Method
from seminars.lifecycle.locks import locked
from seminars.lifecycle.telling import newest_announced
from seminars.models import Invitation, Seminar, SeminarEvent, SeminarMail

#: In these there is still something to tell; what has begun needs no mail.
_AHEAD = (
    SeminarState.INVITED, SeminarState.TENTATIVE, SeminarState.SCHEDULED, SeminarState.CANCELLED,
)  # fmt: skip


@transaction.atomic
def begin_mail(*, invitation: int, owed_by: str, at: datetime) -> SeminarMail | None:
    """Write down what is about to be mailed to an agency, as things stand at that moment.

    None where there is nothing to send: no mailbox is known, the agency has ended, it has been told
    already, or another item (`owed_by` is a key of the outbox) is at it.
    """
    row = _reached(invitation, at)
    if row is None:
        return None
    seminar = locked(row.seminar)
    # Once more, behind the lock.
    row = _reached(invitation, at)
    event = newest_announced(seminar)
    if row is None or event is None or not _ahead(seminar, at):
        return None
    mail = row.mails.filter(event=event).first()
    if mail is None:
        mail = _new(seminar, row, event)
        last = row.mails.filter(sent_at__isnull=False).last()
        if last is not None and _says(last) == _says(mail):
            return None
    elif mail.sent_at is not None or mail.owed_by != owed_by:
        return None
    mail.address, mail.owed_by, mail.made_at = row.agency.mailbox, owed_by, at
    mail.save()
    return mail


@transaction.atomic
def mail_sent(*, mail: SeminarMail, at: datetime) -> None:
    """Mark it as handed over."""
    SeminarMail.objects.filter(pk=mail.pk, sent_at__isnull=True).update(sent_at=at)


def _reached(invitation: int, at: datetime) -> Invitation | None:
    rows = access.reached(at=at).exclude(agency__mailbox="")
    return rows.select_related("agency", "seminar").filter(pk=invitation).first()


def _ahead(seminar: Seminar, at: datetime) -> bool:
    over = seminar.starts_at is not None and seminar.starts_at <= at
    return seminar.state in _AHEAD and not over


def _new(seminar: Seminar, row: Invitation, event: SeminarEvent) -> SeminarMail:
    mail = SeminarMail(
        invitation=row, event=event, method=Method.REQUEST, sequence=seminar.sequence,
        start5=seminar.start5, end5=seminar.end5, answer_by=row.answer_by,
    )  # fmt: skip
    if event.act in (Act.POSTPONE, Act.CANCEL):
        # It is taken out of calendars where it was put; of one that never reached them, the words
        # alone are sent. Whether a mail that failed did reach one, nobody knows.
        put = row.mails.filter(start5__isnull=False).last()
        mail.method = Method.CANCEL if put else ""
        mail.start5, mail.end5 = (put.start5, put.end5) if put else (None, None)
    return mail


def _says(mail: SeminarMail) -> tuple[object, ...]:
    return (mail.method, mail.sequence, mail.answer_by)
