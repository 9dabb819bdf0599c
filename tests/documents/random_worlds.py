"""Worlds that nobody thought of: posts, mandates, audiences, exceptions and states at random."""

from datetime import timedelta

from hypothesis import strategies as st

from agencies import clock
from agencies.choices import AgencyKind, Audience, DeputyScope, Role
from agencies.models import Deputy, Post, User
from documents import lifecycle
from documents.choices import HandlingRole
from documents.models import Circulation, Dispatch
from tests.documents.world import World, agency, at, person, registers

#: Around which the days of everything are drawn.
MOMENT = at(3, 12)
ROLES = [Role.CLERK, Role.OFFICER, Role.LEADER, Role.HEAD, Role.ARCHIVIST, Role.AUDITOR]
DAYS = st.integers(-3, 3)


def random_world(data: st.DataObject) -> tuple[list[User], list[Dispatch]]:
    """Make one; return the people to ask about, and the papers: an issued one and two drafts."""
    draw = data.draw
    today = clock.day_of(MOMENT)
    world = World()
    bodies = [world.province, world.home, world.finance]
    bodies.append(agency("Sở Y tế", kind=AgencyKind.DEPARTMENT))
    registers(bodies[3])
    people = [
        person(
            f"r{number}",
            is_active=draw(st.booleans()) or draw(st.booleans()),
            is_superuser=draw(st.booleans()),
        )
        for number in range(4)
    ]
    for each in people:
        for _ in range(draw(st.integers(0, 2))):
            Post.objects.get_or_create(
                user=each,
                agency=draw(st.sampled_from(bodies)),
                role=draw(st.sampled_from(ROLES)),
                from_on=today + timedelta(days=draw(DAYS)),
                defaults={"to_on": draw(st.sampled_from([None, today + timedelta(days=3)]))},
            )
    for post in Post.objects.filter(user__in=people):
        if draw(st.booleans()):
            first = today + timedelta(days=draw(DAYS))
            Deputy.objects.create(
                of=post,
                deputy=draw(st.sampled_from(people)),
                scope=draw(st.sampled_from(DeputyScope.values)),
                from_on=first,
                to_on=first + timedelta(days=draw(st.integers(0, 3))),
            )
    addressed = draw(st.lists(st.sampled_from(bodies[1:]), min_size=1, unique=True))
    paper = world.issued(to=addressed)
    drafts = [world.draft(), world.submitted()]
    for row in Circulation.objects.filter(dispatch=paper):
        changes = {"audience": draw(st.sampled_from(Audience.values))}
        if draw(st.booleans()):
            changes["state"] = draw(st.sampled_from(["sent", "returned"]))
        if draw(st.booleans()):
            changes |= {
                "recall_state": draw(st.sampled_from(["requested", "agreed"])),
                "recall_reason": "x",
            }
        Circulation.objects.filter(pk=row.pk).update(**changes)
        if draw(st.booleans()):
            row.handlings.create(
                assignee=draw(st.sampled_from(people)),
                role=HandlingRole.SUPPORT,
                assigned_by=world.clerk,
                assigned_at=MOMENT,
            )
    given = []
    if draw(st.booleans()):
        given.append(lifecycle.grant_person(
            dispatch=paper, person=draw(st.sampled_from(people)), cause="x",
            to_on=today + timedelta(days=draw(st.integers(0, 3))), by=world.head, at=MOMENT,
        ))  # fmt: skip
    if draw(st.booleans()):
        given.append(lifecycle.grant_agency(
            dispatch=paper, agency=draw(st.sampled_from(bodies[1:])), cause="x",
            to_on=None, by=world.head, at=MOMENT,
        ))  # fmt: skip
    for each in given:
        if draw(st.integers(0, 3)) == 0:
            lifecycle.withdraw_exception(given=each, by=world.head, at=MOMENT)
    Dispatch.objects.filter(pk=paper.pk).update(audience=draw(st.sampled_from(Audience.values)))
    paper.refresh_from_db()
    return [*people, world.drafter, world.clerk, world.home_officer], [paper, *drafts]
