"""Days with what is held on them: month, week and list are readings of the same rows.

What a calendar shows follows from `scopes`; of a room's bookings, whoever may not see the seminar
learns that the room is taken, and nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from agencies import clock
from agencies.marked_days import Mark, marks
from documents.access import Standing
from seminars import access
from seminars.choices import BookingState, HalfDay, SeminarState
from seminars.hours import DUSK, NOON
from seminars.instants import SLOT, day5, from5
from seminars.models import Room, RoomBooking, RoomClosure, Seminar, Venue
from seminars.places import where

#: No calendar is shown before or after.
FIRST_YEAR, LAST_YEAR = 2000, 2100
#: The most seminars that one page holds; more is said, not hidden.
MOST = 3_000
#: Where half a day without an hour stands among the three halves of a day.
_HALF = {HalfDay.AFTERNOON: 1, HalfDay.EVENING: 2}


@dataclass(frozen=True, slots=True)
class Entry:
    """One seminar on one day; one of several days has an entry on each."""

    #: Half of the day, from the start on it, the seminar's id: its place among the others.
    order: tuple[int, int, int]
    address: str
    hours: str
    title: str
    state: str
    said_state: str
    #: Where, held by whom, chaired by whom: for the week and the list.
    about: str = ""

    @property
    def called_off(self) -> bool:
        return self.state == SeminarState.CANCELLED


@dataclass
class Day:
    day: date
    is_today: bool
    mark: Mark | None
    entries: list[Entry] = field(default_factory=list)

    @property
    def is_off(self) -> bool:
        return self.mark.is_off if self.mark else self.day.weekday() >= 5

    @property
    def halves(self) -> list[list[Entry]]:
        """Morning, afternoon, evening."""
        found: list[list[Entry]] = [[], [], []]
        for entry in self.entries:
            found[entry.order[0]].append(entry)
        return found


@dataclass(frozen=True)
class Calendar:
    days: list[Day]
    #: There is more than one page holds.
    cut: bool


def calendar_of(
    rows: "QuerySet[Seminar]", first: date, last: date, *, today: date, address: str,
    with_places: bool = False,
) -> Calendar:  # fmt: skip
    """Return the days from `first` to `last` with what is held on them (two queries, or three).

    `address` is where the pages of seminars begin.
    """
    named = marks(first, last)
    length = (last - first).days + 1
    days = [
        Day(each, each == today, named.get(each))
        for each in (first + timedelta(days=n) for n in range(length))
    ]
    found = list(
        rows.on_days(first, last)  # type: ignore[attr-defined]
        .order_by("day", "start5", "pk")
        .values_list(
            "pk", "title", "day", "start5", "end5", "half_day", "state", "agency__short_name",
            "chair__name",
        )[: MOST + 1]
    )  # fmt: skip
    shown = found[:MOST]
    places = _places(row[0] for row in shown) if with_places else {}
    states = {each.value: str(each.label) for each in SeminarState}
    for pk, title, day, start5, end5, half_day, state, agency, chair in shown:
        led = _("chaired by %(name)s") % {"name": chair} if chair else ""
        about = ". ".join(filter(None, [places.get(pk, ""), agency, led])) if with_places else ""
        for on, half, start, hours in _on_days(day, start5, end5, half_day, first, last):
            days[(on - first).days].entries.append(
                Entry((half, start, pk), f"{address}{pk}/", hours, title, state, states[state],
                      about)
            )  # fmt: skip
    for each in days:
        each.entries.sort(key=lambda entry: entry.order)
    return Calendar(days, len(found) > MOST)


def _places(seminars: Iterable[int]) -> dict[int, str]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Venue.objects.filter(seminar__in=list(seminars)).select_related("room")
    for venue in rows.order_by("seminar", "order"):
        found[venue.seminar_id].append(where(venue))
    return {pk: "; ".join(each) for pk, each in found.items()}


def _on_days(
    day: date, start5: int | None, end5: int | None, half_day: str, first: date, last: date
) -> list[tuple[date, int, int, str]]:
    """Return each day of the range that it meets, with its half, its start on it, and in words."""
    if start5 is None or end5 is None:
        half = _HALF.get(HalfDay(half_day), 0) if half_day else 0
        return [(day, half, 0, str(HalfDay(half_day).label) if half_day else _("hour not set"))]
    return [
        (on, _half_of(begins), begins.hour * 60 + begins.minute, words)
        for on, begins, words in _parts(from5(start5), from5(end5))
        if first <= on <= last
    ]


def _half_of(moment: datetime) -> int:
    return (moment.hour >= NOON) + (moment.hour >= DUSK)


def _parts(begins: datetime, ends: datetime) -> list[tuple[date, datetime, str]]:
    """Cut a half-open interval at midnight: what ends at 00:00 is not on the next day."""
    found = []
    on = begins.date()
    while clock.at(on) < ends:
        midnight = clock.at(on + timedelta(days=1))
        start, end = max(begins, clock.at(on)), min(ends, midnight)
        whole = start == clock.at(on)
        if whole and end == midnight:
            words = _("all day")
        elif end == midnight and ends != midnight:
            words = _("from %(hour)s") % {"hour": f"{start:%H:%M}"}
        elif whole and begins < start:
            words = _("until %(hour)s") % {"hour": f"{end:%H:%M}"}
        else:
            # Midnight at its end is written as offices write it.
            words = f"{start:%H:%M} – {'24:00' if end == midnight else f'{end:%H:%M}'}"
        found.append((on, start, words))
        on += timedelta(days=1)
    return found


# -- Rooms ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """A time at which a room cannot be had; of a seminar that one may not see, the time alone."""

    begins: datetime
    hours: str
    words: str
    address: str = ""
    said_state: str = ""


@dataclass
class RoomWeek:
    room: Room
    days: list[tuple[Day, list[Taken]]]


def rooms_of(who: Standing) -> "QuerySet[Room]":
    """Return the rooms that the person's agencies may book: their own, and the shared ones."""
    rows = Room.objects.filter(Q(shared=True) | Q(agency__in=who.readers_of), active=True)
    return rows.select_related("agency").order_by("agency__sort_key", "name", "pk")


