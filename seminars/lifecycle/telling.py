"""What others are owed once an act is committed: a mail to each agency invited, news on desks."""

from datetime import timedelta

from django.db.models import Q

from documents.notify import Payload, owe, owe_all
from seminars.choices import Act, SeminarNews, SeminarState
from seminars.models import Seminar, SeminarEvent

#: Kinds of items in the outbox.
MAIL, TELL = "mail_seminar", "tell_invited"
#: Changes within it go into one mail, which shows how things stand then.
WAIT = timedelta(minutes=1)

_CHANGES = (Act.MOVE, Act.SET_PLACES)
_CALLS_OFF = (Act.POSTPONE, Act.CANCEL)
#: Acts that concern those who have the invitation. What is planned anew after it was postponed is
#: told when they are invited again.
ANNOUNCED = Q(act__in=(Act.INVITE, *_CHANGES), state=SeminarState.INVITED) | Q(act__in=_CALLS_OFF)

_NEWS = {
    Act.MOVE: SeminarNews.MOVED,
    Act.SET_PLACES: SeminarNews.MOVED,
    Act.POSTPONE: SeminarNews.POSTPONED,
    Act.CANCEL: SeminarNews.CANCELLED,
    Act.PROMOTE: SeminarNews.PROMOTED,
}


def owe_what_follows(event: SeminarEvent) -> None:
    """Write down, in the transaction of the act, what the worker owes because of it."""
    if not _concerns_the_invited(event):
        return
    if event.act not in (Act.PROMOTE, Act.CONSENT):
        sent = event.seminar.invitations.filter(sent_at__isnull=False)
        effects: dict[str, Payload] = {
            key_of_mail(event, pk): {"invitation": pk}
            for pk in sent.order_by("pk").values_list("pk", flat=True)
        }
        owe_all(MAIL, effects, at=event.at, wait=WAIT)
    if event.act != Act.INVITE:
        owe(TELL, f"{TELL}:{event.pk}", {"event": event.pk}, at=event.at)


def newest_announced(seminar: Seminar) -> SeminarEvent | None:
    """Return the last act on it that those who are invited have to know."""
    return SeminarEvent.objects.filter(ANNOUNCED, seminar=seminar).order_by("-pk").first()


def key_of_mail(event: SeminarEvent, invitation: int) -> str:
    """Return the key in the outbox of the mail that tells an agency of that act."""
    return f"{MAIL}:{event.pk}:{invitation}"


def news_of(event: SeminarEvent) -> SeminarNews:
    """Return what the offices of agencies are told of that act."""
    if event.act == Act.CONSENT:
        return SeminarNews.CONSENTED if event.facts["agrees"] else SeminarNews.REFUSED
    return _NEWS[Act(event.act)]


def delegate_of(event: SeminarEvent) -> int | None:
    """Return the delegate whom it is about; None where it is about the whole seminar."""
    found: int | None = event.facts.get("promoted" if event.act == Act.PROMOTE else "nomination")
    return found


def _concerns_the_invited(event: SeminarEvent) -> bool:
    if event.act in _CHANGES:
        return event.state == SeminarState.INVITED and _rose(event)
    return event.act in (Act.INVITE, Act.PROMOTE, Act.CONSENT, *_CALLS_OFF)


def _rose(event: SeminarEvent) -> bool:
    """Say whether the act raised the sequence: time, place or standing really changed."""
    earlier = SeminarEvent.objects.filter(
        seminar=event.seminar, pk__lt=event.pk, facts__sequence__isnull=False
    )
    last = earlier.order_by("-pk").values_list("facts__sequence", flat=True).first()
    return bool(last is None or event.facts["sequence"] > last)
