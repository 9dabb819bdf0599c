"""Weekly schedules as they are read: the list of weeks, a week, its versions, paper and Word."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.models import Agency
from seminars import access, schedule_access
from seminars.models import ScheduleVersion
from seminars.schedule_access import Reading
from seminars.weekly import docx
from seminars.weekly.differences import difference, words
from seminars.weekly.layouts import LAYOUTS, days_of, tables
from seminars.weekly.snapshot import Snapshot
from seminars.weekly.words import IN_PLACE_OF_INVITATIONS, edition, half_and_hours, title

PAGE = 25
#: How long the list shows what other agencies told ours.
TOLD_FOR = timedelta(days=60)


@require_safe
def schedules(request: HttpRequest) -> HttpResponse:
    """List the weeks of one's own agencies, and what others told them lately."""
    who = access.standing_of(request)
    rows = schedule_access.schedules_seen_by(who).select_related("agency")
    page = Paginator(rows.order_by("-iso_year", "-iso_week", "pk"), PAGE).get_page(
        request.GET.get("page")
    )
    writes = schedule_access.writing_for(who)
    newest: dict[int, ScheduleVersion] = {}
    issued = ScheduleVersion.objects.filter(schedule__in=[row.pk for row in page])
    for version in issued.defer("snapshot").order_by("no"):
        newest[version.schedule_id] = version
    listed = [
        {"row": row, "version": newest.get(row.pk), "writes": row.agency_id in writes}
        for row in page
        # A draft that was never issued is the writers' own.
        if row.pk in newest or row.agency_id in writes
    ]
    told: dict[int, Any] = {}
    for each in schedule_access.told_to(who, since=who.at - TOLD_FOR):
        told.setdefault(each.version.schedule_id, each)
    values = {
        "page": page,
        "listed": listed,
        "told": list(told.values()),
        "may_begin": bool(writes),
    }
    return render(request, "seminars/schedules.html", values)


