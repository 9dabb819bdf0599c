"""What a person owes on the dispatches that reach his agencies, by when, and the next act.

The same conditions serve the desk, the tabs of the incoming list and its "see all" links, so that a
count and the list behind it never differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import clock
from agencies.choices import DeputyScope, Role
from documents import access
from documents.choices import (
    ACKNOWLEDGED,
    TAKEN_OVER,
    Action,
    CirculationState,
    Expectation,
    RecallState,
    ReceiptKind,
    Urgency,
)
from documents.models import Circulation, Handling, Receipt
from documents.models.circulation import LIVE, late

#: Expectations that ask for somebody to be put to work.
WORKED_ON = frozenset({Expectation.ACT, Expectation.REPORT})

#: How long a paper for information waits on the desk to be read.
UNREAD_FOR = timedelta(days=30)

#: Urgent papers stand first wherever something is owed.
URGENT_FIRST = Case(
    When(dispatch__urgency=Urgency.EXPRESS, then=0),
    When(dispatch__urgency=Urgency.VERY_URGENT, then=1),
    When(dispatch__urgency=Urgency.URGENT, then=2),
    default=3,
)


def acting_for(who: access.Standing, roles: Iterable[Role], scope: DeputyScope) -> set[int]:
    """Return the agencies where the person may act in one of these roles, within that scope."""
    wanted = set(roles)
    return {h.agency.pk for h in who.authorities if h.role in wanted and h.covers(scope)}


class Owed:
    """The conditions on a circulation, for one person at one moment. They cost no query."""

    def __init__(self, who: access.Standing, *, at: datetime) -> None:
        clerk = acting_for(who, {Role.CLERK}, DeputyScope.INCOMING)
        office = acting_for(who, Role.office(), DeputyScope.INCOMING)
        not_asked_back = LIVE & ~Q(recall_state=RecallState.REQUESTED)
        handled = Handling.objects.filter(circulation=OuterRef("pk"))
        opened = Receipt.objects.filter(
            circulation=OuterRef("pk"), kind=ReceiptKind.OPENED, actor=who.user.pk
        )
        self.at = at
        self.receive = not_asked_back & Q(state=CirculationState.SENT, agency__in=clerk)
        self.acknowledge = not_asked_back & Q(
            state__in=TAKEN_OVER,
            expectation__in=ACKNOWLEDGED,
            acknowledged_at__isnull=True,
            agency__in=office,
        )
        self.assign = (
            not_asked_back
            & Q(
                state=CirculationState.RECEIVED,
                expectation__in=WORKED_ON,
                acknowledged_at__isnull=False,
                agency__in=office,
            )
            & ~Exists(handled)
        )
        self.recall = LIVE & Q(recall_state=RecallState.REQUESTED, agency__in=office)
        self.mine = LIVE & ~Q(state=CirculationState.DONE) & _assigned_to(who)
        self.inform = LIVE & Q(expectation=Expectation.INFORM)
        # What lies longer is in the list: nobody reads up years, and the desk must not count them.
        lately = Q(sent_at__gte=at - UNREAD_FOR)
        self.unread = self.inform & lately & ~self.receive & ~Exists(opened)
        self.late = late(at)
        self.ended = ~LIVE | Q(state=CirculationState.DONE)
        self.anything = self.receive | self.acknowledge | self.assign

    @property
    def moment(self) -> Case:
        """By when the next act is owed, in SQL; null where neither law, paper nor sender says."""
        return Case(
            When(self.receive, then=F("receive_by")),
            default=F("due_at"),
            output_field=DateTimeField(),
        )

    @property
    def today(self) -> Q:
        return self.anything & Q(moment__lt=_start_of(self.at, 1))

    @property
    def week(self) -> Q:
        """After today: to the end of this week (on a weekend, of the next), or without a deadline."""
        weekday = clock.day_of(self.at).weekday()
        days = 7 - weekday if weekday < 5 else 14 - weekday
        coming = Q(moment__gte=_start_of(self.at, 1), moment__lt=_start_of(self.at, days))
        return self.anything & (coming | Q(moment__isnull=True))


def _start_of(at: datetime, days: int) -> datetime:
    return clock.at(clock.day_of(at) + timedelta(days=days))


def _assigned_to(who: access.Standing) -> Q:
    found = Q(pk__in=())
    for agency, member in who.members:
        found |= Q(
            agency=agency, pk__in=Handling.objects.filter(assignee=member).values("circulation")
        )
    return found


# -- One row ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """One button: a link, or a POST."""

    label: str
    url: str
    post: bool = False


def next_act(row: Circulation, who: access.Standing) -> Act:
    """Return the one act that comes next for this person (no query: all it reads is fetched)."""
    page = reverse("documents:dispatch", args=[row.dispatch_id])
    if row.recall_state == RecallState.REQUESTED and access.may(who, Action.ANSWER_RECALL, row):
        return Act(_("Answer the recall"), page)
    if access.may(who, Action.RECEIVE, row):
        return Act(_("Receive"), reverse("documents:receive", args=[row.pk]), post=True)
    if row.owes_acknowledgement and access.may(who, Action.ACKNOWLEDGE, row):
        # The version acknowledged is the one that was shown, so the paper is opened first.
        return Act(_("Acknowledge"), page)
    unassigned = row.state == CirculationState.RECEIVED and not row.handlings.all()
    if unassigned and row.expectation in WORKED_ON and access.may(who, Action.ASSIGN, row):
        return Act(_("Assign"), reverse("documents:assign", args=[row.pk]))
    return Act(_("Read"), page)


@dataclass(frozen=True)
class Due:
    """By when, as a list says it. `span` is the time since (at once) or over (late)."""

    word: str
    by: datetime | None = None
    span: timedelta = timedelta()

    @property
    def days(self) -> int:
        return self.span.days

    @property
    def hours(self) -> int:
        return self.span.seconds // 3600

    @property
    def minutes(self) -> int:
        return self.span.seconds // 60 % 60


def due_of(row: Circulation, who: access.Standing, *, at: datetime) -> Due:
    """Say by when the person's next act on the row is owed."""
    if access.may(who, Action.RECEIVE, row):
        if row.dispatch.urgency != Urgency.ORDINARY:
            # Decree 30/2020, article 4.2c: at once, without a period of grace.
            return Due("at_once", row.receive_by, max(at - row.sent_at, timedelta()))
        return due_by(row.receive_by, at=at)
    own = [each.due_at for each in row.handlings.all() if each.due_at and _is_mine(each, row, who)]
    settled = row.expectation in ACKNOWLEDGED and not row.owes_acknowledgement
    if settled and row.expectation not in WORKED_ON and not own:
        return Due("")
    return due_by(min(own) if own else row.due_at, at=at)


def _is_mine(handling: Handling, row: Circulation, who: access.Standing) -> bool:
    return (row.agency_id, handling.assignee_id) in who.members


def due_by(by: datetime | None, *, at: datetime) -> Due:
    """Put a deadline into one of: none, late, today, later."""
    if by is None:
        return Due("none")
    if by < at:
        return Due("late", by, at - by)
    return Due("today" if clock.day_of(by) == clock.day_of(at) else "later", by)
