"""What is planned, as it is typed: words, time, places; how it is checked and written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import Agency
from agencies.refusals import Reason, Reasons
from documents import secrecy
from documents.access import Standing
from seminars import booking, hours
from seminars.choices import (
    Act,
    SeminarKind,
    SeminarState,
    Visibility,
)
from seminars.instants import to5
from seminars.lifecycle.evidence import record
from seminars.models import Person, Room, Seminar
from seminars.models.seminars import LONGEST5
from seminars.people import LONGEST_NAME, person_of, squeezed
from seminars.policy import policy_of


@dataclass(frozen=True)
class Details:
    """What a seminar is about and who leads it."""

    title: str
    kind: str = SeminarKind.SEMINAR
    purpose: str = ""
    #: Somebody who is known, or a name and an office.
    chair: Person | tuple[str, str] | None = None
    contact: str = ""
    visibility: str = Visibility.INVITED


@dataclass(frozen=True)
class Time:
    """When: from and to in moments, or a day with or without half of it, or nothing yet."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    day: date | None = None
    half_day: str = ""

    @classmethod
    def of(cls, seminar: Seminar) -> "Time":
        return cls(seminar.starts_at, seminar.ends_at, seminar.day, seminar.half_day)


@dataclass(frozen=True)
class Place:
    """One venue: where, at whose, with how many seats. `venue` is one that stands already."""

    host: Agency
    seats: int
    room: Room | None = None
    place: str = ""
    name: str = ""
    venue: int | None = None


# -- Checking it ------------------------------------------------------------------------------


def check_details(found: Reasons, details: Details) -> None:
    """Raises: secrecy.SecretPaper."""
    secrecy.refuse_if_secret(f"{details.title}\n{details.purpose}")
    found.against(not details.title.strip(), "title", _("Say what it is about."))
    found.against(len(details.title.strip()) > 255, "title", _("The title is too long."))
    if isinstance(details.chair, tuple):
        too_long = any(len(squeezed(each)) > LONGEST_NAME for each in details.chair)
        found.against(too_long, "chair_name", _("The name is too long."))


def check_time(found: Reasons, time: Time, *, at: datetime) -> None:
    if (time.starts_at is None) != (time.ends_at is None):
        found.append(Reason("ends_at", _("Say from when to when.")))
        return
    if time.starts_at is not None and time.ends_at is not None:
        try:
            ends_after = to5(time.starts_at) < to5(time.ends_at)
        except ValueError:
            text = _("Times lie on the quarter of an hour: 07:30, 07:45, 08:00 …")
            found.append(Reason("starts_at", text))
            return
        found.against(not ends_after, "ends_at", _("It ends before it begins."))
        too_long = to5(time.ends_at) - to5(time.starts_at) > LONGEST5
        found.against(too_long, "ends_at", _("It is longer than two weeks."))
        found.against(time.starts_at < at, "starts_at", _("This time lies in the past."))
    elif time.day is not None:
        found.against(time.day < clock.day_of(at), "day", _("This day lies in the past."))
    elif time.half_day:
        found.append(Reason("day", _("Say on which day.")))


def check_places(found: Reasons, places: Sequence[Place], *, agency: Agency) -> None:
    rooms = [place.room.pk for place in places if place.room is not None]
    found.against(
        len(set(rooms)) != len(rooms), "places", _("The same room is named for two venues.")
    )
    for place in places:
        somewhere = place.room is not None or place.place.strip()
        found.against(not somewhere, "places", _("Choose a room, or write where it is."))
        found.against(place.seats < 0, "seats", _("Seats are counted from 0."))
        if place.room is None:
            continue
        own = place.room.agency_id in (agency.pk, place.host.pk)
        usable = place.room.active and (own or place.room.shared)
        text = _("“%(room)s” cannot be booked by this agency.")
        found.against(not usable, "places", text % {"room": place.room.name})


# -- Writing it down --------------------------------------------------------------------------


def write_details(seminar: Seminar, details: Details) -> None:
    seminar.title = details.title.strip()
    seminar.kind = SeminarKind(details.kind)
    seminar.purpose = details.purpose
    chair = details.chair
    seminar.chair = person_of(seminar.agency, *chair) if isinstance(chair, tuple) else chair
    seminar.contact = details.contact
    seminar.visibility = Visibility(details.visibility)


def write_time(seminar: Seminar, time: Time) -> None:
    if time.starts_at is not None and time.ends_at is not None:
        seminar.start5, seminar.end5 = to5(time.starts_at), to5(time.ends_at)
        seminar.day = clock.day_of(time.starts_at)
        seminar.half_day = hours.half_of(time.starts_at, time.ends_at)
    else:
        seminar.start5 = seminar.end5 = None
        seminar.day = time.day
        seminar.half_day = time.half_day


def let_rooms_follow(seminar: Seminar, *, who: Standing) -> None:
    """Let the rooms follow: a draft has none, dự kiến holds them, later they are booked."""
    if seminar.state == SeminarState.DRAFT:
        return
    at = who.at
    # A hold that ran out makes way, whether or not the worker came by.
    run_out(at)
    until = None
    if seminar.state == SeminarState.TENTATIVE:
        until = at + timedelta(days=policy_of(seminar.agency, clock.day_of(at)).hold_days)
    booking.book(seminar, list(seminar.venues.all()), held_until=until, who=who)


def run_out(at: datetime) -> int:
    """Give up the rooms whose hold ran out; returns how many seminars lost one."""
    lost = booking.run_out(at)
    for seminar in Seminar.objects.filter(pk__in=lost).order_by("pk"):
        record(seminar, Act.ROOM_LOST, None, at=at)
    return len(lost)
