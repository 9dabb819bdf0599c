"""The papers that a seminar needs, as first drafts: giấy mời, thông báo kết luận, báo cáo.

They are official papers, so they are Vietnamese whatever the language of the page. What is not
known is left as dots to be filled in, never invented.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agencies import clock
from documents.choices import LineRole
from documents.lifecycle import LineDraft
from documents.models import WorkField
from seminars import agenda
from seminars.choices import NominationState, Presence, SeminarKind
from seminars.models import Invitation, Seminar
from seminars.places import where

_KIND = {
    SeminarKind.SEMINAR: "hội thảo",
    SeminarKind.ROUND_TABLE: "tọa đàm",
    SeminarKind.CONFERENCE: "hội nghị",
}
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_DOTS = "……"


@dataclass(frozen=True)
class Draft:
    """What a draft begins with: the slug of its type, its subject, text and addressee lines."""

    type: str
    subject: str
    text: str
    lines: list[LineDraft]
    #: The field of work of the order, where one stands behind it.
    field: WorkField | None = None


def kind_word(seminar: Seminar) -> str:
    return _KIND[SeminarKind(seminar.kind)]


def invitation(seminar: Seminar, *, answer_by: datetime | None = None) -> Draft:
    """Giấy mời: chair, delegates, content, time and place, contact (Decision 45/2018/QĐ-TTg)."""
    invited = list(seminar.invitations.select_related("agency", "venue").order_by("pk"))
    parts = [
        f"{seminar.agency} trân trọng kính mời các cơ quan, đơn vị cử đại biểu dự "
        f"{kind_word(seminar)} “{seminar.title}”.",
        f"1. Thời gian: {when(seminar)}.",
        f"2. Địa điểm: {_places(seminar)}.",
        f"3. Chủ trì: {chaired_by(seminar)}.",
        f"4. Nội dung: {seminar.purpose.strip() or _DOTS}",
    ]
    parts += _agenda(seminar)
    quotas = "; ".join(f"{row.agency}: {row.quota:02}" for row in invited if row.quota)
    parts.append(f"5. Số đại biểu: {quotas or _DOTS}.")
    last = f" trước {moment(answer_by)}" if answer_by else ""
    parts.append(f"Đề nghị các cơ quan, đơn vị trả lời và gửi danh sách đại biểu{last}.")
    parts.append(f"Liên hệ: {seminar.contact.strip() or _DOTS}./.")
    return Draft(
        "giay-moi", f"Dự {kind_word(seminar)} “{seminar.title}”", "\n".join(parts), _lines(invited),
        _field(seminar),
    )  # fmt: skip


def conclusion(seminar: Seminar) -> Draft:
    """Thông báo kết luận, to the agencies that were invited (Decision 45/2018/QĐ-TTg)."""
    minutes = seminar.minutes.order_by("-no").first()
    day = f"{seminar.day:%d/%m/%Y}" if seminar.day else _DOTS
    parts = [
        f"Ngày {day}, {seminar.agency} đã tổ chức {kind_word(seminar)} “{seminar.title}”, "
        f"do {chaired_by(seminar)} chủ trì. {came(seminar)}",
        "Sau khi nghe các ý kiến phát biểu, chủ trì kết luận như sau:",
        minutes.text.strip() if minutes else _DOTS,
        f"{seminar.agency} thông báo để các cơ quan, đơn vị biết, thực hiện./.",
    ]
    invited = list(seminar.invitations.select_related("agency", "venue").order_by("pk"))
    subject = f"Kết luận tại {kind_word(seminar)} “{seminar.title}”"
    return Draft("thong-bao", subject, "\n".join(parts), _lines(invited), _field(seminar))


def report(seminar: Seminar) -> Draft:
    """Báo cáo to the body that ordered it: what was held, who came, what was concluded."""
    order = seminar.programme.order if seminar.programme else None
    day = f"{seminar.day:%d/%m/%Y}" if seminar.day else _DOTS
    basis = f"Thực hiện {order.dispatch.type} số {order.dispatch.code}, " if order else ""
    notice = seminar.conclusion.notice if hasattr(seminar, "conclusion") else None
    parts = [
        f"{basis}{seminar.agency} báo cáo kết quả tổ chức {kind_word(seminar)} "
        f"“{seminar.title}” như sau:",
        f"1. Thời gian, địa điểm: ngày {day}, {_places(seminar)}.",
        f"2. Chủ trì: {chaired_by(seminar)}.",
        f"3. Thành phần: {came(seminar)}",
    ]
    parts += [f"- {line}" for line in came_by_agency(seminar)]
    concluded = f"Thông báo số {notice.code}" if notice and notice.code else _DOTS
    parts.append(f"4. Kết luận: {concluded}.")
    parts.append(f"Trên đây là báo cáo của {seminar.agency}./.")
    lines = []
    ordered_by = order.dispatch.issuing_agency if order else None
    if ordered_by is not None and ordered_by.pk != seminar.agency_id:
        lines = [LineDraft(str(ordered_by), LineRole.TO, agencies=[ordered_by.pk])]
    subject = f"Kết quả tổ chức {kind_word(seminar)} “{seminar.title}”"
    return Draft("bao-cao", subject, "\n".join(parts), lines, _field(seminar))


# -- Words ------------------------------------------------------------------------------------


def when(seminar: Seminar) -> str:
    """07 giờ 30, thứ Tư ngày 15/06/2016."""
    if seminar.starts_at is not None:
        return moment(seminar.starts_at)
    if seminar.day is None:
        return _DOTS
    half = {"morning": "buổi sáng, ", "afternoon": "buổi chiều, ", "evening": "buổi tối, ",
            "whole": "cả ngày, "}.get(seminar.half_day, "")  # fmt: skip
    return f"{half}{_WEEKDAYS[seminar.day.weekday()]} ngày {seminar.day:%d/%m/%Y}"


def _agenda(seminar: Seminar) -> list[str]:
    """One line each, with its hours where the seminar has one: 07:30–08:00: Khai mạc."""
    items = list(seminar.agenda.select_related("speaker"))
    words = [f"{item.title} ({item.speaker})" if item.speaker else item.title for item in items]
    if seminar.starts_at is None:
        return [f"- {each}" for each in words]
    spans = agenda.hours(seminar.starts_at, [item.minutes for item in items])
    return [
        f"- {starts:%H:%M}–{ends:%H:%M}: {each}"
        for (starts, ends), each in zip(spans, words, strict=True)
    ]


def moment(at: datetime) -> str:
    """07 giờ 30, thứ Tư ngày 15/06/2016."""
    local = at.astimezone(clock.VIETNAM)
    return f"{local:%H} giờ {local:%M}, {_WEEKDAYS[local.weekday()]} ngày {local:%d/%m/%Y}"


def _places(seminar: Seminar) -> str:
    venues = list(seminar.venues.select_related("room"))
    if len(venues) > 1:
        return "; ".join(f"điểm cầu {venue.name or venue.host}: {where(venue)}" for venue in venues)
    return where(venues[0]) if venues else _DOTS


def chaired_by(seminar: Seminar) -> str:
    chair = seminar.chair
    if chair is None:
        return _DOTS
    return f"{chair.name}, {chair.office}" if chair.office else chair.name


def came(seminar: Seminar) -> str:
    """How many came of how many seats given: a recount of the attendance, a venue at a time."""
    here = (Presence.PRESENT, Presence.SUBSTITUTE)
    present = seminar.attendance.filter(presence__in=here).count()
    named = seminar.nominations.filter(state=NominationState.CONFIRMED).count()
    return f"Có {present} đại biểu dự, {named} đại biểu được cử."


def came_by_agency(seminar: Seminar) -> list[str]:
    """One line an agency: counts only, no names."""
    here = (Presence.PRESENT, Presence.SUBSTITUTE)
    counts: dict[str, list[int]] = {}
    for row in seminar.attendance.select_related("agency").order_by("agency__sort_key", "pk"):
        count = counts.setdefault(str(row.agency), [0, 0])
        count[0] += row.presence in here
        count[1] += row.presence not in here
    return [
        f"{agency}: {present} có mặt" + (f", {absent} vắng" if absent else "")
        for agency, (present, absent) in counts.items()
    ]


def _field(seminar: Seminar) -> WorkField | None:
    return seminar.programme.order.dispatch.field if seminar.programme else None


def _lines(invited: Sequence[Invitation]) -> list[LineDraft]:
    return [LineDraft(str(row.agency), LineRole.TO, agencies=[row.agency_id]) for row in invited]
