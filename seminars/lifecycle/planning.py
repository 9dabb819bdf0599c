"""Before it is announced and when plans change: dự thảo, giữ chỗ, xếp lịch, dời, hoãn, hủy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.choices import DeputyScope, Role
from agencies.models import Agency, User
from agencies.refusals import Reason, Reasons
from documents import secrecy
from documents.access import require_role
from documents.refusals import EditedMeanwhile, Incomplete
from seminars import access, booking, findings
from seminars.choices import (
    Act,
    BookingState,
    HalfDay,
    Level,
    NominationState,
    SeminarKind,
    SeminarState,
    Visibility,
)
from seminars.instants import to5
from seminars.lifecycle.evidence import record
from seminars.lifecycle.locks import locked
from seminars.lifecycle.seats import promote
from seminars.models import Person, Programme, Room, Seminar, Venue
from seminars.models.seminars import LONGEST5
from seminars.people import LONGEST_NAME, person_of, squeezed
from seminars.policy import policy_of
from seminars.refusals import Full


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


# -- Making one -------------------------------------------------------------------------------


@transaction.atomic
def draft(
    *,
    agency: Agency,
    details: Details,
    time: Time,
    places: Sequence[Place],
    programme: Programme | None = None,
    by: User,
    at: datetime,
) -> Seminar:
    """Start planning a seminar. It holds no room yet.

    Raises: NotFound, NotPermitted, Incomplete, secrecy.SecretPaper.
    """
    authority = require_role(
        by,
        agency.pk,
        Role.office() | {Role.OFFICER},
        scope=DeputyScope.OUTGOING,
        at=at,
    )
    found = Reasons()
    _check_details(found, details)
    _check_time(found, time, at=at)
    _check_places(found, places, agency=agency)
    if programme is not None and programme.agency_id != agency.pk:
        found.append(Reason("programme", _("The programme is another agency's.")))
    found.refuse(Incomplete)
    seminar = Seminar(agency=agency, programme=programme, created_at=at, created_by=by,
                      changed_at=at)  # fmt: skip
    _write_details(seminar, details)
    _write_time(seminar, time)
    seminar.save()
    for order, place in enumerate(places, start=1):
        _write_place(Venue(seminar=seminar, order=order), place)
    record(seminar, Act.EDIT, authority, at=at)
    return seminar


@transaction.atomic
def edit(*, seminar: Seminar, details: Details, edits: int, by: User, at: datetime) -> Seminar:
    """Change words and people. Calendars need no new version of it.

    `edits` is the count that the page showed.

    Raises: NotFound, NotPermitted, WrongState, Incomplete, EditedMeanwhile,
    secrecy.SecretPaper.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.EDIT, seminar, at=at)
    if seminar.edits != edits:
        text = _("Somebody else has changed it since you opened this page.")
        raise EditedMeanwhile([Reason("edits", text)])
    found = Reasons()
    _check_details(found, details)
    found.refuse(Incomplete)
    _write_details(seminar, details)
    _save(seminar, at=at)
    record(seminar, Act.EDIT, authority, at=at)
    return seminar


