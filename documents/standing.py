"""What a person holds at a moment: posts, mandates and exceptions, resolved once."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, DateField, Value
from django.http import HttpRequest

from agencies import clock
from agencies.authority import Authority, authorities
from agencies.choices import Role
from agencies.models import User
from documents.models import AgencyGrant, Grant, Notice


@dataclass(frozen=True)
class Standing:
    """What a person holds at a moment: posts, mandates, exceptions. Each is asked for once."""

    user: User
    at: datetime
    authorities: tuple[Authority, ...]

    @property
    def grants(self) -> tuple[int, ...]:
        return self._besides[0]

    @property
    def agency_grants(self) -> tuple[int, ...]:
        return self._besides[1]

    @property
    def unread(self) -> int:
        """How many notices he has not read."""
        return self._besides[2]

    @cached_property
    def _besides(self) -> tuple[tuple[int, ...], tuple[int, ...], int]:
        """What he holds beside posts and mandates: exceptions, and notices. One query for a page."""
        if not self.user.is_active:
            return (), (), 0
        day = clock.day_of(self.at)
        no_day = Value(None, output_field=DateField())
        person = Grant.objects.filter(user=self.user, withdrawn_at__isnull=True)
        agencies = AgencyGrant.objects.filter(agency__in=self.readers_of, withdrawn_at__isnull=True)
        notices = Notice.objects.filter(person=self.user, read_at__isnull=True)
        rows = person.values_list(Value("person"), "pk", "from_on", "to_on").union(
            agencies.values_list(Value("agency"), "pk", "from_on", "to_on"),
            notices.order_by().values("person").annotate(unread=Count("pk"))
            .values_list(Value("unread"), "unread", no_day, no_day),
            all=True,
        )  # fmt: skip
        held: dict[str, list[int]] = {"person": [], "agency": [], "unread": []}
        for what, number, first, last in rows:
            if what == "unread" or (first <= day and (last is None or day <= last)):
                held[what].append(number)
        return tuple(held["person"]), tuple(held["agency"]), sum(held["unread"])

    @property
    def readers_of(self) -> set[int]:
        """Agencies of which the person reads what was sent to the whole agency."""
        return {a.agency.pk for a in self.authorities if a.role in Role.readers()}

    @property
    def office_of(self) -> set[int]:
        """Agencies in whose office the person sits."""
        return {a.agency.pk for a in self.authorities if a.role in Role.office()}

    @property
    def members(self) -> set[tuple[int, int]]:
        """(agency, user) pairs that the person is, or stands in for: assignments and drafts."""
        return {(a.agency.pk, a.post.user_id) for a in self.authorities if a.role in Role.readers()}


def standing(user: User, *, at: datetime) -> Standing:
    """Resolve what depends on the clock, on the person's side, at this moment."""
    if not user.is_authenticated:
        return Standing(user, at, ())
    return Standing(user, at, tuple(authorities(user, on=clock.day_of(at))))


def standing_of(request: HttpRequest) -> Standing:
    """Return the standing of the person who asks, resolved once a request."""
    cached: Standing | None = getattr(request, "_standing", None)
    if cached is None:
        cached = standing(request.user, at=clock.now())  # type: ignore[arg-type]
        request._standing = cached  # type: ignore[attr-defined]
    return cached


def resolved(user: User | Standing, at: datetime | None) -> Standing:
    """Return a standing as it is, or resolve a person's, now unless `at` says otherwise."""
    if isinstance(user, Standing):
        return user
    return standing(user, at=at or clock.now())
