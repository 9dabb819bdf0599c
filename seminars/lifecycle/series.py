"""A seminar that comes again: each date a real draft, each date left out a row with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from agencies.refusals import Reason, Reasons
from documents import secrecy
from documents.refusals import Incomplete, NotFound
from seminars import access
from seminars.choices import Act
from seminars.lifecycle.agenda import Line, write_lines
from seminars.lifecycle.evidence import record
from seminars.lifecycle.locks import locked
from seminars.lifecycle.planning import draft
from seminars.lifecycle.plans import Details, Place, Time
from seminars.models import Seminar, Series, SkippedDate
from seminars.recurrence import MOST_DATES


@dataclass(frozen=True)
class Occurrence:
    """One date of the series: held, or with the reason why it is left out."""

    day: date
    skipped_for: str | None = None


@transaction.atomic
def repeat(*, seminar: Seminar, dates: Sequence[Occurrence], by: User, at: datetime) -> Series:
    """Plan the like of a seminar on further dates: all of them, or none if one is refused.

    Each is a draft of its own by the same rules as any, at the same hour, with places and agenda;
    no agency is invited to it. A date that is left out is kept with its reason.

    Raises: NotFound, NotPermitted, WrongState, Incomplete, secrecy.SecretPaper.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.REPEAT, seminar, at=at)
    found = Reasons()
    found.against(seminar.day is None, "dates", _("Say first on which day this one is held."))
    found.against(not dates, "dates", _("There is no date."))
    text = _("At most %(most)s dates are planned at once.") % {"most": MOST_DATES}
    found.against(len(dates) > MOST_DATES, "dates", text)
    found.refuse(Incomplete)
    series = _series_of(seminar)
    _check(found, series, dates)
    found.refuse(Incomplete)
    skipped = [each for each in dates if each.skipped_for is not None]
    held = [each for each in dates if each.skipped_for is None]
    SkippedDate.objects.bulk_create(
        SkippedDate(series=series, day=each.day, reason=(each.skipped_for or "").strip())
        for each in skipped
    )
    for each in held:
        _like(seminar, each.day, series, by=by, at=at)
    record(
        seminar, Act.REPEAT, authority, at=at, series=series.pk, made=len(held),
        skipped=len(skipped),
    )  # fmt: skip
    return series


@transaction.atomic
def take_back(*, seminar: Seminar, skipped: int, by: User, at: datetime) -> Seminar:
    """Hold one on a date that was left out, after all: the like of this seminar of the series.

    `skipped` is the id of the date. Two who take it back at once make one seminar.

    Raises: NotFound (no such date in its series), NotPermitted, WrongState, Incomplete.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.REPEAT, seminar, at=at)
    if seminar.series_id is None:
        raise NotFound
    series = Series.objects.select_for_update().get(pk=seminar.series_id)
    row = series.skipped.filter(pk=skipped).first()
    if row is None:
        raise NotFound
    row.delete()
    made = _like(seminar, row.day, series, by=by, at=at)
    record(
        seminar, Act.REPEAT, authority, at=at, reason=row.reason, series=series.pk, made=1,
        taken_back=str(row.day),
    )  # fmt: skip
    return made


def _series_of(seminar: Seminar) -> Series:
    """Return the series, locked; the first time, one is begun with this seminar."""
    if seminar.series is not None:
        return Series.objects.select_for_update().get(pk=seminar.series.pk)
    seminar.series = Series.objects.create(agency=seminar.agency, title=seminar.title)
    seminar.save(update_fields=["series"])
    return seminar.series


def _check(found: Reasons, series: Series, dates: Sequence[Occurrence]) -> None:
    days = [each.day for each in dates]
    found.against(len(set(days)) != len(days), "dates", _("A date is named twice."))
    taken = set(series.seminars.filter(day__in=days).values_list("day", flat=True))
    taken |= set(series.skipped.filter(day__in=days).values_list("day", flat=True))
    for day in sorted(taken, key=str):
        text = _("%(day)s is in the series already.") % {"day": f"{day:%d/%m/%Y}"}
        found.append(Reason("dates", text))
    for each in dates:
        if each.skipped_for is None:
            continue
        secrecy.refuse_if_secret(each.skipped_for)
        shown = {"day": f"{each.day:%d/%m/%Y}"}
        text = _("State why there is none on %(day)s.") % shown
        found.against(not each.skipped_for.strip(), "dates", text)
        text = _("The reason for %(day)s is too long.") % shown
        found.against(len(each.skipped_for.strip()) > 255, "dates", text)


def _like(pattern: Seminar, day: date, series: Series, *, by: User, at: datetime) -> Seminar:
    """Draft the like of a seminar on another day."""
    made = draft(
        agency=pattern.agency,
        details=Details(
            title=pattern.title, kind=pattern.kind, purpose=pattern.purpose, chair=pattern.chair,
            contact=pattern.contact, visibility=pattern.visibility,
        ),
        time=_same_hour(pattern, day),
        places=[
            Place(host=each.host, seats=each.seats, room=each.room, place=each.place, name=each.name)
            for each in pattern.venues.select_related("host", "room")
        ],
        programme=pattern.programme,
        by=by,
        at=at,
    )  # fmt: skip
    made.series = series
    made.save(update_fields=["series"])
    lines = [
        Line(title=each.title, minutes=each.minutes, speaker=each.speaker)
        for each in pattern.agenda.select_related("speaker")
    ]
    write_lines(made, lines, {})
    return made


def _same_hour(pattern: Seminar, day: date) -> Time:
    """The same hours on that day; the clock of Vietnam has no summer time."""
    starts, ends = pattern.starts_at, pattern.ends_at
    if starts is None or ends is None or pattern.day is None:
        return Time(day=day, half_day=pattern.half_day)
    shift = timedelta(days=(day - pattern.day).days)
    return Time(starts + shift, ends + shift)
