"""The pages of weekly schedules: what is typed, issued, read, printed and given as Word."""

from datetime import date, time
from io import BytesIO

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import User
from ledger.models import LedgerEntry
from seminars.models import ScheduleItem, ScheduleVersion, WeeklySchedule
from seminars.weekly.layouts import LAYOUTS
from tests.documents.factories import client_of
from tests.seminars.test_schedules import MONDAY, Office
from tests.seminars.world import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon_of_3_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))


def url(name: str, *args: object) -> str:
    return reverse(f"seminars:{name}", args=args)


def page_of(user: User, name: str, *args: object) -> str:
    answer = client_of(user).get(url(name, *args))
    assert answer.status_code == 200
    return answer.content.decode()


def typed(**changes: object) -> dict[str, object]:
    """What the page of an item sends."""
    return {
        "day": MONDAY.isoformat(), "starts": "07:30", "ends": "", "half_day": "",
        "content": "Họp giao ban", "chair": "Lâm Sương Dung", "leaders": "Ông Mẫu\nBà Mẫu",
        "joint": "", "place": "Phòng họp 2", "unit": "Văn phòng", "staff": "", "edits": "0",
    } | changes  # fmt: skip


def test_a_week_is_begun_typed_and_issued():
    office = Office()
    WeeklySchedule.objects.all().delete()
    officer = client_of(office.officer)

    begun = officer.post(url("begin_schedule"), {
        "agency": office.small.province.pk, "day": "17/06/2016",
    })  # fmt: skip
    schedule = WeeklySchedule.objects.get()
    assert (schedule.iso_year, schedule.iso_week) == (2016, 24)
    assert begun.url == url("schedule_draft", schedule.pk)
    # Nobody but its writers knows of it yet.
    assert "Chưa ban hành" in page_of(office.officer, "schedule_week", schedule.pk)

    added = officer.post(url("schedule_add", schedule.pk), typed(agencies=[office.small.home.pk]))
    assert added.status_code == 302
    draft = page_of(office.officer, "schedule_draft", schedule.pk)
    assert "Họp giao ban" in draft
    assert "Ông Mẫu, Bà Mẫu" in draft
    # The frame of the house is around it.
    assert "Bàn làm việc" in draft
    # An officer has no button to issue.
    assert "Ban hành lịch" not in draft
    assert officer.post(url("schedule_issue", schedule.pk), {"seen": "x"}).status_code == 403

    press(office.clerk, schedule)
    week = page_of(office.officer, "schedule_week", schedule.pk)
    assert "Ban hành 12:00 03/06/2016" in week
    assert "Họp giao ban" in week


def press(user: User, schedule: WeeklySchedule) -> None:
    """Press the button of the draft."""
    page = page_of(user, "schedule_draft", schedule.pk)
    seen = page.split('name="seen" value="')[1].split('"')[0]
    answer = client_of(user).post(url("schedule_issue", schedule.pk), {"seen": seen})
    assert answer.status_code == 302


def test_an_adjustment_is_read_before_it_is_issued_and_told_to_whom_it_concerns():
    office = Office()
    small = office.small
    item = office.add(agencies=[small.home], content="Làm việc với Sở")
    office.add(content="Nội bộ")
    office.issue()
    clerk = client_of(office.clerk)
    line = typed(
        content="Làm việc với Sở", starts="14:00", agencies=[small.home.pk], edits="1",
        chair="", leaders="", place="", unit="",
    )  # fmt: skip
    assert clerk.post(url("schedule_change", office.schedule.pk, item.key), line).status_code == 302

    moved = "Chuyển: Làm việc với Sở từ sáng thứ Hai 13/06 sang 14:00 thứ Hai 13/06."
    draft = page_of(office.clerk, "schedule_draft", office.schedule.pk)
    assert moved in draft
    assert "Ban hành lịch điều chỉnh" in draft
    assert moved not in page_of(office.officer, "schedule_versions", office.schedule.pk)
    press(office.clerk, office.schedule)

    versions = page_of(office.officer, "schedule_versions", office.schedule.pk)
    assert "Điều chỉnh lần 1, cập nhật 12:00 03/06/2016" in versions
    assert moved in versions
    theirs = page_of(small.home_officer, "schedule_versions", office.schedule.pk)
    assert moved in theirs
    for page in (theirs, page_of(small.home_officer, "schedule_week", office.schedule.pk)):
        assert "Nội bộ" not in page
    desk = client_of(small.home_officer).get("/").content.decode()
    assert url("schedule_week", office.schedule.pk) in desk
    assert "điều chỉnh lần 1" in desk
    assert url("schedule_week", office.schedule.pk) in page_of(small.home_officer, "schedules")
    for user in (small.finance_clerk, small.stranger):
        for address in ("/", url("schedules")):
            text = client_of(user).get(address).content.decode()
            assert url("schedule_week", office.schedule.pk) not in text


