"""A day is found by asking agencies, a programme is planned whole, a week is issued and adjusted."""

import io
import re

import docx
import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser

SEMINAR = re.compile(r"/hoi-thao/\d+/$")
PLANNED = "Hội nghị nhân rộng mô hình"


def test_agencies_say_when_they_are_free_and_the_best_half_day_is_used(visit: Visit) -> None:
    officer, asked = visit("cb.cat"), visit("vt.snv")
    asked.go("/")
    asked.page.locator("main a[href*='/khao-sat/tra-loi/']").first.click()
    asked.page.get_by_label(asked.word("Half-days that I leave unmarked are")).select_option("free")
    # Free on all but one morning, which was the best for the others.
    asked.page.locator("[name$='-morning'][value=busy]").nth(2).check()
    asked.check()
    asked.button("Send the answer").click()
    asked.check_quiet()

    officer.go("/hoi-thao/")
    officer.page.get_by_role("link", name=PLANNED).click()
    officer.page.locator("main a[href*='/khao-sat/']").first.click()
    expect(
        officer.page.get_by_text(officer.words("%(answered)s of %(many)s", answered=3, many=3))
    ).to_be_visible()
    officer.check()
    best = officer.page.locator("#best li").first
    said = best.inner_text()
    officer.link("Use this half-day", best).click()
    officer.check()
    assert officer.page.locator("[name=day]").input_value().split("/")[0] in said
    officer.page.locator("[name=from_time]").fill("08:00")
    officer.page.locator("[name=to_time]").fill("10:00")
    officer.page.locator("main form button.btn").first.click()
    officer.page.wait_for_url(SEMINAR)
    expect(officer.page.get_by_text(re.compile("08:00 – 10:00")).first).to_be_visible()


def test_a_week_is_issued_adjusted_printed_and_given_as_word(visit: Visit) -> None:
    clerk = visit("vt.cat")
    page = clerk.page
    clerk.go("/hoi-thao/lich-tuan/moi/")
    page.locator("[name=day]").fill("22/06/2016")
    page.locator("main form button.btn").first.click()
    page.wait_for_url(re.compile(r"/lich-tuan/\d+/soan/$"))
    draft = page.url.removeprefix(clerk.address)
    # What is held in that week stands there by itself.
    expect(page.get_by_text("Hội thảo xây dựng mô hình tự quản").first).to_be_visible()
    clerk.check()

    def add(content: str, day: str, hour: str) -> None:
        clerk.link("Add an item", exact=True).click()
        page.locator("[name=day]").select_option(day)
        page.locator("[name=starts]").fill(hour)
        page.locator("[name=content]").fill(content)
        page.locator("[name=leaders]").fill("Kim Đại Lâm")
        clerk.check()
        page.locator("main form button.btn").first.click()
        page.wait_for_url(re.compile(r"/soan/$"))

    add("Giao ban tuần", "2016-06-20", "07:00")
    clerk.button("Issue the schedule").click()
    page.wait_for_url(re.compile(r"/lich-tuan/\d+/$"))
    week = page.url.removeprefix(clerk.address)
    expect(page.get_by_text("Giao ban tuần").first).to_be_visible()
    clerk.check()

    clerk.go(draft)
    add("Tiếp đoàn kiểm tra", "2016-06-23", "14:00")
    expect(page.get_by_text(re.compile("^Thêm:.*Tiếp đoàn kiểm tra"))).to_be_visible()
    clerk.button("Issue the adjustment").click()
    page.wait_for_url(re.compile(r"/lich-tuan/\d+/$"))
    expect(page.get_by_text(re.compile("Điều chỉnh lần 1")).first).to_be_visible()

    for layout in ("ngay", "lanh-dao", "ma-tran"):
        clerk.go(f"{week}in/?kieu={layout}")
        expect(page.get_by_text(re.compile("LỊCH CÔNG TÁC TUẦN 25"))).to_be_visible()
        expect(page.get_by_text("Tiếp đoàn kiểm tra").first).to_be_visible()
    answer = page.request.get(f"{clerk.address}{week}word/")
    assert answer.ok
    written = docx.Document(io.BytesIO(answer.body()))
    cells = [cell.text for table in written.tables for row in table.rows for cell in row.cells]
    assert any("Tiếp đoàn kiểm tra" in text for text in cells)
    # The version that was issued first is still what it was.
    clerk.go(f"{week}lan/0/")
    expect(page.get_by_text("Giao ban tuần").first).to_be_visible()
    expect(page.get_by_text("Tiếp đoàn kiểm tra")).to_have_count(0)
