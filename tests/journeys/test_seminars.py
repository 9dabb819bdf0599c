"""From the order in Công văn 1502 to "2 of 3 held": plan, invite, name, hold, conclude, report."""

import os
import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit, Visitor
from tests.seminars.subscriber import NoClient, Subscriber, subscriber

pytestmark = pytest.mark.browser

SEMINAR = re.compile(r"/hoi-thao/\d+/$")
TITLE = "Tọa đàm nhân rộng mô hình"


def issue(officer: Visitor, head: Visitor, clerk: Visitor, draft: str) -> None:
    """Let a drafted paper go the ordinary way: submitted, signed, numbered and issued."""
    officer.go(draft)
    officer.button("Submit for signature").click()
    officer.page.wait_for_url(re.compile(r"/van-ban/\d+/$"))
    paper = officer.page.url.removeprefix(officer.address)
    head.go(paper.replace("/van-ban/", "/di/") + "ky/")
    head.button("Sign", head.page.locator("main"), exact=True).click()
    head.page.wait_for_url(lambda url: "/ky/" not in url)
    clerk.go(paper.replace("/van-ban/", "/di/") + "phat-hanh/")
    clerk.button("Number and issue").click()
    clerk.page.wait_for_url(lambda url: "/phat-hanh/" not in url)


def draft_of(visitor: Visitor, label: str) -> str:
    """Press the button that drafts a paper; return where it is written."""
    visitor.button(label).click()
    visitor.page.wait_for_url(re.compile(r"/di/\d+/soan/"))
    return visitor.page.url.removeprefix(visitor.address)


def fill_time(page: Page, visitor: Visitor, day: str, first: str, last: str) -> None:
    page.get_by_label(visitor.word("Day"), exact=False).first.fill(day)
    page.locator("[name=from_time]").fill(first)
    page.locator("[name=to_time]").fill(last)


def test_an_order_becomes_a_round_table_that_is_held_and_reported(visit: Visit) -> None:
    officer, head, clerk = map(visit, ("cb.cat", "gd.cat", "vt.cat"))
    invited = visit("vt.sct")
    page = officer.page
    officer.go("/hoi-thao/?xem=chuong-trinh")
    officer.check()
    page.locator("main tbody a").first.click()
    expect(
        page.get_by_text(officer.words("%(held)s of %(target)s", held=1, target=3))
    ).to_be_visible()
    officer.check()
    board = page.url

    # Planned for this very morning, on one page.
    officer.link("Plan a seminar").click()
    officer.check()
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=kind][value=round_table]").check()
    page.locator("[name=chair_name]").fill("Phan Kế Toàn")
    fill_time(page, officer, "06/06/2016", "09:00", "10:00")
    page.locator("[name='places-0-place']").fill("Nhà văn hóa thành phố")
    page.locator("[name='places-0-seats']").fill("5")
    officer.button("Keep the plan").click()
    page.wait_for_url(SEMINAR)
    seminar = page.url.removeprefix(officer.address)
    officer.button("Hold the date").click()
    officer.button("Schedule", exact=True).click()
    # The invitation is late for today, and the page says so.
    expect(page.get_by_text(re.compile("Giấy mời lẽ ra phải gửi"))).to_be_visible()
    officer.check()

    officer.link("Say who is invited").click()
    page.locator("[name='add-agency']").select_option(label="Sở Công Thương")
    officer.button("Keep the list").click()
    expect(officer.row("Sở Công Thương")).to_be_visible()
    officer.check()
    officer.go(seminar)
    issue(officer, head, clerk, draft_of(officer, "Draft the invitation"))
    clerk.go(seminar)
    clerk.link("Invite", exact=True).click()
    clerk.check()
    clerk.button("Invite", exact=True).click()
    clerk.page.wait_for_url(SEMINAR)

    # The invited office names two; one is replaced, and the chair agrees.
    invited.go("/hoi-thao/?xem=moi")
    invited.page.get_by_role("link", name=TITLE).click()
    invited.check()
    for name in ("Đặng Văn Mẫu", "Bùi Thị Mẫu"):
        invited.link("Name a delegate").click()
        invited.page.locator("[name=name]").fill(name)
        invited.check()
        invited.button("Name", exact=True).click()
    invited.link("Somebody else comes").first.click()
    invited.page.locator("[name=name]").fill("Lý Văn Thay")
    invited.button("Ask for consent").click()
    expect(invited.page.get_by_text("Lý Văn Thay").first).to_be_visible()
    officer.go(seminar)
    officer.button("The chair agrees").click()
    expect(page.get_by_text("Lý Văn Thay").first).to_be_visible()

    # Held, marked, minuted.
    officer.button("Open", exact=True).click()
    officer.link("Attendance").click()
    officer.check()
    for select in page.locator("main tbody select").all():
        select.select_option("present")
    officer.button("Keep the attendance").click()
    officer.go(seminar)
    officer.button("Close", exact=True).click()
    officer.link("Minutes", exact=True).click()
    page.locator("[name=text]").fill("Thống nhất nhân rộng mô hình.")
    officer.button("Keep this version").click()
    head.go(seminar)
    head.button("Approve the minutes").click()
    head.check()

    # Concluded and reported, each by a paper of its own.
    clerk.go(seminar)
    issue(clerk, head, clerk, draft_of(clerk, "Draft the conclusion notice"))
    clerk.go(seminar)
    clerk.link("Conclude", exact=True).click()
    clerk.button("Conclude", exact=True).click()
    clerk.page.wait_for_url(SEMINAR)
    issue(clerk, head, clerk, draft_of(clerk, "Draft the report"))
    clerk.go(seminar)
    clerk.button("Report back").click()
    clerk.check()

    page.goto(board)
    expect(
        page.get_by_text(officer.words("%(held)s of %(target)s", held=2, target=3))
    ).to_be_visible()
    officer.check_quiet()


