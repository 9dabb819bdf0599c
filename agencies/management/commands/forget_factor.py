"""`manage.py forget_factor NAME`: for who lost the telephone and the recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies import accounts, clock
from agencies.models import User


class Command(BaseCommand):
    help = (
        "Forget somebody's second factor and recovery codes, and end the open sessions. Make sure"
        " first who is asking. With MFA_REQUIRED the next sign-in begins with a new factor."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits with 1 when there is no such person."""
        user = User.objects.filter(username=options["username"].strip()).first()
        if user is None:
            raise CommandError("No account has this user name.")
        forgotten = accounts.forget_factor(user=user, at=clock.now())
        self.stdout.write(
            f"{user.username}: {forgotten} forgotten"
            if forgotten
            else "There was no second factor."
        )
