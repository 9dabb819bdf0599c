"""The two tables of what may follow what, tried in every state by every role."""

import itertools
from dataclasses import dataclass
from typing import Any

import pytest

from agencies.choices import Role
from agencies.models import Agency, Post, User
from documents import access, lifecycle
from documents.choices import (
    CIRCULATION_RULES,
    DISPATCH_RULES,
    Action,
    CirculationState,
    HandlingRole,
    RecallState,
    State,
)
from documents.lifecycle.receiving import issued_version
from documents.models import Circulation, Dispatch
from documents.refusals import NotFound, NotPermitted, WrongState
from tests.documents.world import START, World, agency, at, person

pytestmark = pytest.mark.django_db

NOON = at(3, 12)


def _holder(world: World, body: Any, role: Role) -> User:
    return person(f"{role}_{body.pk}", (body, role))


VERBS: dict[Action, Any] = {
    Action.EDIT: lambda paper, by: lifecycle.save_draft(
        dispatch=paper, by=by, at=NOON, seen_edits=paper.edits, values={}, text="x", lines=[]
    ),
    Action.SUBMIT: lambda paper, by: lifecycle.submit(dispatch=paper, by=by, at=NOON),
    Action.DISCARD: lambda paper, by: lifecycle.discard(dispatch=paper, by=by, at=NOON),
    Action.SEND_BACK: lambda paper, by: lifecycle.send_back(
        dispatch=paper, reason="sai", by=by, at=NOON
    ),
    Action.SIGN: lambda paper, by: lifecycle.sign(dispatch=paper, by=by, at=NOON),
    Action.NUMBER: lambda paper, by: lifecycle.number(dispatch=paper, by=by, at=NOON),
    Action.VOID: lambda paper, by: lifecycle.void_number(
        dispatch=paper, reason="in nhầm", by=by, at=NOON
    ),
    Action.ISSUE: lambda paper, by: lifecycle.issue(dispatch=paper, by=by, at=NOON),
    Action.RECALL: lambda paper, by: lifecycle.recall(dispatch=paper, reason="sai", by=by, at=NOON),
    Action.UPDATE: lambda paper, by: lifecycle.update(
        dispatch=paper, files=[FORGOTTEN], reason="quên", by=by, at=NOON
    ),
    Action.CIRCULATE: lambda paper, by: lifecycle.circulate(
        dispatch=paper, agencies=[Agency.objects.get(name=FURTHER).pk], by=by, at=NOON
    ),
    Action.GRANT: lambda paper, by: lifecycle.grant_person(
        dispatch=paper, person=by, cause="phối hợp", to_on=None, by=by, at=NOON
    ),
}
FURTHER = "Sở Y tế"
FORGOTTEN = lifecycle.FileFacts("phu-luc.pdf", "a" * 64, 10, "application/pdf")

#: The step that brings a fresh paper into each state.
MAKE = {
    State.DRAFT: World.draft,
    State.SUBMITTED: World.submitted,
    State.SIGNED: World.signed,
    State.NUMBERED: World.numbered,
    State.ISSUED: World.issued,
}


ROLES = [Role.CLERK, Role.OFFICER, Role.LEADER, Role.HEAD, Role.ARCHIVIST]


@dataclass
class Start:
    """A paper in each state, and whoever does something with it: every test starts from here."""

    world: World
    papers: dict[State, Dispatch]
    at_the_province: dict[Role, User]
    at_home: dict[Role, User]


@pytest.fixture(scope="module")
def start(for_the_module: None) -> Start:
    world = World()
    agency(FURTHER)
    papers = {state: make(world) for state, make in MAKE.items()}
    # Everybody there may read it, so that what is tested is the act and not the reading.
    draft = Dispatch.objects.filter(pk=papers[State.DRAFT].pk)
    draft.update(sent_back_reason="đã trả lại")
    return Start(
        world,
        papers,
        {role: _holder(world, world.province, role) for role in ROLES},
        {role: _holder(world, world.home, role) for role in ROLES},
    )


@pytest.mark.parametrize("action", VERBS)
@pytest.mark.parametrize("state", MAKE)
@pytest.mark.parametrize("role", ROLES)
def test_a_dispatch_moves_only_as_the_table_says(
    start: Start, action: Action, state: State, role: Role
) -> None:
    paper = Dispatch.objects.get(pk=start.papers[state].pk)
    by = start.at_the_province[role]
    if role not in Role.office() and state != State.ISSUED:
        lifecycle_readers_exclude(paper, by)
        return
    rule = DISPATCH_RULES[action]
    # A button has a place exactly where the act would be let through.
    offered = access.may(by, action, paper, at=NOON)
    assert offered == (role in rule.roles and state in rule.states)

    def act() -> None:
        VERBS[action](Dispatch.objects.get(pk=paper.pk), by)

    after = Dispatch.objects.get(pk=paper.pk)
    if role not in rule.roles:
        with pytest.raises(NotPermitted):
            act()
    elif state not in rule.states:
        with pytest.raises(WrongState):
            act()
    else:
        act()
        after.refresh_from_db()
        assert after.state == (rule.to or state)
        return
    after.refresh_from_db()
    assert after.state == state


def lifecycle_readers_exclude(paper: Dispatch, by: User) -> None:
    """Who is not of the office learns nothing of an unissued paper."""
    with pytest.raises(NotFound):
        access.require_readable(by, paper, at=NOON)


