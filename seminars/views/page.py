"""The page of a seminar, and the list of those that concern the person."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.choices import DeputyScope, Role
from documents import access as papers
from documents.choices import State
from documents.owed import acting_for
from seminars import access, agenda, findings, letters, surveys, undelivered
from seminars.choices import (
    AHEAD,
    AWAITED,
    PAPERS_TAKEN,
    PLANNED,
    Act,
    Answer,
    NominationState,
    SeminarState,
)
from seminars.lifecycle.holding import DOORS, unmarked
from seminars.models import HalfDaySurvey, Invitation, Seminar
from seminars.models.invitations import LIVE
from seminars.views.papers import papers_of
from seminars.views.planning import planning_agencies
from seminars.views.series import others_of

PAGE = 25


@dataclass(frozen=True)
class Step:
    """One act that the person may do now: by a link, or by a button that posts."""

    label: str
    url: str
    posts: bool = False
    main: bool = False


@require_safe
def seminars(request: HttpRequest) -> HttpResponse:
    """List what the person's agencies hold and what they are invited to: ahead, past, programmes."""
    who = access.standing_of(request)
    tab = request.GET.get("xem", "")
    tabs = {
        "": _("Ahead"),
        "moi": _("Invited to"),
        "qua": _("Past"),
        "chuong-trinh": _("Programmes"),
    }
    tab = tab if tab in tabs else ""
    if tab == "chuong-trinh":
        rows: Any = access.programmes_seen_by(who).select_related("agency", "order__dispatch")
        rows = rows.order_by("state", "due_on", "-pk")
    else:
        seen = (
            access.visible_to(who)
            .select_related("agency", "chair")
            .prefetch_related("venues__room")
        )
        invited = access.invitations_seen_by(who).values("seminar")
        if tab == "moi":
            rows = seen.filter(pk__in=invited, state__in=AHEAD).order_by("day", "start5", "pk")
        elif tab == "qua":
            rows = seen.exclude(state__in=AHEAD).order_by("-day", "-start5", "-pk")
        else:
            rows = seen.filter(state__in=AHEAD).order_by("day", "start5", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "tab": tab,
        "tabs": [
            {"label": label, "url": f"?xem={key}" if key else "?", "current": key == tab}
            for key, label in tabs.items()
        ],
        "may_plan": bool(planning_agencies(request)),
    }
    return render(request, "seminars/seminars.html", values)


