"""What a recipient does, from its desk to the receipt."""

import re
from pathlib import PurePosixPath

import pytest
from playwright.sync_api import Page, expect

from tests.documents.files.samples import pdf
from tests.journeys.conftest import Visit, Visitor

pytestmark = pytest.mark.browser

RECEIPT = re.compile(r"/phieu/[^/]+/$")


def code_of(page: Page) -> str:
    """The code of the receipt that is shown, which its address and its slip both carry."""
    page.wait_for_url(RECEIPT)
    code = PurePosixPath(page.url).name
    expect(page.locator(".a4")).to_contain_text(code)
    return code


def paper_in_tables(visitor: Visitor, code: str) -> int:
    return visitor.page.get_by_role("link", name=code, exact=True).count()


def test_a_deputy_acknowledges_and_gets_one_receipt_however_often_he_asks(visit: Visit) -> None:
    deputy = visit()
    deputy.go("/tai-khoan/login/")
    deputy.page.get_by_role("listitem").filter(has_text="cv.snv").get_by_role("button").click()
    deputy.page.wait_for_url(f"{deputy.address}/")
    expect(deputy.page.locator(".strip").last).to_contain_text("Lâm Sương Dung")
    deputy.page.get_by_role("link", name="1502/UBND-NC", exact=True).click()
    expect(deputy.page.get_by_role("article")).to_contain_text("đồng bào dân tộc thiểu số")
    second = deputy.another_tab()
    second.goto(deputy.page.url)

    deputy.button("Acknowledge receipt").click()
    first_code = code_of(deputy.page)
    deputy.button("Acknowledge receipt", second).click()
    second_code = code_of(second)
    deputy.page.go_back()
    deputy.link("Receipt", exact=True).click()
    third_code = code_of(deputy.page)

    assert first_code == second_code == third_code
    expect(deputy.page.locator(".a4")).to_contain_text("Võ Khánh Đoan, làm thay Lâm Sương Dung")
    deputy.go("/")
    assert paper_in_tables(deputy, "1505/UBND-KTN") == 1
    assert paper_in_tables(deputy, "1502/UBND-NC") == 0
    deputy.check_quiet()


def test_two_quick_clicks_acknowledge_once(visit: Visit) -> None:
    clerk = visit("vt.skhcn")
    clerk.open_paper("1502/UBND-NC")
    sent: list[str] = []
    clerk.page.on("request", lambda each: each.method == "POST" and sent.append(each.url))

    clerk.button("Acknowledge receipt").dblclick()

    assert code_of(clerk.page)
    assert len(sent) == 1
    clerk.check_quiet()


def test_a_misdirected_paper_goes_back_with_its_reason(visit: Visit) -> None:
    clerk, sender = visit("vt.sgddt"), visit("vt.ubnd")
    reason = "Thuộc nhiệm vụ của ngành lao động, không phải của ngành giáo dục."
    clerk.open_paper("1504/UBND-VX")
    clerk.page.locator("main a[href$='/tra-lai/']").click()

    clerk.page.get_by_label(clerk.word("Reason for the return")).fill(reason)
    clerk.page.get_by_label(clerk.word("Where it belongs")).select_option(
        label="Sở Lao động - Thương binh và Xã hội"
    )
    clerk.button("Return the paper").click()

    clerk.page.wait_for_url("**/den/")
    clerk.page.goto(f"{clerk.address}/den/?state=all")
    expect(clerk.page.locator("main")).not_to_contain_text("phòng, chống đuối nước")
    sender.go("/")
    row = sender.row("1504/UBND-VX")
    expect(row).to_contain_text(reason)
    expect(row).to_contain_text("Sở Lao động - Thương binh và Xã hội")
    row.get_by_role("link", name="1504/UBND-VX", exact=True).click()
    sender.page.locator("main a[href$='/theo-doi/']").first.click()
    line = sender.row("Sở Giáo dục và Đào tạo")
    line.locator("summary").click()
    expect(line.get_by_text(reason)).to_be_visible()
    sender.check_quiet()


