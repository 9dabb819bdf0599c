"""`manage.py translations`: keep, check and compile the Vietnamese catalogue."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from intranet import translations

LANGUAGE = "vi"


class Command(BaseCommand):
    help = "update | compile | check the Vietnamese catalogue, or merge translations into it"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        update = acts.add_parser("update", help="take in the texts of the sources")
        update.add_argument("--prune", action="store_true", help="throw away what is obsolete")
        acts.add_parser("compile", help="write the .mo files that are older than their .po")
        acts.add_parser("check", help="exit 1 naming what is missing, fuzzy, obsolete or wrong")
        merge = acts.add_parser("merge", help='update, then fill in "text TAB translation" lines')
        merge.add_argument("files", nargs="+", type=Path, metavar="FILE.tsv")

    def handle(self, *args: Any, **options: Any) -> None:
        locale = Path(settings.LOCALE_PATHS[0])
        if options["act"] == "compile":
            for path in translations.compile_catalogues(locale):
                self.stdout.write(f"compiled {path.relative_to(settings.BASE_DIR)}")
            return
        path = locale / LANGUAGE / "LC_MESSAGES" / "django.po"
        catalogue = translations.read_catalogue(path)
        try:
            messages = translations.messages_in(self._folders())
        except translations.SourceProblem as problem:
            raise CommandError(str(problem)) from problem
        complaints: list[str] = []
        if options["act"] == "check":
            complaints = translations.complaints_about(catalogue, messages)
        else:
            translations.update(catalogue, messages, prune=options.get("prune", False))
            for file in options.get("files", []):
                complaints += self._merge(catalogue, file)
            translations.write_catalogue(catalogue, path)
        for complaint in complaints:
            self.stderr.write(complaint)
        if complaints and options["act"] == "check":
            raise CommandError(f"{len(complaints)} entries need a hand")
        done = len(catalogue.translated_entries())
        self.stdout.write(f"{LANGUAGE}: {len(messages)} texts, {done} translated")

    def _merge(self, catalogue: Any, file: Path) -> list[str]:
        try:
            lines = list(translations.lines_of(file.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise CommandError(f"{file}: {error}") from error
        return [f"{file.name}: {each}" for each in translations.translate(catalogue, lines)]

    def _folders(self) -> list[Path]:
        """Our own applications and the templates; what is installed speaks for itself."""
        base = Path(settings.BASE_DIR)
        own = [Path(app.path) for app in apps.get_app_configs()]
        own = [path for path in own if path.parent == base]
        return [*own, base / "templates"]
