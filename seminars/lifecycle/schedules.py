"""The weekly schedule: begin, write items, take out, copy last week's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import Agency, User
from agencies.refusals import Reason, Reasons
from documents import secrecy
from documents.refusals import EditedMeanwhile, Incomplete, NotFound
from seminars import schedule_draft
from seminars.choices import HalfDay
from seminars.hours import half_of
from seminars.instants import to5
from seminars.models import ScheduleItem, WeeklySchedule
from seminars.schedule_access import require_writer
from seminars.weekly.weeks import Week

#: Far beyond any printed week; the page stays one that a browser shows.
MOST_ITEMS = 500
#: Signs in a field of one line, and in one of several.
LINE, TEXT = 255, 2_000
#: "s12" or "t7", as seminars.weekly.snapshot says.
KEY = re.compile(r"[st][1-9]\d{0,17}")


@dataclass(frozen=True)
class Additions:
    """What the office adds to an item, whether it was typed or follows a seminar."""

    leaders: str = ""
    joint: str = ""
    unit: str = ""
    staff: str = ""
    separate: bool = False


@dataclass(frozen=True)
class ScheduleLine(Additions):
    """An item as it is typed. Without an hour the half-day counts, and the hour is to be set."""

    day: date | None = None
    half_day: str = ""
    starts: time | None = None
    ends: time | None = None
    content: str = ""
    chair: str = ""
    place: str = ""
    agencies: Sequence[Agency] = ()


@dataclass(frozen=True)
class Frame:
    """What stands around the items: recipients, signature, whether it takes invitations' place."""

    replaces_invitations: bool = False
    recipients: str = ""
    signed_as: str = ""
    signer: str = ""


def locked(schedule: WeeklySchedule) -> WeeklySchedule:
    """Return it as it is now, its row locked until the transaction ends."""
    rows = WeeklySchedule.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("agency__parent").get(pk=schedule.pk)


@transaction.atomic
def begin_schedule(*, agency: Agency, week: Week, by: User, at: datetime) -> WeeklySchedule:
    """Begin the agency's schedule of a week; one that was begun already is returned as it is.

    Recipients and signature are those of the newest schedule before.

    Raises: NotPermitted, Incomplete (the week is over).
    """
    require_writer(by, agency.pk, at=at)
    _refuse_over(week, at=at)
    # Two who begin at once wait for one another on the agency's row.
    Agency.objects.select_for_update(of=("self",), no_key=True).get(pk=agency.pk)
    older = WeeklySchedule.objects.filter(agency=agency)
    last = older.order_by("-iso_year", "-iso_week").first()
    schedule, _made = WeeklySchedule.objects.get_or_create(
        agency=agency,
        iso_year=week.year,
        iso_week=week.no,
        defaults={
            "recipients": last.recipients if last else "",
            "signed_as": last.signed_as if last else "",
            "signer": last.signer if last else "",
            "created_at": at,
            "created_by": by,
            "changed_at": at,
        },
    )
    return schedule


@transaction.atomic
def set_frame(
    *, schedule: WeeklySchedule, frame: Frame, edits: int, by: User, at: datetime
) -> WeeklySchedule:
    """Change what stands around the items. `edits` is the count that the page showed.

    Raises: NotPermitted, Incomplete, EditedMeanwhile, secrecy.SecretPaper.
    """
    schedule = _open(schedule, by=by, at=at)
    if schedule.edits != edits:
        raise _edited_meanwhile()
    found = Reasons()
    _check_words(found, frame, long={"recipients", "signed_as"}, short=120)
    found.refuse(Incomplete)
    schedule.replaces_invitations = frame.replaces_invitations
    schedule.recipients = frame.recipients.strip()
    schedule.signed_as, schedule.signer = frame.signed_as.strip(), frame.signer.strip()
    schedule.edits += 1
    schedule.changed_at = at
    schedule.save()
    return schedule


@transaction.atomic
def add_item(
    *, schedule: WeeklySchedule, line: ScheduleLine, by: User, at: datetime
) -> ScheduleItem:
    """Add a typed item to the draft.

    Raises: NotPermitted, Incomplete, secrecy.SecretPaper.
    """
    schedule = _open(schedule, by=by, at=at)
    many = schedule.items.count()
    found = _checked(line, schedule)
    found.against(many >= MOST_ITEMS, "content", _("The schedule is full."))
    found.refuse(Incomplete)
    item = ScheduleItem(schedule=schedule)
    _write(item, line)
    return item