def test_a_recall_is_asked_for_and_agreed_to(visit: Visit) -> None:
    clerk, sender = visit("vt.tanbien"), visit("vt.ubnd")
    clerk.go("/")
    clerk.button("Receive", clerk.row("1505/UBND-KTN")).click()
    expect(clerk.page.locator("main")).to_contain_text("1505/UBND-KTN")
    sender.go("/di/")
    sender.row("1505/UBND-KTN").locator("a[href$='/theo-doi/']").click()
    sender.page.locator("main a[href$='/thu-hoi/']").click()

    sender.page.get_by_label(sender.word("Reason for the recall")).fill("Ghi nhầm tên huyện.")
    sender.page.get_by_label("UBND huyện Tân Biên").check()
    sender.page.locator("main form button").last.click()
    sender.page.wait_for_url("**/theo-doi/**")
    clerk.go("/")
    clerk.link("Answer the recall", clerk.row("1505/UBND-KTN")).click()
    expect(clerk.page.locator("main")).to_contain_text("Ghi nhầm tên huyện.")
    clerk.check()
    clerk.page.locator("[name=answer][value=agree]").check()
    clerk.button("Send the answer").click()

    clerk.page.wait_for_url("**/den/")
    clerk.page.goto(f"{clerk.address}/den/?state=ended")
    gone = clerk.row("1505/UBND-KTN")
    expect(gone).to_contain_text("Ghi nhầm tên huyện.")
    expect(gone).not_to_contain_text("lốc xoáy")
    assert gone.get_by_role("link").count() == 0
    sender.page.reload()
    expect(sender.row("UBND huyện Tân Biên")).to_contain_text(sender.word("Recalled"))
    # Those from whom it was not asked back still hold it.
    expect(sender.row("Sở Xây dựng")).not_to_contain_text(sender.word("Recalled"))


def test_a_paper_from_outside_is_entered_and_sent_on(visit: Visit) -> None:
    clerk, further = visit("cv.snv"), visit("vt.stp")
    clerk.go("/")
    clerk.link("Enter a paper from outside").click()
    page = clerk.page
    page.get_by_label(clerk.word("Issuing body")).fill("Trường Chính trị mẫu")
    page.get_by_label(clerk.word("Document type")).select_option(label="Thông báo")
    page.get_by_label(clerk.word("Number and symbol")).fill("47/TB-TCTM")
    page.get_by_label(clerk.word("Date of the paper")).fill("03/06/2016")
    page.get_by_label(clerk.word("Subject")).fill("Lịch khai giảng lớp bồi dưỡng mẫu")
    page.get_by_label(clerk.word("Main text or scan")).set_input_files(
        {"name": "47-TB.pdf", "mimeType": "application/pdf", "buffer": pdf("Lich khai giang")}
    )
    clerk.button("Enter in the register").click()
    page.wait_for_url(re.compile(r"/van-ban/\d+/$"))
    expect(page.locator("main")).to_contain_text("1189")
    clerk.check()

    page.locator("main a[href$='/gui-them/']").click()
    page.get_by_label(clerk.word("Agencies")).select_option(label="Sở Tư pháp")
    clerk.button("Send", page.locator("main"), exact=True).click()
    page.wait_for_url(re.compile(r"/(van-ban|theo-doi)/"))

    further.go("/")
    row = further.row("47/TB-TCTM")
    expect(row).to_contain_text("Lịch khai giảng lớp bồi dưỡng mẫu")
    row.get_by_role("link", name="47/TB-TCTM", exact=True).click()
    file = further.page.get_by_role("link", name="47-TB.pdf").get_attribute("href")
    answer = further.context.request.get(f"{further.address}{file}")
    assert answer.body().startswith(b"%PDF-")


# -- In other ways than with a mouse and JavaScript -----------------------------------------------


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; each stop on the way must be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        seen, there = page.evaluate(
            """(selector) => {
              const active = document.activeElement, style = getComputedStyle(active);
              const box = active.getBoundingClientRect();
              return [
                active === document.body ||
                  (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
                   && box.width > 1 && box.height > 1),
                active.matches(selector),
              ];
            }""",
            selector,
        )
        assert seen, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if there:
            return
    pytest.fail(f"{selector} is not reached with Tab on {page.url}")


def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    clerk = visit()
    page = clerk.page
    clerk.go("/tai-khoan/login/")
    tab_to(page, "[name=login]")
    page.keyboard.type("vt.bencau")
    tab_to(page, "[name=password]")
    page.keyboard.type("kinh-gui-2016")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{clerk.address}/")

    tab_to(page, ".skip")
    page.keyboard.press("Enter")
    paper = page.get_by_role("link", name="1502/UBND-NC", exact=True).get_attribute("href")
    tab_to(page, f"main a[href='{paper}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{paper}")
    tab_to(page, "form[action$='/xac-nhan/'] button")
    page.keyboard.press("Space")

    assert code_of(page)
    clerk.check_quiet()


def test_a_recipient_does_without_javascript(visit: Visit) -> None:
    clerk = visit("vt.sxd", java_script_enabled=False)
    clerk.go("/")
    clerk.page.get_by_role("link", name="1505/UBND-KTN", exact=True).click()
    expect(clerk.page.get_by_role("article")).to_contain_text("phòng, chống lốc xoáy")
    clerk.go("/")
    clerk.button("Receive", clerk.row("1505/UBND-KTN")).click()
    clerk.link("Acknowledge", clerk.row("1505/UBND-KTN")).click()

    clerk.button("Acknowledge receipt").click()

    assert code_of(clerk.page)
    clerk.check_quiet()
