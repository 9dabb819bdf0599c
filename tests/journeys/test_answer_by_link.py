"""The link in a mail, in a real browser: read without signing in, taken, and dead after a move."""

import re
import time
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit, Visitor

pytestmark = pytest.mark.browser

TITLE = "Hội thảo xây dựng mô hình tự quản"
LINK = re.compile(r"/hoi-thao/tra-loi/[^/\s]+/")


def link_of(folder: Path, mailbox: str) -> str:
    """The link in the mail to that mailbox, from the files that the demonstration's worker writes."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for path in sorted(folder.glob("*")):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = message.get_body(("plain",))
            found = LINK.search(body.get_content()) if body else None
            if message["To"] == mailbox and found:
                return found[0]
        time.sleep(0.2)
    raise AssertionError(f"no mail to {mailbox} in {folder}")


def test_a_link_answers_without_signing_in_until_the_seminar_is_moved(
    visit: Visit, demo_mails: Path
) -> None:
    path = link_of(demo_mails, "vanthu@danvan.example")
    for width in (320, 390, 1280):
        reader = visit(viewport={"width": width, "height": 900})
        reader.go(path)
        expect(reader.page.get_by_text(TITLE)).to_be_visible()
        reader.check()
        assert reader.too_wide() == []
    english = visit(language="en")
    english.go(path)
    # Words that bear a mark of secrecy are refused, so the browser's POST arrived; nothing is changed.
    reason = english.page.get_by_label(english.word("Why nobody comes"))
    reason.fill("MẬT\nBận")
    english.button("Nobody comes").click()
    expect(english.page.get_by_role("alert")).to_contain_text("MẬT")
    expect(reason).to_have_value("MẬT\nBận")
    assert english.barriers() == []

    move(visit("cb.cat"))
    english.go(path)
    expect(english.page.get_by_role("heading", level=1)).to_have_text(
        english.word("This link does not work")
    )
    assert english.barriers() == []
    is_told_until_it_is_read(visit("vt.snv"))


def move(planner: Visitor) -> None:
    planner.go("/hoi-thao/")
    planner.page.get_by_role("link", name=TITLE).click()
    planner.link("Time", planner.page.get_by_label(planner.word("What is to be done"))).click()
    planner.page.locator("[name=from_time]").fill("08:15")
    planner.page.locator("[name=reason]").fill("Đổi giờ")
    planner.button("Set the time").click()
    planner.page.wait_for_url(re.compile(r"/hoi-thao/\d+/$"))


def is_told_until_it_is_read(clerk: Visitor) -> None:
    news = clerk.row(clerk.word("Time or place has changed"))
    for _ in range(40):
        clerk.go("/")
        if news.count():
            break
        clerk.page.wait_for_timeout(500)
    expect(news).to_have_count(1)
    clerk.check()
    clerk.button("Seen", news).click()
    clerk.page.wait_for_url(f"{clerk.address}/")
    expect(news).to_have_count(0)
