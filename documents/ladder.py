"""Where a dispatch stands at one recipient, as its readers there see it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from documents import access
from documents.choices import (
    ACKNOWLEDGED,
    Action,
    CirculationState,
    RecallState,
    ReceiptKind,
)
from documents.models import Circulation, Dispatch, DispatchVersion, Handling, Receipt
from documents.naming import name_at


@dataclass(frozen=True)
class Event:
    """One joint of the timeline: what happened, when, by whom, in whose place."""

    word: str
    at: datetime | None = None
    by: str = ""
    instead_of: str = ""
    more: str = ""
    reason: str = ""
    kind: str = ""
    until: datetime | None = None


@dataclass
class Block:
    """One recipient agency of the reader: what it must do, and what was done."""

    circulation: Circulation
    version: DispatchVersion
    reached: int
    word: str
    events: list[Event]
    acknowledged: Receipt | None
    earlier: Receipt | None
    may: dict[str, bool] = field(default_factory=dict)
    filled: bool = False
    form: object | None = None

    @property
    def agency(self) -> str:
        return name_at(self.circulation.agency, self.circulation.dispatch.issued_on)

    @property
    def late(self) -> bool:
        return bool(self.events) and self.events[-1].kind == "bad"

    @property
    def has_an_act(self) -> bool:
        return any(self.may.values())


def blocks_for(
    who: access.Standing, dispatch: Dispatch, version: DispatchVersion, *, at: datetime
) -> list[Block]:
    """Return a block for each circulation that lets the person read (five queries)."""
    receipts = Receipt.objects.select_related(
        "actor", "deputy__of__user", "version", "suggested"
    ).order_by("at", "pk")
    handlings = Handling.objects.select_related("assignee", "assigned_by").order_by("pk")
    rows = (
        access.circulations_read_by(who)
        .filter(dispatch=dispatch)
        .select_related("agency", "circulated_by")
        .prefetch_related(
            Prefetch("receipts", receipts, to_attr="shown"),
            Prefetch("handlings", handlings),
            "agency__names",
            "circulated_by__names",
            "lines",
        )
        .order_by("pk")
    )
    blocks = []
    for row in rows:
        row.dispatch = dispatch
        blocks.append(_block(row, version, who, at=at))
    first = next((block for block in blocks if block.has_an_act), None)
    if first:
        first.filled = True
    return blocks


def _block(
    row: Circulation, version: DispatchVersion, who: access.Standing, *, at: datetime
) -> Block:
    given = [each for each in _shown(row) if each.kind == ReceiptKind.ACKNOWLEDGED]
    this = next((each for each in given if each.version_id == version.pk), None)
    expects = row.expectation in ACKNOWLEDGED
    asked_back = row.recall_state == RecallState.REQUESTED
    reached, word = _reached(row)
    receive = access.may(who, Action.RECEIVE, row)
    return Block(
        circulation=row,
        version=version,
        reached=reached,
        word=word,
        events=events_of(row, at=at),
        acknowledged=this,
        earlier=given[-1] if given and this is None else None,
        may={
            "answer_recall": asked_back and access.may(who, Action.ANSWER_RECALL, row),
            "receive": receive,
            # A clerk who has not received it yet receives it with the acknowledgement.
            "acknowledge": expects
            and this is None
            and (receive or access.may(who, Action.ACKNOWLEDGE, row)),
            "assign": access.may(who, Action.ASSIGN, row),
            "return": row.circulated_by_id != row.agency_id and access.may(who, Action.RETURN, row),
        },
    )


def _shown(row: Circulation) -> list[Receipt]:
    receipts: list[Receipt] = row.shown  # type: ignore[attr-defined]
    return receipts


def _reached(row: Circulation) -> tuple[int, str]:
    """Return how many of the five joints are reached, and the word of the last one."""
    if row.acknowledged_at:
        return 5, _("Acknowledged")
    if row.received_at:
        # Who is only informed owes nothing after receiving.
        return (4 if row.expectation in ACKNOWLEDGED else 5), _("Received")
    if row.opened_at:
        return 3, _("Opened")
    return (2, _("Delivered")) if row.delivered_at else (1, _("Sent"))


def events_of(row: Circulation, *, at: datetime) -> list[Event]:
    """Return what happened, oldest first, and what is awaited."""
    day = row.dispatch.issued_on
    events = [Event(_("Sent"), row.sent_at, by=name_at(row.circulated_by, day))]
    opened = False
    for receipt in _shown(row):
        if receipt.kind == ReceiptKind.OPENED:
            # Each reader leaves one; the ladder shows the first.
            if opened:
                continue
            opened = True
        events.append(_event(row, receipt))
    awaited = _awaited(row, at=at)
    last = len(events) - 1
    events = [
        Event(**{**each.__dict__, "kind": "last"}) if place == last else each
        for place, each in enumerate(events)
    ]
    return [*events, awaited] if awaited else events


def _event(row: Circulation, receipt: Receipt) -> Event:
    more = ""
    if receipt.kind == ReceiptKind.RECEIVED and row.arrival_number:
        more = _("arrival number %(number)s") % {"number": row.arrival_number}
    if receipt.kind == ReceiptKind.ACKNOWLEDGED:
        more = _("version %(no)s") % {"no": receipt.version.no}
    return Event(
        receipt.get_kind_display(),
        receipt.at,
        by=str(receipt.actor) if receipt.actor else _("the system"),
        instead_of=str(receipt.deputy.of.user) if receipt.deputy else "",
        more=more,
        reason=receipt.reason,
    )


def _awaited(row: Circulation, *, at: datetime) -> Event | None:
    if not row.is_live:
        return None
    if row.recall_state == RecallState.REQUESTED:
        return Event(_("Waiting for an answer to the recall"), kind="next")
    if row.state == CirculationState.SENT:
        kind = "bad" if row.receive_by < at else "next"
        return Event(_("Waiting to be received"), until=row.receive_by, kind=kind)
    if row.owes_acknowledgement:
        kind = "bad" if row.due_at and row.due_at < at else "next"
        return Event(_("Waiting for the acknowledgement"), until=row.due_at, kind=kind)
    return None