@transaction.atomic
def move(*, seminar: Seminar, time: Time, reason: str = "", by: User, at: datetime) -> Seminar:
    """Give it another time; its rooms follow at once, or nothing is changed.

    Once invited people are told why, so a reason is needed then.

    Raises: NotFound, NotPermitted, WrongState, Incomplete, RoomTaken.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.MOVE, seminar, at=at)
    found = Reasons()
    _check_time(found, time, at=at)
    announced = seminar.state == SeminarState.INVITED
    found.against(announced and not reason.strip(), "reason", _("State the reason."))
    needs_hour = seminar.state in (SeminarState.SCHEDULED, SeminarState.INVITED)
    found.against(needs_hour and time.starts_at is None, "starts_at", _("Say from when to when."))
    if seminar.state == SeminarState.TENTATIVE:
        found.against(time.day is None and time.starts_at is None, "day", _("Say on which day."))
    found.refuse(Incomplete)
    before = seminar.start5
    _write_time(seminar, time)
    _bump(seminar)
    _save(seminar, at=at)
    _book(seminar, at=at, by=by)
    record(
        seminar, Act.MOVE, authority, at=at, reason=reason.strip(),
        proof="seminar.moved" if announced else "",
        was=before, now=seminar.start5, sequence=seminar.sequence,
    )  # fmt: skip
    return seminar


@transaction.atomic
def set_places(*, seminar: Seminar, places: Sequence[Place], by: User, at: datetime) -> Seminar:
    """Say where it is held, and how many seats there are at each place.

    A venue that is left out is taken away, unless somebody was invited to it.

    Raises: NotFound, NotPermitted, WrongState, Incomplete, RoomTaken, Full (fewer seats than
    delegates who have one, or than the quotas; the surplus is named).
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.SET_PLACES, seminar, at=at)
    standing = list(seminar.venues.all())
    invited = set(seminar.invitations.values_list("venue", flat=True))
    own = {venue.pk: venue for venue in standing}
    found = Reasons()
    _check_places(found, places, agency=seminar.agency)
    named = [place.venue for place in places if place.venue is not None]
    found.against(
        len(set(named)) != len(named) or not set(named) <= set(own), "places",
        _("The venues have changed since you opened this page."),
    )  # fmt: skip
    left_out = [venue for venue in standing if venue.pk not in named]
    for venue in left_out:
        text = _("Agencies are invited to “%(venue)s”: it cannot be taken away.")
        words = text % {"venue": venue.name or venue.place or venue.room}
        found.against(venue.pk in invited, "places", words)
    found.refuse(Incomplete)
    _refuse_too_few(own, places)
    where = _places_of(standing)
    for venue in left_out:
        venue.delete()
    # Numbers first beyond all others, so that two venues may change places.
    top = max((venue.order for venue in standing), default=0) + len(places)
    kept = []
    for order, place in enumerate(places, start=1):
        venue = own[place.venue] if place.venue is not None else Venue(seminar=seminar)
        venue.order = top + order
        kept.append(_write_place(venue, place))
    for order, venue in enumerate(kept, start=1):
        Venue.objects.filter(pk=venue.pk).update(order=order)
    if where != _places_of(kept):
        _bump(seminar)
    _save(seminar, at=at)
    _book(seminar, at=at, by=by)
    record(seminar, Act.SET_PLACES, authority, at=at, sequence=seminar.sequence)
    # Seats that were added go to those who wait.
    promote(seminar, at=at)
    return seminar


# -- Announcing it ----------------------------------------------------------------------------


@transaction.atomic
def hold(*, seminar: Seminar, by: User, at: datetime) -> Seminar:
    """Hold the date (dự kiến); with an hour, its rooms too, until the hold runs out.

    Raises: NotFound, NotPermitted, WrongState, Incomplete, RoomTaken.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.HOLD, seminar, at=at)
    found = Reasons()
    _check_time(found, Time.of(seminar), at=at)
    found.against(seminar.day is None, "day", _("Say on which day."))
    found.refuse(Incomplete)
    seminar.state = SeminarState.TENTATIVE
    seminar.reason = ""
    _bump(seminar)
    _save(seminar, at=at)
    _book(seminar, at=at, by=by)
    record(seminar, Act.HOLD, authority, at=at, sequence=seminar.sequence)
    return seminar


@transaction.atomic
def schedule(*, seminar: Seminar, by: User, at: datetime) -> Seminar:
    """Fix time and place (đã xếp lịch): rooms are booked, and nothing stands against it.

    Raises: NotFound, NotPermitted, WrongState, Incomplete (with each finding that stands against
    it and was not overridden), RoomTaken.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.SCHEDULE, seminar, at=at)
    found = Reasons()
    found.against(seminar.start5 is None, "starts_at", _("Say from when to when."))
    found.against(seminar.chair_id is None, "chair", _("Say who chairs."))
    found.against(not seminar.venues.exists(), "places", _("Say where."))
    _check_time(found, Time.of(seminar), at=at)
    found.refuse(Incomplete)
    for finding in findings.of(seminar, at=at):
        blocks = finding.level == Level.BLOCK and not finding.override
        found.against(blocks, f"finding:{finding.code}", finding.words)
    found.refuse(Incomplete)
    seminar.state = SeminarState.SCHEDULED
    seminar.reason = ""
    _bump(seminar)
    _save(seminar, at=at)
    _book(seminar, at=at, by=by)
    record(seminar, Act.SCHEDULE, authority, at=at, sequence=seminar.sequence)
    return seminar


