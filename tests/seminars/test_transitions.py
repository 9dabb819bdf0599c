"""The table of what may follow what, tried in every state by every role."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from agencies.choices import Role
from agencies.models import User
from agencies.refusals import Refused
from documents.refusals import NotPermitted, WrongState
from seminars import access, lifecycle
from seminars.choices import SEMINAR_RULES, Act, SeminarState
from seminars.models import Person, Seminar
from tests.documents.world import person
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db

NOW = at(15, 7)  # Half an hour before it begins.
ROLES = [Role.CLERK, Role.OFFICER, Role.LEADER, Role.HEAD, Role.ARCHIVIST]


@dataclass
class Start:
    house: Seminars
    seminars: dict[SeminarState, Seminar]
    holders: dict[Role, User]


@pytest.fixture(scope="module")
def start(for_the_module: None) -> Start:
    house = Seminars()
    # Each in a room of its own, with a chair of its own: all at one time.
    seminars = {}
    for number, state in enumerate(SeminarState):
        house.hall = house.room(f"Phòng {number}", 200)
        house.chair = Person.objects.create(agency=house.small.province, name=f"Chủ trì {number}")
        seminars[state] = house.in_state(state)
    holders = {role: person(f"t_{role}", (house.small.province, role)) for role in ROLES}
    return Start(house, seminars, holders)


@pytest.mark.parametrize("act", SEMINAR_RULES, ids=str)
def test_an_act_is_for_its_roles_in_its_states(start: Start, act: Act) -> None:
    rule = SEMINAR_RULES[act]
    for state, seminar in start.seminars.items():
        for role, holder in start.holders.items():
            # Drafts are before the office and whoever wrote them.
            if state == SeminarState.DRAFT and role not in Role.office():
                continue
            allowed = role in rule.roles and state in rule.states
            assert access.may(holder, act, seminar, at=NOW) == allowed, (act, state, role)
            refusal = NotPermitted if role not in rule.roles else WrongState
            if allowed:
                access.require(holder, act, seminar, at=NOW)
            else:
                with pytest.raises(refusal):
                    access.require(holder, act, seminar, at=NOW)


#: What brings each state about, with what the act needs besides.
VERBS: dict[Act, Any] = {
    Act.HOLD: lambda house, row, by: lifecycle.hold(seminar=row, by=by, at=NOW),
    Act.SCHEDULE: lambda house, row, by: lifecycle.schedule(seminar=row, by=by, at=NOW),
    Act.INVITE: lambda house, row, by: lifecycle.invite(
        seminar=row, letter=house.letter(), answer_by=at(15, 7, 20), by=by, at=NOW
    ),
    Act.POSTPONE: lambda house, row, by: lifecycle.postpone(
        seminar=row, reason="Bão", by=by, at=NOW
    ),
    Act.CANCEL: lambda house, row, by: lifecycle.cancel(seminar=row, reason="Bão", by=by, at=NOW),
    Act.OPEN: lambda house, row, by: lifecycle.open_seminar(seminar=row, by=by, at=NOW),
    Act.CLOSE: lambda house, row, by: lifecycle.close(seminar=row, by=by, at=NOW),
    Act.CONCLUDE: lambda house, row, by: lifecycle.conclude(
        seminar=row, notice=None, waiver="Không", by=by, at=NOW
    ),
    Act.REPORT: lambda house, row, by: lifecycle.report(
        seminar=row, paper=house.small.issued(), by=by, at=NOW
    ),
}


def test_every_act_that_changes_the_state_has_a_verb() -> None:
    assert set(VERBS) == {act for act, rule in SEMINAR_RULES.items() if rule.to}


@pytest.mark.parametrize("act", VERBS, ids=str)
def test_a_verb_does_what_the_table_says_and_nothing_elsewhere(start: Start, act: Act) -> None:
    rule = SEMINAR_RULES[act]
    for state, seminar in start.seminars.items():
        point = transaction.savepoint()
        refused = None
        try:
            after = VERBS[act](start.house, seminar, start.holders[Role.LEADER]).state
        except Refused as error:
            refused, after = error, Seminar.objects.get(pk=seminar.pk).state
        transaction.savepoint_rollback(point)
        assert (refused is None) == (state in rule.states), (state, refused)
        assert after == (state if refused else rule.to)
