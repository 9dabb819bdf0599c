"""Who belongs to an agency on a day, and whom to tell what reaches it."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from agencies.choices import Role
from agencies.models import Deputy, Post, User


def members_of(agency: int, *, on: date) -> QuerySet[User]:
    """Return the active people who hold a reading post at an agency that day."""
    return User.objects.filter(
        pk__in=Post.objects.live_on(on)
        .filter(agency=agency, role__in=Role.readers())
        .values("user"),
        is_active=True,
    )


def office_members(agencies: Iterable[int], *, on: date) -> list[tuple[int, int]]:
    """Return (agency, user) of those who must be told what reaches an agency.

    Its clerks and those who stand in for them; where there is none, the rest of its office.
    """
    wanted = set(agencies)
    posts = Post.objects.live_on(on).filter(
        agency__in=wanted, role__in=Role.office(), user__is_active=True
    )
    rows = list(posts.values_list("agency", "user", "role"))
    mandates = Deputy.objects.in_force_on(on).filter(
        of__agency__in=wanted, of__role__in=Role.office(), deputy__is_active=True
    )
    rows += list(mandates.values_list("of__agency", "deputy", "of__role"))
    with_clerk = {agency for agency, _user, role in rows if role == Role.CLERK}
    return sorted(
        {
            (agency, user)
            for agency, user, role in rows
            if role == Role.CLERK or agency not in with_clerk
        }
    )
