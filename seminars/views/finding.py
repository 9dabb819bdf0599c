"""Find a day and an hour: suggestions, each with who is missing and which rooms are free."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import clock
from seminars import access, slots, surveys
from seminars.choices import Act
from seminars.forms.finding import FindTimeForm
from seminars.free_time import Answer, Reason, Suggestion
from seminars.instants import from5
from seminars.models import HalfDaySurvey, Seminar
from seminars.policy import policy_of, soonest
from seminars.views.shared import permitted


@require_safe
def find_time(request: HttpRequest, pk: int) -> HttpResponse:
    """Suggest times; choosing one opens the page on which the time is set."""
    seminar = permitted(request, pk, Act.MOVE)
    at = clock.now()
    today = clock.day_of(at)
    asked = surveys.in_brief(HalfDaySurvey.objects.about(seminar))
    begin = soonest(policy_of(seminar.agency_id, today), today)
    days = surveys.asked_about(asked, begin) or (begin, begin + timedelta(days=27))
    first = {
        "first": f"{days[0]:%d/%m/%Y}",
        "last": f"{days[1]:%d/%m/%Y}",
        "minutes": 120,
        "with_room": True,
    }
    form = FindTimeForm(request.GET if "first" in request.GET else None, initial=first)
    values: dict[str, Any] = {
        "seminar": seminar,
        "form": form,
        "surveys": asked,
        "may_survey": access.may(access.standing_of(request), Act.SURVEY, seminar),
    }
    status = 200
    if form.is_bound:
        if form.is_valid():
            answer = slots.best_times(seminar, form.wish(), at=at)
            values |= _said(seminar, answer)
        else:
            status = 422
    return render(request, "seminars/find_time.html", values, status=status)


def _said(seminar: Seminar, answer: Answer) -> dict[str, Any]:
    return {
        "asked": True,
        "rows": [_row(seminar, each) for each in answer.suggestions],
        "nearest": [_row(seminar, each) for each in answer.nearest],
        "reason": _reason(answer) if answer.reason else "",
    }


def _row(seminar: Seminar, each: Suggestion) -> dict[str, Any]:
    starts, ends = from5(each.start5), from5(each.end5)
    time = {
        "day": f"{starts:%d/%m/%Y}",
        "from_time": f"{starts:%H:%M}",
        "to_time": f"{ends:%H:%M}",
    }
    return {
        "starts": starts,
        "ends": ends,
        "missing": [party.name for party in (*each.missing_required, *each.missing_optional)],
        "unsure": [party.name for party in each.unsure],
        "rooms": [room.name for room in each.rooms[:4]],
        "more": max(0, len(each.rooms) - 4),
        "url": f"{reverse('seminars:move', args=[seminar.pk])}?{urlencode(time)}",
    }


def _reason(answer: Answer) -> str:
    names = _(" and ").join(party.name for party in answer.clash)
    words = {
        Reason.NO_WORKING_TIME: _("There is no working time in these days."),
        Reason.TOO_LONG: _("It is longer than any half-day of work."),
        Reason.ROOMS_TOO_SMALL: _("No room has seats enough."),
        Reason.ROOMS_LACK_EQUIPMENT: _("No room has the equipment."),
        Reason.NO_ROOM_FREE: _("No room that is large enough is free."),
        Reason.NEVER_TOGETHER: _("Those who must be there are never free together: %(names)s.")
        % {"names": names},
        Reason.NO_QUORUM: _("Too few can come at any time."),
    }
    return words[answer.reason] if answer.reason else ""
