"""The demonstration, started as its users start it, and a real browser before it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import translation
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

from documents.demo import PASSWORD
from tests import migrated

ROOT = Path(__file__).parent.parent.parent
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK = {"width": 1280, "height": 900}
#: One injection serves several looks at a page.
AXE = Axe().axe_script
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Those of them that colours and widths decide.
LOOKS = ["color-contrast", "target-size", "scrollable-region-focusable"]
#: Milliseconds until something on a page is given up; other tests use the processors meanwhile.
PATIENT = 60_000
#: Seconds for the demonstration to be filled and to answer, on a busy machine.
PATIENCE = 300


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo_mails(demo: str, demo_folder: Path) -> Path:
    """Where the demonstration puts the mails that it sends, one file each."""
    return demo_folder / "mail"


@pytest.fixture(scope="session")
def demo(demo_folder: Path, chromium: str) -> Iterator[str]:
    """The address of a demonstration of this process's own, seeded and served with one worker.

    It begins with a database that is migrated already. No test relies on what another did: each
    acts for other agencies or on a paper of its own.

    Asserts at the end that no page and no job fell over meanwhile.
    """
    folder = demo_folder
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "intranet.settings.dev",
        "DEMO": "1",
        "DEMO_DAY": "2016-06-06",
        "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}",
        "FILES_DIR": str(folder / "files"),
        "MEDIA_DIR": str(folder / "media"),
        "SEARCH_DIR": str(folder / "search"),
        "EMAIL_URL": f"filemail:///{folder / 'mail'}",
        "PYTHONWARNINGS": "default",
    }
    shutil.copy(migrated.file(), folder / "demo.sqlite3")
    written = folder / "log"
    with written.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address, process, written)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=120)
    assert "Traceback" not in written.read_text(), written.read_text()[-6000:]


def _wait(address: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the demonstration ended: {log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=10) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"the demonstration did not answer: {log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENT)
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


class Visitor:
    """One person at one browser; words are those of the page's language, given in English."""

    def __init__(self, context: BrowserContext, address: str, language: str) -> None:
        self.context = context
        self.address = address
        self.language = language
        self.elsewhere: list[str] = []
        self.problems: list[str] = []
        self.page: Page = self.another_tab()

    def another_tab(self) -> Page:
        page = self.context.new_page()
        page.on("request", self._asked)
        page.on("console", lambda each: each.type == "error" and self.problems.append(each.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        return page

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.elsewhere.append(request.url)

    # -- Going about --------------------------------------------------------------------------

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def sign_in(self, name: str) -> None:
        self.go("/tai-khoan/login/")
        self.page.get_by_label(self.word("Sign-in name")).fill(name)
        self.page.get_by_label(self.word("Password"), exact=True).fill(PASSWORD)
        self.button("Sign in", exact=True).first.click()
        self.page.wait_for_url(f"{self.address}/")

    def word(self, message: str) -> str:
        """What the page says for an English message; the English where it has no other word yet."""
        with translation.override(self.language):
            return translation.gettext(message)

    def words(self, message: str, **values: Any) -> str:
        return self.word(message) % values

    def button(self, message: str, within: Page | Locator | None = None, **more: Any) -> Locator:
        return (within or self.page).get_by_role("button", name=self.word(message), **more)

    def link(self, message: str, within: Page | Locator | None = None, **more: Any) -> Locator:
        return (within or self.page).get_by_role("link", name=self.word(message), **more)

    def open_paper(self, code: str) -> None:
        """From the incoming list to the paper."""
        self.go("/den/")
        self.page.get_by_role("link", name=code, exact=True).click()
        self.page.wait_for_url(re.compile(r"/van-ban/\d+/$"))

    def row(self, text: str) -> Locator:
        """The one row of a table that holds this text."""
        return self.page.get_by_role("row").filter(has_text=text)

    # -- What every page keeps ----------------------------------------------------------------

    def check(self) -> None:
        """Assert that the page has no accessibility fault and that nothing went elsewhere."""
        assert self.barriers() == []
        self.check_quiet()

    def barriers(self, rules: Sequence[str] = RULES) -> list[str]:
        """What axe finds against WCAG 2.2 AA and good practice."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate(
            """(rules) => axe.run({runOnly: rules, resultTypes: ["violations"]})
                 .then((results) => results.violations)""",
            list(rules),
        )
        return [
            f"{self.page.url}: {each['id']}: {each['nodes'][0]['html'][:160]}" for each in found
        ]

    def too_wide(self) -> list[str]:
        """What a reader would have to scroll sideways for."""
        wide, room = self.page.evaluate(
            "() => [document.documentElement.scrollWidth, window.innerWidth]"
        )
        return [f"{self.page.url}: {wide} px in {room}"] if wide > room else []

    def check_quiet(self) -> None:
        """Assert that nothing was asked of another host and that the console is empty."""
        assert self.elsewhere == [], self.page.url
        assert self.problems == [], self.page.url


Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """By user name, the cookies of who signed in already."""
    return {}


@pytest.fixture
def visit(browser: Browser, demo: str, signed_in: dict[str, Any]) -> Iterator[Visit]:
    """A maker of visitors: visit(name, language=..., **options of the browser context)."""
    contexts = []

    def make(name: str = "", *, language: str = "vi", **options: Any) -> Visitor:
        options = {"viewport": DESK, "locale": "vi-VN"} | options
        context = browser.new_context(storage_state=signed_in.get(name), **options)
        contexts.append(context)
        context.set_default_timeout(PATIENT)
        context.add_cookies([{"name": "language", "value": language, "url": demo}])
        visitor = Visitor(context, demo, language)
        if name and name not in signed_in:
            visitor.sign_in(name)
            signed_in[name] = context.storage_state()
        return visitor

    yield make
    for each in contexts:
        each.close()
