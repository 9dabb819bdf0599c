"""What the sender sees of its recipients: one line an agency, five rungs, what is late."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, When

from agencies import clock
from agencies.letters import fold
from documents.choices import (
    ACKNOWLEDGED,
    CirculationState,
    LineRole,
    RecallState,
    ReceiptKind,
)
from documents.models import Chase, Circulation, Dispatch, Receipt
from documents.models.circulation import LIVE, CirculationQuerySet, late

#: What a line shows of the evidence, in the order of the ladder.
SHOWN = (
    ReceiptKind.OPENED,
    ReceiptKind.RECEIVED,
    ReceiptKind.ACKNOWLEDGED,
    ReceiptKind.RETURNED,
    ReceiptKind.RECALL_AGREED,
    ReceiptKind.RECALL_REFUSED,
)


def recipients_of(dispatch: Dispatch) -> CirculationQuerySet:
    """Return one circulation an agency: the newest, when a returned paper was sent again.

    What the registering agency itself keeps of a paper from outside is not a recipient.
    """
    rows: CirculationQuerySet = newest().filter(dispatch=dispatch)
    return rows.exclude(agency=dispatch.registering_agency_id)


def newest() -> CirculationQuerySet:
    """Return of each dispatch one circulation an agency, the newest."""
    newer = Circulation.objects.filter(
        dispatch=OuterRef("dispatch"), agency=OuterRef("agency"), pk__gt=OuterRef("pk")
    )
    rows: CirculationQuerySet = Circulation.objects.filter(~Exists(newer))
    return rows


def _states(at: datetime) -> dict[str, Q]:
    """The states that the counters count and the filter takes."""
    return {
        "main": Q(role=LineRole.TO),
        "acknowledged": Q(acknowledged_at__isnull=False),
        "late": late(at),
        "silent": LIVE & Q(opened_at__isnull=True, received_at__isnull=True),
        "returned": Q(state=CirculationState.RETURNED),
        "recalled": ~Q(recall_state=RecallState.NONE),
        "copies": Q(role=LineRole.COPY),
    }


#: The first rung that is missing, by the moment that would fill it.
RUNGS = ("delivered_at", "opened_at", "received_at", "acknowledged_at")


def counted(dispatch: Dispatch, *, at: datetime) -> dict[str, int]:
    """Count the recipients in each state (one query)."""
    states = _states(at)
    counts: dict[str, int] = recipients_of(dispatch).aggregate(
        **{name: Count("pk", filter=condition) for name, condition in states.items()}
    )
    return counts


def chosen(
    dispatch: Dispatch,
    *,
    at: datetime,
    state: str = "",
    name: str = "",
    line: int | None = None,
    stopped: str = "",
    order: str = "",
) -> CirculationQuerySet:
    """Return the recipients that a filter leaves, late ones first unless ordered otherwise."""
    rows = recipients_of(dispatch)
    if state in _states(at):
        rows = rows.filter(_states(at)[state])
    if name:
        rows = rows.filter(agency__find_key__contains=fold(name))
    if line:
        rows = rows.filter(lines=line)
    if stopped in RUNGS:
        reached = RUNGS[: RUNGS.index(stopped)]
        rows = rows.filter(
            **{f"{rung}__isnull": False for rung in reached[-1:]}, **{f"{stopped}__isnull": True}
        )
    by_name = ("agency__sort_key", "pk")
    if order == "name":
        return rows.order_by(*by_name)
    if order == "newest":
        return rows.order_by(F("acknowledged_at").desc(nulls_last=True), *by_name)
    return rows.annotate(
        behind=Exists(Circulation.objects.filter(late(at), pk=OuterRef("pk")))
    ).order_by(
        "-behind",
        "-role",  # main addressees before copies
        Case(When(acknowledged_at__isnull=True, then=0), default=1),
        *by_name,
    )


@dataclass(frozen=True)
class Rung:
    """One cell of a line: when it was reached, by whom in whose place, or that it is missing."""

    name: str
    at: datetime | None
    person: str = ""
    note: str = ""
    missing: bool = False


@dataclass(frozen=True)
class Line:
    circulation: Circulation
    rungs: list[Rung]
    late: bool
    receipt_code: str
    returned: Receipt | None
    chased_on: object | None

    @property
    def reached(self) -> int:
        return sum(rung.at is not None for rung in self.rungs)

    @property
    def chase_fields(self) -> dict[str, int]:
        return {"circulation": self.circulation.pk}

    @property
    def last(self) -> Rung:
        return next(rung for rung in reversed(self.rungs) if rung.at is not None)


def with_evidence(rows: CirculationQuerySet) -> CirculationQuerySet:
    """Fetch what the lines show: four queries, whatever the number of rows."""
    shown = Receipt.objects.filter(kind__in=SHOWN).select_related(
        "actor", "deputy__of__user", "suggested", "version"
    )
    chases = Chase.objects.order_by("-on")
    fetched: CirculationQuerySet = rows.select_related("agency").prefetch_related(
        Prefetch("receipts", shown, to_attr="shown"), Prefetch("chases", chases, to_attr="reminded")
    )
    return fetched


def line_of(row: Circulation, *, at: datetime) -> Line:
    """Read one recipient's line off a circulation fetched by `with_evidence`."""
    by_kind: dict[str, Receipt] = {}
    for receipt in row.shown:  # type: ignore[attr-defined]
        by_kind.setdefault(receipt.kind, receipt)
    rungs = [
        Rung("sent", row.sent_at),
        Rung("delivered", row.delivered_at),
        _rung("opened", row.opened_at, by_kind.get(ReceiptKind.OPENED)),
        _rung("received", row.received_at, by_kind.get(ReceiptKind.RECEIVED), row.arrival_number),
    ]
    if row.expectation in ACKNOWLEDGED:
        given = by_kind.get(ReceiptKind.ACKNOWLEDGED)
        rungs.append(_rung("acknowledged", row.acknowledged_at, given))
    missing = next((place for place, rung in enumerate(rungs) if rung.at is None), None)
    if missing is not None and row.is_live:
        rungs[missing] = Rung(rungs[missing].name, None, missing=True)
    reminded = row.reminded  # type: ignore[attr-defined]
    acknowledged = by_kind.get(ReceiptKind.ACKNOWLEDGED)
    return Line(
        circulation=row,
        rungs=rungs,
        late=row.is_late(at),
        receipt_code=(acknowledged.code or "") if acknowledged else "",
        returned=by_kind.get(ReceiptKind.RETURNED),
        chased_on=reminded[0].on if reminded else None,
    )


def _rung(
    name: str, at: datetime | None, receipt: Receipt | None, arrival: int | None = None
) -> Rung:
    if receipt is None or receipt.actor is None:
        return Rung(name, at)
    principal = receipt.deputy.of.user if receipt.deputy else None
    return Rung(
        name,
        at,
        person=str(receipt.actor),
        note=f"{arrival}" if arrival else (str(principal) if principal else ""),
    )


def chased_today(dispatch: Dispatch, *, at: datetime) -> set[int]:
    """Return the circulations that were reminded today."""
    return set(
        Chase.objects.filter(circulation__dispatch=dispatch, on=clock.day_of(at)).values_list(
            "circulation", flat=True
        )
    )
