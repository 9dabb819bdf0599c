"""`python -m tests.bench`: seed a large archive on PostgreSQL and measure, beside the targets.

Prints one table and writes var/bench.json. Exits 1 when something confirmed was lost or a case
broke off; a target that was missed is said in the table and depends on the machine.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests import migrated
from tests.bench import bookings
from tests.races import database

REPORT = database.ROOT / "var" / "bench.json"
#: In this order: what only reads comes first.
SEEDED = ("inbox", "search", "seminars", "circulate", "acknowledge")
#: On databases of its own.
BOOKINGS = "bookings"
CASES = (*SEEDED, BOOKINGS)
Row = dict[str, Any]


def main() -> int:
    # An exit like any other, so that databases and folders are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dispatches", type=int, default=200_000)
    parser.add_argument("--agencies", type=int, default=300)
    parser.add_argument("--recipients", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", default=[], choices=CASES)
    parser.add_argument(
        "--here", action="store_true", help="DATABASE_URL itself is migrated and seeded already"
    )
    options = parser.parse_args()
    if database.vendor() != "postgresql":
        print("the figures are for PostgreSQL: python -m tests.postgres python -m tests.bench")
        return 2
    rows: list[Row] = []
    with ExitStack() as kept:
        folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="kg-bench-")))
        wanted = options.only or list(CASES)
        seeded = [each for each in wanted if each in SEEDED]
        whole = True
        if seeded:
            if options.here:
                url = os.environ["DATABASE_URL"]
            else:
                url = kept.enter_context(database.copied(migrated.template(), folder))
                rows.append(_seeded(url, options))
            found, whole = _measured(seeded, url, folder)
            rows += found
        if BOOKINGS in wanted:
            rows += bookings.measure(folder)
    _print(rows)
    print(f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}")
    _keep(rows)
    return 0 if whole and not any(row.get("wrong") for row in rows) else 1


def _row(what: str, figure: str, target: str, met: bool | None = None) -> Row:
    return {"what": what, "figure": figure, "target": target, "met": met}


def _environment(url: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "intranet.settings.test"}


def _seeded(url: str, options: argparse.Namespace) -> Row:
    sizes = (options.dispatches, options.agencies, options.recipients)
    print(f"… seeding {sizes[0]:,} dispatches", file=sys.stderr, flush=True)
    command = [sys.executable, "manage.py", "seed_archive", "--skip-checks", "-v2"]
    for name, size in zip(("dispatches", "agencies", "recipients"), sizes, strict=True):
        command += [f"--{name}", str(size)]
    begun = time.monotonic()
    subprocess.run(
        [*command, "--seed", str(options.seed)],
        cwd=database.ROOT,
        env=_environment(url),
        stdout=sys.stderr,
        check=True,
    )
    what = f"seed {sizes[0]:,} dispatches, {sizes[1]:,} agencies, {sizes[2]} recipients each"
    return _row(what, f"{time.monotonic() - begun:.0f} s", "minutes")


def _measured(cases: list[str], url: str, folder: Path) -> tuple[list[Row], bool]:
    """Return the rows, and whether every case ran to its end."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench.cases", *cases],
        cwd=database.ROOT,
        env=_environment(url) | {"TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    rows = [row for line in ended.stdout.splitlines() for row in json.loads(line)]
    if ended.returncode:
        rows.append(_row("a case broke off", f"exit {ended.returncode}", ""))
    return rows, ended.returncode == 0


def _print(rows: list[Row]) -> None:
    table = [("what", "figure", "target", "")]
    for row in rows:
        word = {None: "", True: "met", False: "MISSED"}[row["met"]]
        table.append((row["what"], row["figure"], row["target"], word))
    widths = [max(len(line[column]) for line in table) for column in range(3)]
    for line in table:
        cells = [cell.ljust(width) for cell, width in zip(line[:3], widths, strict=True)]
        print("  ".join([*cells, line[3]]).rstrip())


def _keep(rows: list[Row]) -> None:
    REPORT.parent.mkdir(exist_ok=True)
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "load_average": os.getloadavg(),
        "rows": rows,
    }
    REPORT.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
