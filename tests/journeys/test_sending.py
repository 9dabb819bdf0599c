"""What a sender does: drafts, signs, numbers, issues, follows, reminds."""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from documents.demo import PASSWORD
from tests.documents.files.samples import pdf
from tests.journeys.conftest import Visit, Visitor

pytestmark = pytest.mark.browser

DRAFT = re.compile(r"/di/\d+/soan/")


def begin(writer: Visitor) -> None:
    """Begin a công văn of the province."""
    writer.go("/di/")
    writer.link("Draft a dispatch").click()
    page = writer.page
    page.get_by_label(writer.word("Paper of")).select_option(label="UBND tỉnh Tây Ninh")
    page.get_by_label(writer.word("Document type")).select_option(label="Công văn")
    writer.button("Begin the draft").click()
    page.wait_for_url(DRAFT)


def test_the_secretariat_follows_reminds_and_takes_the_table_along(visit: Visit) -> None:
    clerk, sender = visit("vt.sct"), visit("vt.ubnd")
    sender.go("/di/")
    sender.row("1502/UBND-NC").locator("a[href$='/theo-doi/']").click()
    owing = sender.row("Sở Công Thương")
    expect(owing).to_contain_text(sender.word("not yet"))
    clerk.open_paper("1502/UBND-NC")
    clerk.button("Acknowledge receipt").click()

    sender.page.reload()
    expect(owing).not_to_contain_text(sender.word("not yet"))
    expect(owing).to_contain_text("Lâm Quế Chi")
    expect(sender.link("Receipt", owing)).to_be_visible()
    states = sender.page.get_by_role("navigation", name=sender.word("Filter by state"))
    sender.link("Late", states).click()
    late = sender.page.locator("main tbody tr")
    expect(late).to_have_count(2)
    remind = sender.page.locator("main form[action$='/nhac/'] button")
    expect(remind).to_have_count(3)
    remind.first.click()
    expect(remind).to_have_count(0)
    expect(sender.row("Sở Xây dựng")).to_be_visible()

    with sender.page.expect_download() as download:
        sender.page.locator("main a[href*='xlsx']").click()

    assert download.value.suggested_filename.endswith(".xlsx")
    with open(download.value.path(), "rb") as file:
        sheet = openpyxl.load_workbook(io.BytesIO(file.read())).active
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any("Sở Xây dựng" in cell for cell in cells)
    sender.check_quiet()


def test_a_dispatch_goes_from_an_empty_page_to_the_recipients_desk(visit: Visit) -> None:
    writer, leader, clerk, recipient = map(visit, ("cv.nc", "pct.ubnd", "vt.ubnd", "vt.stp"))
    subject = "báo cáo công tác phổ biến pháp luật quý II năm 2016"

    # The drafter writes, and it is saved by itself, twice.
    begin(writer)
    page = writer.page
    page.get_by_label(writer.word("Field of work")).select_option(index=1)
    with page.expect_response(re.compile("tu-luu")) as saved:
        page.locator("[name=subject]").fill(subject)
    assert saved.value.status == 200
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile(r"\d\d:\d\d"))
    with page.expect_response(re.compile("tu-luu")) as saved:
        page.locator("[name=text]").fill("Đề nghị Sở Tư pháp báo cáo trước ngày 08/6/2016./.")
    assert saved.value.status == 200
    page.locator("[name=line-0-text]").fill("Giám đốc Sở Tư pháp")
    page.locator("[name=line-0-add]").press_sequentially("so tu phap")
    page.locator("#line-0").get_by_role("checkbox", name="Sở Tư pháp").first.check()
    page.locator("[name=expectation][value=acknowledge]").check()
    page.locator("[name=due_source][value=printed]").check()
    page.locator("[name=due_on]").fill("08/06/2016")
    page.locator("[name=files]").set_input_files(
        {"name": "de-cuong.pdf", "mimeType": "application/pdf", "buffer": pdf("De cuong")}
    )
    writer.button("Attach", exact=True).click()
    expect(page.get_by_role("link", name="de-cuong.pdf")).to_be_visible()
    expect(page.locator("[name=subject]")).to_have_value(subject)
    expect(page.locator("#line-0").get_by_role("checkbox", name="Sở Tư pháp")).to_be_checked()
    writer.check()
    writer.button("Submit for signature").click()
    page.wait_for_url(re.compile(r"/van-ban/\d+/$"))

    # The leader reads and signs.
    leader.go("/")
    leader.link("Sign", leader.row(subject)).click()
    expect(leader.page.get_by_role("article")).to_contain_text("Đề nghị Sở Tư pháp báo cáo")
    leader.page.locator("[name=capacity][value=kt]").check()
    leader.button("Sign", leader.page.locator("main"), exact=True).click()
    leader.page.wait_for_url(lambda url: "/ky/" not in url)

    # The secretariat sees what issuing would do, then does it.
    clerk.go("/")
    clerk.link("Give a number", clerk.row(subject)).click()
    would = clerk.page.get_by_role("complementary", name=clerk.word("Dry run"))
    expect(would).to_be_visible()
    code = re.search(r"\d+/UBND-\w+", clerk.page.locator("#number").inner_text())
    assert code
    clerk.check()
    clerk.button("Number and issue").click()
    clerk.page.wait_for_url(lambda url: "/phat-hanh/" not in url)
    expect(clerk.page.locator("main")).to_contain_text(code[0])

    # The recipient has it, with its file, and the worker says that it arrived.
    recipient.go("/")
    recipient.page.get_by_role("link", name=code[0], exact=True).click()
    expect(recipient.page.get_by_role("article")).to_contain_text("Đề nghị Sở Tư pháp báo cáo")
    file = recipient.page.get_by_role("link", name="de-cuong.pdf").get_attribute("href")
    answer = recipient.context.request.get(f"{recipient.address}{file}")
    assert answer.body().startswith(b"%PDF-")
    for _ in range(40):
        clerk.go("/di/")
        clerk.row(code[0]).locator("a[href$='/theo-doi/']").click()
        if clerk.row("Sở Tư pháp").locator("td.on").count() >= 3:
            break
        clerk.page.wait_for_timeout(500)
    expect(clerk.row("Sở Tư pháp").locator("td.on")).to_have_count(3)
    recipient.go("/thong-bao/")
    expect(recipient.page.locator("main")).to_contain_text(code[0])
    for each in (writer, leader, clerk, recipient):
        each.check_quiet()


