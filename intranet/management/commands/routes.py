"""`manage.py routes --json`: every address, its methods, and the roles that may get an answer."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from intranet.routes import described


class Command(BaseCommand):
    help = "List every URL pattern with its methods and the roles that may get 2xx."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = described()
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            methods = ",".join(row["methods"] or ["?"])
            self.stdout.write(f"{methods:9} {row['pattern']} [{row['name']}]")
