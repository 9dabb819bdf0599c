"""The incoming register: every dispatch that reached the person's agencies, and where it stands."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.choices import DeputyScope, Role
from documents import access, exports, filters
from documents.choices import CirculationState, ReceiptKind
from documents.desk import line_of, with_what_lines_show
from documents.models import Circulation, Receipt
from documents.naming import issuer_of
from documents.owed import acting_for

PAGE = 25


def _chosen(
    request: HttpRequest, *, at: datetime
) -> tuple[filters.IncomingFilter, QuerySet[Circulation]]:
    who = access.standing_of(request)
    form = filters.IncomingFilter(
        request.GET or None, agencies={held.agency.pk for held in who.authorities}
    )
    form.is_valid()
    values = form.cleaned_data if form.is_bound else {}
    return form, filters.chosen(who, values, at=at)


#: Why a paper was returned.
_RETURNED_FOR = Subquery(
    Receipt.objects.filter(circulation=OuterRef("pk"), kind=ReceiptKind.RETURNED)
    .order_by("pk")
    .values("reason")[:1]
)


def _with_returns(rows: QuerySet[Circulation]) -> QuerySet[Circulation]:
    return with_what_lines_show(rows.annotate(returned_for=_RETURNED_FOR))


def _reason(row: Circulation) -> str:
    """Why an ended paper ended: what the office keeps of it."""
    if row.state == CirculationState.RETURNED:
        return row.returned_for or ""  # type: ignore[attr-defined]
    return row.recall_reason


class Listed(Paginator):
    """Pages of a list whose size is known already, or known to be beyond the last page."""

    def __init__(self, rows: QuerySet[Circulation], size: int, *, listed: filters.Counted) -> None:
        super().__init__(rows, size)
        self.count = listed.number
        self.more = listed.more


@require_safe
def incoming(request: HttpRequest) -> HttpResponse:
    """List what reached the person's agencies. A paper returned or recalled shows no content."""
    at = clock.now()
    who = access.standing_of(request)
    form, rows = _chosen(request, at=at)
    values = form.cleaned_data if form.is_bound else {}
    several = "agency" in form.fields
    counts = filters.counted(who, values, at=at)
    state = values.get("state") or ""
    # A state that nobody knows is no state.
    listed = counts.get(state, counts[""])
    shown_rows = with_what_lines_show(rows.annotate(returned_for=_RETURNED_FOR), recipients=several)
    pages = Listed(shown_rows, PAGE, listed=listed)
    page = pages.get_page(request.GET.get("page"))
    shown = [
        {"line": line_of(row, who, at=at), "row": row}
        if row.is_live
        else {"row": row, "issuer": issuer_of(row.dispatch), "reason": _reason(row)}
        for row in page
    ]
    suffix = f"?{request.GET.urlencode()}" if request.GET else ""
    return render(
        request,
        "documents/incoming.html",
        {
            "form": form,
            "page": page,
            "rows": shown,
            "several": several,
            "tabs": _tabs(request, counts, values),
            "state_word": _state_word(values),
            "may_register": bool(acting_for(who, {Role.CLERK}, DeputyScope.INCOMING)),
            "links": [
                {"label": _("Print on A4"), "url": reverse("documents:incoming_print") + suffix},
                {"label": _("Export XLSX"), "url": reverse("documents:incoming_xlsx") + suffix},
            ],
        },
    )


def _tabs(
    request: HttpRequest, counts: dict[str, filters.Counted], values: dict[str, Any]
) -> list[dict[str, object]]:
    words = filters.words_of_states()
    tabs = []
    for state in filters.TABS:
        params = request.GET.copy()
        params.pop("page", None)
        params["state"] = state
        tabs.append(
            {
                "label": words[state],
                "count": counts[state],
                "url": f"?{params.urlencode()}",
                "kind": "late" if state == "late" and counts[state].number else "",
                "current": (values.get("state") or "") == state,
            }
        )
    return tabs


def _state_word(values: dict[str, Any]) -> str:
    """The name of the state that no tab shows, so that the list never seems complete."""
    state = values.get("state") or ""
    return "" if state in filters.TABS else filters.words_of_states().get(state, "")


def _heading() -> list[str]:
    """The ten columns of the incoming register: Decree 30/2020, Appendix IV."""
    return [
        _("Date of arrival"),
        _("Arrival number"),
        _("Issuer"),
        _("Number and symbol"),
        _("Date of the paper"),
        _("Type and subject"),
        _("Unit or person receiving"),
        _("Date of passing on"),
        _("Received by (signature)"),
        _("Remarks"),
    ]


def _row(row: Circulation) -> list[str]:
    paper = row.dispatch
    handlings = list(row.handlings.all())
    passed_on = clock.day_of(handlings[0].assigned_at) if handlings else None
    live = row.is_live
    return [
        f"{row.arrived_on:%d/%m/%Y}" if row.arrived_on else "",
        str(row.arrival_number or ""),
        issuer_of(paper),
        paper.code,
        f"{paper.issued_on:%d/%m/%Y}" if paper.issued_on else "",
        f"{paper.type}: {paper.subject}" if live else "",
        "; ".join(str(each.assignee) for each in handlings) if live else "",
        f"{passed_on:%d/%m/%Y}" if passed_on and live else "",
        "",
        "" if live else _ended(row),
    ]


def _ended(row: Circulation) -> str:
    returned = row.state == CirculationState.RETURNED
    words = _("Returned %(on)s: %(reason)s") if returned else _("Recalled %(on)s: %(reason)s")
    on = f"{clock.day_of(row.closed_at):%d/%m/%Y}" if row.closed_at else ""
    return words % {"on": on, "reason": _reason(row)}


@require_safe
def incoming_print(request: HttpRequest) -> HttpResponse:
    """What the filter leaves of the register on A4, landscape, in the ten columns of the decree.

    A register holds what has a number: papers not yet received are not in it.
    """
    form, rows = _chosen(request, at=clock.now())
    registered = rows.filter(arrival_number__isnull=False).order_by(
        "agency", "arrived_on", "arrival_number", "pk"
    )
    entries = list(_with_returns(registered))
    agencies = {row.agency_id: row.agency for row in entries}
    return render(
        request,
        "documents/incoming_print.html",
        {
            "heading": _heading(),
            "rows": [_row(row) for row in entries],
            "agency": next(iter(agencies.values())) if len(agencies) == 1 else None,
            "first": entries[0] if len(agencies) == 1 else None,
            "last": entries[-1] if len(agencies) == 1 else None,
            "printed_by": access.standing_of(request).user,
        },
    )


@require_safe
def incoming_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as filtered, as a spreadsheet."""
    _form, rows = _chosen(request, at=clock.now())

    def lines() -> Iterator[list[str]]:
        for row in _with_returns(rows).iterator(chunk_size=500):
            yield _row(row)

    return exports.workbook(request, name="so-van-ban-den", heading=_heading(), rows=lines())