def weeks_of(rooms: Sequence[Room], first: date, *, who: Standing, address: str) -> list[RoomWeek]:
    """Return the seven days of each room from `first`: booked, busy or closed (four queries)."""
    last = first + timedelta(days=6)
    begins, ends = day5(first)[0], day5(last)[1]
    named, today = marks(first, last), clock.day_of(who.at)
    days = [first + timedelta(days=n) for n in range(7)]
    taken: dict[tuple[int, date], list[Taken]] = defaultdict(list)

    def take(room: int, start: datetime, end: datetime, *words: str) -> None:
        for on, part, hours in _parts(start, end):
            taken[room, on].append(Taken(part, hours, *words))

    for room, start, end, words in _booked(rooms, begins, ends, who, address):
        take(room, start, end, *words)
    closures = RoomClosure.objects.filter(room__in=rooms, start5__lt=ends, end5__gt=begins)
    for room, start5, end5 in closures.values_list("room", "start5", "end5"):
        shut = from5(max(start5, begins)), from5(min(end5, ends))
        take(room, *shut, _("Closed to bookings"))
    return [
        RoomWeek(
            room,
            [
                (
                    Day(day, day == today, named.get(day)),
                    sorted(taken.get((room.pk, day), []), key=lambda each: each.begins),
                )
                for day in days
            ],
        )
        for room in rooms
    ]


def _booked(
    rooms: Sequence[Room], begins: int, ends: int, who: Standing, address: str
) -> list[tuple[int, datetime, datetime, tuple[str, ...]]]:
    bookings = RoomBooking.objects.filter(
        room__in=rooms, from15__lt=ends // SLOT, to15__gt=begins // SLOT
    ).exclude(state=BookingState.HELD, held_until__lt=who.at)
    rows: Any = bookings.order_by("room", "from15", "lane").values_list(
        "room", "from15", "to15", "state", "venue__seminar", "venue__seminar__title"
    )
    rows = list(rows)
    seen = access.visible_to(who, among={row[4] for row in rows})
    visible = set(seen.values_list("pk", flat=True))
    states = {BookingState.HELD: _("held for now"), BookingState.CONFIRMED: _("booked")}
    return [
        (
            room,
            from5(from15 * SLOT),
            from5(to15 * SLOT),
            (title, f"{address}{seminar}/", states[BookingState(state)])
            if seminar in visible
            else (_("Busy"),),
        )
        for room, from15, to15, state, seminar, title in rows
    ]
