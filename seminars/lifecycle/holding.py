"""The day itself and its minutes: khai mạc, điểm danh, bế mạc, biên bản."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.authority import Authority
from agencies.models import Agency, User
from agencies.refusals import Reason, Reasons
from documents import secrecy
from documents.refusals import EditedMeanwhile, Incomplete, WrongState
from seminars import access
from seminars.choices import Act, NominationState, Presence, SeminarState
from seminars.lifecycle.evidence import record
from seminars.lifecycle.locks import keep, locked
from seminars.models import Attendance, Conclusion, Minutes, Nomination, Seminar, Venue
from seminars.models.invitations import LIVE
from seminars.people import LONGEST_NAME, person_of, squeezed
from seminars.policy import conclude_by, policy_of

#: Doors open so long before.
DOORS = timedelta(hours=1)


@transaction.atomic
def open_seminar(*, seminar: Seminar, by: User, at: datetime) -> Seminar:
    """Đang diễn ra: not before an hour ahead of its time.

    Raises: NotFound, NotPermitted, WrongState.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.OPEN, seminar, at=at)
    begins = seminar.starts_at
    if begins is None or at < begins - DOORS:
        text = _("It begins %(at)s: it cannot be opened before its hour.")
        words = text % {"at": f"{begins:%H:%M %d/%m/%Y}" if begins else "—"}
        raise WrongState([Reason("starts_at", words)])
    return _to(seminar, Act.OPEN, SeminarState.UNDER_WAY, authority, at=at)


@transaction.atomic
def close(*, seminar: Seminar, by: User, at: datetime) -> Seminar:
    """Đã kết thúc: from this day the time for the conclusion notice runs, stored as it is computed.

    Raises: NotFound, NotPermitted, WrongState.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.CLOSE, seminar, at=at)
    on = clock.day_of(at)
    due = conclude_by(policy_of(seminar.agency, on), on)
    Conclusion.objects.get_or_create(seminar=seminar, defaults={"due_on": due})
    return _to(seminar, Act.CLOSE, SeminarState.ENDED, authority, at=at)


def _to(
    seminar: Seminar, act: Act, state: SeminarState, authority: Authority, *, at: datetime
) -> Seminar:
    seminar.state = state
    keep(seminar, at=at)
    record(seminar, act, authority, at=at)
    return seminar


# -- Attendance -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mark:
    """What is known of one delegate: came, sent somebody, is excused, or is missing."""

    nomination: Nomination
    presence: str
    reason: str = ""
    #: Who came in his place: name and office.
    substitute: tuple[str, str] | None = None


@dataclass(frozen=True)
class WalkIn:
    """Somebody who came without having been named."""

    agency: Agency
    venue: Venue
    name: str
    office: str = ""


@transaction.atomic
def mark(
    *,
    seminar: Seminar,
    marks: Sequence[Mark] = (),
    walk_ins: Sequence[WalkIn] = (),
    by: User,
    at: datetime,
) -> None:
    """Take attendance in bulk; a delegate marked again is marked anew.

    Raises: NotFound, NotPermitted, WrongState, Incomplete (a reason or a substitute is missing,
    somebody is not a delegate, a walk-in is on the list already).
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.MARK, seminar, at=at)
    found = Reasons()
    typed = [each.substitute for each in marks if each.substitute]
    for each in marks:
        row = each.nomination
        name = row.person.name
        theirs = row.seminar_id == seminar.pk and row.state == NominationState.CONFIRMED
        text = _("“%(name)s” is not a delegate of this seminar.")
        found.against(not theirs, "delegate", text % {"name": name})
        lacking = each.presence == Presence.EXCUSED and not each.reason.strip()
        text = _("State why “%(name)s” is excused.")
        found.against(lacking, f"reason-{row.pk}", text % {"name": name})
        lacking = each.presence == Presence.SUBSTITUTE and not _named(each.substitute)
        text = _("Say who came in the place of “%(name)s”.")
        found.against(lacking, f"substitute-{row.pk}", text % {"name": name})
    for walk_in in walk_ins:
        found.against(not walk_in.name.strip(), "walk_in", _("Say who came."))
        typed.append((walk_in.name, walk_in.office))
    too_long = any(len(squeezed(each)) > LONGEST_NAME for pair in typed for each in pair)
    found.against(too_long, "walk_in", _("A name is too long."))
    found.refuse(Incomplete)
    for each in marks:
        row = each.nomination
        somebody = each.presence == Presence.SUBSTITUTE and each.substitute
        agency = row.invitation.agency
        Attendance.objects.update_or_create(
            nomination=row,
            defaults={
                "seminar": seminar,
                "venue": row.venue,
                "agency": agency,
                "person": row.person,
                "presence": each.presence,
                "substitute": person_of(agency, *each.substitute) if somebody else None,  # type: ignore[misc]
                "reason": each.reason.strip() if each.presence == Presence.EXCUSED else "",
                "marked_at": at,
                "marked_by": by,
            },
        )
    for walk_in in walk_ins:
        person = person_of(walk_in.agency, walk_in.name, walk_in.office)
        named = seminar.nominations.filter(LIVE, person=person).exists()
        if named or Attendance.objects.filter(seminar=seminar, person=person).exists():
            text = _("“%(name)s” is on the list already.")
            raise Incomplete([Reason("walk_in", text % {"name": person.name})])
        Attendance.objects.create(
            seminar=seminar, venue=walk_in.venue, agency=walk_in.agency, person=person,
            presence=Presence.PRESENT, marked_at=at, marked_by=by,
        )  # fmt: skip
    record(seminar, Act.MARK, authority, at=at, marked=len(marks), walked_in=len(walk_ins))


