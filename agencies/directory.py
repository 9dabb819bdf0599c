"""What the directory and the page of an agency show."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from agencies.choices import Role
from agencies.letters import fold
from agencies.models import Agency, AgencyName, ListMember, Post, Succession
from agencies.succession import predecessors, successors


def matching(query: str) -> QuerySet[Agency]:
    """Return the agencies in which every word of the query is found, under any of their names.

    Marks and case do not matter, and initials do: "so noi vu", "snv".
    """
    found = Agency.objects.in_order().select_related("parent")
    for word in fold(query).split():
        found = found.filter(find_key__contains=word)
    return found


@dataclass(frozen=True)
class Portrait:
    """An agency on a day. The officers of a body are counted; who sits in its office is named."""

    agency: Agency
    names: list[AgencyName]
    children: list[Agency]
    successors: list[Succession]
    predecessors: list[Succession]
    lists: list[ListMember]
    counts: list[tuple[str, int]]
    office: list[Post]


def portrait(agency: Agency, *, on: date) -> Portrait:
    """Read all that the page shows; the number of queries does not grow with the agency."""
    posts = Post.objects.live_on(on).filter(agency=agency, user__is_active=True)
    counted = dict(posts.values_list("role").annotate(number=Count("user", distinct=True)))
    office = posts.filter(role__in=Role.office()).select_related("user")
    rank = {Role.HEAD: 0, Role.LEADER: 1, Role.CLERK: 2}
    memberships = ListMember.objects.live_on(on).filter(agency=agency)
    return Portrait(
        agency=agency,
        names=agency.newest_first,
        children=list(agency.children.in_order()),
        successors=list(successors(agency)),
        predecessors=list(predecessors(agency)),
        lists=list(memberships.select_related("list__owner").order_by("list__find_key", "pk")),
        counts=[(str(role.label), counted[role]) for role in Role if role in counted],
        office=sorted(
            office, key=lambda post: (rank[Role(post.role)], post.user.sort_key, post.pk)
        ),
    )
