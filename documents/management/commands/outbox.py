"""`manage.py outbox`: what the worker still owes, what it gave up and why; and to try that again."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agencies import clock
from documents import jobs
from documents.models import OutboxItem

#: Given-up items of which the error is printed.
SHOWN = 20


class Command(BaseCommand):
    help = "Show what waits in the outbox and what was given up; --retry tries the latter again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry", action="store_true", help="try again what was given up")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Keys, kinds and errors alone: a payload holds ids, and no item holds a word of a paper."""
        retried = jobs.retry_given_up(at=clock.now()) if options["retry"] else 0
        owed = OutboxItem.objects.filter(done_at__isnull=True)
        parked = owed.filter(parked_at__isnull=False).order_by("-parked_at", "-pk")
        failing = owed.filter(parked_at__isnull=True).exclude(error="").order_by("not_before", "pk")
        shown: dict[str, Any] = {
            "waiting": owed.filter(parked_at__isnull=True).count(),
            "failing": [_row(each) for each in failing[:SHOWN]],
            "given_up": parked.count(),
            "given_up_last": [_row(each) for each in parked[:SHOWN]],
            "retried": retried,
        }
        if options["json"]:
            self.stdout.write(json.dumps(shown))
            return
        self.stdout.write(
            f"{shown['waiting']} wait, {shown['given_up']} were given up, {retried} are tried again."
        )
        for word, rows in (("fails", shown["failing"]), ("given up", shown["given_up_last"])):
            for row in rows:
                self.stdout.write(f"{word}: {row['key']}, {row['attempts']} tries: {row['error']}")


def _row(item: OutboxItem) -> dict[str, Any]:
    return {"key": item.key, "kind": item.kind, "attempts": item.attempts, "error": item.error}