def _named(substitute: tuple[str, str] | None) -> bool:
    return substitute is not None and bool(substitute[0].strip())


def unmarked(seminar: Seminar) -> int:
    """Return how many delegates with a seat were not marked."""
    seated = seminar.nominations.filter(state=NominationState.CONFIRMED)
    return seated.filter(attendance__isnull=True).count()


# -- Minutes ----------------------------------------------------------------------------------


@transaction.atomic
def write_minutes(*, seminar: Seminar, text: str, no: int, by: User, at: datetime) -> Minutes:
    """Keep a new version of the minutes; `no` is the number of the version that was edited, or 0.

    Raises: NotFound, NotPermitted, WrongState (approved already), Incomplete, EditedMeanwhile,
    secrecy.SecretPaper.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.WRITE_MINUTES, seminar, at=at)
    last = seminar.minutes.order_by("-no").first()
    found = Reasons()
    found.against(not text.strip(), "text", _("The minutes are empty."))
    secrecy.refuse_if_secret(text)
    found.refuse(Incomplete)
    if last is not None and last.approved_at is not None:
        raise WrongState([Reason("minutes", _("The minutes are approved: they stand."))])
    if no != (last.no if last else 0):
        words = _("Somebody else has written a version since you opened this page.")
        raise EditedMeanwhile([Reason("no", words)])
    row = Minutes.objects.create(
        seminar=seminar, no=no + 1, text=text, written_at=at, written_by=by
    )
    record(seminar, Act.WRITE_MINUTES, authority, at=at, no=row.no)
    return row


@transaction.atomic
def approve_minutes(*, seminar: Seminar, no: int, by: User, at: datetime) -> Minutes:
    """Approve the newest version, which is the one that the page showed.

    Raises: NotFound, NotPermitted, WrongState, EditedMeanwhile.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.APPROVE_MINUTES, seminar, at=at)
    last = seminar.minutes.order_by("-no").first()
    if last is None:
        raise WrongState([Reason("minutes", _("There are no minutes yet."))])
    if last.no != no:
        words = _("Somebody else has written a version since you opened this page.")
        raise EditedMeanwhile([Reason("no", words)])
    if last.approved_at is None:
        last.approved_at, last.approved_by = at, by
        last.save()
        record(seminar, Act.APPROVE_MINUTES, authority, at=at, no=last.no)
    return last
