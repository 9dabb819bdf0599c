"""Days off and days worked for them: what is ruled, a decree to enter, a rule to take back."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies import clock, decrees
from agencies.administration import warden
from agencies.choices import DayKind
from agencies.edge import at_the_edge
from agencies.forms import show_reasons
from agencies.marked_days import marks
from agencies.refusals import Refused
from seminars import access
from seminars.calendars import FIRST_YEAR, LAST_YEAR
from seminars.forms.days import DecreeForm, RestoreForm
from seminars.touched import restored, touched_by

BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(BOTH)
def days(request: HttpRequest) -> HttpResponse:
    """List the marked days of a year; enter a decree, after seeing what it touches."""
    who = _warden(request)
    form = DecreeForm(request.POST or None)
    touched = None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        reasons = decrees.against(**values)
        if reasons:
            show_reasons(form, Refused(reasons))
        elif request.POST.get("agreed") != _mark(values):
            # What was typed since is looked at anew.
            touched = touched_by(_kinds(values["off_on"], values["worked_on"]), who)
        elif _done(form, lambda: decrees.rule_days(**values, by=who.user, at=clock.now())):
            messages.success(request, _("The days are ruled. Deadlines that were set stay."))
            return _to_year(values["off_on"].year)
    year = _year(request)
    rows = list(marks(date(year, 1, 1), date(year, 12, 31)).items())
    status = 422 if request.method == "POST" and touched is None else 200
    values = {
        "form": form,
        "touched": touched,
        "mark": _mark(form.cleaned_data) if touched is not None else "",
        "year": year,
        "years": [each for each in (year - 1, year + 1) if FIRST_YEAR <= each <= LAST_YEAR],
        "rows": rows,
        "ours": any(mark.ours for _day, mark in rows),
    }
    return render(request, "seminars/days.html", values, status=status)


@require_http_methods(BOTH)
def take_back(request: HttpRequest) -> HttpResponse:
    """Take rules back: `?ngay=` names each day; what that touches is shown before."""
    who = _warden(request)
    chosen = _chosen(request)
    form = RestoreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _done(
            form,
            lambda: decrees.take_back(days=chosen, reason=reason, by=who.user, at=clock.now()),
        ):
            messages.success(request, _("The general calendar holds again for these days."))
            return _to_year(chosen[0].year)
    status = 422 if request.method == "POST" else 200
    values = {
        "form": form,
        "chosen": chosen,
        "touched": touched_by(restored(chosen), who) if chosen else None,
    }
    return render(request, "seminars/days_restore.html", values, status=status)


def _warden(request: HttpRequest) -> access.Standing:
    """Return who keeps the calendar. Raises: PermissionDenied to anybody else."""
    who = access.standing_of(request)
    if warden(who.user, on=clock.day_of(who.at)) is None:
        raise PermissionDenied
    return who


def _done(form: Any, act: Any) -> bool:
    at_the_edge()
    try:
        act()
    except Refused as refused:
        show_reasons(form, refused)
        return False
    return True


def _kinds(off_on: date, worked_on: date | None) -> dict[date, str]:
    kinds: dict[date, str] = {off_on: DayKind.OFF}
    if worked_on is not None:
        kinds[worked_on] = DayKind.WORKING
    return kinds


def _mark(values: dict[str, Any]) -> str:
    """Return by what the page knows of which days it was shown what they touch."""
    return f"{values['off_on']}/{values['worked_on']}"


def _year(request: HttpRequest) -> int:
    """Return the year of the address, this one where it names none of the calendar."""
    typed = request.GET.get("nam", "")
    year = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else clock.today().year


def _to_year(year: int) -> HttpResponse:
    return redirect(f"{reverse('seminars:days')}?nam={year}")


def _chosen(request: HttpRequest) -> list[date]:
    """Return the days that the address names, in order; what is no day is left out."""
    found = set()
    for typed in request.GET.getlist("ngay")[:100]:
        try:
            found.add(date.fromisoformat(typed))
        except ValueError:
            continue
    return sorted(day for day in found if FIRST_YEAR <= day.year <= LAST_YEAR)
