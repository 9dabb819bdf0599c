"""Giữ chỗ, xếp lịch, hoãn, hủy; and the findings that one lets stand."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from agencies.refusals import Reasons
from documents.refusals import Incomplete
from seminars import access, booking, findings
from seminars.choices import (
    Act,
    Level,
    SeminarState,
)
from seminars.lifecycle.evidence import record
from seminars.lifecycle.locks import keep, locked, raise_sequence
from seminars.lifecycle.papers import let_papers_follow
from seminars.lifecycle.plans import (
    Time,
    check_time,
    let_rooms_follow,
    run_out,
)
from seminars.models import Seminar


@transaction.atomic
def hold(*, seminar: Seminar, by: User, at: datetime) -> Seminar:
    """Hold the date (dự kiến); with an hour, its rooms too, until the hold runs out.

    Raises: NotFound, NotPermitted, WrongState, Incomplete, RoomTaken.
    """
    seminar = locked(seminar)
    who = access.standing(by, at=at)
    authority = access.require(who, Act.HOLD, seminar)
    found = Reasons()
    check_time(found, Time.of(seminar), at=at)
    found.against(seminar.day is None, "day", _("Say on which day."))
    found.refuse(Incomplete)
    seminar.state = SeminarState.TENTATIVE
    seminar.reason = ""
    raise_sequence(seminar)
    let_rooms_follow(seminar, who=who)
    keep(seminar, at=at)
    record(seminar, Act.HOLD, authority, at=at, sequence=seminar.sequence)
    return seminar


@transaction.atomic
def schedule(*, seminar: Seminar, by: User, at: datetime) -> Seminar:
    """Fix time and place (đã xếp lịch): rooms are booked, and nothing stands against it.

    Raises: NotFound, NotPermitted, WrongState, Incomplete (with each finding that stands against
    it and was not overridden), RoomTaken.
    """
    seminar = locked(seminar)
    who = access.standing(by, at=at)
    authority = access.require(who, Act.SCHEDULE, seminar)
    found = Reasons()
    found.against(seminar.start5 is None, "starts_at", _("Say from when to when."))
    found.against(seminar.chair_id is None, "chair", _("Say who chairs."))
    found.against(not seminar.venues.exists(), "places", _("Say where."))
    check_time(found, Time.of(seminar), at=at)
    found.refuse(Incomplete)
    for finding in findings.of(seminar, at=at):
        blocks = finding.level == Level.BLOCK and not finding.override
        found.against(blocks, f"finding:{finding.code}", finding.words)
    found.refuse(Incomplete)
    seminar.state = SeminarState.SCHEDULED
    seminar.reason = ""
    raise_sequence(seminar)
    let_rooms_follow(seminar, who=who)
    keep(seminar, at=at)
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
    raise_sequence(seminar)
    keep(seminar, at=at)
    booking.release(seminar)
    proofs = {Act.POSTPONE: "seminar.postponed", Act.CANCEL: "seminar.cancelled"}
    record(
        seminar, act, authority, at=at, reason=reason.strip(),
        proof=proofs[act] if before == SeminarState.INVITED else "", sequence=seminar.sequence,
        **(let_papers_follow(seminar, at=at) if act == Act.POSTPONE else {}),
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
    return run_out(at)
