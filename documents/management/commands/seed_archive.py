"""`manage.py seed_archive`: bulk data for benchmarks, deterministic by seed."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.models import User
from documents.archive_offices import heavy_reader
from documents.archive_seed import Archive
from documents.models import Dispatch


class Command(BaseCommand):
    help = (
        "Fill an empty database with a large archive for benchmarks. The rows satisfy every "
        "constraint, but no verb made them: the ledger says nothing of them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dispatches", type=int, default=1000)
        parser.add_argument("--agencies", type=int, default=60, help="at least three")
        parser.add_argument("--recipients", type=int, default=6, help="of each dispatch")
        parser.add_argument("--seed", type=int, default=1, help="same seed, same rows")
        parser.add_argument(
            "--yes", action="store_true", help="although this database holds dispatches already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        seed = options["seed"]
        if options["agencies"] < 3:
            raise CommandError("--agencies: at least three")
        if Dispatch.objects.exists() and not options["yes"]:
            raise CommandError(
                "this database holds dispatches; --yes adds the archive beside them all the same"
            )
        if User.objects.filter(username=heavy_reader(seed)).exists():
            raise CommandError(f"the archive of seed {seed} is here already; choose another --seed")
        begun = time.monotonic()
        archive = Archive(
            dispatches=options["dispatches"],
            agencies=options["agencies"],
            recipients=options["recipients"],
            seed=seed,
        )
        counts = archive.write(tell=self._tell if options["verbosity"] > 1 else lambda _done: None)
        for table, count in counts.items():
            self.stdout.write(f"{count:>10,}  {table}")
        self.stdout.write(
            f"{time.monotonic() - begun:.0f} s; the heavy reader is {heavy_reader(seed)}, a clerk "
            "without a password. The ledger says nothing of these rows."
        )

    def _tell(self, done: int) -> None:
        self.stdout.write(f"{done:>10,} dispatches")
