"""Repeat a seminar: the rule in the address, the dates below it, then all of them at once."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import all_valid
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from agencies import calendar, clock
from seminars import access, lifecycle
from seminars.choices import Act, Repeats
from seminars.forms.series import SKIP, DateForm, RepeatForm
from seminars.models import Seminar
from seminars.recurrence import Dates, following
from seminars.views.shared import done, permitted, to_seminar


class _Above(forms.Form):
    """A form without fields: it only carries what speaks against all dates together."""


@require_http_methods(["GET", "HEAD", "POST"])
def repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a rule, look at its dates, say what is to be done on each, and plan them all."""
    seminar = permitted(request, pk, Act.REPEAT)
    asked = RepeatForm(request.GET if "rule" in request.GET else None,
                       initial={"rule": Repeats.WEEKS, "every": 1, "count": 4})  # fmt: skip
    dates = Dates([], [])
    if seminar.day is not None and asked.is_bound and asked.is_valid():
        values = asked.cleaned_data
        dates = following(
            seminar.day, Repeats(values["rule"]), every=values["every"], count=values["count"]
        )
    posted = request.POST if request.method == "POST" else None
    rows = _rows(dates.days, posted)
    above = _Above(posted)
    if posted is not None and rows and all_valid([above, *rows]):
        wanted = [row.occurrence() for row in rows]
        if done(
            above,
            lambda: lifecycle.repeat(
                seminar=seminar, dates=wanted, by=request.user, at=clock.now()
            ),
            words=(request, seminar.agency),
        ):
            made = sum(each.skipped_for is None for each in wanted)
            text = ngettext("%(n)s seminar is planned.", "%(n)s seminars are planned.", made)
            messages.success(request, text % {"n": made})
            return to_seminar(seminar)
    wrong = posted is not None or (asked.is_bound and not asked.is_valid())
    values = {"seminar": seminar, "asked": asked, "rows": rows, "form": above, "dates": dates,
              "skip": SKIP}  # fmt: skip
    return render(request, "seminars/repeat.html", values, status=422 if wrong else 200)


def _rows(days: list[date], posted: Any) -> list[DateForm]:
    """A form a date, with whether it is a working day (one query for all)."""
    if not days:
        return []
    working = set(calendar.working_days(days[0], days[-1]))
    return [DateForm(posted, day=day, works=day in working) for day in days]


@require_POST
def take_back(request: HttpRequest, pk: int, skipped: int) -> HttpResponse:
    """Plan a seminar on a date that was left out: the like of the one on whose page one is."""
    seminar = permitted(request, pk, Act.REPEAT)
    made: list[Seminar] = []
    done(
        None,
        lambda: made.append(
            lifecycle.take_back(
                seminar=seminar, skipped=skipped if skipped < 2**63 else 0,
                by=request.user, at=clock.now(),
            )
        ),
    )  # fmt: skip
    messages.success(request, _("The date is taken back: a seminar is planned on it."))
    return to_seminar(made[0])


def others_of(who: access.Standing, row: Seminar) -> dict[str, Any]:
    """Return the other dates of a seminar's series, and those left out, for its page."""
    if row.series_id is None or row.agency_id not in who.readers_of:
        return {"series": [], "skipped": []}
    rows = access.visible_to(who).filter(series=row.series_id).exclude(pk=row.pk)
    return {
        "series": list(rows.order_by("day", "start5", "pk")),
        "skipped": list(row.series.skipped.order_by("day")),  # type: ignore[union-attr]
    }
