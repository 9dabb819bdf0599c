"""What stands around seminars and may speak against them: read for many at the cost of one.

The number of queries does not depend on how many are asked about. Of what somebody else has to do
only the hour and the place are read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from agencies import clock
from agencies.calendar import Days
from seminars.choices import TAKING_TIME, InvitationRole, PaperState
from seminars.models import (
    AgendaItem,
    Invitation,
    Override,
    Paper,
    Policy,
    Programme,
    RoomClosure,
    RoomHours,
    Seminar,
    Venue,
    WorkingHours,
)
from seminars.policy import policies_of

#: More times than these are read as one from the first to the last.
_MOST_SPANS = 40
#: Days before a seminar that are read with it: its invitation is due in them.
_BEFORE = timedelta(days=60)


@dataclass(frozen=True)
class Elsewhere:
    """Somebody is wanted at another seminar, in units."""

    name: str
    seminar: int
    start5: int
    end5: int


@dataclass(frozen=True)
class Surroundings:
    """Rows by the id that they belong to; an id without rows has none."""

    days: Days
    policies: dict[int, Policy]
    #: By programme: its deadline, where the order names one.
    due: dict[int, date | None]
    venues: dict[int, list[Venue]]
    closures: dict[int, list[RoomClosure]]
    opening: dict[int, list[RoomHours]]
    working: dict[int, list[WorkingHours]]
    #: By seminar: those that were not taken back and have a day on which they are due.
    papers: dict[int, list[Paper]]
    #: By seminar: how long each line of its agenda takes.
    minutes: dict[int, list[int]]
    #: By seminar: chair and speakers.
    people: dict[int, set[int]]
    #: By person, and by agency that must be there.
    engaged: dict[int, set[Elsewhere]]
    wanted: dict[int, list[Elsewhere]]
    #: By another seminar: where it is held.
    places: dict[int, set[str]]
    #: By seminar: the agencies that must be there, with their names.
    required: dict[int, dict[int, str]]
    overrides: dict[int, dict[tuple[str, str], Override]]


def around(seminars: Sequence[Seminar], *, at: datetime) -> Surroundings:
    """Read what stands around these seminars at that moment (at most sixteen queries)."""
    ids = [each.pk for each in seminars]
    agencies = {each.agency_id for each in seminars}
    policies = policies_of(agencies, clock.day_of(at))
    days = [each.day for each in seminars if each.day is not None] or [clock.day_of(at)]
    programmes = {each.programme_id for each in seminars if each.programme_id is not None}
    spans = _spans(seminars, max((each.travel_minutes for each in policies.values()), default=0))
    venues = _grouped(Venue.objects.filter(seminar__in=ids).select_related("room"), "seminar_id")
    rooms = {each.room_id for rows in venues.values() for each in rows} - {None}
    lines = _lines(ids)
    people = _people(seminars, lines)
    engaged = _engaged(set().union(*people.values()), spans)
    required = _required(ids)
    overrides: dict[int, dict[tuple[str, str], Override]] = defaultdict(dict)
    for row in Override.objects.filter(seminar__in=ids).select_related("by"):
        overrides[row.seminar_id][row.code, row.about] = row
    return Surroundings(
        days=Days(min(days) - _BEFORE, max(days)),
        policies=policies,
        due=dict(Programme.objects.filter(pk__in=programmes).values_list("pk", "due_on")),
        venues=venues,
        closures=_grouped(
            RoomClosure.objects.filter(
                room__in=rooms, start5__lt=spans[-1][1], end5__gt=spans[0][0]
            )
            if spans
            else (),
            "room_id",
        ),
        opening=_grouped(RoomHours.objects.filter(room__in=rooms), "room_id"),
        working=_grouped(WorkingHours.objects.filter(agency__in=agencies), "agency_id"),
        papers=_grouped(_papers(ids), "seminar_id"),
        minutes={pk: [minutes for minutes, _who in rows] for pk, rows in lines.items()},
        people=people,
        engaged=engaged,
        wanted=_wanted({pk for rows in required.values() for pk in rows}, spans),
        places=_places({each.seminar for rows in engaged.values() for each in rows}),
        required=required,
        overrides=overrides,
    )


def places_of(venues: Iterable[Venue]) -> set[str]:
    """Return where these venues are, so that two seminars at one place can be told."""
    return {f"room:{each.room_id}" if each.room_id else each.place for each in venues}


def _spans(seminars: Sequence[Seminar], minutes: int) -> list[tuple[int, int]]:
    """Return the times of these seminars, with the time to travel around, apart and in order."""
    gap = minutes // 5
    found: list[tuple[int, int]] = []
    hours = [
        (each.start5 - gap, each.end5 + gap)
        for each in seminars
        if each.start5 is not None and each.end5 is not None
    ]
    for begins, ends in sorted(hours):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found if len(found) <= _MOST_SPANS else [(found[0][0], found[-1][1])]


def _grouped(rows: Iterable[Any], key: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _papers(ids: list[int]) -> "QuerySet[Paper]":
    rows = Paper.objects.filter(seminar__in=ids, due_on__isnull=False)
    rows = rows.exclude(state=PaperState.WITHDRAWN).select_related("invitation__agency")
    return rows.prefetch_related("versions").order_by("pk")


def _lines(ids: list[int]) -> dict[int, list[tuple[int, int | None]]]:
    """Return minutes and speaker of each line of these agendas."""
    found: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    rows = AgendaItem.objects.filter(seminar__in=ids).order_by("seminar", "order")
    for seminar, minutes, speaker in rows.values_list("seminar", "minutes", "speaker"):
        found[seminar].append((minutes, speaker))
    return found


def _people(
    seminars: Sequence[Seminar], lines: dict[int, list[tuple[int, int | None]]]
) -> dict[int, set[int]]:
    found = {
        each.pk: {speaker for _minutes, speaker in lines.get(each.pk, []) if speaker is not None}
        for each in seminars
    }
    for each in seminars:
        if each.chair_id is not None:
            found[each.pk].add(each.chair_id)
    return found


def _engaged(people: set[int], spans: list[tuple[int, int]]) -> dict[int, set[Elsewhere]]:
    """Return who of these chairs or speaks when: once a seminar (two queries)."""
    others = Seminar.objects.meeting(spans).filter(state__in=TAKING_TIME)
    chairing = others.filter(chair__in=people).values_list(
        "chair", "chair__name", "pk", "start5", "end5"
    )
    speaking = AgendaItem.objects.filter(speaker__in=people, seminar__in=others).values_list(
        "speaker", "speaker__name", "seminar", "seminar__start5", "seminar__end5"
    )
    found: dict[int, set[Elsewhere]] = defaultdict(set)
    rows: list[Any] = [*chairing, *speaking]
    for person, name, seminar, start5, end5 in rows:
        found[person].add(Elsewhere(name, seminar, start5, end5))
    return found


def _required(ids: list[int]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = defaultdict(dict)
    rows = Invitation.objects.filter(seminar__in=ids, role=InvitationRole.REQUIRED)
    for row in rows.select_related("agency"):
        found[row.seminar_id][row.agency_id] = str(row.agency)
    return found


def _wanted(agencies: set[int], spans: list[tuple[int, int]]) -> dict[int, list[Elsewhere]]:
    others = Seminar.objects.meeting(spans).filter(state__in=TAKING_TIME)
    rows: Any = Invitation.objects.filter(
        seminar__in=others, agency__in=agencies, role=InvitationRole.REQUIRED
    ).values_list("agency", "seminar", "seminar__start5", "seminar__end5")
    found: dict[int, list[Elsewhere]] = defaultdict(list)
    for agency, seminar, start5, end5 in rows:
        found[agency].append(Elsewhere("", seminar, start5, end5))
    return found


def _places(seminars: set[int]) -> dict[int, set[str]]:
    rows = _grouped(Venue.objects.filter(seminar__in=seminars), "seminar_id")
    return {seminar: places_of(venues) for seminar, venues in rows.items()}