def test_the_desk_forgets_a_week_that_is_over(monkeypatch):
    office = Office()
    office.add(agencies=[office.small.home], day=date(2016, 6, 17))
    office.issue(moment=at(17, 8))
    home = client_of(office.small.home_officer)
    address = url("schedule_week", office.schedule.pk)

    monkeypatch.setattr("agencies.clock.now", lambda: at(19, 20))
    assert address in home.get("/").content.decode()
    monkeypatch.setattr("agencies.clock.now", lambda: at(20, 7))
    assert address not in home.get("/").content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"content": " "}, "Nội dung"),
        ({"starts": "07:40"}, "Giờ phải tròn mười lăm phút"),
        ({"starts": "", "half_day": ""}, "Ghi giờ hoặc chọn buổi."),
        ({"starts": "", "ends": "09:00"}, "Ghi từ giờ nào."),
        ({"ends": "07:00"}, "Giờ kết thúc trước giờ bắt đầu."),
        ({"day": "2016-06-20"}, "Ngày"),
        ({"day": "x"}, "Ngày"),
        ({"place": "x" * 256}, "255"),
        ({"joint": "TUYỆT MẬT\nKế hoạch"}, "TUYỆT MẬT"),
    ],
)
def test_bad_input_is_said_in_place_and_what_was_typed_stays(changes, said):
    office = Office()
    answer = client_of(office.officer).post(
        url("schedule_add", office.schedule.pk), typed(unit="Đơn vị đã gõ", **changes)
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Đơn vị đã gõ" in page
    assert not ScheduleItem.objects.exists()


def test_that_a_state_secret_was_refused_is_noted_and_nothing_of_it():
    office = Office()
    client_of(office.officer).post(
        url("schedule_add", office.schedule.pk), typed(joint="TUYỆT MẬT\nKế hoạch X")
    )

    entry = LedgerEntry.objects.get(type="paper.refused")
    assert "Kế hoạch" not in bytes(entry.entry_bytes).decode()


def test_two_who_edit_one_item_are_told():
    office = Office()
    item = office.add()
    address = url("schedule_change", office.schedule.pk, item.key)
    first, second = client_of(office.officer), client_of(office.clerk)
    assert 'name="edits" value="1"' in second.get(address).content.decode()

    assert first.post(address, typed(content="Một", edits="1")).status_code == 302
    assert second.post(address, typed(content="Hai", edits="1")).status_code == 409
    out = url("schedule_out", office.schedule.pk, item.key)
    assert second.post(out, {"edits": "1"}).status_code == 409
    assert second.post(out, {"edits": "x"}).status_code == 409
    assert office.contents() == ["Một"]
    frame = url("schedule_frame", office.schedule.pk)
    values = {"recipients": "- Như trên", "signed_as": "TL. CHỦ TỊCH", "signer": "Ông Mẫu"}
    assert first.post(frame, values | {"edits": "0"}).status_code == 302
    assert second.post(frame, values | {"edits": "0"}).status_code == 409


def test_a_draft_that_changed_meanwhile_is_not_issued_unread():
    office = Office()
    office.add()
    page = page_of(office.clerk, "schedule_draft", office.schedule.pk)
    seen = page.split('name="seen" value="')[1].split('"')[0]
    office.add(content="Thêm")

    answer = client_of(office.clerk).post(url("schedule_issue", office.schedule.pk), {"seen": seen})
    assert answer.status_code == 409
    assert "Dự thảo đã thay đổi" in answer.content.decode()
    assert not ScheduleVersion.objects.exists()


def test_a_seminar_is_left_out_and_put_back():
    office = Office()
    key = f"s{office.scheduled().pk}"
    clerk = client_of(office.clerk)
    page = page_of(office.clerk, "schedule_draft", office.schedule.pk)
    assert "từ cuộc hội thảo" in page
    form = clerk.get(url("schedule_change", office.schedule.pk, key)).content.decode()
    assert "lấy theo cuộc hội thảo" in form
    assert 'name="content"' not in form

    clerk.post(url("schedule_out", office.schedule.pk, key), {"edits": "0"})
    page = page_of(office.clerk, "schedule_draft", office.schedule.pk)
    assert "Không đưa vào lịch tuần này" in page
    back = clerk.post(url("schedule_back", office.schedule.pk, key))
    assert back.status_code == 302
    assert "từ cuộc hội thảo" in page_of(office.clerk, "schedule_draft", office.schedule.pk)
    assert clerk.post(url("schedule_back", office.schedule.pk, key)).status_code == 404


def test_last_week_is_copied_by_a_button():
    office = Office()
    office.add()
    following = office.begin(office.schedule.week.plus(1))
    clerk = client_of(office.clerk)

    answer = clerk.post(url("schedule_copy", following.pk), follow=True)
    assert "Đã chép 1 mục." in answer.content.decode()
    assert clerk.post(url("schedule_copy", office.schedule.pk)).status_code == 422


def test_a_week_that_is_over_is_read_and_not_changed(monkeypatch):
    office = Office()
    office.add()
    office.issue()
    monkeypatch.setattr("agencies.clock.now", lambda: at(20, 9))
    page = page_of(office.clerk, "schedule_draft", office.schedule.pk)

    assert "Tuần này đã qua" in page
    assert 'name="seen"' not in page
    answer = client_of(office.clerk).post(url("schedule_add", office.schedule.pk), typed())
    assert answer.status_code == 422


def test_junk_in_addresses_is_not_there_and_never_a_fault():
    office = Office()
    office.add()
    pk = office.schedule.pk
    clerk = client_of(office.clerk)
    # Nothing is issued yet.
    for name in ("schedule_versions", "schedule_print", "schedule_word"):
        assert clerk.get(url(name, pk)).status_code == 404
    office.issue()

    for address in (
        url("schedule_week", 999_999), url("schedule_week", 10**30), url("schedule_version", pk, 7),
        url("schedule_version", pk, 10**30), url("schedule_print", pk) + "?lan=x",
        url("schedule_print", pk) + "?lan=99999999999999999999999", url("schedule_draft", 10**30),
        url("schedule_change", pk, "s999"), url("schedule_change", pk, "t999999"),
        url("schedule_change", pk, "s" + "9" * 40), url("schedule_word", pk) + "?lan=-1",
    ):  # fmt: skip
        assert clerk.get(address).status_code == 404, address
    for address in (
        url("schedule_print", pk) + "?kieu=x", url("schedules") + "?page=1000000",
        url("schedule_add", pk) + "?ngay=x",
    ):  # fmt: skip
        assert clerk.get(address).status_code == 200, address
    for day in ("31/06/2016", "01/01/1900", "x", ""):
        posted = {"agency": office.small.province.pk, "day": day}
        assert clerk.post(url("begin_schedule"), posted).status_code == 422, day
    assert client_of(office.small.stranger).get(url("begin_schedule")).status_code == 404
    assert client_of(office.small.home_clerk).get(url("schedule_draft", pk)).status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_printed_paper_is_vietnamese_in_any_language_of_the_page(layout, language):
    office = Office()
    office.add(leaders="Ông Mẫu", half_day="", starts=time(7, 30), agencies=[office.unit])
    office.frame(
        replaces_invitations=True, recipients="- Thường trực Tỉnh ủy\n- Lưu: VT",
        signed_as="TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG", signer="Ông Mẫu",
    )  # fmt: skip
    office.issue()
    client = client_of(office.officer)
    client.cookies["language"] = language
    address = url("schedule_print", office.schedule.pk)
    paper = client.get(address, {"kieu": layout}).content.decode().split('class="a4')[1]

    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "UBND TỈNH",
        "LỊCH CÔNG TÁC TUẦN 24 (từ ngày 13/06/2016 đến ngày 19/06/2016)",
        "LỊCH NÀY THAY GIẤY MỜI HỌP", "Ban hành 10:00 03/06/2016", "Thứ Hai, ngày 13/06/2016",
        "Nơi nhận:", "Thường trực Tỉnh ủy", "TL. CHỦ TỊCH", "Họp giao ban", "Ông Mẫu",
        "ngày 03 tháng 6 năm 2016",
    ):  # fmt: skip
        assert words in paper, words
    # One table a day, with the day in its head.
    assert paper.count("<table") == 5
    for table in paper.split("<table")[1:]:
        assert "ngày" in table.split("<thead>")[1].split("</thead>")[0]
    assert "rowspan" not in paper


