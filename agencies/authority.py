"""On what post or mandate a person acts at a moment."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Exists

from agencies.choices import DeputyScope, Role
from agencies.models import Agency, Deputy, Post, User
from agencies.models.periods import live_on


@dataclass(frozen=True)
class Authority:
    """One post, held or stood in for. An act stands on exactly one of these."""

    user: User
    agency: Agency
    role: Role
    post: Post
    deputy: Deputy | None = None

    def covers(self, scope: DeputyScope) -> bool:
        """Say whether acts of that scope are within it: an own post covers all."""
        if self.deputy is None:
            return True
        held = DeputyScope(self.deputy.scope)
        return held in (DeputyScope.ALL, scope)


class ActingFor(NamedTuple):
    """How an act is signed: "Võ Khánh Đoan, Văn thư, Sở Nội vụ, làm thay Lâm Sương Dung"."""

    person: str
    office: str
    agency: str
    #: Whose post it is, when it is not the person's own; else "".
    instead_of: str


def acting_for(authority: Authority) -> ActingFor:
    """Return the parts of the name under which an act is recorded and shown (no query)."""
    post = authority.post
    return ActingFor(
        person=str(authority.user),
        office=post.title or str(authority.role.label),
        agency=str(authority.agency),
        instead_of=str(post.user) if authority.deputy else "",
    )


def authorities(user: User, *, on: date) -> list[Authority]:
    """Return what the person holds that day, own posts before mandates.

    Asked at every request and in every act, so the days of his few rows are compared here: one
    short query, and a second for who stands in for somebody.

    A mandate holds only while the post that it stands in for does, and its holder is active. It
    gives nothing to hand on: whoever stands in for a deputy holds what that person's own posts
    hold, never what was lent to him.
    """
    if not user.is_active:
        return []
    own = []
    # Every mandate has an end (a constraint), and the second query asks for the rest.
    mandates = Deputy.objects.filter(deputy=user, to_on__gte=on)
    posts = Post.objects.filter(user=user).select_related("agency").order_by("pk")
    held = list(posts.annotate(has_mandates=Exists(mandates)))
    for post in held:
        if post.is_live_on(on) and post.agency.is_live_on(on):
            post.user = user
            own.append(Authority(user, post.agency, Role(post.role), post))
    # Who holds no post of his own may still stand in for somebody.
    lent = held[0].has_mandates if held else True
    return own + (_borrowed(user, on=on) if lent else [])


def _borrowed(user: User, *, on: date) -> list[Authority]:
    mandates = (
        Deputy.objects.in_force_on(on)
        .filter(live_on(on, "of__agency__"), deputy=user)
        .select_related("of__agency", "of__user")
        .order_by("pk")
    )
    return [Authority(user, each.of.agency, Role(each.of.role), each.of, each) for each in mandates]
