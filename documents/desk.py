"""A person's own desk: what waits for him, sorted by when, each line with its one next act."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.choices import DeputyScope, Role
from agencies.models import User
from documents import access
from documents.choices import CirculationState, ReceiptKind, State
from documents.filters import MOST_COUNTED, Counted, sizes_of
from documents.models import Circulation, Dispatch, Handling, Receipt
from documents.naming import issuer_of, name_at
from documents.owed import URGENT_FIRST, Act, Due, Owed, acting_for, due_of, next_act

#: Lines of one section; the rest is behind its "see all".
SHOWN = 10

#: What cannot wait comes first.
ORDER = ("recall", "today", "returned", "drafts", "week", "mine", "unread")


@dataclass(frozen=True)
class Line:
    dispatch: Dispatch
    act: Act
    due: Due
    circulation: Circulation | None = None
    returned: Receipt | None = None

    @property
    def issuer(self) -> str:
        return issuer_of(self.dispatch)

    @property
    def recipient(self) -> str:
        """Who returned it, by the name of the day on which it was sent."""
        row = self.circulation
        return name_at(row.agency, self.dispatch.issued_on) if row else ""

    @property
    def assignees(self) -> list[str]:
        rows = self.circulation.handlings.all() if self.circulation else ()
        return [str(each.assignee) for each in rows]


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    lines: list[Line]
    counted: Counted
    all_url: str
    kind: str = ""

    @property
    def count(self) -> int:
        return self.counted.number

    @property
    def cut(self) -> bool:
        return self.count > len(self.lines)


@dataclass(frozen=True)
class Desk:
    sections: list[Section]
    counters: list[dict[str, object]]
    may_register: bool

    @property
    def filled(self) -> list[Section]:
        return [section for section in self.sections if section.count]


def with_what_lines_show(
    rows: QuerySet[Circulation], *, recipients: bool = True
) -> QuerySet[Circulation]:
    """Fetch what a line of the desk or of the incoming list shows (two queries, three with names).

    Without `recipients` for lists of one agency, which does not say its own name on each line.
    """
    handlings = Handling.objects.select_related("assignee").order_by("pk")
    fetched = rows.select_related(
        "dispatch__type", "dispatch__issuing_agency", "dispatch__registering_agency"
    ).prefetch_related(Prefetch("handlings", handlings), "dispatch__issuing_agency__names")
    if not recipients:
        return fetched
    return fetched.select_related("agency").prefetch_related("agency__names")


def line_of(row: Circulation, who: access.Standing, *, at: datetime) -> Line:
    """Read a line off a circulation that `with_what_lines_show` fetched."""
    return Line(row.dispatch, next_act(row, who), due_of(row, who, at=at), row)


def desk_for(user: User | access.Standing, *, at: datetime) -> Desk:
    """Return everything that waits for the person, in the same number of queries for any desk."""
    who = user if isinstance(user, access.Standing) else access.standing(user, at=at)
    incoming, late = _incoming(who, at=at)
    sections = [*incoming, _returned(who), _drafts(who)]
    sections.sort(key=lambda section: ORDER.index(section.name))
    return Desk(
        sections=sections,
        counters=_counters(sections, late=late if who.office_of else Counted(0)),
        may_register=bool(acting_for(who, {Role.CLERK}, DeputyScope.INCOMING)),
    )


#: The order of a section's lines.
_FIRST = (URGENT_FIRST, F("moment").asc(nulls_last=True), "sent_at", "pk")


def _list_url(state: str) -> str:
    return f"{reverse('documents:incoming')}?state={state}"


# -- At my agencies ---------------------------------------------------------------------------


def _incoming(who: access.Standing, *, at: datetime) -> tuple[list[Section], Counted]:
    """Return the sections of what reached the person's agencies, and how many papers are late."""
    owed = Owed(who, at=at)
    rows = access.circulations_read_by(who).annotate(moment=owed.moment)
    wanted: dict[str, tuple[str, Q]] = {
        "recall": (_("Asked back by the sender"), owed.recall),
        "today": (_("Due today"), owed.today),
        "week": (_("This week"), owed.week),
        "mine": (_("Assigned to me"), owed.mine & ~owed.anything & ~owed.recall),
        "unread": (
            _("For information, of the last 30 days, not yet read"),
            owed.unread & ~owed.mine & ~owed.recall,
        ),
    }
    found = {name: rows.filter(condition) for name, (_title, condition) in wanted.items()}
    bounded = {name: (each, MOST_COUNTED) for name, each in found.items()}
    counts = sizes_of(who, bounded | {"late": (rows.filter(owed.late), MOST_COUNTED)})
    first = {
        name: list(each.order_by(*_FIRST).values_list("pk", flat=True)[:SHOWN])
        for name, each in found.items()
        if counts[name].number
    }
    shown = rows.filter(pk__in=[pk for pks in first.values() for pk in pks])
    lines = {
        row.pk: line_of(row, who, at=at)
        for row in (with_what_lines_show(shown, recipients=False) if first else ())
    }
    sections = [
        Section(
            name,
            title,
            # What was handed on between the two questions has left the list.
            [lines[pk] for pk in first.get(name, ()) if pk in lines],
            counts[name],
            _list_url(name),
        )
        for name, (title, _condition) in wanted.items()
    ]
    return sections, counts["late"]


