"""Programmes: the order of a dispatch, and how many of what it wants are held."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies import clock
from documents import access as papers
from documents.choices import State
from seminars import access, findings, lifecycle, orders, surveys
from seminars.choices import HELD, PLANNED, ProgrammeState, SeminarKind, SeminarState
from seminars.forms.planning import ProgrammeForm, WaiverForm
from seminars.models import Programme, Seminar
from seminars.views.planning import planning_agencies
from seminars.views.shared import done

BOTH = ["GET", "HEAD", "POST"]


@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """What is held of what the order wants, the next deadline, and what speaks against plans."""
    at = clock.now()
    who = access.standing_of(request)
    programme = access.programme_or_404(who, pk)
    seminars = list(
        access.visible_to(who).filter(programme=programme)
        .select_related("agency", "programme", "conclusion").prefetch_related("venues__room")
        .order_by("start5", "day", "pk")
    )  # fmt: skip
    counts = programme.seminars.aggregate(
        held=Count("pk", filter=Q(state__in=HELD)),
        reported=Count("pk", filter=Q(state=SeminarState.REPORTED)),
    )
    dispatch = programme.order.dispatch
    against = findings.of_all([each for each in seminars if each.state in PLANNED], at=at)
    return render(
        request,
        "seminars/board.html",
        {
            "programme": programme,
            "rows": [_row(each, against.get(each.pk, []), at) for each in seminars],
            "held": counts["held"],
            "reported": counts["reported"],
            "surveys": surveys.in_brief(programme.surveys.order_by("asked_at", "pk")),
            "readable": papers.visible_to(who, among=[dispatch.pk]).exists(),
            "may_plan": programme.state == ProgrammeState.OPEN
            and programme.agency in planning_agencies(request),
            "partners": programme.partners.order_by("sort_key", "pk"),
        },
    )


def _row(seminar: Seminar, against: list[findings.Finding], at: datetime) -> dict[str, Any]:
    open_ended = seminar.state == SeminarState.ENDED
    return {
        "seminar": seminar,
        "findings": sum(each.override is None for each in against),
        "due_on": seminar.conclusion.due_on if open_ended else None,
        "late": open_ended and seminar.conclusion.due_on < clock.day_of(at),
    }


@require_http_methods(BOTH)
def begin(request: HttpRequest, dispatch: int) -> HttpResponse:
    """Plan what an order of this dispatch asks: its words are chosen from the issued text."""
    who = access.standing_of(request)
    paper = papers.get_or_404(who, dispatch)
    agencies = planning_agencies(request)
    if not agencies or paper.state != State.ISSUED:
        raise Http404
    text = paper.versions.filter(issued_at__isnull=False).order_by("-no")[0].text
    found = [(f"{start}-{end}", text[start:end]) for start, end in orders.passages(text)]
    first = {
        "kind": SeminarKind.SEMINAR, "target": 1,
        "words": found[0][0] if len(found) == 1 else None,
    }  # fmt: skip
    form = ProgrammeForm(request.POST or None, passages=found, initial=first)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        start, _dash, end = values["words"].partition("-")
        made: list[Programme] = []
        if done(
            form,
            lambda: made.append(
                lifecycle.begin_programme(
                    agency=agencies[0], dispatch=paper, words=(int(start), int(end)),
                    title=values["title"], kind=values["kind"], target=values["target"],
                    due_on=values["due_on"], lead=values["lead"], by=request.user,
                    at=clock.now(),
                )
            ),
        ):  # fmt: skip
            messages.success(request, _("The programme stands: plan its first seminar."))
            return redirect("seminars:board", pk=made[0].pk)
    status = 422 if request.method == "POST" else 200
    values = {"dispatch": paper, "form": form, "found": found, "agency": agencies[0]}
    return render(request, "seminars/begin.html", values, status=status)


@require_http_methods(BOTH)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the programme: carried out, or waived with a reason by its owner."""
    programme = access.programme_or_404(access.standing_of(request), pk)
    reported = programme.seminars.filter(state=SeminarState.REPORTED).count()
    form = WaiverForm(request.POST or None)
    if reported >= programme.target:
        del form.fields["waiver"]
    if request.method == "POST" and form.is_valid() and done(
        form,
        lambda: lifecycle.close_programme(
            programme=programme, waiver=form.cleaned_data.get("waiver", ""),
            by=request.user, at=clock.now(),
        ),
    ):  # fmt: skip
        messages.success(request, _("The programme is closed."))
        return redirect("seminars:board", pk=pk)
    status = 422 if request.method == "POST" else 200
    values = {"programme": programme, "form": form, "reported": reported}
    return render(request, "seminars/end.html", values, status=status)