@transaction.atomic
def change_item(
    *, schedule: WeeklySchedule, key: str, line: Additions, edits: int, by: User, at: datetime
) -> ScheduleItem:
    """Change a typed item (a `ScheduleLine`), or what is added to one that follows a seminar.

    `edits` is the count that the page showed; 0 where nothing was added yet.

    Raises: NotPermitted, NotFound, Incomplete, EditedMeanwhile, secrecy.SecretPaper.
    """
    schedule = _open(schedule, by=by, at=at)
    item = _item(schedule, key, at=at)
    if item.edits != edits:
        raise _edited_meanwhile()
    found = _checked(line, schedule)
    found.against(
        (item.seminar_id is None) != isinstance(line, ScheduleLine), "content",
        _("The seminar says this itself."),
    )  # fmt: skip
    found.refuse(Incomplete)
    _write(item, line)
    return item


@transaction.atomic
def take_out(*, schedule: WeeklySchedule, key: str, edits: int, by: User, at: datetime) -> None:
    """Take an item out of the draft: a typed one is gone, of a seminar it is kept that it stays out.

    Raises: NotPermitted, NotFound, EditedMeanwhile.
    """
    schedule = _open(schedule, by=by, at=at)
    item = _item(schedule, key, at=at)
    if item.edits != edits:
        raise _edited_meanwhile()
    if item.seminar_id is None:
        item.delete()
        return
    _leave_out(item, True)


@transaction.atomic
def put_back(*, schedule: WeeklySchedule, key: str, by: User, at: datetime) -> None:
    """Let a seminar that was left out appear again. Raises: NotPermitted, NotFound."""
    schedule = _open(schedule, by=by, at=at)
    item = schedule.items.filter(left_out=True, **named(key)).first()
    if item is None:
        raise NotFound
    _leave_out(item, False)


@transaction.atomic
def copy_last_week(*, schedule: WeeklySchedule, by: User, at: datetime) -> int:
    """Copy the typed items of the week before, seven days later; return how many came.

    One that stands here already (same half-day, hours and content) is not copied again.

    Raises: NotPermitted, Incomplete (there is no schedule of the week before).
    """
    schedule = _open(schedule, by=by, at=at)
    week = schedule.week.plus(-1)
    last = WeeklySchedule.objects.filter(
        agency=schedule.agency, iso_year=week.year, iso_week=week.no
    ).first()
    if last is None:
        raise Incomplete([Reason("week", _("There is no schedule of the week before."))])

    def same(row: ScheduleItem, shift: int) -> tuple[object, ...]:
        assert row.day is not None
        return row.day + timedelta(days=shift), row.half_day, row.content, _hour(row, shift)

    typed = schedule.items.filter(seminar__isnull=True)
    here = {same(row, 0) for row in typed}
    room = MOST_ITEMS - schedule.items.count()
    rows = last.items.filter(seminar__isnull=True).prefetch_related("agencies").order_by("pk")
    wanted = [row for row in rows if same(row, 7) not in here][:room]
    for row in wanted:
        shift = 7 * 24 * 12
        new = ScheduleItem(
            schedule=schedule, day=row.day + timedelta(days=7) if row.day else None,
            half_day=row.half_day, content=row.content, chair=row.chair, place=row.place,
            start5=None if row.start5 is None else row.start5 + shift,
            end5=None if row.end5 is None else row.end5 + shift,
            leaders=row.leaders, joint=row.joint, unit=row.unit, staff=row.staff,
            separate=row.separate, edits=1,
        )  # fmt: skip
        new.save()
        new.agencies.set(row.agencies.all())
    return len(wanted)


# -- Checking and writing -----------------------------------------------------------------------


def _open(schedule: WeeklySchedule, *, by: User, at: datetime) -> WeeklySchedule:
    schedule = locked(schedule)
    require_writer(by, schedule.agency_id, at=at)
    _refuse_over(schedule.week, at=at)
    return schedule


