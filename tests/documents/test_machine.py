"""Any verbs in any order, beside a small model of who may read what and where each paper stands.

The model is written from the rules of the house, not from the code: plain loops over plain rows.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from agencies import clock, posts
from agencies.choices import Audience, DeputyScope, Role
from agencies.models import Agency, Deputy, Post, User
from agencies.refusals import Refused
from documents import access, jobs, lifecycle
from documents.choices import FileRole, HandlingRole, NoticeKind, RegisterKind
from documents.models import (
    Circulation,
    Dispatch,
    Notice,
    OutboxItem,
    Receipt,
    Register,
    RegisterEntry,
)
from ledger.verification import verify
from tests.documents.world import World, agency, at, person, registers, work

READERS = {Role.CLERK, Role.OFFICER, Role.LEADER, Role.HEAD, Role.ARCHIVIST}
OFFICE = {Role.CLERK, Role.LEADER, Role.HEAD}
LEADERS = {Role.LEADER, Role.HEAD}
CLERK = {Role.CLERK}

#: Act: who does it in the agency that registers the paper, in which states.
HOME = {
    "submit": (CLERK, {"draft"}),
    "discard": (set(), {"draft"}),
    "send_back": (OFFICE, {"submitted", "signed"}),
    "sign": (LEADERS, {"submitted"}),
    "number": (CLERK, {"signed"}),
    "void": (CLERK, {"numbered"}),
    "issue": (CLERK, {"numbered"}),
    "update": (CLERK, {"issued"}),
    "circulate": (CLERK, {"issued"}),
    "recall": (OFFICE, {"issued"}),
    "grant": (LEADERS, {"issued"}),
}
#: What the drafter himself does with his own draft, whatever his role.
BY_DRAFTER = {"submit", "discard"}
#: Act: who does it at a recipient, in which states.
AWAY = {
    "receive": (CLERK, {"sent"}),
    "return": (CLERK, {"sent", "received"}),
    "assign": (OFFICE, {"received", "assigned"}),
    "acknowledge": (OFFICE, {"received", "assigned"}),
    "answer": (OFFICE, {"sent", "received", "assigned"}),
}


#: How often each verb was tried with which outcome: lives that get nowhere prove nothing.
DONE: Counter[tuple[str, bool]] = Counter()


@dataclass
class Held:
    """A post or a mandate, as the model knows it."""

    user: int
    agency: int
    role: Role
    first: date
    last: date | None = None
    scope: DeputyScope = DeputyScope.ALL
    of: "Held | None" = None

    def live(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass
class Sent:
    """One circulation."""

    agency: int
    audience: str
    state: str = "sent"
    recall: str = "none"
    assigned: set[int] = field(default_factory=set)

    @property
    def live(self) -> bool:
        return self.state != "returned" and self.recall != "agreed"


@dataclass
class Paper:
    drafter: int
    audience: str
    state: str = "draft"
    came_back: bool = False
    recalled: bool = False
    versions: int = 1
    to: list[int] = field(default_factory=list)
    sent: dict[int, Sent] = field(default_factory=dict)
    people: list[tuple[int, date, date | None]] = field(default_factory=list)
    bodies: list[tuple[int, date, date | None]] = field(default_factory=list)


class Model:
    """Who may read and act, by plain loops."""

    def __init__(self, home: int, day: date) -> None:
        self.home = home
        self.day = day
        self.active: dict[int, bool] = {}
        self.held: dict[int, Held] = {}
        self.mandates: list[Held] = []
        self.papers: dict[int, Paper] = {}

    def authorities(self, user: int) -> list[tuple[Held, Held]]:
        """Return (whose post it is, under what it is used)."""
        if not self.active[user]:
            return []
        own = [(each, each) for each in self.held.values() if each.user == user]
        lent = [
            (each.of, each)
            for each in self.mandates
            if each.user == user
            and each.of is not None
            and each.of.live(self.day)
            and self.active[each.of.user]
        ]
        return [pair for pair in own + lent if pair[1].live(self.day)]

    def holds(
        self, user: int, body: int, roles: set[Role], members: set[int] | None = None
    ) -> bool:
        return any(
            post.agency == body and post.role in roles and (members is None or post.user in members)
            for post, _used in self.authorities(user)
        )

    def reads_by(self, user: int, sent: Sent) -> bool:
        if not sent.live:
            return False
        return (
            self.holds(user, sent.agency, OFFICE)
            or (sent.audience == "agency" and self.holds(user, sent.agency, READERS))
            or self.holds(user, sent.agency, READERS, sent.assigned)
        )

    def reads(self, user: int, paper: Paper) -> bool:
        if not self.active[user]:
            return False
        if self.holds(user, self.home, READERS, {paper.drafter}):
            return True
        before_the_office = paper.state not in ("draft", "discarded") or paper.came_back
        if paper.state != "discarded" and before_the_office and self.holds(user, self.home, OFFICE):
            return True
        if (
            paper.state == "issued"
            and paper.audience == "agency"
            and self.holds(user, self.home, READERS)
        ):
            return True
        if any(self.reads_by(user, sent) for sent in paper.sent.values()):
            return True
        if any(who == user and self._within(a, b) for who, a, b in paper.people):
            return True
        return any(
            self.holds(user, body, READERS) and self._within(a, b) for body, a, b in paper.bodies
        )

    def _within(self, first: date, last: date | None) -> bool:
        return first <= self.day and (last is None or self.day <= last)

    def _one_post(
        self, user: int, body: int, roles: set[Role], scope: DeputyScope, drafter: int | None
    ) -> bool:
        return any(
            post.agency == body
            and used.scope in (DeputyScope.ALL, scope)
            and (post.role in roles or (post.user == drafter and post.role in READERS))
            for post, used in self.authorities(user)
        )

    def may_at_home(self, user: int, act: str, paper: Paper) -> bool:
        roles, states = HOME[act]
        drafter = paper.drafter if act in BY_DRAFTER else None
        return (
            paper.state in states
            and self.reads(user, paper)
            and self._one_post(user, self.home, roles, DeputyScope.OUTGOING, drafter)
        )

    def may_away(self, user: int, act: str, sent: Sent) -> bool:
        roles, states = AWAY[act]
        return (
            sent.state in states
            and self.reads_by(user, sent)
            and self._one_post(user, sent.agency, roles, DeputyScope.INCOMING, None)
        )


class Papers(RuleBasedStateMachine):
    """A province, three departments, eleven people; each rule lets anybody try a verb."""

    def __init__(self) -> None:
        super().__init__()
        # Each life in a transaction of its own, rolled back at its end: nothing leaks (T15).
        self.life = transaction.atomic()
        self.life.__enter__()
        self.now: datetime = at(2)
        self.step = 0
        world = self.world = World()
        health = agency("Sở Y tế", "SYT")
        registers(health)
        person("d_clerk", (health, Role.CLERK))
        person("d_officer", (health, Role.OFFICER))
        self.bodies: list[Agency] = [world.province, world.home, world.finance, health]
        self.people: list[User] = list(User.objects.filter(posts__isnull=False).distinct())
        self.people.sort(key=lambda user: user.pk)
        self.model = Model(world.province.pk, self.today)
        self.model.active = {user.pk: True for user in self.people}
        for post in Post.objects.all():
            self.model.held[post.pk] = Held(post.user_id, post.agency_id, post.role, post.from_on)

    @property
    def today(self) -> date:
        return clock.day_of(self.now)

    # -- Choosing -----------------------------------------------------------------------------

    def _user(self, place: int) -> User:
        return User.objects.get(pk=self.people[place % len(self.people)].pk)

    def _paper(self, place: int) -> tuple[Dispatch, Paper]:
        pk = sorted(self.model.papers)[place % len(self.model.papers)]
        return Dispatch.objects.get(pk=pk), self.model.papers[pk]

    def _sent(self, place: int) -> tuple[Circulation, Sent]:
        rows = {pk: row for paper in self.model.papers.values() for pk, row in paper.sent.items()}
        pk = sorted(rows)[place % len(rows)]
        return Circulation.objects.select_related("dispatch").get(pk=pk), rows[pk]

    def _tries(self, expected: bool, verb: Callable[..., Any], **values: Any) -> Any:
        """Call the verb; it must succeed exactly when the model says so."""
        self.now += timedelta(minutes=1)
        try:
            result, told = verb(at=self.now, **values), "allowed"
        except Refused as refused:
            result, told = None, f"refused: {[reason.code for reason in refused.reasons]}"
        assert expected == (told == "allowed"), f"{verb.__name__} was {told}"
        DONE[verb.__name__, expected] += 1
        return result

    def _take_circulations(self, dispatch: Dispatch, paper: Paper, bodies: list[int]) -> None:
        rows = Circulation.objects.filter(dispatch=dispatch).exclude(pk__in=paper.sent)
        assert sorted(rows.values_list("agency", flat=True)) == sorted(bodies)
        for row in rows:
            body = Agency.objects.get(pk=row.agency_id)
            paper.sent[row.pk] = Sent(row.agency_id, body.default_audience)

    places = st.integers(0, 60)

    # -- At home ------------------------------------------------------------------------------

    @rule(to=st.lists(st.integers(1, 3), min_size=1, max_size=3, unique=True))
    def draft(self, to: list[int]) -> None:
        bodies = [self.bodies[place] for place in to]
        world, drafter = self.world, self.world.drafter
        if not self.model.holds(drafter.pk, self.model.home, {Role.OFFICER}):
            return
        world.province.refresh_from_db()
        row = world.draft(to=bodies, moment=self.now)
        self.model.papers[row.pk] = Paper(
            drafter.pk, world.province.default_audience, to=[body.pk for body in bodies]
        )

    @precondition(lambda self: self.model.papers)
    @rule(
        act=st.sampled_from(["submit", "sign", "number", "issue", "number", "issue", "send_back",
                             "discard", "void"]),
        paper=places, user=places,
    )  # fmt: skip
    def at_home(self, act: str, paper: int, user: int) -> None:
        dispatch, known = self._paper(paper)
        who = self._user(user)
        expected = self.model.may_at_home(who.pk, act, known)
        verbs: dict[str, tuple[Callable[..., Any], dict[str, Any], str]] = {
            "submit": (lifecycle.submit, {}, "submitted"),
            "discard": (lifecycle.discard, {}, "discarded"),
            "send_back": (lifecycle.send_back, {"reason": "Sửa"}, "draft"),
            "sign": (lifecycle.sign, {}, "signed"),
            "number": (lifecycle.number, {}, "numbered"),
            "void": (lifecycle.void_number, {"reason": "Nhầm"}, "signed"),
            "issue": (lifecycle.issue, {}, "issued"),
        }
        verb, values, state = verbs[act]
        self._tries(expected, verb, dispatch=dispatch, by=who, **values)
        if not expected:
            return
        known.state = state
        if act == "submit":
            known.came_back = False
        if act == "send_back":
            known.came_back = True
            known.versions += 1
        if act == "issue":
            self._take_circulations(dispatch, known, known.to)

    @initialize(steps=st.sampled_from([4, 3, 2, 1, 0]))
    def begins_with_a_paper(self, steps: int) -> None:
        """Whatever chance does afterwards, a life has something that can be worked on."""
        self.draft([1, 2])
        if steps:
            self.hurry(0, steps)

    @precondition(lambda self: self.model.papers)
    @rule(paper=places, leap=st.integers(1, 4))
    def hurry(self, paper: int, leap: int) -> None:
        """The officials of the province do their work: without this few papers would be issued."""
        office = {"draft": ("submit", self.world.drafter), "submitted": ("sign", self.world.leader),
                  "signed": ("number", self.world.clerk),
                  "numbered": ("issue", self.world.clerk)}  # fmt: skip
        for _ in range(leap):
            _dispatch, known = self._paper(paper)
            if known.state in office:
                act, who = office[known.state]
                place = [user.pk for user in self.people].index(who.pk)
                self.at_home(act, paper, place)

    @precondition(lambda self: self.model.papers)
    @rule(paper=places, user=places, body=st.integers(1, 3))
    def circulate(self, paper: int, user: int, body: int) -> None:
        dispatch, known = self._paper(paper)
        who, target = self._user(user), self.bodies[body]
        holds = any(row.live and row.agency == target.pk for row in known.sent.values())
        expected = (
            self.model.may_at_home(who.pk, "circulate", known) and not holds and not known.recalled
        )
        self._tries(expected, lifecycle.circulate, dispatch=dispatch, agencies=[target.pk], by=who)
        if expected:
            self._take_circulations(dispatch, known, [target.pk])

    @precondition(lambda self: self.model.papers)
    @rule(paper=places, user=places)
    def update(self, paper: int, user: int) -> None:
        dispatch, known = self._paper(paper)
        who = self._user(user)
        file = lifecycle.FileFacts(
            name=f"{known.versions}.pdf", sha256=f"{known.versions:064x}", size=9,
            media_type="application/pdf", role=FileRole.ANNEX,
        )  # fmt: skip
        expected = self.model.may_at_home(who.pk, "update", known)
        self._tries(
            expected, lifecycle.update, dispatch=dispatch, files=[file], reason="Thiếu", by=who
        )
        known.versions += expected

    @precondition(lambda self: self.model.papers)
    @rule(paper=places, user=places, some=st.none() | places)
    def recall(self, paper: int, user: int, some: int | None) -> None:
        dispatch, known = self._paper(paper)
        who = self._user(user)
        free = {
            pk: row for pk, row in known.sent.items()
            if row.live and row.recall in ("none", "refused")
        }  # fmt: skip
        only = None
        if some is not None and known.sent:
            only = [sorted(known.sent)[some % len(known.sent)]]
            free = {pk: row for pk, row in free.items() if pk in only}
        expected = self.model.may_at_home(who.pk, "recall", known) and (
            bool(free) if only else not known.recalled
        )
        self._tries(expected, lifecycle.recall, dispatch=dispatch, reason="Sai", only=only, by=who)
        if expected:
            known.recalled |= only is None
            for row in free.values():
                row.recall = "agreed" if row.state == "sent" else "requested"

    @precondition(lambda self: self.model.papers)
    @rule(paper=places, user=places, guest=places, days=st.none() | st.integers(0, 3))
    def grant_person(self, paper: int, user: int, guest: int, days: int | None) -> None:
        dispatch, known = self._paper(paper)
        who, reader = self._user(user), self._user(guest)
        last = None if days is None else self.today + timedelta(days=days)
        expected = self.model.may_at_home(who.pk, "grant", known)
        repeated = (reader.pk, self.today) in {(each, first) for each, first, _ in known.people}
        if expected and repeated:
            return
        self._tries(
            expected, lifecycle.grant_person, dispatch=dispatch, person=reader, cause="x",
            to_on=last, by=who,
        )  # fmt: skip
        if expected:
            known.people.append((reader.pk, self.today, last))

    @precondition(lambda self: self.model.papers)
    @rule(paper=places, user=places, body=st.integers(1, 3), days=st.none() | st.integers(0, 3))
    def grant_agency(self, paper: int, user: int, body: int, days: int | None) -> None:
        dispatch, known = self._paper(paper)
        who, target = self._user(user), self.bodies[body]
        last = None if days is None else self.today + timedelta(days=days)
        expected = self.model.may_at_home(who.pk, "grant", known)
        repeated = (target.pk, self.today) in {(each, first) for each, first, _ in known.bodies}
        if expected and repeated:
            return
        self._tries(
            expected, lifecycle.grant_agency, dispatch=dispatch, agency=target, cause="x",
            to_on=last, by=who,
        )  # fmt: skip
        if expected:
            known.bodies.append((target.pk, self.today, last))

    # -- At a recipient -----------------------------------------------------------------------

    def _any_sent(self) -> bool:
        return any(paper.sent for paper in self.model.papers.values())

    @precondition(_any_sent)
    @rule(sent=places, user=places)
    def open(self, sent: int, user: int) -> None:
        row, known = self._sent(sent)
        who = self._user(user)
        lifecycle.open_text(circulation=row, by=who, at=self.now)
        if self.model.reads_by(who.pk, known):
            assert Receipt.objects.filter(circulation=row, kind="opened", actor=who).exists()

    @precondition(_any_sent)
    @rule(
        act=st.sampled_from(["receive", "receive", "return", "assign", "acknowledge"]),
        sent=places, user=places, other=places,
    )  # fmt: skip
    def away(self, act: str, sent: int, user: int, other: int) -> None:
        row, known = self._sent(sent)
        who = self._user(user)
        expected = self.model.may_away(who.pk, act, known)
        if act == "receive":
            again = known.state in ("received", "assigned")
            expected |= again and self.model.may_away(who.pk, "answer", known)
            self._tries(expected, lifecycle.receive, circulation=row, by=who)
            if expected and known.state == "sent":
                known.state = "received"
        elif act == "return":
            self._tries(
                expected, lifecycle.return_to_sender, circulation=row, reason="Nhầm",
                suggested=None, by=who,
            )  # fmt: skip
            known.state = "returned" if expected else known.state
        elif act == "assign":
            assignee = self._user(other)
            posts_there = [
                held for held in self.model.held.values()
                if held.user == assignee.pk and held.agency == known.agency
                and held.role in READERS and held.live(self.today)
            ]  # fmt: skip
            expected &= bool(posts_there) and self.model.active[assignee.pk]
            self._tries(
                expected, lifecycle.assign, circulation=row, assignee=assignee,
                role=HandlingRole.SUPPORT, due_at=None, note="", by=who,
            )  # fmt: skip
            if expected:
                known.state = "assigned"
                known.assigned.add(assignee.pk)
        else:
            version = row.dispatch.current_version
            receives = self.model.may_away(who.pk, "receive", known)
            self._tries(
                expected or receives, lifecycle.acknowledge, circulation=row,
                version_no=version.no, digest=version.digest, by=who,
            )  # fmt: skip
            known.state = "received" if receives else known.state

    @precondition(_any_sent)
    @rule(sent=places, leap=st.booleans())
    def clerk_receives(self, sent: int, leap: bool) -> None:
        """The clerk of the recipient does his work: else few papers would get beyond `sent`."""
        _row, known = self._sent(sent)
        for place, user in enumerate(self.people):
            if self.model.may_away(user.pk, "receive", known):
                self.away("acknowledge" if leap else "receive", sent, place, 0)
                return

    @precondition(_any_sent)
    @rule(sent=places, user=places, agree=st.booleans())
    def answer_recall(self, sent: int, user: int, agree: bool) -> None:
        row, known = self._sent(sent)
        who = self._user(user)
        expected = known.recall == "requested" and self.model.may_away(who.pk, "answer", known)
        self._tries(
            expected, lifecycle.answer_recall, circulation=row, agree=agree, reason="Lý do", by=who
        )
        if expected:
            known.recall = "agreed" if agree else "refused"

    # -- Above the papers -----------------------------------------------------------------------

    @rule(body=st.integers(0, 3), audience=st.sampled_from(Audience.values))
    def other_default_audience(self, body: int, audience: str) -> None:
        Agency.objects.filter(pk=self.bodies[body].pk).update(default_audience=audience)

    @rule(place=places)
    def end_post(self, place: int) -> None:
        live = [pk for pk, held in self.model.held.items() if held.last is None]
        if len(live) < 8:
            # In an empty house nothing happens any more.
            return
        pk = sorted(live)[place % len(live)]
        yesterday = self.today - timedelta(days=1)
        # One that began today is taken back: it then ends before it begins.
        self._tries(True, posts.end_post, post=Post.objects.get(pk=pk), to_on=yesterday, by=None)
        self.model.held[pk].last = yesterday

    @rule(user=places, body=places, role=places)
    def open_post(self, user: int, body: int, role: int) -> None:
        who, target = self._user(user), self.bodies[body % 4]
        chosen = list(Role)[role % len(Role)]
        same = [
            held for held in self.model.held.values()
            if (held.user, held.agency, held.role) == (who.pk, target.pk, chosen)
            and (held.last is None or held.last >= self.today)
        ]  # fmt: skip
        expected = not same and self.model.active[who.pk]
        post = self._tries(
            expected, posts.open_post, user=who, agency=target, role=chosen, from_on=self.today,
            by=None,
        )  # fmt: skip
        if post:
            self.model.held[post.pk] = Held(who.pk, target.pk, chosen, self.today)

    @rule(place=places, user=places, scope=st.sampled_from(DeputyScope), days=st.integers(0, 2))
    def appoint(self, place: int, user: int, scope: DeputyScope, days: int) -> None:
        pk = sorted(self.model.held)[place % len(self.model.held)]
        held, deputy = self.model.held[pk], self._user(user)
        last = self.today + timedelta(days=days)
        self.now += timedelta(minutes=1)
        try:
            posts.appoint_deputy(
                of=Post.objects.get(pk=pk), deputy=deputy, scope=scope, from_on=self.today,
                to_on=last, by=None, at=self.now,
            )  # fmt: skip
        except Refused:
            return
        assert held.live(self.today)
        self.model.mandates.append(
            Held(deputy.pk, held.agency, held.role, self.today, last, scope, held)
        )

    @rule(user=places)
    def close_or_open_an_account(self, user: int) -> None:
        who = self._user(user)
        verb = posts.deactivate if who.is_active else posts.reactivate
        verb(user=who, by=None, at=self.now)
        self.model.active[who.pk] = not who.is_active

    @rule(days=st.sampled_from([1, 1, 1, 2, 3, 220]))
    def days_pass(self, days: int) -> None:
        if days == 220 and self.today.year > 2016:
            days = 1
        self.now += timedelta(days=days)
        self.model.day = self.today

    @rule()
    def the_worker_drains(self) -> None:
        work(self.now)
        jobs.deliver_waiting(at=self.now)
        work(self.now)

    # -- What must hold -------------------------------------------------------------------------

    @invariant()
    def the_gate_says_what_the_model_says(self) -> None:
        self.step += 1
        for user in self.people[self.step % 3 :: 3]:
            seen = set(
                access.visible_to(User.objects.get(pk=user.pk), at=self.now).values_list(
                    "pk", flat=True
                )
            )
            wanted = {
                pk for pk, paper in self.model.papers.items() if self.model.reads(user.pk, paper)
            }
            assert seen == wanted, f"{user.username} reads {seen}, should read {wanted}"

    @invariant()
    def every_paper_stands_where_the_model_says(self) -> None:
        states = dict(Dispatch.objects.values_list("pk", "state"))
        assert states == {pk: paper.state for pk, paper in self.model.papers.items()}
        rows = {
            pk: (state, recall)
            for pk, state, recall in Circulation.objects.values_list("pk", "state", "recall_state")
        }
        assert rows == {
            pk: (row.state, row.recall)
            for paper in self.model.papers.values()
            for pk, row in paper.sent.items()
        }

    @invariant()
    def numbers_are_dense_and_one_circulation_lives_at_an_agency(self) -> None:
        numbers: dict[int, list[int]] = {}
        for register, number in RegisterEntry.objects.order_by("number").values_list(
            "register", "number"
        ):
            numbers.setdefault(register, []).append(number)
        for register in Register.objects.all():
            given = numbers.get(register.pk, [])
            assert given == list(range(register.opening_number, register.last_number + 1))
            if register.kind == RegisterKind.OUTGOING and register.agency_id != self.model.home:
                assert not given
        live = [
            (row.dispatch_id, row.agency_id) for row in Circulation.objects.all() if row.is_live
        ]
        assert len(live) == len(set(live))

    def teardown(self) -> None:
        """At the end of each life: the tokens agree, nobody was told twice, the ledger verifies."""
        try:
            self._at_the_end()
        finally:
            transaction.set_rollback(True)
            self.life.__exit__(None, None, None)

    def _at_the_end(self) -> None:
        work(self.now)
        for user in self.people:
            account = User.objects.get(pk=user.pk)
            tokens = access.tokens_of(account, at=self.now)
            for pk, paper in self.model.papers.items():
                by_tokens = bool(tokens & access.reader_tokens(Dispatch.objects.get(pk=pk)))
                assert by_tokens == self.model.reads(user.pk, paper)
        arrived = Notice.objects.filter(kind=NoticeKind.ARRIVED)
        pairs = list(arrived.values_list("person", "circulation"))
        assert len(pairs) == len(set(pairs))
        assert not OutboxItem.objects.exclude(error="").exists()
        assert Deputy.objects.count() == len(self.model.mandates)
        report = verify()
        assert report.ok, report.problems


_PATIENT = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
}


class AnyVerbsInAnyOrder(TestCase):
    """The short form, the same lives each time."""

    def test_the_gate_the_numbers_and_the_ledger_hold_through_any_life(self) -> None:
        run_state_machine_as_test(
            Papers,
            settings=settings(max_examples=8, stateful_step_count=30, derandomize=True,
                              database=None, **_PATIENT),
        )  # fmt: skip

        # Which verbs eight short lives reach is chance; these they must, the long form reaches all.
        for verb in ("submit", "sign", "number", "issue", "end_post", "open_post"):
            assert DONE[verb, True], f"no life in which {verb} succeeded"
        assert sum(count for (_verb, allowed), count in DONE.items() if not allowed) > 20

    def test_nothing_leaks_from_one_life_into_the_next(self) -> None:
        assert not Dispatch.objects.exists()
        assert not User.objects.filter(username="d_clerk").exists()

    @pytest.mark.prove
    def test_the_gate_the_numbers_and_the_ledger_hold_through_many_long_lives(self) -> None:
        run_state_machine_as_test(
            Papers,
            settings=settings(
                settings.get_profile("prove"), max_examples=150, database=None, **_PATIENT
            ),
        )
