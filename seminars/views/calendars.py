"""Calendars to look at and to print: a month, a week, a list, and rooms with their week."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import clock
from seminars import access, scopes
from seminars.calendars import FIRST_YEAR, LAST_YEAR, Calendar, calendar_of, rooms_of, weeks_of
from seminars.choices import FeedScope
from seminars.models.rooms import WEEKDAYS

#: Rooms on one page.
ROOMS = 25
EVERYBODY = "moi-nguoi"


@dataclass(frozen=True)
class Turn:
    """A link to another page of the calendar."""

    label: str
    url: str
    current: bool = False


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show the month of today, or lead to the page and the day that are asked for."""
    kind, wanted = request.GET.get("kieu", "month"), request.GET.get("ngay", "").strip()
    day = _typed(wanted) if wanted else clock.today()
    if day is not None and not wanted and kind == "month":
        return month(request, day.year, day.month)
    if day is None:
        text = _("“%(typed)s” is no day between %(first)s and %(last)s: write it as dd/mm/yyyy.")
        bounds = {
            "typed": wanted[:20],
            "first": f"01/01/{FIRST_YEAR}",
            "last": f"31/12/{LAST_YEAR}",
        }
        messages.error(request, text % bounds)
        day = clock.today()
    return redirect(_url(kind if kind in KINDS else "month", day) + _asked(request))


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """A month as a table of weeks from Monday."""
    first, last = _month(year, month)
    shown = _calendar(request, first, last)
    blank = [None] * first.weekday() + shown.days + [None] * (6 - last.weekday())
    values = {
        "weeks": [blank[n : n + 7] for n in range(0, len(blank), 7)],
        "weekdays": [label for _number, label in WEEKDAYS],
        "title": _name_of_month(first),
        "none": not any(each.entries for each in shown.days),
    }
    return _shown(request, "month", first, last, values | {"cut": shown.cut})


@require_safe
def agenda(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """A month as a list of the days on which something is held, or that are marked."""
    first, last = _month(year, month)
    shown = _calendar(request, first, last, with_places=True)
    values = {
        "days": [each for each in shown.days if each.entries or each.mark],
        "none": not any(each.entries for each in shown.days),
        "title": _name_of_month(first),
    }
    return _shown(request, "agenda", first, last, values | {"cut": shown.cut})


@require_safe
def week(request: HttpRequest, year: int, week: int) -> HttpResponse:
    """A week, from Monday, by day and half-day, as schedules are printed."""
    first = _monday(year, week)
    shown = _calendar(request, first, first + timedelta(days=6), with_places=True)
    values = {
        "days": shown.days,
        "title": _name_of_week(first),
        "none": not any(each.entries for each in shown.days),
        "cut": shown.cut,
    }
    return _shown(request, "week", first, first + timedelta(days=6), values)


@require_safe
def rooms(request: HttpRequest, year: int, week: int) -> HttpResponse:
    """Rooms and their week: what one may see by its title, all else as taken."""
    first = _monday(year, week)
    who = access.standing_of(request)
    page = Paginator(rooms_of(who), ROOMS).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "rows": weeks_of(page.object_list, first, who=who, address=reverse("seminars:seminars")),
        "days": [first + timedelta(days=n) for n in range(7)],
        "title": _("Rooms, %(title)s") % {"title": _name_of_week(first)},
    }
    return _shown(request, "rooms", first, first + timedelta(days=6), values)


def _calendar(request: HttpRequest, first: date, last: date, **more: Any) -> Calendar:
    who = access.standing_of(request)
    wanted = request.GET.get("xem", "")
    agency = None
    if wanted == EVERYBODY:
        scope = FeedScope.EVERYBODY
    elif wanted:
        scope = FeedScope.AGENCY
        agency = next((pk for pk in who.readers_of if str(pk) == wanted), None)
        if agency is None:
            raise Http404
    else:
        scope = FeedScope.MINE
    return calendar_of(
        scopes.shown_in(scope, who, agency=agency), first, last,
        today=clock.day_of(who.at), address=reverse("seminars:seminars"), **more,
    )  # fmt: skip


