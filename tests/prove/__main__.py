"""`python -m tests.prove [--minutes N]`: the long campaigns on the database of DATABASE_URL.

Prints one table, writes var/prove.json, exits 1 when a campaign failed. What did not fit into the
minutes is named as left out, the least telling last.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests import migrated
from tests.prove import mutation
from tests.races import campaigns, database

ROOT = Path(__file__).parent.parent.parent
REPORT = ROOT / "var" / "prove.json"
#: The budget of one database: `.ci/run` says how many seconds are left of its hour.
MINUTES = int(os.environ.get("PROVE_SECONDS", 90 * 60)) / 60
#: Seconds after which one campaign hangs and has failed.
HANGS = 1800.0
NONE_COLLECTED = 5

OK, FAILED, LEFT_OUT, CUT_SHORT = "ok", "FAILED", "left out for time", "cut short"


@dataclass
class Result:
    campaign: str
    database: str
    size: str
    seconds: float = 0.0
    result: str = LEFT_OUT
    findings: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


def sizes_on(vendor: str) -> dict[str, dict[str, Any]]:
    """The races in their long form: the short ones first, so that a small budget tells most."""
    grown = vendor == "postgresql"
    return {
        "acknowledge_at_once": {"callers": 100},
        "ledger_tampering": {"trials": 1000},
        "issue_numbers": {"processes": 16 if grown else 8, "numbers": 2000},
        "worker_killed": {"agencies": 2000, "kills": 25},
        "mails_killed": {"agencies": 500, "kills": 15},
        "circulate_killed": {"agencies": 5000 if grown else 1000, "kills": 20},
        "acknowledge_mixed": {"acknowledgements": 2000, "connections": 8},
        "name_delegates": {"agencies": 320, "seats": 50, "processes": 8},
        "issue_schedules": {"processes": 8, "rounds": 20},
        "book_rooms": {"processes": 8, "bookings": 12_000},
        "hand_in": {"processes": 8, "versions": 48},
    }


def main() -> int:
    # An exit like any other, so that databases and folders are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="for everything")
    parser.add_argument("--only", action="append", default=[], help="a campaign by its name")
    options = parser.parse_args()
    until = time.monotonic() + 60 * options.minutes
    vendor = database.vendor()
    results = []
    with tempfile.TemporaryDirectory(prefix="kg-prove-") as folder:
        for name, size, run in _planned(vendor, Path(folder)):
            if options.only and name not in options.only:
                continue
            result = Result(name, vendor, size)
            results.append(result)
            if time.monotonic() < until:
                print(f"… {name} ({size})", file=sys.stderr, flush=True)
                begun = time.monotonic()
                run(result, until - begun)
                result.seconds = round(time.monotonic() - begun, 1)
                print(f"  {result.result}, {result.seconds} s", file=sys.stderr, flush=True)
    _print(results)
    _keep(vendor, results)
    return 1 if any(each.result == FAILED for each in results) else 0


Run = Callable[[Result, float], None]


def _planned(vendor: str, folder: Path) -> list[tuple[str, str, Run]]:
    races = _Races(folder)
    planned: list[tuple[str, str, Run]] = [
        (name, ", ".join(f"{each:,} {what}" for what, each in sizes.items()), races.of(name, sizes))
        for name, sizes in sizes_on(vendor).items()
    ]
    # Before what takes long: whether anybody is shown what is not his.
    planned.insert(2, ("nets", "every role at every address", _tests("tests/nets")))
    apart = ("documents", "seminars", "search")
    for app in apart:
        planned.append((f"{app}_long", f"pytest -m prove tests/{app}", _tests(f"tests/{app}")))
    rest = [f"--ignore=tests/{each}" for each in ("nets", *apart)]
    planned.append(("rest_long", "pytest -m prove, what is left", _tests(*rest)))
    if vendor == "sqlite" and "CI" not in os.environ:
        # The guards are the same on both databases. An hour of its own: for people, not for CI.
        planned.append(("mutation", "each guard taken out once", _mutation))
    return planned


class _Races:
    """The races, each on copies of one migrated database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, name: str, sizes: dict[str, Any]) -> Run:
        def run(result: Result, seconds: float) -> None:
            try:
                outcome = campaigns.run(
                    name,
                    template=migrated.template(),
                    folder=self._folder,
                    limit=min(HANGS, seconds),
                    **sizes,
                )
            except campaigns.OutOfTime as late:
                if seconds < HANGS:
                    # The budget ended it, not the campaign's own fault.
                    result.result = CUT_SHORT
                    return
                result.findings.append(str(late))
            except campaigns.BrokeOff as broke:
                result.findings.append(str(broke))
            else:
                result.findings, result.facts = outcome.findings, outcome.facts
            result.result = FAILED if result.findings else OK

        return run


def _tests(*which: str) -> Run:
    """Return what runs the long tests of these options of pytest."""
    options = ["-q", "-p", "no:cacheprovider", "-m", "prove", "--hypothesis-profile=prove"]
    command = [sys.executable, "-m", "pytest", *options, *which]

    def run(result: Result, seconds: float) -> None:
        try:
            ended = subprocess.run(
                command, cwd=ROOT, timeout=seconds, check=False, capture_output=True, text=True
            )
        except subprocess.TimeoutExpired:
            result.result = CUT_SHORT
            return
        if ended.returncode not in (0, NONE_COLLECTED):
            result.findings = ended.stdout.splitlines()[-40:]
        result.facts["said"] = ended.stdout.splitlines()[-1] if ended.stdout else ""
        result.result = FAILED if result.findings else OK

    return run


def _mutation(result: Result, seconds: float) -> None:
    tally = mutation.campaign(minutes=seconds / 60)
    result.facts = {"killed": tally.killed, "not_run": tally.not_run}
    result.findings = [tally.broken] if tally.broken else tally.survivors
    result.result = FAILED if result.findings else (CUT_SHORT if tally.not_run else OK)


def _print(results: list[Result]) -> None:
    rows = [("campaign", "database", "size", "seconds", "result", "figures")]
    for each in results:
        figures = ", ".join(f"{name} {value}" for name, value in each.facts.items())
        seconds = f"{each.seconds:.0f}" if each.seconds else ""
        rows.append((each.campaign, each.database, each.size, seconds, each.result, figures))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:5], widths, strict=True)]
        print("  ".join([*cells, row[5]]).rstrip())
    for each in results:
        for finding in each.findings:
            print(f"!!! {each.campaign}: {finding}")


def _keep(vendor: str, results: list[Result]) -> None:
    """Write the results of this database beside those of the other one."""
    REPORT.parent.mkdir(exist_ok=True)
    kept = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    at = datetime.now(UTC).isoformat(timespec="seconds")
    kept[vendor] = {"at": at, "results": [asdict(each) for each in results]}
    REPORT.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
