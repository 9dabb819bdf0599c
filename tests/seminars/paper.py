"""A page of ours on paper: printed by a browser as its user would, without a server."""

import mimetypes
from contextlib import closing
from urllib.parse import urlparse

import pypdfium2
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Route, sync_playwright

HOST = "http://paper.invalid"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip


def printed(pages: dict[str, bytes], chromium: str) -> dict[str, bytes]:
    """Return each page as a PDF on the sheet that its style asks for, by its address.

    The pages were fetched before: while a browser is driven the database may not be asked.
    """
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            return {address: _pdf(browser, address, body) for address, body in pages.items()}
        finally:
            browser.close()


def _pdf(browser: Browser, address: str, body: bytes) -> bytes:
    page = browser.new_page()

    def answer(route: Route) -> None:
        path = urlparse(route.request.url).path
        if route.request.resource_type == "document":
            route.fulfill(body=body, content_type="text/html; charset=utf-8")
            return
        found = finders.find(path.removeprefix("/static/"))
        if not found:
            route.abort()
            return
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        with open(found, "rb") as file:
            route.fulfill(body=file.read(), content_type=kind)

    page.route("**/*", answer)
    page.goto(f"{HOST}{address}", wait_until="load")
    made: bytes = page.pdf(prefer_css_page_size=True)
    page.close()
    return made


def texts_of(pdf: bytes) -> list[str]:
    """The text of each sheet, in the order of the paper."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return [sheet.get_textpage().get_text_range() for sheet in document]


def sizes_of(pdf: bytes) -> set[tuple[int, int]]:
    """Width and height of the sheets, in whole points; A4 lies at 842 by 595."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return {tuple(round(side) for side in sheet.get_size()) for sheet in document}  # type: ignore[misc]


def body_of(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content