def _shown(
    request: HttpRequest, kind: str, first: date, last: date, values: dict[str, Any]
) -> HttpResponse:
    """Render a page of the calendar, with the ways from it to the others."""
    here = clock.today()
    asked = _asked(request)
    # From the page that holds today one goes on to the week or the month of today.
    stay = here if first <= here <= last else max(first, date(FIRST_YEAR, 1, 1))
    labels = {"month": _("Month"), "week": _("Week"), "agenda": _("List"), "rooms": _("Rooms")}
    values |= {
        "kind": kind,
        "kinds": [Turn(labels[each], _url(each, stay) + asked, each == kind) for each in KINDS],
        "before": _turn(kind, first - timedelta(days=1), asked),
        "after": _turn(kind, last + timedelta(days=1), asked),
        "today": _turn(kind, here, asked),
        "filters": [] if kind == "rooms" else _filters(request),
        "wanted": request.GET.get("xem", ""),
    }
    return render(request, f"seminars/calendar_{kind}.html", values)


def _filters(request: HttpRequest) -> list[Turn]:
    who = access.standing_of(request)
    wanted = request.GET.get("xem", "")
    own = {
        held.agency.pk: held.agency for held in who.authorities if held.agency.pk in who.readers_of
    }
    rows = [("", _("What concerns my agencies"))]
    rows += [(str(pk), str(agency)) for pk, agency in own.items()]
    rows.append((EVERYBODY, _("What is shown to everybody")))
    return [Turn(label, f"?xem={key}" if key else "?", key == wanted) for key, label in rows]


def _asked(request: HttpRequest) -> str:
    """Return the filter of this page as it goes along to the others."""
    wanted = request.GET.get("xem", "")
    return f"?{urlencode({'xem': wanted})}" if wanted else ""


# -- Days and addresses -----------------------------------------------------------------------


def _month(year: int, month: int) -> tuple[date, date]:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        raise Http404
    first = date(year, month, 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _monday(year: int, week: int) -> date:
    """Return the first day of the week as ISO 8601 counts it: some years have a 53rd."""
    if not FIRST_YEAR - 1 <= year <= LAST_YEAR + 1:
        raise Http404
    try:
        first = date.fromisocalendar(year, week, 1)
    except (ValueError, OverflowError):
        raise Http404 from None
    if not _bounded(first) and not _bounded(first + timedelta(days=6)):
        raise Http404
    return first


def _bounded(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _typed(text: str) -> date | None:
    try:
        day: date = forms.DateField().clean(text)
    except forms.ValidationError:
        return None
    return day if _bounded(day) else None


def _name_of_month(day: date) -> str:
    return _("%(month)s %(year)s") % {"month": date_format(day, "F"), "year": day.year}


def _name_of_week(day: date) -> str:
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=6)
    begins = f"{first:%d/%m}" if first.year == last.year else f"{first:%d/%m/%Y}"
    values = {"week": first.isocalendar().week, "first": begins, "last": f"{last:%d/%m/%Y}"}
    return _("Week %(week)s, from %(first)s to %(last)s") % values


def _url_of_month(name: str, day: date) -> str:
    return reverse(f"seminars:{name}", args=[day.year, day.month])


def _url_of_week(name: str, day: date) -> str:
    return reverse(f"seminars:{name}", args=day.isocalendar()[:2])


#: Pages of the calendar: how each is addressed, and what a page of it is called.
KINDS = {
    "month": (_url_of_month, _name_of_month),
    "week": (_url_of_week, _name_of_week),
    "agenda": (_url_of_month, _name_of_month),
    "rooms": (_url_of_week, _name_of_week),
}


def _url(kind: str, day: date) -> str:
    return KINDS[kind][0](kind, day)


def _turn(kind: str, day: date, asked: str) -> Turn | None:
    """Return the link to the page that holds the day; None beyond the bounds."""
    if not _bounded(day):
        return None
    return Turn(KINDS[kind][1](day), _url(kind, day) + asked)
