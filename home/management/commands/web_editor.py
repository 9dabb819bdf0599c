"""Put a person into the web team, or take him out of it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.models import User
from home.editors import add_web_editor, remove_web_editor


class Command(BaseCommand):
    help = "Let a person write and publish news and guidance, or end that."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--remove", action="store_true", help="end it")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account named {options['username']}.")
        change = remove_web_editor if options["remove"] else add_web_editor
        change(user=user)
        self.stdout.write("Done.")
