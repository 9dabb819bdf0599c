"""What speaks against a seminar as it is planned: read from the rows, never stored.

A finding has a level and says what it is about; whoever lets it stand overrides exactly that. When
a room, a person, a day rule or an invitation changes, the next reading is right by itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from agencies import calendar, clock
from seminars import hours
from seminars.choices import (
    TAKING_TIME,
    UNINVITED,
    FindingCode,
    InvitationRole,
    Level,
    SeminarKind,
)
from seminars.models import (
    AgendaItem,
    Invitation,
    Override,
    Policy,
    RoomClosure,
    RoomHours,
    Seminar,
    Venue,
    WorkingHours,
)
from seminars.policy import invite_by, policy_of


@dataclass(frozen=True)
class Finding:
    """One thing that speaks against it. `about` names the facts; `override` who let it stand."""

    code: FindingCode
    level: Level
    about: str
    words: str
    override: Override | None = None


def of(seminar: Seminar, *, at: datetime) -> list[Finding]:
    """Return what speaks against a seminar now, blocks first (at most nine queries)."""
    policy = policy_of(seminar.agency, clock.day_of(at))
    venues = list(seminar.venues.select_related("room"))
    found = [*_of_day(seminar, policy, at), *_of_size(seminar, venues, policy)]
    if seminar.start5 is not None:
        for rule in _WITH_AN_HOUR:
            found += rule(seminar, venues, policy)
    overrides = {(each.code, each.about): each for each in seminar.overrides.select_related("by")}
    found = [replace(each, override=overrides.get((each.code, each.about))) for each in found]
    return sorted(found, key=lambda each: (each.level != Level.BLOCK, each.code, each.about))


# -- The day ----------------------------------------------------------------------------------


def _of_day(seminar: Seminar, policy: Policy, at: datetime) -> Iterator[Finding]:
    day = seminar.day
    if day is None:
        return
    if not calendar.is_working_day(day):
        words = _("%(day)s is not a working day.") % {"day": f"{day:%d/%m/%Y}"}
        yield Finding(FindingCode.DAY_OFF, Level.WARN, f"day:{day}", words)
    programme = seminar.programme
    if programme is not None and programme.due_on is not None and day > programme.due_on:
        text = _("%(day)s is after the deadline of the order, %(due)s.")
        words = text % {"day": f"{day:%d/%m/%Y}", "due": f"{programme.due_on:%d/%m/%Y}"}
        yield Finding(
            FindingCode.AFTER_DEADLINE, Level.BLOCK, f"day:{day}:due:{programme.due_on}", words
        )
    last = invite_by(policy, day)
    if seminar.state in UNINVITED and clock.day_of(at) > last:
        text = _("The invitation should have gone out by %(day)s (%(days)s working days before).")
        words = text % {"day": f"{last:%d/%m/%Y}", "days": policy.invite_days}
        yield Finding(FindingCode.INVITE_LATE, Level.WARN, f"day:{day}", words)


# -- Size -------------------------------------------------------------------------------------


def _of_size(seminar: Seminar, venues: list[Venue], policy: Policy) -> Iterator[Finding]:
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
    caps = {
        SeminarKind.ROUND_TABLE: policy.most_at_round_table,
        SeminarKind.SEMINAR: policy.most_at_seminar,
    }
    cap = caps.get(SeminarKind(seminar.kind))
    seats = sum(venue.seats for venue in venues)
    if cap is not None and seats > cap:
        words = _("%(seats)s seats, at most %(cap)s are allowed.") % {"seats": seats, "cap": cap}
        yield Finding(FindingCode.OVER_CAP, Level.BLOCK, f"seats:{seats}>{cap}", words)


# -- With an hour -----------------------------------------------------------------------------


def _of_rooms(seminar: Seminar, venues: list[Venue], policy: Policy) -> Iterator[Finding]:
    """A closure, or hours in which the room is not open (two queries)."""
    rooms = {venue.room_id: venue.room for venue in venues if venue.room is not None}
    day = seminar.day
    assert day is not None
    for pk, room in rooms.items():
        if not room.active:
            words = _("“%(room)s” is no longer in use.") % {"room": room.name}
            yield Finding(FindingCode.ROOM_CLOSED, Level.BLOCK, f"inactive:{pk}", words)
    closures = RoomClosure.objects.filter(
        room__in=rooms, start5__lt=seminar.end5, end5__gt=seminar.start5
    )
    for closure in closures:
        text = _("“%(room)s” is closed then: %(reason)s.")
        words = text % {"room": rooms[closure.room_id].name, "reason": closure.reason}
        about = f"closure:{closure.pk}:{closure.start5}-{closure.end5}:{seminar.start5}"
        yield Finding(FindingCode.ROOM_CLOSED, Level.BLOCK, about, words)
    opening: dict[int, list[RoomHours]] = {}
    for row in RoomHours.objects.filter(room__in=rooms):
        opening.setdefault(row.room_id, []).append(row)
    for pk, rows in opening.items():
        said = hours.said_for(day, rows)
        if said is not None and not _inside(seminar, said):
            words = _("“%(room)s” is not open then.") % {"room": rooms[pk].name}
            about = f"hours:{pk}:{seminar.start5}-{seminar.end5}"
            yield Finding(FindingCode.ROOM_CLOSED, Level.BLOCK, about, words)


def _of_hours(seminar: Seminar, venues: list[Venue], policy: Policy) -> Iterator[Finding]:
    assert seminar.day is not None
    rows = WorkingHours.objects.filter(agency=seminar.agency_id)
    if not _inside(seminar, hours.working(seminar.day, rows)):
        words = _("It lies outside working hours.")
        about = f"{seminar.start5}-{seminar.end5}"
        yield Finding(FindingCode.OUTSIDE_HOURS, Level.WARN, about, words)


def _of_people(seminar: Seminar, venues: list[Venue], policy: Policy) -> Iterator[Finding]:
    """Chair and speakers elsewhere at the time, or too soon before or after (two queries)."""
    assert seminar.start5 is not None
    assert seminar.end5 is not None
    people = set(seminar.agenda.exclude(speaker=None).values_list("speaker", flat=True))
    if seminar.chair_id is not None:
        people.add(seminar.chair_id)
    gap = policy.travel_minutes // 5
    near = (
        Seminar.objects.between(seminar.start5 - gap, seminar.end5 + gap)
        .filter(state__in=TAKING_TIME)
        .exclude(pk=seminar.pk)
        .filter(
            Q(chair__in=people)
            | Q(pk__in=AgendaItem.objects.filter(speaker__in=people).values("seminar"))
        )
    )
    for other in near.select_related("chair").prefetch_related("agenda__speaker", "venues"):
        theirs = {item.speaker for item in other.agenda.all() if item.speaker is not None}
        if other.chair is not None:
            theirs.add(other.chair)
        for person in sorted(theirs, key=lambda each: each.pk):
            if person.pk in people:
                yield from _person_in_two(seminar, other, person.pk, person.name, venues)


def _person_in_two(
    seminar: Seminar, other: Seminar, pk: int, name: str, venues: list[Venue]
) -> Iterator[Finding]:
    assert seminar.start5 is not None and seminar.end5 is not None  # noqa: PT018
    assert other.start5 is not None and other.end5 is not None  # noqa: PT018
    values = {"name": name, "from": f"{other.starts_at:%H:%M}", "to": f"{other.ends_at:%H:%M}"}
    about = f"person:{pk}:{seminar.start5}-{seminar.end5}:{other.pk}:{other.start5}-{other.end5}"
    if other.start5 < seminar.end5 and seminar.start5 < other.end5:
        words = _("%(name)s is elsewhere from %(from)s to %(to)s.") % values
        yield Finding(FindingCode.PERSON_TWICE, Level.BLOCK, about, words)
    elif not _same_place(venues, list(other.venues.all())):
        words = _("%(name)s is at another place from %(from)s to %(to)s.") % values
        yield Finding(FindingCode.TRAVEL_GAP, Level.WARN, about, words)


def _same_place(ours: list[Venue], theirs: list[Venue]) -> bool:
    def places(venues: list[Venue]) -> set[str]:
        return {f"room:{each.room_id}" if each.room_id else each.place for each in venues}

    return bool(places(ours) & places(theirs))


def _of_agencies(seminar: Seminar, venues: list[Venue], policy: Policy) -> Iterator[Finding]:
    """Required agencies that are required elsewhere at the same time (two queries)."""
    required = seminar.invitations.filter(role=InvitationRole.REQUIRED)
    names = {row.agency_id: str(row.agency) for row in required.select_related("agency")}
    if not names:
        return
    assert seminar.start5 is not None and seminar.end5 is not None  # noqa: PT018
    others = Seminar.objects.between(seminar.start5, seminar.end5)
    others = others.filter(state__in=TAKING_TIME).exclude(pk=seminar.pk)
    wanted = Invitation.objects.filter(
        seminar__in=others, agency__in=names, role=InvitationRole.REQUIRED
    )
    clashes = wanted.values_list("seminar", "agency").order_by("seminar", "agency")
    for other, agency in clashes:
        words = _("%(agency)s must be at another seminar then.") % {"agency": names[agency]}
        about = f"agency:{agency}:{seminar.start5}-{seminar.end5}:{other}"
        yield Finding(FindingCode.AGENCY_TWICE, Level.WARN, about, words)


_WITH_AN_HOUR: tuple[Callable[[Seminar, list[Venue], Policy], Iterator[Finding]], ...] = (
    _of_rooms,
    _of_hours,
    _of_people,
    _of_agencies,
)


def _inside(seminar: Seminar, said: hours.Hours) -> bool:
    assert seminar.start5 is not None and seminar.end5 is not None  # noqa: PT018
    assert seminar.day is not None
    return hours.enclose(seminar.day, said, seminar.start5, seminar.end5)
