"""`manage.py ledger verify` and `manage.py ledger export DIR`.

Exit code 0: the ledger is whole. 1: it is broken, and the first bad entry is named. 2: it could not
be checked. Options and codes are relied on by others and stay.
"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger.export import Broken, NotEmpty, export
from ledger.verification import Report, verify

BROKEN = 1
NOT_CHECKED = 2


class Command(BaseCommand):
    help = "Verify or export the ledger: exit code 0 whole, 1 broken, 2 could not check."
    # The ledger can be checked while something else of the installation is not in order.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="subcommand", required=True)
        verifying = commands.add_parser("verify", help="check the chain, its guards and its rows")
        verifying.add_argument("--files", action="store_true", help="read the stored files too")
        verifying.add_argument("--json", action="store_true", help="print the report as JSON")
        exporting = commands.add_parser("export", help="write the chain into an empty folder")
        exporting.add_argument("folder", metavar="DIR", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        action = self.verify if options["subcommand"] == "verify" else self.export
        try:
            broken = action(options)
        except Exception as error:
            # Whatever it was, "1" would say that the ledger is broken, which nobody has found.
            message = f"could not check: {error or type(error).__name__}"
            raise CommandError(message, returncode=NOT_CHECKED) from error
        if broken:
            sys.exit(BROKEN)

    def verify(self, options: dict[str, Any]) -> bool:
        report = verify(files=options["files"])
        self.stdout.write(json.dumps(_as_json(report)) if options["json"] else _as_text(report))
        return not report.ok

    def export(self, options: dict[str, Any]) -> bool:
        try:
            count = export(options["folder"])
        except NotEmpty as error:
            raise CommandError(f"{error}: nothing was exported") from error
        except Broken as error:
            self.stdout.write(f"BROKEN, first bad entry {_named(error.seq)}: {error}")
            return True
        self.stdout.write(f"{count} entries exported to {options['folder']}")
        return False


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "ok": report.ok,
        "count": report.count,
        "first_bad": report.first_bad,
        "head": report.head,
        "files": report.files,
        "problem_count": report.problem_count,
        "problems": [{"seq": seq, "problem": text} for seq, text in report.problems],
    }


def _as_text(report: Report) -> str:
    if report.ok:
        return f"OK: {report.count} entries, head {report.head}"
    lines = [f"BROKEN, first bad entry {_named(report.first_bad)}; {report.count} entries read"]
    lines += [f"  {_named(seq)}: {text}" for seq, text in report.problems]
    if more := report.problem_count - len(report.problems):
        lines.append(f"  and {more} more")
    return "\n".join(lines)


def _named(seq: int | None) -> str:
    return "-" if seq is None else str(seq)
