"""The week of 6 to 12 June 2016 at Công an tỉnh: issued on Friday, adjusted on Monday morning."""

from collections.abc import Callable
from datetime import date, datetime, time

from agencies.choices import Role
from agencies.models import Agency
from documents.demo.story import agency, clerk_of, holder, moment
from seminars import lifecycle, schedule_draft
from seminars.lifecycle import Frame, ScheduleLine
from seminars.models import ScheduleItem, WeeklySchedule
from seminars.weekly.snapshot import as_json, digest_of
from seminars.weekly.weeks import Week

WEEK = Week(2016, 23)
HEAD = "Kim Đại Lâm"
PREPARES = "Phòng Xây dựng phong trào"


def tell(say: Callable[[str], None]) -> None:
    """Write and issue the schedule; a second run changes nothing."""
    if WeeklySchedule.objects.exists():
        return
    say("Công an tỉnh issues its schedule of week 23, and moves one meeting")
    police = agency("Công an tỉnh")
    friday = moment(3, 16, 0)
    schedule = lifecycle.begin_schedule(
        agency=police, week=WEEK, by=holder(police, Role.OFFICER), at=friday
    )
    around(schedule, friday)
    meeting = [add(schedule, line, friday) for line in lines()][1]
    issue(schedule, moment(3, 16, 30))
    monday = moment(6, 7, 20)
    lifecycle.change_item(
        schedule=schedule, key=meeting.key, edits=meeting.edits, at=monday, by=clerk_of(police),
        line=with_departments(day=date(2016, 6, 9), starts=time(8), ends=time(10)),
    )  # fmt: skip
    add(schedule, ScheduleLine(
        day=date(2016, 6, 10), half_day="afternoon", leaders=HEAD, unit="Văn phòng",
        content="Tiếp công dân định kỳ", place="Trụ sở tiếp công dân của tỉnh",
    ), monday)  # fmt: skip
    issue(schedule, moment(6, 7, 30))


def around(schedule: WeeklySchedule, at: datetime) -> None:
    lifecycle.set_frame(
        schedule=schedule, edits=0, by=clerk_of(schedule.agency), at=at,
        frame=Frame(
            recipients="Ban Giám đốc;\nCác phòng, Công an các huyện, thành phố;\nLưu: VT, TH.",
            signed_as="GIÁM ĐỐC", signer=HEAD,
        ),
    )  # fmt: skip


def lines() -> list[ScheduleLine]:
    return [
        ScheduleLine(
            day=date(2016, 6, 6), starts=time(7, 30), ends=time(8, 30), chair=HEAD,
            content="Giao ban đầu tuần", joint="Trưởng các phòng", place="Phòng họp tầng 2",
            unit="Văn phòng",
        ),
        with_departments(day=date(2016, 6, 8), starts=time(14), ends=time(16)),
        ScheduleLine(
            day=date(2016, 6, 7), half_day="whole", leaders=HEAD, unit=PREPARES,
            content="Khảo sát mô hình tự quản tại cơ sở", place="Huyện Tân Châu",
            agencies=[agency("UBND huyện Tân Châu")],
        ),
    ]  # fmt: skip


def with_departments(*, day: date, starts: time, ends: time) -> ScheduleLine:
    """The meeting that is moved: two agencies are named, and they alone are told."""
    named: list[Agency] = [agency("Sở Nội vụ"), agency("Ban Dân vận Tỉnh ủy")]
    return ScheduleLine(
        day=day, starts=starts, ends=ends, chair=HEAD, unit=PREPARES, staff="Phan Kế Toàn",
        content="Làm việc về kế hoạch hội thảo theo Công văn 1502/UBND-NC",
        joint="Sở Nội vụ, Ban Dân vận Tỉnh ủy", place="Phòng họp tầng 2", agencies=named,
    )  # fmt: skip


def add(schedule: WeeklySchedule, line: ScheduleLine, at: datetime) -> ScheduleItem:
    by = holder(schedule.agency, Role.OFFICER)
    return lifecycle.add_item(schedule=schedule, line=line, by=by, at=at)


def issue(schedule: WeeklySchedule, at: datetime) -> None:
    schedule.refresh_from_db()
    last = schedule_draft.issued(schedule)
    draft = schedule_draft.compiled(schedule, before=last.read if last else None, at=at)
    lifecycle.issue_schedule(
        schedule=schedule, seen=digest_of(as_json(draft)), by=clerk_of(schedule.agency), at=at
    )
