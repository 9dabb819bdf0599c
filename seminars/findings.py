"""What speaks against a seminar as it is planned: read from the rows, never stored.

A finding has a level and says what it is about; whoever lets it stand overrides exactly that. When
a room, a person, a day rule or an invitation changes, the next reading is right by itself.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from agencies import clock
from seminars import agenda, hours
from seminars.choices import UNINVITED, FindingCode, Level, PaperState, SeminarKind
from seminars.instants import from5
from seminars.models import Override, Policy, Seminar
from seminars.policy import invite_by
from seminars.surroundings import Elsewhere, Surroundings, around, places_of


@dataclass(frozen=True)
class Finding:
    """One thing that speaks against it. `about` names the facts; `override` who let it stand."""

    code: FindingCode
    level: Level
    about: str
    words: str
    override: Override | None = None


def of(seminar: Seminar, *, at: datetime) -> list[Finding]:
    """Return what speaks against a seminar now, blocks first."""
    return of_all([seminar], at=at)[seminar.pk]


def of_all(seminars: Sequence[Seminar], *, at: datetime) -> dict[int, list[Finding]]:
    """Return by id what `of` says of each: for any number the queries of one (surroundings)."""
    seen = around(seminars, at=at)
    return {each.pk: _of(each, seen, at) for each in seminars}


def _of(seminar: Seminar, seen: Surroundings, at: datetime) -> list[Finding]:
    found = [
        *_of_day(seminar, seen, at),
        *_of_papers(seminar, seen, at),
        *_of_size(seminar, seen),
    ]
    if seminar.start5 is not None:
        assert seminar.end5 is not None
        assert seminar.day is not None
        span = Span(seminar, seminar.day, seminar.start5, seminar.end5)
        for rule in _WITH_AN_HOUR:
            found += rule(span, seen)
    overrides = seen.overrides.get(seminar.pk, {})
    found = [replace(each, override=overrides.get((each.code, each.about))) for each in found]
    return sorted(found, key=lambda each: (each.level != Level.BLOCK, each.code, each.about))


# -- The day ----------------------------------------------------------------------------------


def _of_day(seminar: Seminar, seen: Surroundings, at: datetime) -> Iterator[Finding]:
    day = seminar.day
    if day is None:
        return
    if not seen.days.works(day):
        words = _("%(day)s is not a working day.") % {"day": f"{day:%d/%m/%Y}"}
        yield Finding(FindingCode.DAY_OFF, Level.WARN, f"day:{day}", words)
    due = seen.due.get(seminar.programme_id) if seminar.programme_id else None
    if due is not None and day > due:
        text = _("%(day)s is after the deadline of the order, %(due)s.")
        words = text % {"day": f"{day:%d/%m/%Y}", "due": f"{due:%d/%m/%Y}"}
        yield Finding(FindingCode.AFTER_DEADLINE, Level.BLOCK, f"day:{day}:due:{due}", words)
    policy = seen.policies[seminar.agency_id]
    last = invite_by(policy, day, seen.days)
    if seminar.state in UNINVITED and clock.day_of(at) > last:
        text = _("The invitation should have gone out by %(day)s (%(days)s working days before).")
        words = text % {"day": f"{last:%d/%m/%Y}", "days": policy.invite_days}
        yield Finding(FindingCode.INVITE_LATE, Level.WARN, f"day:{day}", words)


# -- Papers -----------------------------------------------------------------------------------


def _of_papers(seminar: Seminar, seen: Surroundings, at: datetime) -> Iterator[Finding]:
    """A paper that is not in by the day that stands as due, or came in after it."""
    today = clock.day_of(at)
    for paper in seen.papers.get(seminar.pk, []):
        due, last = paper.due_on, paper.last_version
        assert due is not None
        awaited = paper.state in (PaperState.REGISTERED, PaperState.RETURNED)
        values = {"agency": paper.invitation.agency, "day": f"{due:%d/%m/%Y}"}
        if awaited and today > due:
            text = _("A paper of %(agency)s should have been handed in by %(day)s.")
            about = f"paper:{paper.pk}:{due}"
            yield Finding(FindingCode.PAPERS_LATE, Level.WARN, about, text % values)
        elif not awaited and last is not None and last.late:
            text = _("A paper of %(agency)s, due by %(day)s, was handed in late.")
            about = f"paper:{paper.pk}:{due}:{last.no}"
            yield Finding(FindingCode.PAPERS_LATE, Level.WARN, about, text % values)


# -- Size -------------------------------------------------------------------------------------


def _of_size(seminar: Seminar, seen: Surroundings) -> Iterator[Finding]:
    venues = seen.venues.get(seminar.pk, [])
    for venue in venues:
        if venue.room is not None and venue.room.capacity < venue.seats:
            text = _("“%(room)s” has %(has)s seats, %(wants)s are wanted.")
            words = text % {
                "room": venue.room.name,
                "has": venue.room.capacity,
                "wants": venue.seats,
            }
            about = f"venue:{venue.pk}:room:{venue.room_id}:{venue.room.capacity}<{venue.seats}"
            yield Finding(FindingCode.ROOM_TOO_SMALL, Level.BLOCK, about, words)
    cap = _cap(seminar, seen.policies[seminar.agency_id])
    seats = sum(venue.seats for venue in venues)
    if cap is not None and seats > cap:
        words = _("%(seats)s seats, at most %(cap)s are allowed.") % {"seats": seats, "cap": cap}
        yield Finding(FindingCode.OVER_CAP, Level.BLOCK, f"seats:{seats}>{cap}", words)


def _cap(seminar: Seminar, policy: Policy) -> int | None:
    caps = {
        SeminarKind.ROUND_TABLE: policy.most_at_round_table,
        SeminarKind.SEMINAR: policy.most_at_seminar,
    }
    return caps.get(SeminarKind(seminar.kind))


# -- With an hour -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """A seminar with its day and hour, in units."""

    seminar: Seminar
    day: date
    start5: int
    end5: int

    def meets(self, start5: int, end5: int, gap: int = 0) -> bool:
        """Say whether the interval meets it, or comes nearer than the gap."""
        return start5 < self.end5 + gap and self.start5 - gap < end5

    def lies_within(self, said: hours.Hours) -> bool:
        return hours.enclose(self.day, said, self.start5, self.end5)


def _of_rooms(span: Span, seen: Surroundings) -> Iterator[Finding]:
    """A closure, or hours in which the room is not open."""
    venues = seen.venues.get(span.seminar.pk, [])
    rooms = {venue.room_id: venue.room for venue in venues if venue.room is not None}
    for pk, room in rooms.items():
        assert pk is not None
        if not room.active:
            words = _("“%(room)s” is no longer in use.") % {"room": room.name}
            yield Finding(FindingCode.ROOM_CLOSED, Level.BLOCK, f"inactive:{pk}", words)
        for closure in seen.closures.get(pk, []):
            if not span.meets(closure.start5, closure.end5):
                continue
            text = _("“%(room)s” is closed then: %(reason)s.")
            words = text % {"room": room.name, "reason": closure.reason}
            about = f"closure:{closure.pk}:{closure.start5}-{closure.end5}:{span.start5}"
            yield Finding(FindingCode.ROOM_CLOSED, Level.BLOCK, about, words)
        said = hours.said_for(span.day, seen.opening.get(pk, []))
        if said is not None and not span.lies_within(said):
            words = _("“%(room)s” is not open then.") % {"room": room.name}
            about = f"hours:{pk}:{span.start5}-{span.end5}"
            yield Finding(FindingCode.ROOM_CLOSED, Level.BLOCK, about, words)


def _of_hours(span: Span, seen: Surroundings) -> Iterator[Finding]:
    rows = seen.working.get(span.seminar.agency_id, [])
    if not span.lies_within(hours.working(span.day, rows)):
        words = _("It lies outside working hours.")
        about = f"{span.start5}-{span.end5}"
        yield Finding(FindingCode.OUTSIDE_HOURS, Level.WARN, about, words)


def _of_people(span: Span, seen: Surroundings) -> Iterator[Finding]:
    """Chair and speakers elsewhere at the time, or too soon before or after."""
    gap = seen.policies[span.seminar.agency_id].travel_minutes // 5
    ours = places_of(seen.venues.get(span.seminar.pk, []))
    for person in seen.people[span.seminar.pk]:
        for other in seen.engaged.get(person, ()):
            if other.seminar != span.seminar.pk and span.meets(other.start5, other.end5, gap):
                same_place = bool(ours & seen.places.get(other.seminar, set()))
                yield from _person_in_two(span, other, person, same_place)


def _person_in_two(span: Span, other: Elsewhere, pk: int, same_place: bool) -> Iterator[Finding]:
    values = {
        "name": other.name,
        "from": f"{from5(other.start5):%H:%M}",
        "to": f"{from5(other.end5):%H:%M}",
    }
    about = f"person:{pk}:{span.start5}-{span.end5}:{other.seminar}:{other.start5}-{other.end5}"
    if span.meets(other.start5, other.end5):
        words = _("%(name)s is elsewhere from %(from)s to %(to)s.") % values
        yield Finding(FindingCode.PERSON_TWICE, Level.BLOCK, about, words)
    elif not same_place:
        words = _("%(name)s is at another place from %(from)s to %(to)s.") % values
        yield Finding(FindingCode.TRAVEL_GAP, Level.WARN, about, words)


def _of_agencies(span: Span, seen: Surroundings) -> Iterator[Finding]:
    """Required agencies that are required elsewhere at the same time."""
    for agency, name in seen.required.get(span.seminar.pk, {}).items():
        for other in seen.wanted.get(agency, ()):
            if other.seminar == span.seminar.pk or not span.meets(other.start5, other.end5):
                continue
            words = _("%(agency)s must be at another seminar then.") % {"agency": name}
            about = f"agency:{agency}:{span.start5}-{span.end5}:{other.seminar}"
            yield Finding(FindingCode.AGENCY_TWICE, Level.WARN, about, words)


def _of_agenda(span: Span, seen: Surroundings) -> Iterator[Finding]:
    """An agenda that the seminar has no time for, as when it was made shorter."""
    minutes = seen.minutes.get(span.seminar.pk, [])
    surplus = agenda.too_long(from5(span.start5), from5(span.end5), minutes)
    if surplus:
        text = _("The agenda takes %(surplus)s minutes more than the seminar lasts.")
        about = f"agenda:{sum(minutes)}:{span.start5}-{span.end5}"
        words = text % {"surplus": surplus}
        yield Finding(FindingCode.AGENDA_LONG, Level.WARN, about, words)


_WITH_AN_HOUR: tuple[Callable[[Span, Surroundings], Iterator[Finding]], ...] = (
    _of_rooms,
    _of_hours,
    _of_people,
    _of_agencies,
    _of_agenda,
)
