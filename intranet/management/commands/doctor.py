"""`manage.py doctor [--json]`: what is missing or unsafe here. Exit 0 when nothing is an error."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from intranet.doctor import examine


class Command(BaseCommand):
    help = "Say what is missing or unsafe on this installation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(examine())
        if options["json"]:
            rows = [vars(finding) for finding in findings]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            for each in findings:
                self.stdout.write(f"{each.level:8} {each.about}: {each.message}")
            if not findings:
                self.stdout.write("Nothing is missing and nothing is unsafe.")
        if any(each.level == "error" for each in findings):
            sys.exit(1)