@require_safe
def seminar(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a seminar as far as the person may see it, with what he may do now."""
    at = clock.now()
    who = access.standing_of(request)
    row = access.get_or_404(who, pk)
    organiser = row.agency_id in who.readers_of
    own = list(
        access.invitations_seen_by(who).filter(seminar=row).select_related("agency", "venue")
    )
    people = (
        access.nominations_seen_by(who, row)
        .filter(LIVE)
        .select_related("person", "invitation__agency", "replaces__person", "attendance")
        .order_by("venue__order", F("seat_no").asc(nulls_last=True), "queue_no", "pk")
    )
    conclusion = getattr(row, "conclusion", None)
    linked = [paper for paper in (
        row.letter, conclusion and conclusion.notice, conclusion and conclusion.report,
    ) if paper]  # fmt: skip
    readable = set(
        papers.visible_to(who, among=[paper.pk for paper in linked]).values_list("pk", flat=True)
    )
    minutes = row.minutes.order_by("-no").first() if organiser else None
    values = {
        "seminar": row,
        "when": letters.when(row),
        "venues": list(row.venues.select_related("room", "host")),
        "agenda": _agenda(row),
        "organiser": organiser,
        "surveys": surveys.in_brief(HalfDaySurvey.objects.about(row)) if organiser else [],
        "findings": findings.of(row, at=at) if organiser and row.state in PLANNED else [],
        "may_override": access.may(who, Act.OVERRIDE, row),
        "invitations": _invitations(row) if organiser else [],
        "own": [_answers(who, each, row) for each in own],
        "people": list(people),
        "papers": list(papers_of(who, row)),
        "may_consent": access.may(who, Act.LIST_INVITED, row),
        "may_repeat": access.may(who, Act.REPEAT, row),
        "steps": _steps(who, row),
        "minutes": minutes,
        "may_approve": minutes is not None
        and minutes.approved_at is None
        and access.may(who, Act.APPROVE_MINUTES, row),
        "conclusion": conclusion,
        "readable": readable,
        "events": row.events.select_related("actor").order_by("-pk")[:50] if organiser else [],
        "came": letters.came(row) if conclusion else "",
    }
    values |= others_of(who, row)
    return render(request, "seminars/seminar.html", values)


def _agenda(row: Seminar) -> list[dict[str, Any]]:
    """The lines with their hours, where the seminar has one (one query)."""
    items = list(row.agenda.select_related("speaker"))
    if row.starts_at is None:
        return [{"item": item} for item in items]
    spans = agenda.hours(row.starts_at, [item.minutes for item in items])
    return [
        {"item": item, "starts": starts, "ends": ends}
        for item, (starts, ends) in zip(items, spans, strict=True)
    ]


def _invitations(row: Seminar) -> list[dict[str, Any]]:
    """The list as the organiser reads it: who answered what, is named, is out of reach (5 queries)."""
    named: dict[int, list[int]] = {}
    live = row.nominations.filter(LIVE).values_list("invitation", "state")
    for invitation, state in live:
        counts = named.setdefault(invitation, [0, 0])
        counts[0] += state == NominationState.CONFIRMED
        counts[1] += state == NominationState.QUEUED
    rows = list(row.invitations.select_related("agency").order_by("agency__sort_key", "pk"))
    troubles = undelivered.troubles(row, rows)
    return [
        {"row": each, "seated": seated, "queued": queued, "mail": troubles.get(each.pk)}
        for each in rows
        for seated, queued in [named.get(each.pk, [0, 0])]
    ]


def _answers(who: access.Standing, invitation: Invitation, row: Seminar) -> dict[str, Any]:
    open_to_answer = row.state in AWAITED
    clerk = invitation.agency_id in acting_for(who, Role.office(), DeputyScope.INCOMING)
    in_time = invitation.answer_by is None or who.at <= invitation.answer_by
    return {
        "row": invitation,
        "may": clerk and open_to_answer,
        "may_name": clerk and open_to_answer and in_time,
        "may_register": clerk and row.state in PAPERS_TAKEN,
        "comes": invitation.answer == Answer.ACCEPTED,
        "declined": invitation.answer == Answer.DECLINED,
    }


def _steps(who: access.Standing, row: Seminar) -> list[Step]:
    """What the person may do now, the next act of the ordinary way first."""

    def url(name: str) -> str:
        return reverse(f"seminars:{name}", args=[row.pk])

    steps: list[Step] = []

    def offer(act: Act, label: str, name: str, *, posts: bool = False, main: bool = False) -> None:
        if access.may(who, act, row):
            steps.append(Step(label, url(name), posts, main))

    offer(Act.HOLD, _("Hold the date"), "hold", posts=True, main=True)
    offer(Act.SCHEDULE, _("Schedule"), "schedule", posts=True, main=True)
    if row.state == SeminarState.SCHEDULED:
        listed = row.invitations.exists()
        if not listed:
            offer(Act.LIST_INVITED, _("Say who is invited"), "invited", main=True)
        elif row.letter is None:
            offer(
                Act.LIST_INVITED, _("Draft the invitation"), "draft_letter", posts=True, main=True
            )
        elif row.letter.state == State.ISSUED:
            offer(Act.INVITE, _("Invite"), "invite", main=True)
    if row.state == SeminarState.INVITED:
        unsent = row.invitations.filter(sent_at=None).exists()
        label = _("Invite those listed since") if unsent else _("Give more time to answer")
        offer(Act.INVITE, label, "invite", main=unsent)
    begins = row.starts_at
    if begins is not None and who.at >= begins - DOORS:
        offer(Act.OPEN, _("Open"), "open", posts=True, main=True)
    offer(Act.MARK, _("Attendance"), "attendance", main=row.state == SeminarState.UNDER_WAY)
    offer(Act.CLOSE, _("Close"), "close", posts=True)
    offer(Act.WRITE_MINUTES, _("Minutes"), "minutes", main=row.state == SeminarState.ENDED)
    if row.state in (SeminarState.ENDED, SeminarState.CONCLUDED):
        steps += _afterwards(who, row, url)
    offer(Act.LIST_INVITED, _("Who is invited"), "invited")
    offer(Act.EDIT, _("Words and people"), "edit")
    offer(Act.SET_AGENDA, _("Agenda"), "set_agenda")
    offer(Act.SURVEY, _("Ask when they are free"), "ask_for_seminar")
    offer(Act.MOVE, _("Find a day"), "find_time")
    offer(Act.MOVE, _("Time"), "move")
    offer(Act.SET_PLACES, _("Places and seats"), "places")
    offer(Act.REPEAT, _("Repeat"), "repeat")
    offer(Act.POSTPONE, _("Postpone"), "postpone")
    offer(Act.CANCEL, _("Cancel"), "cancel")
    return steps


def _afterwards(who: access.Standing, row: Seminar, url: Any) -> list[Step]:
    """Conclude and report: first the paper, then the act."""
    concluded = row.state == SeminarState.CONCLUDED
    act = Act.REPORT if concluded else Act.CONCLUDE
    if not access.may(who, act, row):
        return []
    paper = row.conclusion.report if concluded else row.conclusion.notice
    if paper is None:
        label = _("Draft the report") if concluded else _("Draft the conclusion notice")
        steps = [Step(label, url("draft_paper"), posts=True, main=concluded)]
    elif concluded:
        steps = [Step(_("Report back"), url("report"), posts=True, main=True)]
    else:
        steps = []
    if not concluded and not unmarked(row):
        steps.append(Step(_("Conclude"), url("conclude")))
    return steps
