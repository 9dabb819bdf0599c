"""The survey of half-days: the organiser asks and reads the grid, an agency answers for itself."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import calendar, clock
from agencies.lists import members_on
from agencies.models import Agency, DistributionList
from seminars import access, half_days, lifecycle, surveys
from seminars.choices import Act, Free, InvitationRole
from seminars.forms.surveys import AnswerForm, QuestionForm, name_of
from seminars.half_days import Half
from seminars.models import HalfDaySurvey, Invitation, Programme, Seminar
from seminars.policy import policy_of, soonest
from seminars.views.shared import done, permitted

BOTH = ["GET", "HEAD", "POST"]
#: Half-days that the text above the grid names.
BEST = 6


# -- Asking -----------------------------------------------------------------------------------


@require_http_methods(BOTH)
def ask_for_seminar(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask when agencies are free for a seminar; where one is asked already, show that."""
    return _ask(request, permitted(request, pk, Act.SURVEY))


@require_http_methods(BOTH)
def ask_for_programme(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask when agencies are free for a whole programme."""
    who = access.standing_of(request)
    programme = access.programme_or_404(who, pk)
    access.require_planning(who, programme)
    return _ask(request, programme)


def _ask(request: HttpRequest, about: Seminar | Programme) -> HttpResponse:
    standing = about.surveys.filter(closed_at=None).first()
    if standing is not None:
        return redirect("seminars:survey", survey=standing.pk)
    near = _near(about)
    today = clock.today()
    begin = soonest(policy_of(about.agency_id, today), today)
    first = {
        "title": about.title,
        "first": f"{begin:%d/%m/%Y}",
        "last": f"{max(today + timedelta(days=21), begin + timedelta(days=14)):%d/%m/%Y}",
        "due_on": f"{calendar.add_working_days(today, 2):%d/%m/%Y}",
        "near": list(near),
        "role": InvitationRole.REQUIRED,
    }
    form = _question_form(request, about.agency, near, initial=first)
    if request.method == "POST" and form.is_valid():
        made: list[HalfDaySurvey] = []
        if done(
            form,
            lambda: made.append(
                lifecycle.ask_half_days(
                    about=about, question=form.question(_members(form)),
                    by=request.user, at=clock.now(),
                )
            ),
            words=(request, about.agency),
        ):  # fmt: skip
            messages.success(request, _("The agencies are asked."))
            return redirect("seminars:survey", survey=made[0].pk)
    back = _back(about)
    return _question_page(request, form, title=_("Ask when agencies are free"), back=back,
                          lead=about.title, button=_("Ask"))  # fmt: skip


@require_http_methods(BOTH)
def change(request: HttpRequest, survey: int) -> HttpResponse:
    """Ask for other days, give more time, ask others too; what was answered stays."""
    row = _survey(request, survey)
    about = row.seminar or row.programme
    _require(request, row)
    if row.closed_at is not None:
        return redirect("seminars:survey", survey=row.pk)
    asked = row.asked.values("agency")
    form = _question_form(
        request, row.agency, _near(about).exclude(pk__in=asked),
        initial=QuestionForm.of(row) | {"role": InvitationRole.REQUIRED}, but=asked,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and done(
        form,
        lambda: lifecycle.change_survey(
            survey=row, question=form.question(_members(form)), by=request.user, at=clock.now()
        ),
        words=(request, row.agency),
    ):  # fmt: skip
        messages.success(request, _("The survey is changed; what was answered stays."))
        return redirect("seminars:survey", survey=row.pk)
    back = reverse("seminars:survey", args=[row.pk])
    return _question_page(request, form, title=_("Change the survey"), back=back,
                          lead=row.title, button=_("Keep"))  # fmt: skip


@require_POST
def close(request: HttpRequest, survey: int) -> HttpResponse:
    """Take no more answers."""
    row = _survey(request, survey)
    done(None, lambda: lifecycle.close_survey(survey=row, by=request.user, at=clock.now()))
    messages.success(request, _("The survey is closed."))
    return redirect("seminars:survey", survey=row.pk)


def _survey(request: HttpRequest, pk: int) -> HalfDaySurvey:
    return access.survey_or_404(access.standing_of(request), pk)


def _require(request: HttpRequest, survey: HalfDaySurvey) -> None:
    who = access.standing_of(request)
    if survey.seminar is not None:
        access.require(who, Act.SURVEY, survey.seminar)
    else:
        access.require_planning(who, survey.programme)


def _near(about: Seminar | Programme) -> Any:
    """Those who are to come: on the list, or partners of the programme."""
    programme = about if isinstance(about, Programme) else about.programme
    listed = Invitation.objects.exclude(role=InvitationRole.INFORMED)
    if isinstance(about, Seminar):
        listed = listed.filter(seminar=about)
    else:
        listed = listed.filter(seminar__programme=about)
    live = Agency.objects.live_on(clock.today())
    found = live.filter(pk__in=listed.values("agency"))
    if programme is not None:
        found |= live.filter(pk__in=programme.partners.values("pk"))
    return found.order_by("sort_key", "pk")


def _question_form(
    request: HttpRequest, agency: Agency, near: Any, *, initial: dict[str, Any], but: Any = ()
) -> QuestionForm:
    today = clock.today()
    return QuestionForm(
        request.POST or None,
        initial=initial,
        near=near,
        agencies=Agency.objects.live_on(today).exclude(pk__in=but).order_by("sort_key", "pk"),
        lists=DistributionList.objects.live_on(today).filter(owner=agency),
    )


def _members(form: QuestionForm) -> list[Agency]:
    chosen = form.cleaned_data.get("list")
    return list(members_on(chosen, clock.today())) if chosen else []


def _question_page(request: HttpRequest, form: QuestionForm, **values: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "seminars/survey_form.html", {"form": form, **values}, status=status)


def _back(about: Seminar | Programme) -> str:
    name = "seminars:seminar" if isinstance(about, Seminar) else "seminars:board"
    return reverse(name, args=[about.pk])


# -- Reading the answers ----------------------------------------------------------------------


@require_safe
def survey(request: HttpRequest, survey: int) -> HttpResponse:
    """The grid of half-days and agencies; before it, in words, the best half-days."""
    at = clock.now()
    who = access.standing_of(request)
    row = _survey(request, survey)
    about = row.seminar or row.programme
    grid = surveys.grid(row, at=at)
    may = row.closed_at is None
    if row.seminar is not None:
        may = may and access.may(who, Act.SURVEY, row.seminar)
        usable = access.may(who, Act.MOVE, row.seminar)
    else:
        usable = False
    return render(
        request,
        "seminars/survey.html",
        {
            "survey": row,
            "about": about,
            "back": _back(about),
            "grid": grid,
            "best": [_use(row, each, usable) for each in grid.best[:BEST]],
            "open": row.is_open_at(at),
            "may_change": may,
        },
    )


def _use(row: HalfDaySurvey, each: surveys.Row, usable: bool) -> dict[str, Any]:
    """A line of the text: the half-day, who is missing, and where to go on with it."""
    if not usable:
        return {"row": each}
    day = f"{each.half.day:%d/%m/%Y}"
    move = urlencode({"day": day, "half_day": each.half.half})
    find = urlencode({"first": day, "last": day, "minutes": 120, "with_room": "on"})
    return {
        "row": each,
        "use": f"{reverse('seminars:move', args=[row.seminar_id])}?{move}",
        "find": f"{reverse('seminars:find_time', args=[row.seminar_id])}?{find}",
    }


# -- Answering --------------------------------------------------------------------------------


@require_http_methods(BOTH)
def answer(request: HttpRequest, asked: int) -> HttpResponse:
    """Say for one's agency what it is on each half-day; after the end, show what it said."""
    at = clock.now()
    who = access.standing_of(request)
    row = access.asked_or_404(who, asked)
    if request.method == "POST":
        access.answering_survey(who, row)
    standing = {Half(each.day, each.half): each.said for each in row.answers.all()}
    halves = half_days.between(row.survey.first, row.survey.last)
    ahead = [half for half in halves if not half.is_over(at)]
    form = AnswerForm(request.POST or None, halves=ahead, standing=standing)
    if request.method == "POST" and form.is_valid() and done(
        form,
        lambda: lifecycle.answer_survey(
            asked=row, answers=form.answers(), by=request.user, at=clock.now()
        ),
    ):  # fmt: skip
        messages.success(request, _("The organiser knows when you are free."))
        return redirect("seminars:answer_survey", asked=row.pk)
    status = 422 if request.method == "POST" else 200
    values = {
        "asked": row,
        "form": form,
        "days": _days(halves, form, standing),
        "open": row.survey.is_open_at(at) and bool(ahead),
    }
    return render(request, "seminars/survey_answer.html", values, status=status)


def _days(halves: list[Half], form: AnswerForm, standing: dict[Half, str]) -> list[dict[str, Any]]:
    """The half-days as rows of days, each cell with its field or with what was said."""
    rows: dict[Any, list[dict[str, Any]]] = {}
    for half in halves:
        said = standing.get(half)
        cell = {
            "half": half,
            "field": form[name_of(half)] if half in form.halves else None,
            "said": Free(said).label if said else "",
        }
        rows.setdefault(half.day, []).append(cell)
    return [{"day": day, "cells": cells} for day, cells in rows.items()]