@require_safe
def week(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is issued of a week; where nothing is, its writers are led to the draft."""
    reading = schedule_access.reading_or_404(access.standing_of(request), pk)
    version = schedule_access.versions_of(reading).last()
    writes = reading.schedule.agency_id in schedule_access.writing_for(reading.who)
    if version is None and not writes:
        raise Http404
    return _page(request, reading, version, writes=writes)


@require_safe
def version(request: HttpRequest, pk: int, no: int) -> HttpResponse:
    """Show one issued version, as it was."""
    reading = schedule_access.reading_or_404(access.standing_of(request), pk)
    return _page(request, reading, _version(reading, no), older=True)


def _page(
    request: HttpRequest, reading: Reading, version: ScheduleVersion | None, **more: Any
) -> HttpResponse:
    shown = reading.of(version.read) if version else None
    values = {
        "schedule": reading.schedule, "own": reading.is_own, "version": version,
        "shown": shown,
        "edition": edition(version.no, version.issued_at) if version else "",
        "days": _days(shown) if shown else [],
        "in_place": IN_PLACE_OF_INVITATIONS if shown and shown.replaces_invitations else "",
        "invited": _invited(reading, version) if version else [],
        **more,
    }  # fmt: skip
    return render(request, "seminars/schedule.html", values)


def _days(shown: Snapshot) -> list[dict[str, Any]]:
    return [
        {"day": day, "items": [{"item": item, "when": half_and_hours(item)} for item in items]}
        for day, items in days_of(shown)
    ]


def _invited(reading: Reading, version: ScheduleVersion) -> list[Agency]:
    """The units that this version invited, for the schedule's own people."""
    if not reading.is_own:
        return []
    rows = version.told.exclude(invited_to=[]).select_related("agency")
    return [row.agency for row in rows.order_by("agency__sort_key", "pk")]


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """List the issued versions, each with what changed against the one before, in words."""
    reading = schedule_access.reading_or_404(access.standing_of(request), pk)
    rows = list(schedule_access.versions_of(reading).select_related("issued_by"))
    if not rows:
        raise Http404
    kept = [row.read for row in rows]
    shown = reading.all_of(kept)
    told = _told(rows) if reading.is_own else {}
    found = [
        {
            "row": row, "edition": edition(row.no, row.issued_at),
            "changes": _changes(shown[place - 1] if place else None, snapshot),
            "told": told.get(row.pk, []),
        }
        for place, (row, snapshot) in enumerate(zip(rows, shown, strict=True))
    ]  # fmt: skip
    values = {
        "schedule": reading.schedule, "own": reading.is_own,
        "versions": found[::-1],
    }  # fmt: skip
    return render(request, "seminars/schedule_versions.html", values)


def _changes(before: Snapshot | None, after: Snapshot) -> list[str]:
    if before is None:
        return []
    return [words(each) for each in difference(before.items, after.items, after.gone)]


def _told(rows: list[ScheduleVersion]) -> dict[int, list[str]]:
    """Which agencies each version was told to, by its id (one query)."""
    told: dict[int, list[str]] = {}
    names = ScheduleVersion.objects.filter(pk__in=[row.pk for row in rows], told__isnull=False)
    names = names.order_by("told__agency__sort_key", "told__pk")
    for version, name in names.values_list("pk", "told__agency__short_name"):
        told.setdefault(version, []).append(name)
    return told


@require_safe
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a version on A4 landscape: `?kieu=` the layout, `?lan=` the version."""
    reading, version, shown = _paper(request, pk)
    layout = _layout(request)
    labels = {
        "ngay": _("By day"),
        "lanh-dao": _("By leader"),
        "ma-tran": _("Leaders and half-days"),
    }
    values = {
        "schedule": reading.schedule, "version": version, "shown": shown,
        "tables": tables(shown, layout),
        "title": title(reading.schedule.week, excerpt=not reading.is_own),
        "edition": edition(version.no, version.issued_at), "signed_on": version.issued_at,
        "in_place": IN_PLACE_OF_INVITATIONS if shown.replaces_invitations else "",
        "printed_by": request.user, "layout": layout,
        "layouts": [
            {"label": labels[each], "url": f"?kieu={each}&lan={version.no}", "current": each == layout}
            for each in LAYOUTS
        ],
    }  # fmt: skip
    return render(request, "seminars/schedule_print.html", values)


@require_safe
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the same as a Word file."""
    reading, version, shown = _paper(request, pk)
    body = docx.written(
        shown, layout=_layout(request), no=version.no, issued_at=version.issued_at,
        excerpt=not reading.is_own,
    )  # fmt: skip
    name = f"lich-tuan-{shown.week:02}-{shown.year}.docx"
    return HttpResponse(
        body,
        headers={
            "Content-Type": docx.MEDIA_TYPE,
            "Content-Disposition": content_disposition_header(True, name) or "",
            "Cache-Control": "private, no-store",
        },
    )


def _paper(request: HttpRequest, pk: int) -> tuple[Reading, ScheduleVersion, Snapshot]:
    reading = schedule_access.reading_or_404(access.standing_of(request), pk)
    wanted = request.GET.get("lan", "")
    if wanted:
        number = int(wanted) if wanted.isascii() and wanted.isdecimal() else -1
        version = _version(reading, number)
    else:
        newest = schedule_access.versions_of(reading).last()
        if newest is None:
            raise Http404
        version = newest
    return reading, version, reading.of(version.read)


def _version(reading: Reading, no: int) -> ScheduleVersion:
    """Raises: Http404."""
    if not 0 <= no < 2**31:
        raise Http404
    found = schedule_access.versions_of(reading).filter(no=no).first()
    if found is None:
        raise Http404
    return found


def _layout(request: HttpRequest) -> str:
    wanted = request.GET.get("kieu", "")
    return wanted if wanted in LAYOUTS else LAYOUTS[0]