def _refuse_over(week: Week, *, at: datetime) -> None:
    if week.sunday < clock.day_of(at):
        raise Incomplete([Reason("week", _("This week is over."))])


def _edited_meanwhile() -> EditedMeanwhile:
    text = _("Somebody else has changed it since you opened this page.")
    return EditedMeanwhile([Reason("edits", text)])


def named(key: str) -> dict[str, object]:
    """Raises: NotFound for what is no key."""
    if not KEY.fullmatch(key):
        raise NotFound
    number = int(key[1:])
    return {"seminar": number} if key[0] == "s" else {"seminar": None, "pk": number}


def _item(schedule: WeeklySchedule, key: str, *, at: datetime) -> ScheduleItem:
    """Return the row of the item; a new one, unsaved, for a seminar to which nothing was added yet.

    Raises: NotFound, also where the seminar is not in the schedule.
    """
    row = schedule.items.filter(**named(key)).first()
    if row is None and key[0] == "s":
        items = schedule_draft.compiled(schedule, before=None, at=at).items
        if key in {item.key for item in items}:
            return ScheduleItem(schedule=schedule, seminar_id=int(key[1:]))
    if row is None or row.left_out:
        raise NotFound
    return row


def _leave_out(item: ScheduleItem, out: bool) -> None:
    item.left_out = out
    item.edits += 1
    item.save()


def _hour(row: ScheduleItem, shift: int) -> int | None:
    return None if row.start5 is None else row.start5 + shift * 24 * 12


def _checked(line: Additions, schedule: WeeklySchedule) -> Reasons:
    """Raises: secrecy.SecretPaper."""
    found = Reasons()
    _check_words(found, line, long={"content", "leaders", "joint"}, short=LINE)
    if isinstance(line, ScheduleLine):
        _check_line(found, line, schedule.week)
    return found


def _check_words(found: Reasons, typed: Additions | Frame, *, long: set[str], short: int) -> None:
    words = {
        each.name: value for each in fields(typed)
        if isinstance(value := getattr(typed, each.name), str)
    }  # fmt: skip
    secrecy.refuse_if_secret("\n".join(words.values()))
    for name, value in words.items():
        most = TEXT if name in long else short
        found.against(len(value.strip()) > most, name, _("The text is too long."))


def _check_line(found: Reasons, line: ScheduleLine, week: Week) -> None:
    found.against(not line.content.strip(), "content", _("Say what it is about."))
    if line.day is None:
        found.append(Reason("day", _("Say on which day.")))
    else:
        found.against(line.day not in week, "day", _("This day is not in the week."))
    if line.starts is None:
        found.against(line.ends is not None, "starts", _("Say from which hour."))
        text = _("Say an hour or half a day.")
        found.against(line.half_day not in HalfDay.values, "half_day", text)
        return
    off = any(
        hour.minute % 15 or hour.second or hour.microsecond
        for hour in (line.starts, line.ends) if hour is not None
    )  # fmt: skip
    found.against(off, "starts", _("Times lie on the quarter of an hour: 07:30, 07:45, 08:00 …"))
    too_early = line.ends is not None and line.ends <= line.starts
    found.against(too_early, "ends", _("It ends before it begins."))


def _write(item: ScheduleItem, line: Additions) -> None:
    item.leaders, item.joint = line.leaders.strip(), line.joint.strip()
    item.unit, item.staff = line.unit.strip(), line.staff.strip()
    item.separate = line.separate
    item.edits += 1
    if isinstance(line, ScheduleLine):
        item.content, item.chair = line.content.strip(), line.chair.strip()
        item.place, item.day, item.half_day = line.place.strip(), line.day, line.half_day
        assert line.day is not None
        starts, ends = _moment(line.day, line.starts), _moment(line.day, line.ends)
        item.start5 = to5(starts) if starts else None
        item.end5 = to5(ends) if ends else None
        if starts is not None:
            item.half_day = half_of(starts, ends)
    item.save()
    if isinstance(line, ScheduleLine):
        item.agencies.set(line.agencies)


def _moment(day: date, hour: time | None) -> datetime | None:
    return None if hour is None else clock.at(day, hour.hour, hour.minute)
