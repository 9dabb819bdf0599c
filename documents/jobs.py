"""The worker's work: take what is owed after commits, do it, mark it done.

A worker may be killed at any line and several may run. An item is leased, not locked: a lease that
ran out is taken by the next worker, and every handler may be run twice.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from agencies import clock
from agencies.models import Deputy, User
from documents import access, people
from documents.choices import Action, NoticeKind, ReceiptKind
from documents.lifecycle.evidence import progressed
from documents.models import (
    Circulation,
    Dispatch,
    DispatchVersion,
    Notice,
    OutboxItem,
    Receipt,
)

log = logging.getLogger(__name__)

#: Longer than any handler takes; a killed worker's items are taken up after it.
LEASE = timedelta(seconds=60)
ATTEMPTS = 8
#: Circulations delivered in one transaction.
BATCH = 500

Handler = Callable[[OutboxItem, datetime], None]
HANDLERS: dict[str, Handler] = {}

#: Kinds that another machine may keep waiting: done beside the outbox, so that they hold up no
#: delivery, and tried for longer, since that machine may be away for a night.
OUTSIDE: set[str] = set()
#: The longest pause between two tries, and the tries that fill about two days with them.
LONGEST_PAUSE = timedelta(hours=1)
ATTEMPTS_OUTSIDE = 60

#: What other apps have the worker do beside the outbox, each in a thread of its own: given the
#: moment, it does some of what waits and returns whether there was anything.
beside_the_outbox: list[Callable[[datetime], bool]] = []


def handles(kind: str, *, outside: bool = False) -> Callable[[Handler], Handler]:
    """Register what does the work of one kind of outbox item. It may be run twice.

    `outside`: it speaks to another machine, and is done by `work_one(outside=True)`.
    """

    def keep(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        if outside:
            OUTSIDE.add(kind)
        return handler

    return keep


def lease_next(*, at: datetime, outside: bool = False) -> OutboxItem | None:
    """Take the oldest waiting item, or None. Two workers never hold one at the same time."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=at)
    ours = Q(kind__in=OUTSIDE) if outside else ~Q(kind__in=OUTSIDE)
    waiting = OutboxItem.objects.filter(
        free, ours, done_at__isnull=True, parked_at__isnull=True, not_before__lte=at
    )
    for pk in waiting.order_by("not_before", "pk").values_list("pk", flat=True)[:20]:
        taken = waiting.filter(pk=pk).update(leased_until=at + LEASE, attempts=F("attempts") + 1)
        if taken:
            return OutboxItem.objects.get(pk=pk)
    return None


def work_one(*, at: datetime, outside: bool = False) -> bool:
    """Do one item. Returns False when nothing waits.

    A failure is kept on the row and tried again later, ever more slowly; after eight attempts (60,
    about two days, for what another machine does) the item is parked, with its error, for a person
    to look at.
    """
    item = lease_next(at=at, outside=outside)
    if item is None:
        return False
    try:
        HANDLERS[item.kind](item, at)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is kept and tried again
        log.warning("outbox item %s failed: %s", item.pk, type(error).__name__)
        item.error = f"{type(error).__name__}: {error}"
        item.leased_until = None
        item.not_before = at + min(timedelta(seconds=2 ** min(item.attempts, 20)), LONGEST_PAUSE)
        if item.attempts >= (ATTEMPTS_OUTSIDE if outside else ATTEMPTS):
            item.parked_at = at
        item.save(update_fields=["error", "leased_until", "not_before", "parked_at"])
    else:
        item.done_at = at
        item.error = ""
        item.save(update_fields=["done_at", "error"])
    return True


def retry_given_up(*, at: datetime) -> int:
    """Take up again what was given up, with all its tries; returns how many. For a command."""
    parked = OutboxItem.objects.filter(parked_at__isnull=False, done_at__isnull=True)
    return parked.update(parked_at=None, attempts=0, not_before=at, leased_until=None)


# -- Delivery ---------------------------------------------------------------------------------


@handles("deliver")
def deliver(item: OutboxItem, at: datetime) -> None:
    """Deliver a wave: each agency where somebody can read has it, and its clerks are told."""
    rows = Circulation.objects.filter(
        dispatch=item.payload["dispatch"], wave=item.payload["wave"], delivered_at__isnull=True
    )
    version = DispatchVersion.objects.get(pk=item.payload["version"])
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        _deliver(pks[start : start + BATCH], version, at=at)


def deliver_waiting(*, at: datetime) -> None:
    """Deliver what found nobody there: a clerk may have been appointed since."""
    waiting = Circulation.objects.live().filter(delivered_at__isnull=True, sent_at__lt=at - LEASE)
    pairs = waiting.order_by("pk").values_list("pk", "dispatch")[:BATCH]
    for pk, dispatch in pairs:
        version = (
            DispatchVersion.objects.filter(dispatch=dispatch, issued_at__isnull=False)
            .order_by("-no")
            .first()
        )
        if version:
            _deliver([pk], version, at=at)


