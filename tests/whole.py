"""`python -m tests.whole`: every test, on SQLite and on PostgreSQL; what `make test` runs.

WORKERS names the test processes of a database (default: 3, which keep two cores busy while one
waits for a database or for a child). Exits with 1 when something failed, or when there was no
PostgreSQL and CI=true.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tests import postgres

ROOT = Path(__file__).parent.parent
#: A database of one's own must not leak into the tests.
SQLITE = "sqlite://:memory:"
TESTS = ("-m", "pytest", "-n", os.environ.get("WORKERS") or "3")
EVERYTHING = (*TESTS, "-m", "not prove", "--ignore=tests/journeys")
WITH_A_DATABASE = (*TESTS, "-m", "not prove and not browser and not once")
JOURNEYS = ("-m", "pytest", "-m", "browser", "tests/journeys")


def main() -> int:
    postgres.end_with_signals()
    log = ROOT / "var" / "journeys.log"
    log.parent.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(postgres.server())
        written = stack.enter_context(log.open("wb"))
        # The journeys wait more than they work, and cannot share a process.
        journeys = stack.enter_context(_begun(JOURNEYS, SQLITE, written))
        if server:
            # While one processor migrates a database for SQLite, the other would have nothing to do.
            stack.enter_context(_begun(("-m", "tests.migrated"), server, written))
        codes = [_done("SQLite: everything but the journeys", EVERYTHING, SQLITE)]
        said = "PostgreSQL: everything in which a database is a part"
        if server:
            codes.append(_done(said, WITH_A_DATABASE, server))
        elif postgres.without(said) != postgres.SKIPPED:
            codes.append(1)
        codes.append(journeys.wait())
    print("== The journeys in a browser, before one demonstration", flush=True)
    sys.stdout.write(log.read_text(errors="replace"))
    return 1 if any(codes) else 0


def _done(said: str, arguments: tuple[str, ...], database: str) -> int:
    print(f"== {said}", flush=True)
    with _begun(arguments, database) as child:
        return child.wait()


@contextlib.contextmanager
def _begun(
    arguments: tuple[str, ...], database: str, output: IO[bytes] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python on that database; ended, should the block end before it."""
    child = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": database},
        stdout=output, stderr=subprocess.STDOUT if output else None,
    )  # fmt: skip
    try:
        yield child
    finally:
        if child.poll() is None:
            # As Ctrl-C: pytest ends what it has started too.
            child.send_signal(signal.SIGINT)
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
