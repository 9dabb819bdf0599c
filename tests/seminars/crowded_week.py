"""A week with a hundred and fifty items, as the office of a province has it."""

from datetime import datetime

from agencies import clock
from agencies.models import User
from seminars import lifecycle, schedule_draft
from seminars.instants import to5
from seminars.lifecycle import Frame
from seminars.models import ScheduleItem, WeeklySchedule
from seminars.weekly.snapshot import as_json, digest_of

LEADERS = ("Nguyễn Thanh Mẫu", "Trần Văn Mẫu", "Lê Thị Mẫu", "Phạm Quốc Mẫu", "Võ Minh Mẫu",
           "Đặng Thị Thu Mẫu")  # fmt: skip
CONTENTS = (
    "Họp giao ban đầu tuần",
    "Làm việc với Đoàn giám sát của Ủy ban Thường vụ Quốc hội về thực hiện chính sách, pháp luật "
    "tại các khu công nghiệp trên địa bàn tỉnh",
    "Hội nghị trực tuyến triển khai nhiệm vụ sáu tháng cuối năm",
    "Tiếp công dân định kỳ",
    "Kiểm tra tiến độ thi công các công trình trọng điểm, công tác giải phóng mặt bằng",
)


def fill(schedule: WeeklySchedule, *, many: int = 150) -> None:
    """Write so many items, from Monday to Saturday."""
    week = schedule.week
    rows = []
    for number in range(many):
        day = week.days[number % 6]
        hour, minute = 7 + number // 6 % 10, 15 * (number % 4)
        start = to5(clock.at(day, hour, minute))
        rows.append(
            ScheduleItem(
                schedule=schedule, day=day, start5=start, end5=start + 18,
                half_day="morning" if hour < 12 else "afternoon",
                content=f"{CONTENTS[number % 5]} (mục {number + 1})",
                chair=LEADERS[number // 6 % 6], place=f"Phòng họp số {number % 9 + 1}",
                leaders=LEADERS[(number // 6 + 1) % 6] if number % 3 else "",
                joint="Lãnh đạo các sở, ban, ngành liên quan" if number % 2 else "",
                unit="Văn phòng" if number % 2 else "Sở Kế hoạch và Đầu tư chuẩn bị nội dung",
                staff="CV. Mẫu", edits=1,
            )
        )  # fmt: skip
    ScheduleItem.objects.bulk_create(rows)


def issue(schedule: WeeklySchedule, *, by: User, at: datetime, many: int = 150) -> None:
    """Fill it and issue it at that moment."""
    fill(schedule, many=many)
    schedule = lifecycle.set_frame(
        schedule=schedule, edits=0, by=by, at=at,
        frame=Frame(
            replaces_invitations=True, signed_as="TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG",
            recipients="- Thường trực Tỉnh ủy;\n- Các sở, ban, ngành;\n- Lưu: VT, TH.",
            signer="Nguyễn Văn Mẫu",
        ),
    )  # fmt: skip
    draft = schedule_draft.compiled(schedule, before=None, at=at)
    lifecycle.issue_schedule(schedule=schedule, seen=digest_of(as_json(draft)), by=by, at=at)
