"""`manage.py search check [--repair]`, `search rebuild` and `search status`.

Exit code 0: the index shows what the database holds. 1: it does not. 2: the engine cannot be
reached. Names, options and codes are relied on by others and stay.
"""

import json
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies import clock
from search import checking, rebuilding
from search.engine import EngineDown, RebuildRunning
from search.engines import chosen
from search.models import IndexState

DRIFT = 1
NOT_REACHED = 2
#: Keys that are named of each kind of drift, and parked rows.
NAMED = 5
#: Seconds between two lines of progress.
PACE = 2.0


class Command(BaseCommand):
    help = "Check, rebuild or look at the search index: 0 no drift, 1 drift, 2 not reachable."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="subcommand", required=True)
        check = commands.add_parser("check", help="compare the index with the database")
        check.add_argument("--repair", action="store_true", help="write anew what differs")
        check.add_argument("--json", action="store_true")
        commands.add_parser("rebuild", help="fill a new index; the old one serves meanwhile")
        status = commands.add_parser("status", help="what waits, what was given up, how late")
        status.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        self._said = time.monotonic()
        try:
            drift = getattr(self, f"_{options['subcommand']}")(options)
        except EngineDown as down:
            message = f"the search engine cannot be reached: {down}"
            raise CommandError(message, returncode=NOT_REACHED) from down
        except RebuildRunning as running:
            message = "the index is being rebuilt by somebody else"
            raise CommandError(message, returncode=NOT_REACHED) from running
        if drift:
            sys.exit(DRIFT)

    def _check(self, options: dict[str, Any]) -> bool:
        engine = chosen()
        engine.ready()
        before = checking.check(engine, at=clock.now(), progress=self._compared)
        after = before
        if options["repair"] and before.total:
            checking.repair(engine, before, at=clock.now())
            after = checking.check(engine, at=clock.now(), progress=self._compared)
        repaired = options["repair"] and before.total > 0
        if options["json"]:
            told = {"before": before.counts, "compared": before.compared}
            told |= {"after": after.counts} if repaired else {}
            self.stdout.write(json.dumps(told | {"on their way": after.on_their_way}))
            return after.total > 0
        self._tell("before" if repaired else "found", before)
        if repaired:
            self._tell("after", after)
            if after.total:
                self.stdout.write("What is left needs `search rebuild`, or is parked: see status.")
        return after.total > 0

    def _rebuild(self, options: dict[str, Any]) -> bool:
        begun = time.monotonic()
        done = rebuilding.rebuild(chosen(), at=clock.now(), progress=self._read)
        seconds = time.monotonic() - begun
        self.stdout.write(f"Rebuilt in {seconds:.1f} s: {done.written} written.")
        if done.refused:
            self.stdout.write(f"{done.refused} refused, with their errors in `search status`.")
        return done.refused > 0

    def _status(self, options: dict[str, Any]) -> bool:
        waiting = IndexState.objects.waiting()
        parked = IndexState.objects.parked()
        oldest = waiting.filter(parked_at=None).order_by("dirty_since").first()
        since = oldest.dirty_since if oldest else None
        told = {
            "rows": IndexState.objects.count(),
            "waiting": waiting.filter(parked_at=None).count(),
            "withheld": IndexState.objects.filter(tightened=True).count(),
            "parked": parked.count(),
            "lag_seconds": round((clock.now() - since).total_seconds()) if since else 0,
        }
        errors = [f"{row.key}: {row.error}" for row in parked.order_by("pk")[:NAMED]]
        if options["json"]:
            self.stdout.write(json.dumps(told | {"errors": errors}, ensure_ascii=False))
        else:
            for name, value in told.items():
                self.stdout.write(f"{name.replace('_', ' '):<12} {value}")
            for error in errors:
                self.stdout.write(f"  {error}")
        chosen().ready()
        return False

    def _tell(self, when: str, drift: checking.Drift) -> None:
        counts = ", ".join(f"{count} {name}" for name, count in drift.counts.items())
        self.stdout.write(f"{when}: {drift.compared} compared; {counts}")
        for sort in checking.SORTS:
            keys = drift.of(sort)
            if keys:
                more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
                self.stdout.write(f"  {sort}: {', '.join(keys[:NAMED])}{more}")
        if drift.on_their_way:
            self.stdout.write(f"  {drift.on_their_way} changed just now, on their way")

    def _compared(self, count: int) -> None:
        self._now_and_then(f"{count} compared ...")

    def _read(self, count: int, kind: str) -> None:
        self._now_and_then(f"{count} read ({kind}) ...")

    def _now_and_then(self, line: str) -> None:
        if time.monotonic() - self._said > PACE:
            self._said = time.monotonic()
            self.stderr.write(line)
            self.stderr.flush()
