"""`manage.py load_agencies FILE.csv`: agencies and lists from a table, all of it or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies import clock
from agencies.loading import load
from agencies.refusals import Refused
from agencies.sheet import COLUMNS, OPTIONAL


class Command(BaseCommand):
    help = (
        f"Enter the agencies of a UTF-8 CSV file. Columns: {', '.join(COLUMNS)};"
        f" and where wanted {', '.join(OPTIONAL)}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits with 1, every fault on a line of its own and nothing written, when there is one."""
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(_("The file cannot be read: %(why)s") % {"why": error}) from error
        try:
            loaded = load(data, at=clock.now())
        except Refused as refused:
            for reason in refused.reasons:
                self.stderr.write(str(reason.message))
            number = len(refused.reasons)
            raise CommandError(
                ngettext(
                    "%(number)d fault: nothing was written.",
                    "%(number)d faults: nothing was written.",
                    number,
                )
                % {"number": number}
            ) from refused
        if loaded.nothing_new:
            self.stdout.write(
                _("Nothing to do: %(number)d agencies stand there as the file says.")
                % {"number": loaded.unchanged}
            )
            return
        self.stdout.write(
            _(
                "Entered: %(agencies)d agencies, %(lists)d lists, %(members)d places on lists."
                " Unchanged: %(unchanged)d agencies."
            )
            % vars(loaded)
        )
        if loaded.mailboxes:
            self.stdout.write(_("Mailboxes entered: %(mailboxes)d.") % vars(loaded))