@transaction.atomic
def postpone(*, seminar: Seminar, reason: str, by: User, at: datetime) -> Seminar:
    """Hoãn: back to dự kiến without a day; rooms are free again, invitations and answers stay.

    Raises: NotFound, NotPermitted, WrongState, Incomplete.
    """
    return _call_off(seminar, Act.POSTPONE, SeminarState.TENTATIVE, reason, by=by, at=at)


@transaction.atomic
def cancel(*, seminar: Seminar, reason: str, by: User, at: datetime) -> Seminar:
    """Hủy: final. Rooms are free again; number and words stay, with the reason.

    Raises: NotFound, NotPermitted, WrongState, Incomplete.
    """
    return _call_off(seminar, Act.CANCEL, SeminarState.CANCELLED, reason, by=by, at=at)


def _call_off(
    seminar: Seminar, act: Act, state: SeminarState, reason: str, *, by: User, at: datetime
) -> Seminar:
    seminar = locked(seminar)
    authority = access.require(by, act, seminar, at=at)
    found = Reasons()
    found.against(not reason.strip(), "reason", _("State the reason."))
    found.refuse(Incomplete)
    before = seminar.state
    seminar.state = state
    seminar.reason = reason.strip()
    if act == Act.POSTPONE:
        seminar.start5 = seminar.end5 = seminar.day = None
        seminar.half_day = ""
    _bump(seminar)
    _save(seminar, at=at)
    booking.release(seminar)
    proofs = {Act.POSTPONE: "seminar.postponed", Act.CANCEL: "seminar.cancelled"}
    record(
        seminar, act, authority, at=at, reason=reason.strip(),
        proof=proofs[act] if before == SeminarState.INVITED else "", sequence=seminar.sequence,
    )  # fmt: skip
    return seminar


