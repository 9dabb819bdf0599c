"""Whom the mail does not reach: shown to those who invite, so that they take the telephone."""

from collections.abc import Iterable

from documents.models import OutboxItem
from seminars.choices import MailTrouble
from seminars.lifecycle import telling
from seminars.models import Invitation, Seminar, SeminarMail


def troubles(seminar: Seminar, invitations: Iterable[Invitation]) -> dict[int, MailTrouble]:
    """Return what stands between an agency and the newest mail, by invitation (three queries).

    `invitations`: with their agencies. One that was not sent yet is in no trouble, nor is one
    whose mail waits for its minute.
    """
    sent = [each for each in invitations if each.sent_at is not None]
    event = telling.newest_announced(seminar) if sent else None
    if event is None:
        return {}
    begun = SeminarMail.objects.filter(event=event, invitation__in=sent)
    # An older item may have begun it: whatever it finds when its time comes is the newest.
    owed_by = dict(begun.values_list("invitation", "owed_by"))
    keys = {owed_by.get(each.pk) or telling.key_of_mail(event, each.pk): each.pk for each in sent}
    items = OutboxItem.objects.filter(key__in=keys, done_at__isnull=True)
    found = {
        keys[item.key]: MailTrouble.GIVEN_UP if item.parked_at else MailTrouble.REFUSED
        for item in items
        if item.error
    }
    return found | {each.pk: MailTrouble.NO_MAILBOX for each in sent if not each.agency.mailbox}