@transaction.atomic
def _deliver(pks: list[int], version: DispatchVersion, *, at: datetime) -> None:
    rows = list(
        Circulation.objects.select_for_update().live().filter(pk__in=pks, delivered_at__isnull=True)
    )
    members = people.office_members({row.agency_id for row in rows}, on=clock.day_of(at))
    told: dict[int, list[int]] = {}
    for agency, person in members:
        told.setdefault(agency, []).append(person)
    reached = [row for row in rows if row.agency_id in told]
    Receipt.objects.bulk_create(
        [
            Receipt(
                circulation=row,
                kind=ReceiptKind.DELIVERED,
                at=at,
                on_behalf_of_id=row.agency_id,
                version=version,
                digest=version.digest,
            )
            for row in reached
        ],
        ignore_conflicts=True,
    )
    Circulation.objects.filter(pk__in=[row.pk for row in reached]).update(delivered_at=at)
    Notice.objects.bulk_create(
        [
            Notice(
                key=f"{NoticeKind.ARRIVED}:{row.pk}:{person}",
                person_id=person,
                kind=NoticeKind.ARRIVED,
                dispatch_id=row.dispatch_id,
                circulation=row,
                at=at,
            )
            for row in reached
            for person in told[row.agency_id]
        ],
        ignore_conflicts=True,
    )
    if reached:
        progressed(version.dispatch)


# -- Notices ----------------------------------------------------------------------------------


@handles("tell_recipient")
def tell_recipient(item: OutboxItem, at: datetime) -> None:
    """Tell the office of a recipient; who is told is asked now, not when it was owed."""
    row = Circulation.objects.select_related("dispatch").get(pk=item.payload["circulation"])
    if not row.is_live and item.payload["notice"] != NoticeKind.RECALLED:
        return  # returned or given up meanwhile: of what it closed, an office hears nothing more
    told = [
        person for _agency, person in people.office_members([row.agency_id], on=clock.day_of(at))
    ]
    _notify(item, row.dispatch, told, at=at, circulation=row)


@handles("tell_person")
def tell_person(item: OutboxItem, at: datetime) -> None:
    """Tell one person, if he may still read."""
    row = Circulation.objects.select_related("dispatch").get(pk=item.payload["circulation"])
    person = User.objects.get(pk=item.payload["person"])
    if access.circulations_read_by(person, at=at).filter(pk=row.pk).exists():
        _notify(item, row.dispatch, [person.pk], at=at, circulation=row)


@handles("tell_sender")
def tell_sender(item: OutboxItem, at: datetime) -> None:
    """Tell the office that circulated it what a recipient did."""
    row = Circulation.objects.select_related("dispatch").get(pk=item.payload["circulation"])
    told = [
        person
        for _agency, person in people.office_members([row.circulated_by_id], on=clock.day_of(at))
    ]
    _notify(item, row.dispatch, told, at=at, circulation=row)


#: Whose act is next, by the notice that says so.
_NEXT = {NoticeKind.SUBMITTED: Action.SIGN, NoticeKind.SIGNED: Action.NUMBER}


@handles("tell_home")
def tell_home(item: OutboxItem, at: datetime) -> None:
    """Tell those of the registering agency whose act is next; the drafter of one that came back."""
    dispatch = Dispatch.objects.get(pk=item.payload["dispatch"])
    kind = NoticeKind(item.payload["notice"])
    if kind is NoticeKind.SENT_BACK:
        reads = access.visible_to(dispatch.drafter, at=at).filter(pk=dispatch.pk).exists()
        _notify(item, dispatch, [dispatch.drafter_id] if reads else [], at=at)
        return
    on = clock.day_of(at)
    members = people.members_of(dispatch.registering_agency_id, on=on)
    mandates = Deputy.objects.in_force_on(on).filter(
        of__agency=dispatch.registering_agency_id, deputy__is_active=True
    )
    stand_ins = User.objects.filter(pk__in=mandates.values("deputy"))
    told = [
        person.pk
        for person in {*members, *stand_ins}
        if access.may(person, _NEXT[kind], dispatch, at=at)
    ]
    _notify(item, dispatch, told, at=at)


def _notify(
    item: OutboxItem,
    dispatch: Dispatch,
    told: list[int],
    *,
    at: datetime,
    circulation: Circulation | None = None,
) -> None:
    """Write one notice a person; the item's own key makes a second run change nothing."""
    Notice.objects.bulk_create(
        [
            Notice(
                key=f"{item.key}:{person}",
                person_id=person,
                kind=item.payload["notice"],
                dispatch=dispatch,
                circulation=circulation,
                at=at,
            )
            for person in told
        ],
        ignore_conflicts=True,
    )