def test_nothing_typed_is_lost_when_the_session_ends(visit: Visit) -> None:
    writer = visit("cv.nc")
    begin(writer)
    page = writer.page
    here = page.url
    page.locator("[name=subject]").fill("nghỉ lễ Quốc khánh")
    writer.context.clear_cookies()
    kept = page.locator("[data-autosave-status]")
    expect(kept).to_have_text(kept.get_attribute("data-kept") or "")
    page.locator("[name=text]").fill("Lịch nghỉ, viết sau khi hết phiên.")

    writer.button("Save the draft").click()
    page.wait_for_url("**/login/**")
    page.get_by_label(writer.word("Sign-in name")).fill("cv.nc")
    page.get_by_label(writer.word("Password"), exact=True).fill(PASSWORD)
    writer.button("Sign in", exact=True).first.click()

    page.wait_for_url(here)
    expect(page.locator("[name=subject]")).to_have_value("nghỉ lễ Quốc khánh")
    expect(page.locator("[name=text]")).to_have_value("Lịch nghỉ, viết sau khi hết phiên.")
    writer.button("Save the draft").click()
    page.goto(here)
    expect(page.locator("[name=text]")).to_have_value("Lịch nghỉ, viết sau khi hết phiên.")


def test_a_drafter_does_without_javascript(visit: Visit) -> None:
    writer = visit("cv.nc", java_script_enabled=False)
    begin(writer)
    page = writer.page
    here = page.url
    page.locator("[name=subject]").fill("trực cơ quan, viết không có JavaScript")
    page.locator("[name=line-0-text]").fill("Giám đốc Sở Nội vụ")
    # The initials of two departments: the page asks which one.
    page.locator("[name=line-0-add]").fill("snv")
    writer.button("Save the draft").click()
    page.get_by_role("checkbox", name="Sở Nội vụ").check()
    page.locator("[name=line-0-add]").fill("")
    writer.button("Save the draft").click()
    expect(page.get_by_role("checkbox", name="Sở Nội vụ")).to_be_checked()

    page.goto(here)
    expect(page.locator("[name=subject]")).to_have_value("trực cơ quan, viết không có JavaScript")
    expect(page.locator("[name=line-0-text]")).to_have_value("Giám đốc Sở Nội vụ")
    page.locator("details", has=page.locator("form[action$='/rut/']")).locator("summary").click()
    page.locator("form[action$='/rut/'] button").click()
    page.wait_for_url("**/di/du-thao/")
    expect(page.locator("main")).not_to_contain_text("viết không có JavaScript")
    assert writer.elsewhere == []
