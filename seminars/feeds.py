"""What a calendar feed holds: the seminars that its owner may see, as calendars understand them.

The rights are those of the moment of asking. No delegate is named, no paper, and of a seminar that
one is only invited to, nothing that the invitation does not say. The same rows give the same bytes.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from agencies import clock
from documents.access import Standing
from seminars.choices import SeminarState
from seminars.ical import Event, Status, calendar
from seminars.lifecycle.feeds import hash_of
from seminars.models import Feed, Seminar
from seminars.places import where
from seminars.scopes import shown_in

#: A cancelled seminar stays so long, so that every calendar learns of it.
CANCELLED_FOR = timedelta(days=60)
#: What lies further back has left the feed.
BACK = timedelta(days=400)
#: The most that one feed holds, the nearest past and the future first.
MOST = 1_000

_STATUS = {
    SeminarState.TENTATIVE: Status.TENTATIVE,
    SeminarState.CANCELLED: Status.CANCELLED,
}
_HALVES = {"morning": "buổi sáng", "afternoon": "buổi chiều", "evening": "buổi tối"}


def feed_of(token: str) -> Feed | None:
    """Return the feed with this secret; None for one unknown, revoked, or of a closed account."""
    rows = Feed.objects.living().select_related("owner", "agency")
    return rows.filter(token_hash=hash_of(token)).first()


def seminars_of(feed: Feed, who: Standing) -> "QuerySet[Seminar]":
    """Return what the feed shows to its owner now: nothing without a day, no draft."""
    rows = shown_in(feed.scope, who, agency=feed.agency_id, of_years=True)
    gone = Q(state=SeminarState.CANCELLED, changed_at__lt=who.at - CANCELLED_FOR)
    return rows.exclude(gone).filter(day__gte=clock.day_of(who.at - BACK))


def etag_of(feed: Feed, who: Standing) -> str:
    """Return a mark that changes with whatever the feed shows (one query), before it is written.

    A room or an agency may be renamed without anybody touching the seminar.
    """
    rows = seminars_of(feed, who).order_by("-day", "-pk", "venues__pk")
    shown = ("pk", "edits", "agency__name", "venues__room__name", "venues__room__address")
    marks = "\n".join(map(str, rows.values_list(*shown)[: 2 * MOST]))
    return hashlib.sha256(f"{feed.pk}|{marks}".encode()).hexdigest()[:32]


def written(feed: Feed, who: Standing, *, name: str, address: str) -> bytes:
    """Return the calendar (RFC 5545); `address` is where the pages of seminars begin."""
    rows = seminars_of(feed, who).select_related("agency", "chair")
    rows = rows.prefetch_related("venues__room").order_by("-day", "-pk")[:MOST]
    return calendar(events(rows, address=address), name=name)


def events(seminars: Sequence[Seminar] | QuerySet[Seminar], *, address: str) -> list[Event]:
    return [event_of(each, address=address) for each in seminars]


def event_of(seminar: Seminar, *, address: str) -> Event:
    """Return the seminar as calendars understand it, in feeds and in mails alike."""
    title = seminar.title
    day = None
    starts, ends = seminar.starts_at, seminar.ends_at
    if starts is None:
        # Half a day without an hour is shown on its day, and says so.
        day = seminar.day
        half = _HALVES.get(seminar.half_day)
        title = f"{title} ({half})" if half else title
    chair = seminar.chair
    return Event(
        # Not the address of this installation: that may change, and this may not.
        uid=f"{seminar.uid}@kinh-gui",
        sequence=seminar.sequence,
        changed_at=seminar.changed_at.replace(microsecond=0),
        created_at=seminar.created_at.replace(microsecond=0),
        summary=title,
        starts=starts,
        ends=ends,
        day=day,
        location="; ".join(where(venue) for venue in seminar.venues.all()),
        description=f"{seminar.agency} tổ chức.",
        chair=f"Chủ trì: {chair.name}" if chair else "",
        url=f"{address}{seminar.pk}/",
        status=_STATUS.get(SeminarState(seminar.state), Status.CONFIRMED),
    )


def mark_fetched(feed: Feed, at: datetime) -> None:
    """Keep the day of the last fetch: one small write a day."""
    day = clock.day_of(at)
    if feed.fetched_on != day:
        Feed.objects.filter(pk=feed.pk).update(fetched_on=day)
