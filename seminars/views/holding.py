"""The day and what follows: open, attendance, close, minutes, conclusion, report."""

from typing import Any

from django.contrib import messages
from django.forms import all_valid
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock
from agencies.edge import at_the_edge
from agencies.models import Agency
from seminars import access, drafts, letters, lifecycle
from seminars.choices import Act, NominationState, SeminarState
from seminars.forms.holding import ConcludeForm, MarkRow, MinutesForm, WalkInForm
from seminars.lifecycle import Mark, WalkIn
from seminars.models import Nomination, Seminar
from seminars.views.shared import done, form_page, permitted, to_seminar

BOTH = ["GET", "HEAD", "POST"]


@require_POST
def open_seminar(request: HttpRequest, pk: int) -> HttpResponse:
    """Khai mạc."""
    seminar = permitted(request, pk, Act.OPEN)
    done(None, lambda: lifecycle.open_seminar(seminar=seminar, by=request.user, at=clock.now()))
    return to_seminar(seminar)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Bế mạc: the time for the conclusion notice runs from here."""
    seminar = permitted(request, pk, Act.CLOSE)
    done(None, lambda: lifecycle.close(seminar=seminar, by=request.user, at=clock.now()))
    return to_seminar(seminar)


def _delegates(seminar: Seminar) -> list[Nomination]:
    rows = seminar.nominations.filter(state=NominationState.CONFIRMED)
    return list(
        rows.select_related("person", "venue__room", "invitation__agency", "attendance__substitute")
        .order_by("venue__order", "invitation__agency__sort_key", "seat_no")
    )  # fmt: skip


@require_http_methods(BOTH)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark everybody on one page; whoever came unnamed is added below."""
    seminar = permitted(request, pk, Act.MARK)
    posted = request.POST if request.method == "POST" else None
    rows = [MarkRow(posted, row=row) for row in _delegates(seminar)]
    walk_in = WalkInForm(
        posted,
        agencies=Agency.objects.live_on(clock.today()).order_by("sort_key", "pk"),
        venues=seminar.venues.select_related("room"),
    )
    if posted is not None and all_valid([*rows, walk_in]) and done(
        walk_in,
        lambda: lifecycle.mark(
            seminar=seminar, marks=_marks(rows), walk_ins=_walk_ins(walk_in),
            by=request.user, at=clock.now(),
        ),
    ):  # fmt: skip
        messages.success(request, _("Attendance is kept."))
        return redirect("seminars:attendance", pk=pk)
    came = seminar.attendance.filter(nomination=None).select_related("person", "agency")
    values = {"seminar": seminar, "rows": rows, "walk_in": walk_in, "came": came.order_by("pk")}
    status = 422 if posted is not None else 200
    return render(request, "seminars/attendance.html", values, status=status)


def _marks(rows: list[MarkRow]) -> list[Mark]:
    return [
        Mark(
            form.row, values["presence"], reason=values["reason"],
            substitute=(values["substitute"], "") if values["substitute"].strip() else None,
        )
        for form in rows
        if (values := form.cleaned_data)["presence"]
    ]  # fmt: skip


def _walk_ins(form: WalkInForm) -> list[WalkIn]:
    values = form.cleaned_data
    if not values["name"]:
        return []
    return [WalkIn(values["agency"], values["venue"], values["name"], values["office"])]


@require_safe
def attendance_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet on A4, with a column to sign in."""
    who = access.standing_of(request)
    seminar = access.get_or_404(who, pk)
    if seminar.agency_id not in who.readers_of:
        raise Http404
    values = {"seminar": seminar, "rows": _delegates(seminar), "printed_by": who.user}
    return render(request, "seminars/attendance_print.html", values)


@require_http_methods(BOTH)
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the minutes; each save is a version."""
    seminar = permitted(request, pk, Act.WRITE_MINUTES)
    last = seminar.minutes.order_by("-no").first()
    first = {"text": last.text if last else "", "no": last.no if last else 0}
    form = MinutesForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if done(
            form,
            lambda: lifecycle.write_minutes(
                seminar=seminar, text=values["text"], no=values["no"],
                by=request.user, at=clock.now(),
            ),
            words=(request, seminar.agency),
        ):  # fmt: skip
            messages.success(request, _("A version of the minutes is kept."))
            return to_seminar(seminar)
    return form_page(request, seminar, form, title=_("Minutes"), button=_("Keep this version"))


@require_POST
def approve_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the version that the page showed."""
    seminar = permitted(request, pk, Act.APPROVE_MINUTES)
    typed = request.POST.get("no", "")
    no = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else -1
    done(
        None,
        lambda: lifecycle.approve_minutes(seminar=seminar, no=no, by=request.user, at=clock.now()),
    )
    messages.success(request, _("The minutes are approved."))
    return to_seminar(seminar)


@require_POST
def draft_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the conclusion notice, or once concluded the report, with what is known."""
    who = access.standing_of(request)
    seminar = access.get_or_404(who, pk)
    concluded = seminar.state == SeminarState.CONCLUDED
    access.require(who, Act.REPORT if concluded else Act.CONCLUDE, seminar)
    at = clock.now()
    draft = letters.report(seminar) if concluded else letters.conclusion(seminar)
    at_the_edge()
    paper = drafts.begin(seminar.agency, draft, by=request.user, at=at)  # type: ignore[arg-type]
    lifecycle.attach_paper(seminar=seminar, paper=paper, by=request.user, at=at)  # type: ignore[arg-type]
    return redirect("documents:draft", pk=paper.pk)


@require_http_methods(BOTH)
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Conclude with the notice that was issued, or say why there is none."""
    seminar = permitted(request, pk, Act.CONCLUDE)
    notice: Any = seminar.conclusion.notice
    form = ConcludeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        waiver = form.cleaned_data["waiver"]
        if done(
            form,
            lambda: lifecycle.conclude(
                seminar=seminar, notice=None if waiver.strip() else notice, waiver=waiver,
                by=request.user, at=clock.now(),
            ),
        ):  # fmt: skip
            return to_seminar(seminar)
    about = _("By the notice %(code)s.") % {"code": notice} if notice else ""
    return form_page(request, seminar, form, title=_("Conclude"), button=_("Conclude"), about=about)


@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Report back with the paper that was issued."""
    seminar = permitted(request, pk, Act.REPORT)
    paper = seminar.conclusion.report
    if paper is None:
        raise Http404
    done(
        None,
        lambda: lifecycle.report(seminar=seminar, paper=paper, by=request.user, at=clock.now()),
    )
    messages.success(request, _("Reported back."))
    return to_seminar(seminar)
