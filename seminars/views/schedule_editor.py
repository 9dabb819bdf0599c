"""Write the draft of a weekly schedule and issue it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock
from agencies.models import Agency
from seminars import access, lifecycle, schedule_access, schedule_draft
from seminars.forms.schedules import AdditionsForm, FrameForm, ItemForm, WeekForm
from seminars.lifecycle.issuing_schedules import differs
from seminars.lifecycle.schedules import KEY, named
from seminars.models import ScheduleItem, WeeklySchedule
from seminars.models.rooms import WEEKDAYS
from seminars.schedule_access import Reading
from seminars.views.shared import done
from seminars.weekly.differences import difference, words
from seminars.weekly.snapshot import Item, Snapshot, as_json, digest_of
from seminars.weekly.weeks import Week
from seminars.weekly.words import half_and_hours

BOTH = ["GET", "HEAD", "POST"]


def _written(request: HttpRequest, pk: int) -> Reading:
    """Return a schedule that the person writes. Raises: Http404, NotPermitted."""
    reading = schedule_access.reading_or_404(access.standing_of(request), pk)
    if not reading.is_own:
        raise Http404
    schedule_access.require_writer(reading.who, reading.schedule.agency_id)
    return reading


@require_http_methods(BOTH)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin the schedule of a week; one that stands already is opened."""
    who = access.standing_of(request)
    agencies = Agency.objects.filter(pk__in=schedule_access.writing_for(who))
    if not agencies:
        raise Http404
    next_week = Week.of(clock.day_of(who.at)).plus(1)
    form = WeekForm(request.POST or None, agencies=agencies, initial={"day": next_week.monday})
    made: list[WeeklySchedule] = []
    if request.method == "POST" and form.is_valid() and done(
        form,
        lambda: made.append(
            lifecycle.begin_schedule(
                agency=form.cleaned_data["agency"], week=Week.of(form.cleaned_data["day"]),
                by=request.user, at=clock.now(),
            )
        ),
    ):  # fmt: skip
        return redirect("seminars:schedule_draft", pk=made[0].pk)
    return _form(request, form, _("Begin a weekly schedule"), _("Begin"), None)


@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the draft, what differs from the issued version, and the button that issues it."""
    reading = _written(request, pk)
    schedule = reading.schedule
    last = schedule_draft.issued(schedule)
    before = last.read if last else None
    whole = schedule_draft.compiled(schedule, before=before, at=reading.who.at)
    shown, was = reading.all_of([whole, before]) if before else [*reading.all_of([whole]), None]
    over = schedule.week.sunday < clock.day_of(reading.who.at)
    changes = difference(was.items, shown.items, shown.gone) if was else []
    issues = schedule_access.may_issue(reading.who, schedule.agency_id) and not over
    values = {
        "schedule": schedule, "days": _days(reading, shown),
        "version": last, "over": over,
        "changes": [words(each) for each in changes],
        "may_issue": issues and bool(before and differs(before, whole) or not before and whole.items),
        "seen": digest_of(as_json(whole)) if issues else "",
        "left_out": _left_out(reading),
        "shown": shown,
    }  # fmt: skip
    return render(request, "seminars/schedule_draft.html", values)


def _days(reading: Reading, shown: Snapshot) -> list[dict[str, Any]]:
    """The items of each day, with what is needed to change or take out each (one query)."""
    edits = {row.key: row.edits for row in reading.schedule.items.all()}
    return [
        {
            "day": day,
            "items": [
                {"item": item, "when": half_and_hours(item), "edits": edits.get(item.key, 0)}
                for item in shown.items if item.day == day
            ],
        }
        for day in shown.of_week.days
    ]  # fmt: skip


def _left_out(reading: Reading) -> list[ScheduleItem]:
    rows = reading.schedule.items.filter(left_out=True).select_related("seminar").order_by("pk")
    seen = access.visible_to(reading.who).values("pk")
    return list(rows.filter(seminar__in=seen))


@require_http_methods(BOTH)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Type an item."""
    reading = _written(request, pk)
    days = _choices(reading.schedule)
    wanted = request.GET.get("ngay", "")
    first = wanted if wanted in dict(days) else days[0][0]
    form = _item_form(request, reading.schedule, {"day": first, "edits": 0})
    return _keep(
        request, reading, form, _("Add an item"),
        lambda: lifecycle.add_item(
            schedule=reading.schedule, line=form.line(), by=request.user, at=clock.now()
        ),
    )  # fmt: skip


