"""A programme placed as a whole: the plan in days and rooms, or what stands in its way.

The proposal is a pure function of the rows and of what was asked, so that the plan which is applied
is the one that was shown, or is refused.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from agencies.refusals import Reasons
from documents.access import Standing
from documents.refusals import Incomplete
from seminars import planning
from seminars.half_days import Half
from seminars.models import Programme, Room, Seminar
from seminars.plan_reading import Frame, Reading

__all__ = ["Frame", "Proposal", "Proposed", "propose"]


@dataclass(frozen=True)
class Proposed:
    """Where one seminar is to be: the half-day, the hours, and the room if it is in one."""

    seminar: Seminar
    half: Half
    starts_at: datetime
    ends_at: datetime
    #: None: it stays where it is.
    room: Room | None
    #: It is there on that half-day already.
    same: bool
    #: The names of those who may come and cannot.
    absent: tuple[str, ...]
    #: The names of those who said of that half-day that they come if need be.
    unsure: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """The plan, or why there is none; see `planning.Plan`."""

    rows: tuple[Proposed, ...]
    #: Not moved: announced, or longer than half a day.
    staying: tuple[Seminar, ...]
    found: bool
    proven: bool
    halves: tuple[Half, ...]
    #: Of each seminar to be placed, the half-days that it alone cannot have, each with why.
    excluded: Mapping[Seminar, Mapping[Half, tuple[planning.Obstacle, ...]]]
    #: Seminars that cannot all be held, though any one less can.
    conflict: tuple[Seminar, ...]
    #: What the keys in obstacles are called.
    names: Mapping[str, str]
    #: The same for the same plan of the same rows, and for no other.
    mark: str


def propose(programme: Programme, frame: Frame, *, who: Standing, at: datetime) -> Proposal:
    """Plan what the person sees of a programme and what is not announced yet.

    Raises: Incomplete (more seminars than are planned at once, no working half-day ahead).
    """
    reading = Reading(programme, frame, who=who, at=at)
    found = Reasons()
    text = _("%(many)s seminars are to be placed: at most %(most)s are planned at once.")
    many = {"many": len(reading.seminars), "most": planning.MOST}
    found.against(len(reading.seminars) > planning.MOST, "seminars", text % many)
    found.against(not reading.halves, "last", _("There is no working time ahead in these days."))
    found.refuse(Incomplete)
    problem = reading.programme()
    plan = planning.plan(problem)
    wanted = {wish.key: wish.required | wish.optional for wish in problem.wishes}
    seminars = {str(row.pk): row for row in reading.seminars}
    rows = tuple(
        _proposed(reading, seminars[placed.wish], placed, wanted[placed.wish])
        for placed in plan.placements
        if placed.wish in seminars
    )
    return Proposal(
        rows=rows,
        staying=tuple(reading.staying),
        found=plan.cost is not None,
        proven=plan.proven,
        halves=tuple(reading.halves),
        excluded={
            row: {reading.halves[day]: why for day, why in plan.ledger[key].items()}
            for key, row in seminars.items()
        },
        conflict=tuple(seminars[key] for key in plan.conflict),
        names=reading.names,
        mark=_mark(rows),
    )


def _proposed(
    reading: Reading, row: Seminar, placed: planning.Placement, wanted: frozenset[str]
) -> Proposed:
    half = reading.halves[placed.half_day]
    room = reading.rooms.get(placed.room)
    first = min(row.venues.all(), key=lambda venue: venue.order, default=None)
    stays = room is None or (first is not None and first.room_id == room.pk)
    starts, ends = row.starts_at, row.ends_at
    same = stays and starts is not None and (row.day, row.half_day) == half
    if not same or starts is None or ends is None:
        starts = reading.frame.begins(half)
        ends = starts + reading.length(row)
    absent = tuple(reading.names[key] for key in placed.absent)
    there = wanted.difference(placed.absent)
    unsure = sorted(
        reading.names[key]
        for key in there
        if placed.half_day in reading.unsure.get(key, frozenset())
    )
    return Proposed(row, half, starts, ends, room, same, absent, tuple(unsure))


def _mark(rows: tuple[Proposed, ...]) -> str:
    lines = (
        f"{row.seminar.pk}.{row.seminar.edits} {row.starts_at:%Y%m%d%H%M} {row.ends_at:%H%M} "
        f"{row.room.pk if row.room else ''}"
        for row in rows
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
