"""Writers on one SQLite file take turns, and one that waits too long is told."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError

from intranet.turns.base import DatabaseWrapper


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[DatabaseWrapper]:
    settings = {
        "NAME": str(tmp_path / "a.sqlite3"), "ENGINE": "intranet.turns", "AUTOCOMMIT": True,
        "TIME_ZONE": None, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "ATOMIC_REQUESTS": False,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 1}, "TEST": {},
    }  # fmt: skip
    made = DatabaseWrapper(settings, alias="turns")
    made.connect()
    made.connection.execute("PRAGMA journal_mode=WAL")
    made.connection.execute("CREATE TABLE a (n INTEGER)")
    yield made
    made.close()


def hold(connection: DatabaseWrapper, seconds: float) -> threading.Thread:
    """Have somebody else write for so long; returns when he has begun."""
    begun = threading.Event()

    def write() -> None:
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        begun.set()
        time.sleep(seconds)
        other.execute("COMMIT")
        other.close()

    thread = threading.Thread(target=write)
    thread.start()
    begun.wait()
    return thread


def test_whoever_wants_to_write_begins_when_the_other_has_ended(connection) -> None:
    other = hold(connection, 0.3)

    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    connection.connection.execute("INSERT INTO a VALUES (1)")
    connection.commit()

    other.join()
    assert connection.connection.execute("SELECT COUNT(*) FROM a").fetchone() == (1,)
    # What is written outside a transaction waits as long as before.
    assert connection.connection.execute("PRAGMA busy_timeout").fetchone() == (1000,)


def test_whoever_waits_beyond_the_time_is_told(connection) -> None:
    other = hold(connection, 2.5)

    with pytest.raises(OperationalError, match="locked"):
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)

    other.join()
    assert connection.connection.execute("PRAGMA busy_timeout").fetchone() == (1000,)


def test_the_house_uses_it(settings) -> None:
    engine = settings.DATABASES["default"]["ENGINE"]
    assert engine in ("intranet.turns", "django.db.backends.postgresql")
