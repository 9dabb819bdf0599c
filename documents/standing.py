"""What a person holds at a moment: posts, mandates and exceptions, resolved once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from agencies import clock
from agencies.authority import Authority, authorities
from agencies.choices import Role
from agencies.models import User
from documents.models import AgencyGrant, Grant


@dataclass(frozen=True)
class Standing:
    """What a person holds at a moment: posts, mandates, exceptions. Four queries, then none."""

    user: User
    at: datetime
    authorities: tuple[Authority, ...]
    grants: tuple[int, ...]
    agency_grants: tuple[int, ...]

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
    if not user.is_authenticated or not user.is_active:
        return Standing(user, at, (), (), ())
    day = clock.day_of(at)
    held = tuple(authorities(user, on=day))
    reader_agencies = {a.agency.pk for a in held if a.role in Role.readers()}
    grants = Grant.objects.filter(user=user).exclude(to_on__lt=day)
    agency_grants: Iterable[AgencyGrant] = ()
    if reader_agencies:
        agency_grants = AgencyGrant.objects.filter(agency__in=reader_agencies).exclude(
            to_on__lt=day
        )
    return Standing(
        user,
        at,
        held,
        tuple(each.pk for each in grants if each.is_live_on(day)),
        tuple(each.pk for each in agency_grants if each.is_live_on(day)),
    )


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