@require_http_methods(BOTH)
def change(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Change an item that was typed, or what is added to one that follows a seminar."""
    reading = _written(request, pk)
    item = _item(reading, key)
    row = reading.schedule.items.filter(**named(key)).first() or ScheduleItem()
    if item.seminar is None:
        form: AdditionsForm = _item_form(request, reading.schedule, ItemForm.of(row))
    else:
        form = AdditionsForm(request.POST or None, initial=AdditionsForm.of(row))
    return _keep(
        request, reading, form, _("Change an item"),
        lambda: lifecycle.change_item(
            schedule=reading.schedule, key=key, line=form.line(), edits=form.seen,
            by=request.user, at=clock.now(),
        ),
        item=item,
    )  # fmt: skip


@require_POST
def take_out(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take an item out of the draft."""
    reading = _written(request, pk)
    _item(reading, key)
    seen = request.POST.get("edits", "")
    edits = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1
    done(
        None,
        lambda: lifecycle.take_out(
            schedule=reading.schedule, key=key, edits=edits, by=request.user, at=clock.now()
        ),
    )
    messages.success(request, _("The item is taken out of the draft."))
    return redirect("seminars:schedule_draft", pk=pk)


@require_POST
def put_back(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Let a seminar that was left out appear again."""
    reading = _written(request, pk)
    if key not in {row.key for row in _left_out(reading)}:
        raise Http404
    done(
        None,
        lambda: lifecycle.put_back(
            schedule=reading.schedule, key=key, by=request.user, at=clock.now()
        ),
    )
    return redirect("seminars:schedule_draft", pk=pk)


@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy what was typed last week."""
    reading = _written(request, pk)
    came: list[int] = []
    done(
        None,
        lambda: came.append(
            lifecycle.copy_last_week(schedule=reading.schedule, by=request.user, at=clock.now())
        ),
    )
    text = ngettext("%(n)s item was copied.", "%(n)s items were copied.", came[0])
    messages.success(request, text % {"n": came[0]})
    return redirect("seminars:schedule_draft", pk=pk)


@require_http_methods(BOTH)
def frame(request: HttpRequest, pk: int) -> HttpResponse:
    """Change recipients and signature, and whether it takes the place of invitations."""
    reading = _written(request, pk)
    form = FrameForm(request.POST or None, initial=FrameForm.of(reading.schedule))
    return _keep(
        request, reading, form, _("Recipients and signature"),
        lambda: lifecycle.set_frame(
            schedule=reading.schedule, frame=form.frame(), edits=form.seen,
            by=request.user, at=clock.now(),
        ),
    )  # fmt: skip


@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the draft as the page showed it."""
    reading = _written(request, pk)
    seen = request.POST.get("seen", "")
    done(
        None,
        lambda: lifecycle.issue_schedule(
            schedule=reading.schedule, seen=seen, by=request.user, at=clock.now()
        ),
    )
    messages.success(request, _("The schedule is issued."))
    return redirect("seminars:schedule_week", pk=pk)


# -- What they share --------------------------------------------------------------------------


def _item(reading: Reading, key: str) -> Item:
    """Return an item of the draft that the person may see. Raises: Http404."""
    if KEY.fullmatch(key):
        whole = schedule_draft.compiled(reading.schedule, before=None, at=reading.who.at)
        for item in reading.of(whole).items:
            if item.key == key:
                return item
    raise Http404


def _choices(schedule: WeeklySchedule) -> list[tuple[str, str]]:
    names = dict(WEEKDAYS)
    return [
        (day.isoformat(), f"{names[day.weekday()]} {day:%d/%m/%Y}") for day in schedule.week.days
    ]


def _item_form(request: HttpRequest, schedule: WeeklySchedule, initial: dict[str, Any]) -> ItemForm:
    """Its own units stand first; one that has ended since stays where it was named."""
    living = Agency.objects.live_on(clock.today()).exclude(pk=schedule.agency_id)
    others = living | Agency.objects.filter(pk__in=initial.get("agencies", ()))
    own_first = Case(When(parent=schedule.agency_id, then=0), default=1)
    return ItemForm(
        request.POST or None, initial=initial, days=_choices(schedule),
        agencies=others.order_by(own_first, "sort_key", "pk"),
    )  # fmt: skip


def _keep(
    request: HttpRequest, reading: Reading, form: Any, heading: str,
    act: Callable[[], object], **more: Any,
) -> HttpResponse:  # fmt: skip
    words = (request, reading.schedule.agency)
    if request.method == "POST" and form.is_valid() and done(form, act, words=words):
        return redirect("seminars:schedule_draft", pk=reading.schedule.pk)
    return _form(request, form, heading, _("Keep"), reading.schedule, **more)


def _form(
    request: HttpRequest, form: Any, heading: str, button: str,
    schedule: WeeklySchedule | None, **more: Any,
) -> HttpResponse:  # fmt: skip
    values = {
        "form": form, "heading": heading, "button": button, "schedule": schedule, **more,
    }  # fmt: skip
    return render(
        request, "seminars/schedule_form.html", values, status=422 if form.is_bound else 200
    )