def test_what_another_agency_prints_says_that_it_is_an_excerpt():
    office = Office()
    office.add(content="Nội bộ")
    office.add(content="Của Sở", agencies=[office.small.home])
    office.issue()
    client = client_of(office.small.home_officer)

    paper = client.get(url("schedule_print", office.schedule.pk)).content.decode()
    word = docx.Document(BytesIO(client.get(url("schedule_word", office.schedule.pk)).content))
    said = "\n".join(each.text for each in word.paragraphs)
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]

    for text in (paper, said):
        assert "TRÍCH LỊCH CÔNG TÁC TUẦN 24" in text
    for text in (paper, "\n".join(cells)):
        assert "Của Sở" in text
        assert "Nội bộ" not in text


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_word_file_says_the_same_and_repeats_the_day_on_each_page(layout):
    office = Office()
    office.add(leaders="Ông Mẫu", half_day="", starts=time(7, 30), separate=True)
    office.frame(recipients="- Lưu: VT", signed_as="TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG")
    office.issue()
    answer = client_of(office.officer).get(
        url("schedule_word", office.schedule.pk), {"kieu": layout}
    )

    assert answer["Content-Disposition"] == 'attachment; filename="lich-tuan-24-2016.docx"'
    document = docx.Document(BytesIO(answer.content))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    said = "\n".join(each.text for each in document.paragraphs)
    assert "LỊCH CÔNG TÁC TUẦN 24 (từ ngày 13/06/2016 đến ngày 19/06/2016)" in said
    head, *days, ending = document.tables
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in head.rows[0].cells[1].text
    assert "Lưu: VT" in ending.rows[0].cells[0].text
    assert "TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG" in ending.rows[0].cells[1].text
    assert len(days) == 5
    for table in days:
        assert table.rows[0].cells[0].text.startswith("Thứ ")
        headers = [
            row._tr.trPr is not None and row._tr.trPr.xpath("w:tblHeader") for row in table.rows
        ]
        assert [bool(each) for each in headers[:2]] == [True, True]
        assert not any(headers[2:])
    assert "Họp giao ban (Giấy mời riêng)" in "\n".join(
        cell.text for row in days[0].rows for cell in row.cells
    )
    assert document.styles["Normal"].font.name == "Times New Roman"


