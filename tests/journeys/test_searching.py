"""What staff do who look for a paper: hasty words, a number, a facet, and back again."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser


def test_hasty_words_find_a_paper_a_facet_narrows_and_the_back_button_widens(visit: Visit) -> None:
    officer = visit("cv.snv")
    page = officer.page
    officer.go("/tim/")
    box = page.get_by_label(officer.word("Number, symbol or words"))
    box.fill("dong bao dan")
    # Suggestions come from titles that this person may read.
    expect(page.locator("#offered option").first).to_be_attached()
    box.press("Enter")
    page.wait_for_url(re.compile(r"q="))
    expect(page.get_by_role("link", name="1502/UBND-NC", exact=True)).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
    officer.check()

    narrow = page.get_by_role("complementary").get_by_role("link").first
    narrow.click()
    page.wait_for_url(re.compile(r"kind="))
    expect(page.locator("[aria-current=true]").first).to_be_visible()
    page.go_back()
    expect(page.locator("main [aria-current=true]")).to_have_count(0)
    expect(box).to_have_value("dong bao dan")
    officer.check_quiet()


def test_a_number_answers_with_its_paper_and_where_it_stands(visit: Visit) -> None:
    officer = visit("cv.snv")
    officer.go("/tim/?q=so+1502")

    answer = officer.page.get_by_role("region", name=officer.word("The paper of this number"))
    expect(answer.get_by_role("link", name="1502/UBND-NC", exact=True)).to_be_visible()
    officer.check()


def test_a_search_is_kept_and_let_go_by_keyboard_alone(visit: Visit) -> None:
    officer = visit("gd.snv")
    page = officer.page
    officer.go("/tim/?q=an+ninh")
    keep = page.locator("main details summary")
    keep.focus()
    keep.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("Việc an ninh")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"saved="))
    officer.check()

    officer.link("Saved searches").first.click()
    expect(page.get_by_role("link", name="Việc an ninh", exact=True)).to_be_visible()
    officer.check()
    page.set_viewport_size({"width": 390, "height": 844})
    assert officer.too_wide() == []
    officer.button("Let go").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Việc an ninh", exact=True)).to_have_count(0)
    officer.check_quiet()


def test_search_works_without_javascript(visit: Visit) -> None:
    officer = visit("cv.snv", java_script_enabled=False)
    page = officer.page
    officer.go("/tim/")
    page.get_by_label(officer.word("Number, symbol or words")).fill("1502")
    officer.button("Search", page.get_by_role("main")).click()
    page.get_by_role("link", name="1502/UBND-NC", exact=True).first.click()
    officer.link("Look for them").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(officer.word("Papers like this one"))


def test_an_administrator_adds_an_abbreviation_that_works_at_once(visit: Visit) -> None:
    administrator = visit("qt.ubnd")
    page = administrator.page
    administrator.go("/tim/viet-tat/")
    administrator.check()
    page.get_by_label(administrator.word("Abbreviation"), exact=True).fill("DBDTTS")
    page.get_by_label(administrator.word("In full"), exact=True).fill("đồng bào dân tộc thiểu số")
    administrator.button("Add", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="DBDTTS")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert administrator.too_wide() == []
    administrator.check()
