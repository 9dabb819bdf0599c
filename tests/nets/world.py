"""The seeded roles, signed in, and every address filled with every id."""

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from functools import cached_property

from django.test import Client
from django.urls import NoReverseMatch, reverse

from agencies import clock
from agencies.models import Agency, User
from documents.models import Attachment, Circulation, Receipt, Register
from documents.seed_roles import Seeded
from intranet.management.commands.seed_roles import seed
from intranet.routes import Route, walk
from search.models import SavedSearch
from seminars.models import (
    HalfDaySurvey,
    Invitation,
    Nomination,
    Paper,
    Programme,
    ScheduleItem,
    Seminar,
    SkippedDate,
    SurveyAsked,
    WeeklySchedule,
)

#: Arguments of patterns, by the name of the route that they stand in.
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


#: Routes that show what a paper says: tried with every paper.
SHOWING = frozenset({"documents:dispatch", "documents:file", "documents:track"})


class Roles:
    """The world of `seed_roles`, and a browser for each role."""

    def __init__(self, number: int = 7) -> None:
        self.made: Seeded = seed(number)

    @property
    def roles(self) -> list[str]:
        return ["anonymous", *self.made.users]

    def browser(self, role: str) -> Client:
        client = Client()
        if role != "anonymous":
            client.force_login(User.objects.get(username=self.made.users[role]))
        return client

    @cached_property
    def values(self) -> dict[str, list[object]]:
        """Every value that an argument of an address may take here, and one that does not exist."""
        return {
            "pk": [*self.made.papers.values(), 999_999],
            "circulation": [*Circulation.objects.values_list("pk", flat=True), 999_999],
            "attachment": list(Attachment.objects.values_list("pk", flat=True)),
            "code": [*Receipt.objects.exclude(code=None).values_list("code", flat=True), "BN-0"],
            "agency": [*Agency.objects.values_list("pk", flat=True)[:3], 999_999],
            "invitation": [*Invitation.objects.values_list("pk", flat=True), 999_999],
            "survey": [*HalfDaySurvey.objects.values_list("pk", flat=True), 999_999],
            "asked": [*SurveyAsked.objects.values_list("pk", flat=True), 999_999],
            "paper": [*Paper.objects.values_list("pk", flat=True), 999_999],
            "no": [0, 1, 2, 3],
            "skipped": [*SkippedDate.objects.values_list("pk", flat=True), 999_999],
            "nomination": [*Nomination.objects.values_list("pk", flat=True), 999_999],
            "dispatch": [self.made.papers["issued"], self.made.papers["draft"], 999_999],
            **self._times(),
            "key": self._keys,
            "register": [*Register.objects.values_list("pk", flat=True)[:2]],
        }

    def _times(self) -> dict[str, list[object]]:
        """The months and weeks in which something of this world is held."""
        days = [*Seminar.objects.filter(day__isnull=False).values_list("day", flat=True)]
        return {
            "year": sorted({each.year for each in days}),
            "month": sorted({each.month for each in days}),
            "week": sorted({each.isocalendar().week for each in days}),
        }

    def addresses(self, route: Route, *, sample: bool = False) -> Iterator[str]:
        """Yield the route's addresses with all ids: foreign ones, own ones and one of nobody's.

        With `sample`, with exactly the values that were set.
        """
        names = _ARGUMENT.findall(route.pattern)
        values = dict(self.values)
        if not sample and route.name not in SHOWING:
            # What shows no paper, or one's own step only, is tried on one paper of each state.
            states = ("draft", "submitted", "signed", "numbered", "issued", "persons")
            values["pk"] = [*(self.made.papers[name] for name in states), 999_999]
        if not sample and route.name.startswith("seminars:"):
            programmes = Programme.objects.values_list("pk", flat=True)
            values["pk"] = [*{*self.made.seminars.values(), *programmes}, 999_999]
        if not sample and route.name.startswith("seminars:schedule_"):
            values["pk"] = [*WeeklySchedule.objects.values_list("pk", flat=True), 999_999]
        if not sample and route.name.startswith("agencies:"):
            values["pk"] = [*values["agency"], *self.made.ids.values()]
        for chosen in itertools.product(*(values.get(name, [1]) for name in names)):
            if names == ["pk", "attachment"] and not sample and self._strangers(*chosen):
                continue
            try:
                yield reverse(route.name, kwargs=dict(zip(names, chosen, strict=True)))
            except NoReverseMatch:
                return

    def leaks(self, role: str, text: str) -> set[str]:
        """Return the tokens in the text that the plan denies to the role, each with its paper."""
        allowed = set(self.made.entitled[role])
        return {
            f"{paper} ({token})"
            for token, paper in self.made.tokens.items()
            if paper not in allowed and token in text
        }

    def tell_everybody_of_everything(self) -> None:
        """Give each person a saved search whose alert names every paper, as if the worker erred."""
        every = [f"dispatch:{pk}" for pk in self.made.papers.values()]
        now = clock.now()
        SavedSearch.objects.bulk_create(
            SavedSearch(
                owner=User.objects.get(username=name), name="Mọi văn bản", query="kind=directive",
                fresh=every, created_at=now, last_seen_at=now, checked_at=now,
            )
            for name in self.made.users.values()
        )  # fmt: skip

    @cached_property
    def _keys(self) -> list[object]:
        """Items of the sender's schedule, typed and from seminars; the first of them was typed."""
        typed = ScheduleItem.objects.filter(schedule=self.made.ids["schedule"]).order_by("pk")
        return [*(row.key for row in typed), f"s{self.made.seminars['seminar_invited']}", "s999"]

    @cached_property
    def _papers_of_files(self) -> dict[object, int]:
        return dict(Attachment.objects.values_list("pk", "version__dispatch"))

    def _strangers(self, paper: object, file: object) -> bool:
        """Say whether a file is asked for under a paper that is not its own: one such is enough."""
        first = self.values["pk"][0]
        return self._papers_of_files.get(file) != paper and paper != first


def own_routes() -> list[Route]:
    """Return the routes of the house itself, without the web team's admin."""
    return [route for route in walk() if not route.in_admin]


def body_of(response: object) -> bytes:
    """Return the body, read to its end: an answer closed earlier would end the test's connection."""
    streamed = getattr(response, "streaming", False)
    return b"".join(response.streaming_content) if streamed else response.content  # type: ignore[attr-defined]


def readable_text(response: object) -> str:
    """Return all that an answer holds as text: headers, and spreadsheets unzipped."""
    body = body_of(response)
    texts = [str(dict(response.headers)), body.decode("utf-8", "replace")]  # type: ignore[attr-defined]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            texts += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return "\n".join(texts)