def test_a_programme_is_closed_by_its_owner_by_keyboard_alone(visit: Visit) -> None:
    officer = visit("cb.cat")
    page = officer.page
    officer.open_paper("1502/UBND-NC")
    plan = officer.link("Plan what it orders")
    plan.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/theo-van-ban/"))
    officer.check()
    title = page.locator("[name=title]")
    title.focus()
    page.keyboard.type("Chương trình thử")
    page.locator("[name=target]").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/hoi-thao/chuong-trinh/\d+/$"))
    end = officer.link("Close the programme")
    end.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/ket-thuc/"))
    officer.check()
    page.locator("[name=waiver]").focus()
    page.keyboard.type("Gộp vào chương trình khác")
    officer.button("Close the programme").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/hoi-thao/chuong-trinh/\d+/$"))
    expect(page.get_by_text("Gộp vào chương trình khác")).to_be_visible()
    officer.check()


def test_a_delegate_is_named_without_javascript_and_on_a_telephone(visit: Visit) -> None:
    invited = visit("vt.tanchau", java_script_enabled=False)
    page = invited.page
    invited.go("/hoi-thao/?xem=moi")
    page.get_by_role("link", name="Hội thảo xây dựng mô hình tự quản").click()
    invited.link("Name a delegate").click()
    page.locator("[name=name]").fill("Vũ Thị Mẫu")
    invited.button("Name", exact=True).click()

    expect(page.get_by_role("row").filter(has_text="Vũ Thị Mẫu")).to_be_visible()
    small = visit("vt.tanchau", viewport={"width": 390, "height": 844})
    small.go(page.url.removeprefix(invited.address))
    assert small.too_wide() == []
    small.check()


def subscribed(home: Path) -> Subscriber:
    """A calendar program of somebody's own; skipped by name where there is none."""
    try:
        return subscriber(home)
    except NoClient as none:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{none}, and CI=true lets nothing be skipped")
        pytest.skip(f"{none}: make calendar-clients")


