"""When a seminar could be held: who is wanted, who is busy when, and which rooms are free."""

from dataclasses import dataclass
from datetime import date, datetime

from seminars import occupied
from seminars.choices import Free
from seminars.free_time import Answer, Party, Question, Span, suggest
from seminars.free_time import Room as FreeRoom
from seminars.instants import day5
from seminars.models import HalfDaySurvey, Seminar
from seminars.wanted import said_in, wanted_at

#: A longer look-ahead is asked for in parts.
MOST_DAYS = 92


@dataclass(frozen=True)
class Wish:
    """Between which days, both included, for how many minutes, and what may be lacking."""

    first: date
    last: date
    minutes: int
    with_room: bool = True
    allow_missing: bool = False


def best_times(seminar: Seminar, wish: Wish, *, at: datetime, most: int = 6) -> Answer:
    """Suggest times for a seminar, the best first, or say the one reason why there is none.

    Chair, speakers and the agencies that must be there are required; those that may come are not.
    What agencies said in a survey counts like any other time at which they are busy.

    Raises: ValueError for days out of order, too many of them, or minutes off the quarter.
    """
    if not wish.first <= wish.last or (wish.last - wish.first).days >= MOST_DAYS:
        raise ValueError("the days are out of order, or too many")
    begins, ends = day5(wish.first)[0], day5(wish.last)[1]
    parties, busy, unsure = _parties(seminar, begins, ends)
    seats = max((venue.seats for venue in seminar.venues.all()), default=0)
    rooms = _rooms(seminar, begins, ends) if wish.with_room else None
    return suggest(
        Question(
            parties=parties,
            busy=busy,
            window=occupied.working_time(seminar.agency_id, wish.first, wish.last, at=at),
            minutes=wish.minutes,
            rooms=rooms,
            seats=seats,
            allow_missing=wish.allow_missing,
            unsure=unsure,
        ),
        most=most,
    )


def _parties(
    seminar: Seminar, begins: int, ends: int
) -> tuple[list[Party], dict[str, list[Span]], dict[str, list[Span]]]:
    """Who is wanted, when each is elsewhere, and when agencies come only if need be (nine queries)."""
    people = {item.speaker for item in seminar.agenda.select_related("speaker") if item.speaker}
    if seminar.chair is not None:
        people.add(seminar.chair)
    said = said_in(HalfDaySurvey.objects.about(seminar))
    agencies = wanted_at([seminar], said)[seminar.pk]
    own = [seminar.pk]
    engaged = occupied.people([each.pk for each in people], begins, ends, apart=own)
    required = occupied.agencies(agencies, begins, ends, apart=own)
    busy = {f"person:{pk}": spans for pk, spans in engaged.items()}
    unsure = {}
    for pk, party in agencies.items():
        busy[party.key] = required.get(pk, []) + said.spans(pk, Free.BUSY)
        if possible := said.spans(pk, Free.POSSIBLE):
            unsure[party.key] = possible
    parties = [Party(f"person:{each.pk}", each.name) for each in people] + [*agencies.values()]
    return sorted(parties, key=lambda party: party.key), busy, unsure


def _rooms(seminar: Seminar, begins: int, ends: int) -> list[FreeRoom]:
    """The rooms that the organiser may book (four queries)."""
    rows = occupied.rooms([seminar.agency_id], begins, ends, apart=[seminar.pk])
    return [
        FreeRoom(
            key=str(room.pk),
            name=room.name,
            capacity=room.capacity,
            lanes=lanes,
            before=occupied.quarters(room.setup_minutes),
            after=occupied.quarters(room.clear_minutes),
        )
        for room, lanes in rows
    ]
