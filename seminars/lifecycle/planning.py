"""Before and after it is announced: dự thảo, sửa, dời, đổi địa điểm."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from agencies.choices import DeputyScope, Role
from agencies.models import Agency, User
from agencies.refusals import Reason, Reasons
from documents.access import require_role
from documents.refusals import EditedMeanwhile, Incomplete
from seminars import access
from seminars.choices import (
    Act,
    NominationState,
    SeminarState,
)
from seminars.lifecycle.evidence import record
from seminars.lifecycle.locks import keep, locked, raise_sequence
from seminars.lifecycle.papers import let_papers_follow
from seminars.lifecycle.plans import (
    Details,
    Place,
    Time,
    check_details,
    check_places,
    check_time,
    let_rooms_follow,
    write_details,
    write_time,
)
from seminars.lifecycle.seats import promote, reseat
from seminars.models import Programme, Seminar, Venue
from seminars.refusals import Full


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
    check_details(found, details)
    check_time(found, time, at=at)
    check_places(found, places, agency=agency)
    if programme is not None and programme.agency_id != agency.pk:
        found.append(Reason("programme", _("The programme is another agency's.")))
    found.refuse(Incomplete)
    seminar = Seminar(agency=agency, programme=programme, created_at=at, created_by=by,
                      changed_at=at)  # fmt: skip
    write_details(seminar, details)
    write_time(seminar, time)
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
    check_details(found, details)
    found.refuse(Incomplete)
    write_details(seminar, details)
    keep(seminar, at=at)
    record(seminar, Act.EDIT, authority, at=at)
    return seminar


@transaction.atomic
def move(*, seminar: Seminar, time: Time, reason: str = "", by: User, at: datetime) -> Seminar:
    """Give it another time; its rooms follow at once, or nothing is changed.

    Once invited people are told why, so a reason is needed then.

    Raises: NotFound, NotPermitted, WrongState, Incomplete, RoomTaken.
    """
    seminar = locked(seminar)
    who = access.standing(by, at=at)
    authority = access.require(who, Act.MOVE, seminar)
    found = Reasons()
    check_time(found, time, at=at)
    announced = seminar.state == SeminarState.INVITED
    found.against(announced and not reason.strip(), "reason", _("State the reason."))
    needs_hour = seminar.state in (SeminarState.SCHEDULED, SeminarState.INVITED)
    found.against(needs_hour and time.starts_at is None, "starts_at", _("Say from when to when."))
    if seminar.state == SeminarState.TENTATIVE:
        found.against(time.day is None and time.starts_at is None, "day", _("Say on which day."))
    found.refuse(Incomplete)
    before = Time.of(seminar)
    was, was_on = seminar.start5, seminar.day
    write_time(seminar, time)
    if Time.of(seminar) != before:
        raise_sequence(seminar)
    if announced:
        seminar.reason = reason.strip()
    let_rooms_follow(seminar, who=who)
    keep(seminar, at=at)
    record(
        seminar, Act.MOVE, authority, at=at, reason=reason.strip(),
        proof="seminar.moved" if announced else "",
        was=was, now=seminar.start5, sequence=seminar.sequence,
        **(let_papers_follow(seminar, at=at) if seminar.day != was_on else {}),
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
    who = access.standing(by, at=at)
    authority = access.require(who, Act.SET_PLACES, seminar)
    standing = list(seminar.venues.all())
    invited = set(seminar.invitations.values_list("venue", flat=True))
    own = {venue.pk: venue for venue in standing}
    found = Reasons()
    check_places(found, places, agency=seminar.agency)
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
        raise_sequence(seminar)
    let_rooms_follow(seminar, who=who)
    keep(seminar, at=at)
    moved = [row.pk for venue in kept for row in reseat(venue)]
    record(
        seminar, Act.SET_PLACES, authority, at=at, sequence=seminar.sequence, reseated=moved
    )  # fmt: skip
    # Seats that were added go to those who wait.
    promote(seminar, at=at)
    return seminar


def _refuse_too_few(own: dict[int, Venue], places: Sequence[Place]) -> None:
    """Nobody loses his seat because a smaller room was chosen: the organiser has to say who."""
    found = Reasons()
    for place in places:
        if place.venue is None:
            continue
        venue = own[place.venue]
        counts = venue.nominations.aggregate(
            seated=Count("pk", filter=Q(state=NominationState.CONFIRMED))
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


def _write_place(venue: Venue, place: Place) -> Venue:
    venue.host, venue.room = place.host, place.room
    venue.place, venue.name, venue.seats = place.place.strip(), place.name.strip(), place.seats
    venue.save()
    return venue


def _places_of(venues: Sequence[Venue]) -> list[tuple[int | None, str]]:
    return [(venue.room_id, venue.place) for venue in venues]