CIRCULATION_VERBS: dict[Action, Any] = {
    Action.RECEIVE: lambda row, by: lifecycle.receive(circulation=row, by=by, at=NOON),
    Action.RETURN: lambda row, by: lifecycle.return_to_sender(
        circulation=row, reason="nhầm nơi", suggested=None, by=by, at=NOON
    ),
    Action.ASSIGN: lambda row, by: lifecycle.assign(
        circulation=row,
        assignee=by,
        role=HandlingRole.LEAD,
        due_at=None,
        note="",
        by=by,
        at=NOON,
    ),
}


def _in_state(start: Start, state: CirculationState) -> Circulation:
    row = start.world.at_home(start.papers[State.ISSUED])
    if state != CirculationState.SENT:
        row = lifecycle.receive(circulation=row, by=start.world.home_clerk, at=at(3))
    if state in (CirculationState.ASSIGNED, CirculationState.IN_PROGRESS, CirculationState.DONE):
        Circulation.objects.filter(pk=row.pk).update(state=state)
    return Circulation.objects.get(pk=row.pk)


LADDER = [state for state in CirculationState if state != CirculationState.RETURNED]


@pytest.mark.parametrize(
    ("action", "state", "role"),
    list(
        itertools.product(
            CIRCULATION_VERBS,
            LADDER,
            ROLES,
        )
    ),
)
def test_a_circulation_moves_only_as_the_table_says(
    start: Start, action: Action, state: CirculationState, role: Role
) -> None:
    row = _in_state(start, state)
    by = start.at_home[role]
    rule = CIRCULATION_RULES[action]
    assert access.may(by, action, row, at=NOON) == (role in rule.roles and state in rule.states)
    again = action == Action.RECEIVE and state != CirculationState.SENT

    if role not in rule.roles and not (again and role in Role.office()):
        with pytest.raises(NotPermitted):
            CIRCULATION_VERBS[action](row, by)
    elif again:
        # Receiving what is received answers with what is there.
        assert CIRCULATION_VERBS[action](row, by).arrival_number == row.arrival_number
    elif state not in rule.states:
        with pytest.raises(WrongState):
            CIRCULATION_VERBS[action](row, by)
    else:
        CIRCULATION_VERBS[action](row, by)
        row.refresh_from_db()
        assert row.state == rule.to
        return
    row.refresh_from_db()
    assert row.state == state


@pytest.mark.parametrize("role", ROLES)
def test_offices_are_reminded_by_the_office_of_the_sender_alone(start: Start, role: Role) -> None:
    row = start.world.at_home(start.papers[State.ISSUED])
    by, at_home = start.at_the_province[role], start.at_home[role]
    late = at(30)

    with pytest.raises(NotPermitted):
        lifecycle.chase(circulation=row, by=at_home, at=late)
    if role in DISPATCH_RULES[Action.CHASE].roles:
        assert lifecycle.chase(circulation=row, by=by, at=late)
    else:
        with pytest.raises(NotPermitted):
            lifecycle.chase(circulation=row, by=by, at=late)


@pytest.mark.parametrize("role", ROLES)
def test_a_recall_is_answered_by_the_office_of_the_recipient_alone(
    start: Start, role: Role
) -> None:
    row = _in_state(start, CirculationState.RECEIVED)
    lifecycle.recall(dispatch=row.dispatch, reason="sai", by=start.world.clerk, at=NOON)
    by, sender = start.at_home[role], start.at_the_province[role]

    with pytest.raises(NotFound):
        lifecycle.answer_recall(circulation=row, agree=True, by=sender, at=NOON)
    if role in CIRCULATION_RULES[Action.ANSWER_RECALL].roles:
        answered = lifecycle.answer_recall(circulation=row, agree=True, by=by, at=NOON)
        assert answered.recall_state == RecallState.AGREED
    else:
        with pytest.raises(NotPermitted):
            lifecycle.answer_recall(circulation=row, agree=True, by=by, at=NOON)


def test_every_act_of_the_tables_is_tried_or_has_tests_of_its_own() -> None:
    tried = set(VERBS) | set(CIRCULATION_VERBS)
    elsewhere = {Action.TRACK, Action.CHASE, Action.ACKNOWLEDGE, Action.ANSWER_RECALL}

    assert tried | elsewhere == set(DISPATCH_RULES) | set(CIRCULATION_RULES)


def test_the_drafter_edits_and_submits_his_own_draft_and_no_other_officer_does(
    start: Start,
) -> None:
    world = start.world
    paper = Dispatch.objects.get(pk=start.papers[State.DRAFT].pk)
    colleague = person("p_officer_2", (world.province, Role.OFFICER))

    with pytest.raises(NotFound):
        lifecycle.submit(dispatch=paper, by=colleague, at=NOON)
    lifecycle.submit(dispatch=paper, by=world.drafter, at=NOON)

    paper.refresh_from_db()
    assert paper.state == State.SUBMITTED


def test_a_drafter_whose_post_ended_no_longer_reads_his_draft(start: Start) -> None:
    world = start.world
    paper = world.draft()
    assert access.visible_to(world.drafter, at=NOON).filter(pk=paper.pk).exists()

    Post.objects.filter(user=world.drafter).update(to_on=START)

    assert not access.visible_to(world.drafter, at=NOON).filter(pk=paper.pk).exists()


def test_the_version_that_recipients_see_is_the_issued_one(start: Start) -> None:
    world = start.world
    row = world.at_home(world.issued())

    assert issued_version(row).issued_at == at(2)