# -- What I sent ------------------------------------------------------------------------------


def _returned(who: access.Standing) -> Section:
    """Papers that a recipient returned and that were not sent further since."""
    office = acting_for(who, Role.office(), DeputyScope.OUTGOING)
    sent_since = Circulation.objects.filter(
        dispatch=OuterRef("dispatch"), sent_at__gt=OuterRef("closed_at")
    )
    rows = Circulation.objects.filter(
        ~Exists(sent_since),
        state=CirculationState.RETURNED,
        dispatch__registering_agency__in=office,
        dispatch__recalled_at__isnull=True,
        dispatch__replaced_by__isnull=True,
    )
    answers = Receipt.objects.filter(kind=ReceiptKind.RETURNED).select_related("suggested")
    fetched = with_what_lines_show(rows).prefetch_related(
        Prefetch("receipts", answers, to_attr="returns")
    )
    count = rows.count()
    lines = []
    for row in fetched.order_by("-closed_at", "-pk")[:SHOWN] if count else ():
        receipt = row.returns[0] if row.returns else None
        act = _correct(who, row.dispatch)
        lines.append(Line(row.dispatch, act, Due("returned"), row, receipt))
    address = f"{reverse('documents:outgoing')}?status=returned"
    return Section("returned", _("Returned to us"), lines, Counted(count), address, kind="late")


def _correct(who: access.Standing, dispatch: Dispatch) -> Act:
    clerk = acting_for(who, {Role.CLERK}, DeputyScope.OUTGOING)
    if dispatch.registering_agency_id in clerk:
        return Act(_("Redirect"), reverse("documents:circulate", args=[dispatch.pk]))
    return Act(_("See who returned it"), reverse("documents:track", args=[dispatch.pk]))


# -- Drafts -----------------------------------------------------------------------------------


def _drafts(who: access.Standing) -> Section:
    """Papers of my agency whose next act is mine: to sign, to number, to issue, to correct."""
    leads = acting_for(who, {Role.LEADER, Role.HEAD}, DeputyScope.OUTGOING)
    clerk = acting_for(who, {Role.CLERK}, DeputyScope.OUTGOING)
    waiting = Q(state=State.SUBMITTED, registering_agency__in=leads)
    waiting |= Q(state__in=(State.SIGNED, State.NUMBERED), registering_agency__in=clerk)
    for agency, member in who.members:
        came_back = Q(registering_agency=agency, drafter=member, state=State.DRAFT)
        waiting |= came_back & ~Q(sent_back_reason="")
    rows = Dispatch.objects.filter(waiting)
    count = rows.count()
    shown = (
        rows.select_related("type", "issuing_agency", "registering_agency", "drafter")
        .prefetch_related("issuing_agency__names")
        .order_by("created_at", "pk")
    )
    return Section(
        "drafts",
        _("Waiting for me"),
        [Line(each, _draft_act(each), Due("draft")) for each in shown[:SHOWN]] if count else [],
        Counted(count),
        reverse("documents:drafts"),
    )


def _draft_act(dispatch: Dispatch) -> Act:
    label: dict[str, Callable[[], str]] = {
        State.SUBMITTED: lambda: _("Sign"),
        State.SIGNED: lambda: _("Give a number"),
        State.NUMBERED: lambda: _("Issue"),
        State.DRAFT: lambda: _("Correct the draft"),
    }
    address = {State.SUBMITTED: "documents:sign", State.DRAFT: "documents:draft"}
    name = address.get(State(dispatch.state), "documents:issue")
    return Act(label[dispatch.state](), reverse(name, args=[dispatch.pk]))


# -- Counters ---------------------------------------------------------------------------------


def _counters(sections: list[Section], *, late: Counted) -> list[dict[str, object]]:
    words = {
        "recall": _("asked back"),
        "today": _("due today"),
        "returned": _("returned"),
        "drafts": _("waiting for me"),
        "week": _("this week"),
        "mine": _("assigned to me"),
        "unread": _("for information, not read"),
    }
    always = {"today", "week", "unread"}
    counters: list[dict[str, object]] = []
    for section in sections:
        if section.count or section.name in always:
            kind = "late" if section.count and section.name in ("returned", "recall") else ""
            counters.append(
                {
                    "label": words[section.name],
                    "count": section.counted,
                    "url": section.all_url,
                    "kind": kind,
                }
            )
        if section.name == "today" and late.number:
            counters.append(
                {"label": _("late"), "count": late, "url": _list_url("late"), "kind": "late"}
            )
    return counters
