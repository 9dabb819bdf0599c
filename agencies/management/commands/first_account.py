"""`manage.py first_account NAME`: the first administrator, by a link that works once."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from agencies import accounts, clock
from agencies.choices import AgencyKind, Role
from agencies.models import Agency, AgencyName, Post, User
from agencies.refusals import Refused


class Command(BaseCommand):
    help = (
        "Make the first administrator and print a link to choose the password. For a name that"
        " exists, print a new link: the way back when nobody else can give one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--given-name", default="", help="default: the user name")
        parser.add_argument("--family-name", default="", help="family and middle names")
        parser.add_argument(
            "--agency", help="its identifier; without it the one agency that stands under none"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits with 1, nothing written, when it is refused."""
        username, at = options["username"].strip(), clock.now()
        user = User.objects.filter(username=username).first()
        try:
            if user:
                given = accounts.give_link(user=user, by=None, at=at)
            else:
                given = self._first(username, options)
        except Refused as refused:
            raise CommandError(" ".join(str(each.message) for each in refused.reasons)) from refused
        path = reverse("agencies:choose_password", args=[given.token])
        until = given.link.expires_at.astimezone(clock.VIETNAM)
        self.stderr.write(
            f"Works once, until {until:%d/%m/%Y %H:%M}, for {given.link.user.username}:"
        )
        self.stdout.write(urljoin(settings.WAGTAILADMIN_BASE_URL, path))

    def _first(self, username: str, options: dict[str, Any]) -> accounts.Given:
        at = clock.now()
        live = Post.objects.live_on(clock.day_of(at)).filter(role=Role.ADMINISTRATOR)
        if live.filter(user__is_active=True).exists():
            raise CommandError(
                "There is an administrator already: accounts are made on the screens."
            )
        return accounts.create_account(
            username=username,
            first_name=options["given_name"] or username,
            last_name=options["family_name"],
            agency=self._agency(options["agency"]),
            role=Role.ADMINISTRATOR,
            by=None,
            at=at,
        )

    def _agency(self, identifier: str | None) -> Agency:
        live = Agency.objects.live_on(clock.today())
        if identifier:
            named = AgencyName.objects.filter(identifier=identifier).values("agency")
            found = list(live.filter(pk__in=named))
        else:
            found = list(live.filter(parent=None).exclude(kind=AgencyKind.OUTSIDE))
        if len(found) != 1:
            names = ", ".join(str(each) for each in found[:5]) or "none"
            raise CommandError(
                f"One agency is wanted, found: {names}. Enter agencies by load_agencies, and name"
                " one by --agency and its identifier."
            )
        return found[0]
