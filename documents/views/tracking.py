"""The sender's matrix: who has it, who is late, one reminder a day."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from agencies import clock
from documents import access, exports, following, lifecycle
from documents.choices import Action
from documents.forms.following import RecipientFilter
from documents.models import Circulation, Dispatch
from documents.models.circulation import CirculationQuerySet

PAGE = 50


def tracked(request: HttpRequest, pk: int) -> Dispatch:
    """Return a dispatch whose recipients the person may follow, or the 404 of any other page."""
    who = access.standing_of(request)
    dispatch = access.get_or_404(who, pk)
    if not access.may(who, Action.TRACK, dispatch):
        raise Http404
    return dispatch


def _filter(
    request: HttpRequest, dispatch: Dispatch
) -> tuple[RecipientFilter, CirculationQuerySet, str]:
    at = clock.now()
    lines = dispatch.lines.filter(as_above=False).exclude(role="archive")
    form = RecipientFilter(request.GET or None, lines=lines)
    chosen = {}
    if form.is_bound:
        form.is_valid()
        chosen = {key: value for key, value in form.cleaned_data.items() if value}
    state = chosen.get("state", "")
    return form, following.chosen(dispatch, at=at, **chosen), state


@require_safe
def track(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one line a recipient: five rungs with time and name, and what is late."""
    at = clock.now()
    dispatch = tracked(request, pk)
    form, rows, state = _filter(request, dispatch)
    page = Paginator(following.with_evidence(rows), PAGE).get_page(request.GET.get("page"))
    lines = [following.line_of(row, at=at) for row in page]
    counts = following.counted(dispatch, at=at)
    late = following.recipients_of(dispatch).late(at)
    reminded = following.chased_today(dispatch, at=at)
    who = access.standing_of(request)
    suffix = f"?{request.GET.urlencode()}" if request.GET else ""
    return render(
        request,
        "documents/track.html",
        {
            "dispatch": dispatch,
            "form": form,
            "page": page,
            "lines": lines,
            "chase_url": reverse("documents:chase", args=[pk]),
            "counters": _counters(dispatch, counts, state),
            "to_chase": late.exclude(pk__in=reminded).count()
            if access.may(who, Action.CHASE, dispatch)
            else 0,
            "may_recall": access.may(who, Action.RECALL, dispatch),
            "may_circulate": access.may(who, Action.CIRCULATE, dispatch),
            "links": [
                {
                    "label": _("Export XLSX"),
                    "url": reverse("documents:track_xlsx", args=[pk]) + suffix,
                },
                {
                    "label": _("Print on A4"),
                    "url": reverse("documents:track_print", args=[pk]) + suffix,
                },
            ],
        },
    )


def _counters(dispatch: Dispatch, counts: dict[str, int], state: str) -> list[dict[str, object]]:
    address = reverse("documents:track", args=[dispatch.pk])
    shown = [
        ("", _("All recipients"), counts["main"] + counts["copies"], ""),
        ("main", _("Main addressees"), counts["main"], ""),
        ("acknowledged", _("Acknowledged"), counts["acknowledged"], "ok"),
        ("late", _("Late"), counts["late"], "late"),
        ("silent", _("Silent, not opened"), counts["silent"], ""),
        ("returned", _("Returned"), counts["returned"], "late"),
        ("recalled", _("Recalled"), counts["recalled"], "late"),
        ("copies", _("Copies"), counts["copies"], ""),
    ]
    return [
        {
            "label": label,
            "count": count,
            "kind": kind if count else "",
            "url": f"{address}?state={name}" if name else address,
            "current": name == state,
        }
        for name, label, count, kind in shown
        if name != "recalled" or count
    ]


def _heading() -> list[str]:
    return [
        _("Agency"),
        _("As"),
        _("Sent"),
        _("Delivered"),
        _("Opened"),
        _("Received"),
        _("Arrival number"),
        _("Acknowledged"),
        _("Now"),
        _("Reminded"),
    ]


def _row(line: following.Line) -> list[str]:
    row = line.circulation
    moments = {rung.name: rung for rung in line.rungs}

    def cell(name: str) -> str:
        rung = moments.get(name)
        if rung is None or rung.at is None:
            return ""
        shown = f"{rung.at.astimezone(clock.VIETNAM):%H:%M %d/%m/%Y}"
        return f"{shown} {rung.person}".strip()

    return [
        str(row.agency),
        row.get_role_display(),
        cell("sent"),
        cell("delivered"),
        cell("opened"),
        cell("received"),
        str(row.arrival_number or ""),
        cell("acknowledged"),
        _("Late") if line.late else row.get_state_display(),
        f"{line.chased_on:%d/%m/%Y}" if line.chased_on else "",
    ]


def _rows(rows: CirculationQuerySet) -> Iterator[list[str]]:
    at = clock.now()
    for row in following.with_evidence(rows).iterator(chunk_size=500):
        yield _row(following.line_of(row, at=at))


@require_safe
def track_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The matrix as filtered, as a spreadsheet."""
    dispatch = tracked(request, pk)
    _form, rows, _state = _filter(request, dispatch)
    return exports.workbook(
        request, name=f"theo-doi-{dispatch.pk}", heading=_heading(), rows=_rows(rows)
    )


@require_safe
def track_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The matrix as filtered, on A4 landscape."""
    dispatch = tracked(request, pk)
    _form, rows, _state = _filter(request, dispatch)
    return render(
        request,
        "documents/track_print.html",
        {"dispatch": dispatch, "heading": _heading(), "rows": list(_rows(rows))},
    )


@require_POST
def chase(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind one late office, or every late office that was not reminded today."""
    at = clock.now()
    dispatch = tracked(request, pk)
    rows = following.recipients_of(dispatch).late(at)
    one = request.POST.get("circulation", "")
    if one:
        rows = rows.filter(pk=one) if one.isdecimal() else rows.none()
    sent = 0
    for row in rows.exclude(pk__in=following.chased_today(dispatch, at=at)).select_related(
        "dispatch"
    ):
        sent += _chase(row, request, at=at)
    messages.success(
        request,
        ngettext("%(n)s office was reminded.", "%(n)s offices were reminded.", sent) % {"n": sent}
        if sent
        else _("No office is late and not yet reminded today."),
    )
    return redirect("documents:track", pk=pk)


def _chase(row: Circulation, request: HttpRequest, *, at: object) -> bool:
    return lifecycle.chase(circulation=row, by=request.user, at=at)  # type: ignore[arg-type]
