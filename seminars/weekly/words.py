"""The words of the printed schedule. An official paper is Vietnamese in any language of the page."""

from datetime import date, datetime

from agencies import clock
from seminars.instants import from5
from seminars.weekly.snapshot import Item
from seminars.weekly.weeks import Week

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
HALF = {"morning": "Sáng", "afternoon": "Chiều", "evening": "Tối", "whole": "Cả ngày"}
SEPARATE = "(Giấy mời riêng)"
IN_PLACE_OF_INVITATIONS = "LỊCH NÀY THAY GIẤY MỜI HỌP"


def title(week: Week, *, excerpt: bool = False) -> str:
    """LỊCH CÔNG TÁC TUẦN 48 (từ ngày 23/11/2026 đến ngày 29/11/2026).

    `excerpt`: an agency is given the items that name it, and the paper says that it is not the whole.
    """
    first, last = f"{week.monday:%d/%m/%Y}", f"{week.sunday:%d/%m/%Y}"
    what = "TRÍCH LỊCH CÔNG TÁC" if excerpt else "LỊCH CÔNG TÁC"
    return f"{what} TUẦN {week.no:02} (từ ngày {first} đến ngày {last})"


def edition(no: int, issued_at: datetime) -> str:
    """Điều chỉnh lần 2, cập nhật 14:36 17/03/2022; the first issue names only when it was issued."""
    local = issued_at.astimezone(clock.VIETNAM)
    if no == 0:
        return f"Ban hành {local:%H:%M %d/%m/%Y}"
    return f"Điều chỉnh lần {no}, cập nhật {local:%H:%M %d/%m/%Y}"


def day_heading(day: date) -> str:
    """Thứ Hai, ngày 23/11/2026."""
    return f"{WEEKDAYS[day.weekday()]}, ngày {day:%d/%m/%Y}"


def hours(item: Item) -> str:
    """07:30 – 10:00; with the day where it ends on another; nothing while there is no hour."""
    if item.start5 is None:
        return ""
    starts = from5(item.start5)
    first = f"{starts:%H:%M}"
    if starts.date() != item.day:
        first = f"{first} ngày {starts:%d/%m}"
    if item.end5 is None:
        return first
    last = from5(item.end5)
    if last.date() == item.day:
        return f"{first} – {last:%H:%M}"
    return f"{first} – {last:%H:%M} ngày {last:%d/%m}"


def half_and_hours(item: Item) -> str:
    """Sáng, 07:30 – 10:00."""
    return ", ".join(part for part in (HALF[item.half], hours(item)) if part)


def moment_of(item: Item) -> str:
    """07:30 – 10:00 thứ Hai 23/11; chiều thứ Ba 24/11."""
    weekday = WEEKDAYS[item.day.weekday()]
    if not weekday.startswith("Chủ"):
        weekday = weekday[0].lower() + weekday[1:]
    when = hours(item) or HALF[item.half].lower()
    return f"{when} {weekday} {item.day:%d/%m}"


def place_words(item: Item) -> str:
    return f", {item.place}" if item.place else ""


def content(item: Item) -> str:
    """The content, with what is added to it in brackets."""
    return f"{item.content} {SEPARATE}" if item.separate else item.content
