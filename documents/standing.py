"""What a person holds at a moment: posts, mandates and exceptions, resolved once."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import HttpRequest

from agencies import clock
from agencies.authority import Authority, authorities
from agencies.choices import Role
from agencies.models import User
from documents.models import AgencyGrant, Grant


@dataclass(frozen=True)
class Standing:
    """What a person holds at a moment: posts, mandates, exceptions. Each is asked for once."""

    user: User
    at: datetime
    authorities: tuple[Authority, ...]

    @cached_property
    def grants(self) -> tuple[int, ...]:
        if not self.user.is_active:
            return ()
        day = clock.day_of(self.at)
        rows = Grant.objects.filter(user=self.user).exclude(to_on__lt=day)
        return tuple(each.pk for each in rows if each.is_live_on(day))

    @cached_property
    def agency_grants(self) -> tuple[int, ...]:
        if not self.readers_of:
            return ()
        day = clock.day_of(self.at)
        rows = AgencyGrant.objects.filter(agency__in=self.readers_of).exclude(to_on__lt=day)
        return tuple(each.pk for each in rows if each.is_live_on(day))

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
