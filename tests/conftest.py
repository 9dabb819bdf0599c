"""What every test stands on. The database is the one that DATABASE_URL names, SQLite by default."""

import gc
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.test import SimpleTestCase
from django.utils.translation.reloader import translation_file_changed
from hypothesis import HealthCheck, settings

from intranet import translations
from search import engines
from tests import migrated
from tests.races import database

ROOT = Path(__file__).parent.parent

# TransactionTestCase empties tables that refuse DELETE and TRUNCATE.
pytest_plugins = ["tests.append_only_flush"]

# The same examples each time, so that a red test is red for everybody. `--hypothesis-profile=prove`
# searches: other examples on each run, and many.
_patient = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("ci", derandomize=True, database=None, **_patient)
settings.register_profile("prove", max_examples=2000, stateful_step_count=80, **_patient)
settings.load_profile("ci")

IN_MEMORY = "file:tests?mode=memory&cache=shared"
#: The first is the same browser without its windows: it does half the work for the same pages.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str | None:
    """The browser of this machine: CHROMIUM, or what its packages installed; None without one."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for path in map(shutil.which, BROWSERS) if path), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser, for tests marked `browser`."""
    path = chromium_path()
    assert path, "a test that asks for a browser is marked `browser`"
    return path


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[None]:
    """The test database of this process: a copy of the migrated one.

    Made and removed unblocked; between, a test that did not ask for it may not use it.
    """
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            connection.close()
            if connection.vendor == "sqlite":
                # One database for all threads of this process, that dies with it: it would with
                # its last connection, and a test may close its own.
                connection.settings_dict["NAME"] = IN_MEMORY
                keeper = sqlite3.connect(IN_MEMORY, uri=True, check_same_thread=False)
                stack.callback(keeper.close)
                with sqlite3.connect(f"file:{migrated.file()}?mode=ro", uri=True) as template:
                    template.backup(keeper)
                template.close()
            else:
                folder = tmp_path_factory.getbasetemp()
                url = stack.enter_context(database.copied(migrated.template(), folder))
                connection.settings_dict["NAME"] = urlsplit(url).path[1:]
                stack.callback(connection.close)
        yield


@pytest.fixture(scope="module")
def for_the_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database, for what a module makes once; each of its tests undoes its own part only."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # as a test's own: no verb is inside
    with django_db_blocker.unblock(), around:
        yield
        transaction.set_rollback(True)


@pytest.fixture
def archive(settings: Any, tmp_path: Path) -> None:
    """An index of this test's own, built and empty; the worker fills it."""
    settings.SEARCH_DIR = str(tmp_path / "archive")
    with engines.chosen().rebuild():
        pass


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what lives as long as the process, and come seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_configure(config: pytest.Config) -> None:
    # One process compiles; the others of xdist start after it.
    if not hasattr(config, "workerinput"):
        locale = ROOT / "intranet" / "locale"
        translations.compile_catalogues(locale)
        for catalogue in locale.glob("*/LC_MESSAGES/*.mo"):
            # Django was set up before: whatever it read while this was not there is forgotten.
            translation_file_changed(None, catalogue)


#: They have no database fixture, and databases of their own.
OWN_DATABASES = ("tests/races/", "tests/search/test_kills", "tests/journeys/")
#: Pages over verbs, lists and a gate that are tested on both databases; the crawl sees the pages there.
PAGES = (
    "tests/agencies/test_screens",
    "tests/documents/test_drafting_views",
    "tests/documents/test_issuing_views",
    "tests/documents/test_reading",
    "tests/documents/test_receiving_views",
    "tests/home/test_doors",
    "tests/home/test_editing",
    "tests/intranet/test_mfa",
    "tests/kinds/test_k12_front_end",
    "tests/nets/test_matrix",
    "tests/search/test_page.py",
    "tests/seminars/test_answer_by_link",
    "tests/seminars/test_calendars",
    "tests/seminars/test_pages",
    "tests/seminars/test_schedule_pages",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark `once` what looks the same on every database, so that it runs with the first alone."""
    for item in items:
        with_database = (
            item.get_closest_marker("django_db")
            or {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
            or issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
        )
        alike = not with_database and not item.nodeid.startswith(OWN_DATABASES)
        if alike or item.nodeid.startswith(PAGES):
            item.add_marker(pytest.mark.once)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and chromium_path() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on this machine, and CI=true lets nothing be skipped")
        pytest.skip("no Chromium on this machine")


def pytest_report_header() -> str:
    where = os.environ.get("DATABASE_URL", "sqlite").partition(":")[0]
    return f"database: {where}; browser: {chromium_path() or 'none, browser tests are skipped'}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [
        report.nodeid
        for report in terminalreporter.stats.get("skipped", [])
        if "no Chromium" in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("SKIPPED: no Chromium on this machine", red=True)
        for name in skipped:
            terminalreporter.write_line(name)