def test_the_pages_cost_the_same_for_one_and_for_many():
    office = Office()
    client = client_of(office.clerk)
    addresses = [
        url(name, office.schedule.pk)
        for name in ("schedule_week", "schedule_draft", "schedule_print", "schedule_versions")
    ] + [url("schedules")]  # fmt: skip

    def queries() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as counted:
                assert client.get(address).status_code == 200
            counts.append(len(counted))
        return counts

    def fill(many: int) -> None:
        for number in range(many):
            office.add(content=f"Mục {number}", agencies=[office.small.home, office.unit])
            room = office.room(f"Phòng {ScheduleItem.objects.count()}")
            office.scheduled(
                places=[office.place(room=room)], chair=("Chủ trì", room.name), moment=at(3, 9)
            )
        office.issue()

    fill(1)
    queries()
    before = queries()
    fill(5)
    assert queries() == before
    assert before[0] <= 12


def test_a_list_of_weeks_costs_the_same_for_one_and_for_three():
    office = Office()
    office.add(agencies=[office.small.home])
    office.issue()
    home = client_of(office.small.home_officer)

    def queries(client) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url("schedules")).status_code == 200
        return len(counted)

    queries(home)
    before = queries(home)
    for _each in range(2):
        office.schedule = office.begin(office.schedule.week.plus(1))
        monday = office.schedule.week.monday
        office.add(agencies=[office.small.home], day=monday)
        office.issue()
    assert queries(home) == before
    page = home.get(url("schedules")).content.decode()
    assert page.count("UBND tỉnh</td>") == 3
