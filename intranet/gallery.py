"""The living gallery: every component once, in every state, for people and for axe.

Routed only while DEBUG is on. Its people and papers are invented, apart from 1502/UBND-NC.
"""

from datetime import timedelta

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies import clock

DIGEST = "9f3c61d27ab0e5148c09d2f6e471b35a60cd18f2297e4ba3d05c7716ae9840bf"
TOKENS = [
    ("ground", "nền trang"),
    ("sheet", "tờ, bảng"),
    ("sunk", "đầu bảng"),
    ("line", "kẻ mảnh"),
    ("edge", "viền ô nhập"),
    ("ink", "chữ"),
    ("soft", "chữ phụ"),
    ("accent", "cổ vịt, nhấn"),
    ("wash", "nền nhấn"),
    ("ok", "lá, đã xong"),
    ("due", "nghệ, sắp hạn"),
    ("late", "son, quá hạn"),
]
TAGS = [
    ("Quá hạn 1 ngày", "late"),
    ("Hôm nay", "due"),
    ("Đang áp dụng", "go"),
    ("Đủ", "ok"),
    ("Trùng", ""),
    ("Đã bị thay thế", "off"),
]
LADDER = ["Đã gửi", "Đã đến", "Đã mở", "Đã tiếp nhận", "Đã xác nhận"]
EVENTS = [
    {"word": "Đã gửi", "note": "02/6 15:02, Văn phòng UBND tỉnh"},
    {"word": "Đã tiếp nhận", "more": "số đến 1187", "note": "03/6 07:58", "kind": "last"},
    {"word": "Chờ xác nhận", "note": "hạn 17:00 thứ Ba 07/6", "kind": "next last"},
    {"word": "Quá hạn báo cáo", "note": "17:00 ngày 07/6", "kind": "bad"},
]
FILES = [
    {
        "name": "1502_UBND-NC_ky.pdf",
        "url": "#files",
        "note": "Bản chính, 3 trang",
        "bytes": 421_888,
        "digest": DIGEST,
    },
    {"name": "Phu_luc_1.xlsx", "url": "#files", "note": "Phụ lục", "bytes": 1_468_006},
    {"name": "Tham luận UBND huyện Tân Biên", "kind": "Chờ", "note": "hạn 17/6, chưa nộp"},
]
ROWS = [
    {"name": "Phiên bản", "value": "1, phát hành 02/6/2016 15:02"},
    {"name": "Thực hiện", "value": "Chỉ thị 06/2008/CT-TTg", "url": "#definitions"},
    {"name": "Người ký", "missing": "Bản nguồn không ghi. Hệ thống không tự thêm."},
]
COUNTERS = [
    {"label": "Tất cả nơi nhận chính", "count": 38, "url": "?", "current": True},
    {"label": "Đã xác nhận", "count": 29, "url": "?rung=5", "kind": "ok"},
    {"label": "Quá hạn", "count": 8, "url": "?late=1", "kind": "late"},
    {"label": "Trả lại", "count": 1, "url": "?returned=1", "kind": "late"},
]
CHIPS = [
    {"label": "Năm 2016", "name": "year", "value": "2016"},
    {"label": "Quá hạn", "name": "late", "value": "1"},
]
HINTS = {"ack": "Một lần cho mỗi cơ quan, do văn thư bấm"}


class SampleForm(forms.Form):
    due_on = forms.DateField(label="Hạn xác nhận", help_text="Ngày/tháng/năm, ví dụ 07/6/2016")
    kind = forms.ChoiceField(label="Loại văn bản", choices=[("cv", "Công văn"), ("kh", "Kế hoạch")])
    demand = forms.ChoiceField(
        label="Nơi nhận phải làm gì",
        widget=forms.RadioSelect,
        choices=[("info", "Chỉ để biết"), ("ack", "Xác nhận đã nhận")],
    )
    reason = forms.CharField(
        label="Lý do trả lại",
        required=False,
        help_text="Nơi gửi đọc được câu này",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    paper = forms.BooleanField(
        label="Gửi kèm bản giấy", required=False, help_text="Ghi vào sổ bưu điện"
    )
    scan = forms.FileField(label="Bản chính", required=False, help_text="PDF, nhiều nhất 50 MB")


class FilterForm(forms.Form):
    number = forms.CharField(label="Số hoặc ký hiệu", required=False)
    state = forms.ChoiceField(label="Tình trạng", choices=[("", "Mọi tình trạng")], required=False)


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component with sample data, and a frame of its own around them."""
    now = clock.now()
    values = {
        "frame": _sample_frame(now),
        "tokens": TOKENS,
        "tags": TAGS,
        "ladder": list(enumerate(LADDER, start=1)),
        "events": EVENTS,
        "files": FILES,
        "rows": ROWS,
        "counters": COUNTERS,
        "chips": CHIPS,
        "hints": HINTS,
        "digest": DIGEST,
        "now": now,
        "last_year": now - timedelta(days=400),
        "due": now + timedelta(days=3),
        "form": SampleForm({"due_on": "31/6/2016", "kind": "cv", "paper": "on"}),
        "filter_form": FilterForm(),
        "page": Paginator(range(160), 20).get_page(request.GET.get("page", 4)),
        "links": [{"label": "Xuất XLSX", "url": "#pages"}, {"label": "Bản in A4", "url": "#pages"}],
    }
    return render(request, "gallery.html", values)


def _sample_frame(now: object) -> dict[str, object]:
    return {
        "agency_name": "Sở Nội vụ",
        "user_name": "Võ Khánh Đoan",
        "user_role": "Văn thư",
        "deputy_note": "Lâm Sương Dung",
        "nav": [
            {"url": "#", "label": "Bàn làm việc", "count": 5, "current": False},
            {"url": "#", "label": "Văn bản đến", "count": 12, "current": False},
            {"url": "#", "label": "Văn bản đi", "count": 0, "current": False},
            {"url": "#", "label": "Các thành phần", "count": 0, "current": True},
        ],
        "search_url": "#",
        "account_url": "#",
        "demo": True,
        "demo_day": clock.today(),
        "now": now,
        "unread": 3,
    }