@transaction.atomic
def let_stand(
    *, seminar: Seminar, code: str, about: str, reason: str, by: User, at: datetime
) -> None:
    """Override a finding, with a reason. When the facts that it is about change, it counts again.

    Raises: NotFound, NotPermitted, WrongState, Incomplete (no reason; there is no such finding).
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.OVERRIDE, seminar, at=at)
    standing = {(each.code, each.about) for each in findings.of(seminar, at=at)}
    found = Reasons()
    found.against(not reason.strip(), "reason", _("State the reason."))
    gone = (code, about) not in standing
    found.against(gone, "finding", _("This no longer stands: look at the page again."))
    found.refuse(Incomplete)
    seminar.overrides.update_or_create(
        code=code, about=about, defaults={"reason": reason.strip(), "by": by, "at": at}
    )
    record(seminar, Act.OVERRIDE, authority, at=at, reason=reason.strip(), code=code, about=about)


@transaction.atomic
def let_holds_run_out(*, at: datetime) -> int:
    """Give up the rooms whose hold ran out; returns how many seminars lost one. For the worker."""
    return _run_out(at)


def _run_out(at: datetime) -> int:
    lost = booking.run_out(at)
    for seminar in Seminar.objects.filter(pk__in=lost).order_by("pk"):
        record(seminar, Act.ROOM_LOST, None, at=at)
    return len(lost)


# -- What they share --------------------------------------------------------------------------


def _bump(seminar: Seminar) -> None:
    seminar.sequence += 1


def _save(seminar: Seminar, *, at: datetime) -> None:
    seminar.edits += 1
    seminar.changed_at = at
    seminar.save()


def _book(seminar: Seminar, *, at: datetime, by: User) -> None:
    """Let the rooms follow: a draft has none, dự kiến holds them, later they are booked."""
    if seminar.state == SeminarState.DRAFT:
        return
    # A hold that ran out makes way, whether or not the worker came by.
    _run_out(at)
    held = seminar.state == SeminarState.TENTATIVE
    days = policy_of(seminar.agency, clock.day_of(at)).hold_days
    booking.book(
        seminar,
        list(seminar.venues.all()),
        state=BookingState.HELD if held else BookingState.CONFIRMED,
        held_until=at + timedelta(days=days) if held else None,
        who=access.standing(by, at=at),
    )


def _check_details(found: Reasons, details: Details) -> None:
    secrecy.refuse_if_secret(f"{details.title}\n{details.purpose}")
    found.against(not details.title.strip(), "title", _("Say what it is about."))
    found.against(len(details.title.strip()) > 255, "title", _("The title is too long."))
    if isinstance(details.chair, tuple):
        too_long = any(len(squeezed(each)) > LONGEST_NAME for each in details.chair)
        found.against(too_long, "chair_name", _("The name is too long."))


def _check_time(found: Reasons, time: Time, *, at: datetime) -> None:
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


def _check_places(found: Reasons, places: Sequence[Place], *, agency: Agency) -> None:
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


def _refuse_too_few(own: dict[int, Venue], places: Sequence[Place]) -> None:
    """Nobody loses his seat because a smaller room was chosen: the organiser has to say who."""
    found = Reasons()
    for place in places:
        if place.venue is None:
            continue
        venue = own[place.venue]
        counts = venue.nominations.aggregate(
            seated=Count("pk", filter=Q(state=NominationState.CONFIRMED)), top=Max("seat_no")
        )
        kept = sum(venue.invitations.values_list("quota", flat=True))
        values = {"seats": place.seats, "seated": counts["seated"], "kept": kept,
                  "surplus": counts["seated"] - place.seats}  # fmt: skip
        text = _(
            "%(seats)s seats are too few: %(seated)s delegates have one (%(surplus)s too many)."
        )
        found.against(place.seats < counts["seated"], "seats", text % values)
        text = _("%(seats)s seats are too few: %(kept)s are kept for the agencies invited.")
        found.against(place.seats < kept, "seats", text % values)
    found.refuse(Full)


def _write_details(seminar: Seminar, details: Details) -> None:
    seminar.title = details.title.strip()
    seminar.kind = SeminarKind(details.kind)
    seminar.purpose = details.purpose
    chair = details.chair
    seminar.chair = person_of(seminar.agency, *chair) if isinstance(chair, tuple) else chair
    seminar.contact = details.contact
    seminar.visibility = Visibility(details.visibility)


def _write_time(seminar: Seminar, time: Time) -> None:
    if time.starts_at is not None and time.ends_at is not None:
        seminar.start5, seminar.end5 = to5(time.starts_at), to5(time.ends_at)
        seminar.day = clock.day_of(time.starts_at)
        seminar.half_day = half_of(time.starts_at, time.ends_at)
    else:
        seminar.start5 = seminar.end5 = None
        seminar.day = time.day
        seminar.half_day = time.half_day


def half_of(starts_at: datetime, ends_at: datetime) -> HalfDay:
    """Return the half of the day, in Vietnam, in which it lies."""
    begins = starts_at.astimezone(clock.VIETNAM).hour
    ends = ends_at.astimezone(clock.VIETNAM)
    if begins >= 18:
        return HalfDay.EVENING
    if begins >= 12:
        return HalfDay.AFTERNOON
    # One that begins in the morning and is over by one o'clock is a morning.
    same_day = ends.date() == starts_at.astimezone(clock.VIETNAM).date()
    return HalfDay.MORNING if same_day and ends.hour < 13 else HalfDay.WHOLE


def _write_place(venue: Venue, place: Place) -> Venue:
    venue.host, venue.room = place.host, place.room
    venue.place, venue.name, venue.seats = place.place.strip(), place.name.strip(), place.seats
    venue.save()
    return venue


def _places_of(venues: Sequence[Venue]) -> list[tuple[int | None, str]]:
    return [(venue.room_id, venue.place) for venue in venues]