def test_a_calendar_program_sees_a_move_once_and_a_cancellation(
    visit: Visit, tmp_path: Path
) -> None:
    client = subscribed(tmp_path)
    officer, clerk = visit("cb.cat"), visit("vt.cat")
    page = officer.page
    officer.go("/hoi-thao/lich/")
    officer.check()
    officer.button("Make a feed").click()
    officer.check()
    address = page.locator("main code").inner_text()
    title = "Hội nghị đổi giờ"
    officer.go("/hoi-thao/moi/")
    page.locator("[name=title]").fill(title)
    fill_time(page, officer, "23/06/2016", "08:00", "09:30")
    page.locator("[name='places-0-place']").fill("Nhà văn hóa huyện")
    officer.button("Keep the plan").click()
    page.wait_for_url(SEMINAR)
    seminar = page.url.removeprefix(officer.address)
    officer.button("Hold the date").click()

    def shown() -> list[str]:
        client.sync(address)
        lines = client.listed(date(2016, 6, 1), date(2016, 7, 1))
        return [line for line in lines if title in line]

    assert shown() == [f"23/06/2016 08:00-09:30 Nhà văn hóa huyện: {title}"]
    officer.link("Time", exact=True).click()
    fill_time(page, officer, "24/06/2016", "14:00", "15:00")
    officer.button("Set the time").click()
    assert shown() == [f"24/06/2016 14:00-15:00 Nhà văn hóa huyện: {title}"]

    clerk.go(seminar)
    clerk.link("Cancel", exact=True).click()
    clerk.page.locator("[name=reason]").fill("Trùng kỳ họp")
    clerk.button("Cancel the seminar").click()
    clerk.page.wait_for_url(SEMINAR)
    assert [line.partition(": ")[2] for line in shown()] == [f"CANCELLED {title}"]


def test_a_returned_paper_is_handed_in_again_accepted_and_read_by_others(visit: Visit) -> None:
    author = visit("vt.bdv", java_script_enabled=False)
    officer, other = visit("cb.cat"), visit("vt.snv")
    title = "Dân vận khéo trong đồng bào dân tộc thiểu số"
    author.go("/")
    author.link("Hand in the paper").click()
    expect(author.page.get_by_text("Đề nghị bổ sung số liệu của năm 2015.")).to_be_visible()
    paper = author.page.url.removeprefix(author.address)
    assert other.page.request.get(f"{other.address}{paper}").status == 404

    author.link("Hand in the next version").click()
    author.page.locator("[name=file]").set_input_files(
        {"name": "ban-2.txt", "mimeType": "text/plain", "buffer": "Số liệu năm 2015".encode()}
    )
    author.button("Hand it in").click()
    author.page.wait_for_url(re.compile(r"/tham-luan/\d+/$"))

    officer.go("/")
    officer.link("Read the paper handed in").click()
    officer.check()
    officer.page.get_by_label(officer.word("Line of the agenda")).select_option(
        label="Tham luận của các cơ quan"
    )
    officer.button("Accept the paper").click()
    expect(officer.page.get_by_text(officer.word("Accepted"), exact=True)).to_be_visible()

    other.go(paper)
    expect(other.page.get_by_role("heading", name=title)).to_be_visible()
    # The version that was returned is not for the others.
    expect(other.page.get_by_role("link", name="ban-2.txt")).to_have_count(1)
    expect(other.page.get_by_role("link", name="tham-luan-dan-van.txt")).to_have_count(0)
    other.check()


def test_a_seminar_is_repeated_and_a_date_left_out_is_taken_back(visit: Visit) -> None:
    officer = visit("cb.cat")
    page = officer.page
    officer.go("/hoi-thao/moi/")
    page.locator("[name=title]").fill("Giao ban phong trào")
    page.locator("[name=kind][value=conference]").check()
    fill_time(page, officer, "25/08/2016", "08:00", "09:00")
    page.locator("[name='places-0-place']").fill("Phòng họp nhỏ")
    page.locator("[name='places-0-seats']").fill("10")
    officer.button("Keep the plan").click()
    page.wait_for_url(SEMINAR)
    seminar = page.url.removeprefix(officer.address)

    officer.link("Agenda").click()
    page.locator("[name='lines-0-minutes']").fill("20")
    page.locator("[name='lines-0-title']").fill("Báo cáo tháng")
    officer.button("Keep the agenda").click()
    expect(page.get_by_text("08:00 – 08:20")).to_be_visible()

    officer.link("Repeat").click()
    page.locator("[name=rule][value=weeks]").check()
    page.locator("[name=count]").fill("2")
    officer.button("Show the dates").click()
    officer.check()
    page.locator("[name='d20160901-choice']").select_option("skip")
    page.locator("[name='d20160901-reason']").fill("Chuẩn bị Quốc khánh")
    officer.button("Plan these dates").click()
    page.wait_for_url(SEMINAR)
    expect(page.get_by_text("Chuẩn bị Quốc khánh")).to_be_visible()
    officer.check()

    officer.button("Hold one after all").click()
    page.wait_for_url(SEMINAR)
    assert page.url.removeprefix(officer.address) != seminar
    expect(page.get_by_text("08:00 – 08:20")).to_be_visible()
