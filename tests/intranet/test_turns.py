"""Writers on one SQLite file take turns, and one that waits too long is told."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from intranet.turns.base import DatabaseWrapper


def connected(file: Path) -> DatabaseWrapper:
    settings = {
        "NAME": str(file), "ENGINE": "intranet.turns", "AUTOCOMMIT": True,
        "TIME_ZONE": None, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "ATOMIC_REQUESTS": False,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 1}, "TEST": {},
    }  # fmt: skip
    made = DatabaseWrapper(settings, alias="turns")
    made.connect()
    return made


@pytest.fixture
def connection(tmp_path: Path, django_db_blocker: Any) -> Iterator[DatabaseWrapper]:
    # Files of their own: not the database of the other tests, which stays shut.
    with django_db_blocker.unblock():
        made = connected(tmp_path / "a.sqlite3")
        made.connection.execute("PRAGMA journal_mode=WAL")
        made.connection.execute("CREATE TABLE a (n INTEGER)")
        yield made
        made.close()


def begin(connection: DatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(connection: DatabaseWrapper) -> None:
    connection.commit()
    connection.set_autocommit(True)


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

    begin(connection)
    connection.connection.execute("INSERT INTO a VALUES (1)")
    connection.commit()

    other.join()
    assert connection.connection.execute("SELECT COUNT(*) FROM a").fetchone() == (1,)
    # What is written outside a transaction waits as long as before.
    assert connection.connection.execute("PRAGMA busy_timeout").fetchone() == (1000,)


def test_whoever_waits_beyond_the_time_is_told(connection) -> None:
    other = hold(connection, 2.5)

    with pytest.raises(OperationalError, match="locked"):
        begin(connection)

    other.join()
    assert connection.connection.execute("PRAGMA busy_timeout").fetchone() == (1000,)


def test_a_writer_without_pause_lets_others_have_their_turn(connection) -> None:
    file = Path(connection.settings_dict["NAME"])
    stopped, running = threading.Event(), threading.Event()
    rounds = []

    def write() -> None:
        other = connected(file)
        while not stopped.is_set():
            begin(other)
            other.connection.execute("INSERT INTO a VALUES (1)")
            end(other)
            rounds.append(1)
            running.set()
        other.close()

    hog = threading.Thread(target=write)
    hog.start()
    try:
        running.wait()
        for _ in range(20):
            before = len(rounds)
            begin(connection)
            passed = len(rounds) - before
            end(connection)
            # One that was writing, one that stood before us, and what the clock of threads adds.
            assert passed < 20
    finally:
        stopped.set()
        hog.join()


def test_a_statement_alone_has_its_turn_too(connection) -> None:
    file = Path(connection.settings_dict["NAME"])
    stopped, running = threading.Event(), threading.Event()
    rounds = []

    def write() -> None:
        other = connected(file)
        while not stopped.is_set():
            begin(other)
            other.connection.execute("INSERT INTO a VALUES (1)")
            end(other)
            rounds.append(1)
            running.set()
        other.close()

    hog = threading.Thread(target=write)
    hog.start()
    try:
        running.wait()
        for number in range(20):
            before = len(rounds)
            connection.create_cursor().execute("INSERT INTO a VALUES (%s)", [number])
            assert len(rounds) - before < 20
    finally:
        stopped.set()
        hog.join()


def test_the_queue_goes_on_when_its_first_is_killed(connection) -> None:
    queue = connection.settings_dict["NAME"] + "-turn"
    first = (
        "import fcntl, os, sys, time; "
        "fcntl.flock(os.open(sys.argv[1], os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX); "
        "print('first', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", first, queue], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"first\n"
        threading.Timer(0.2, process.kill).start()
        begin(connection)

    assert process.returncode == -signal.SIGKILL
    end(connection)


def test_the_house_uses_it(settings) -> None:
    engine = settings.DATABASES["default"]["ENGINE"]
    assert engine in ("intranet.turns", "django.db.backends.postgresql")
