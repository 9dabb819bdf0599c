"""Any verbs in any order on a few seminars, beside a small model written from the rules.

The model knows rooms by single quarters, seats by counting, and calendars by what they would show.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from agencies.choices import Role
from agencies.models import Agency, User
from agencies.refusals import Refused
from ledger.verification import verify
from seminars import feeds, jobs, lifecycle
from seminars.lifecycle import Invited, Place, Time
from seminars.models import (
    Invitation,
    Nomination,
    RoomBooking,
    RoomClaim,
    Seminar,
    SeminarEvent,
)
from tests.documents.world import agency, person
from tests.seminars.world import Seminars, at

#: A hold of the organiser's policy runs out after so long.
HOLD = timedelta(days=7)
LIVE = ("pending", "confirmed", "queued")
STATES = (*LIVE, "withdrawn", "replaced")
AHEAD = ("draft", "tentative", "scheduled", "invited")
#: While these last, the agencies that were invited answer and name.
ANSWERED = ("invited", "tentative", "scheduled")
HOURS = [Time(at(day, hour), at(day, hour + 2)) for day in (20, 21) for hour in (7, 8, 9, 14)]

#: How often each verb was tried with which outcome: lives that get nowhere prove nothing.
DONE: Counter[tuple[str, bool]] = Counter()


@dataclass
class Named:
    """A delegate, as the model knows him."""

    agency: int
    name: str
    state: str
    replaces: int | None = None


@dataclass
class Known:
    """A seminar, as the model knows it."""

    uid: str
    room: int
    seats: int
    time: Time
    state: str = "draft"
    #: None: it has no room; a moment: held until then; else booked.
    held_until: datetime | None = None
    has_room: bool = False
    #: Its hold ran out, and nobody may have come by since.
    lapsed: bool = False
    quotas: dict[int, int] = field(default_factory=dict)
    sent: dict[int, datetime | None] = field(default_factory=dict)
    answers: dict[int, str] = field(default_factory=dict)
    people: dict[int, Named] = field(default_factory=dict)
    sequence: int = 0

    def quarters(self, around: int = 1) -> set[int]:
        """A room is wanted a quarter of an hour before and after; of a person the time alone is."""
        if not self.has_room or self.time.starts_at is None or self.time.ends_at is None:
            return set()
        first, last = self.time.starts_at.timestamp(), self.time.ends_at.timestamp()
        return set(range(int(first) // 900 - around, int(last) // 900 + around))

    def of(self, state: str, agency: int | None = None) -> list[Named]:
        return [
            each for each in self.people.values()
            if each.state == state and agency in (None, each.agency)
        ]  # fmt: skip

    def kept(self, agency: int, now: datetime) -> int:
        by = self.sent.get(agency)
        over = (by is not None and by < now) or self.answers.get(agency) == "declined"
        return 0 if over else self.quotas.get(agency, 0)

    def has_seat_for(self, agency: int, now: datetime) -> bool:
        """Its own first, else one that is kept for nobody; and never more than there are."""
        if len(self.of("confirmed")) >= self.seats:
            return False
        if len(self.of("confirmed", agency)) < self.kept(agency, now):
            return True
        bodies = set(self.quotas) | {each.agency for each in self.people.values()}
        held = sum(max(self.kept(b, now), len(self.of("confirmed", b))) for b in bodies)
        return held < self.seats


class Gatherings(RuleBasedStateMachine):
    """Three agencies are invited to what the province holds in two small rooms."""

    def __init__(self) -> None:
        super().__init__()
        # Each life in a transaction of its own, rolled back at its end.
        self.life = transaction.atomic()
        self.life.__enter__()
        self.now: datetime = at(2)
        self.house = Seminars()
        small = self.house.small
        health = agency("Sở Y tế", "SYT")
        clerk = person("d_clerk", (health, Role.CLERK))
        self.bodies: list[tuple[Agency, User]] = [
            (small.home, small.home_clerk), (small.finance, small.finance_clerk), (health, clerk),
        ]  # fmt: skip
        self.rooms = [self.house.room("Phòng 1", 6), self.house.room("Phòng 2", 6, lanes=2)]
        self.letter = self.house.letter([body for body, _clerk in self.bodies])
        self.known: dict[int, Known] = {}
        self.names = 0
        self.was: dict[int, tuple[int, bytes]] = {}

    # -- Choosing -----------------------------------------------------------------------------

    def _seminar(self, place: int) -> tuple[Seminar, Known]:
        pk = sorted(self.known)[place % len(self.known)]
        return Seminar.objects.get(pk=pk), self.known[pk]

    def _tries(self, expected: bool, verb: Callable[..., Any], **values: Any) -> Any:
        """Call the verb; it must succeed exactly when the model says so, or leave nothing behind."""
        self.now += timedelta(minutes=1)
        before = SeminarEvent.objects.count()
        try:
            with transaction.atomic():
                result = verb(at=self.now, **values)
            told = "allowed"
        except Refused as refused:
            result, told = None, f"refused: {[str(reason.message) for reason in refused.reasons]}"
            assert SeminarEvent.objects.count() == before
        assert expected == (told == "allowed"), f"{verb.__name__} was {told}"
        DONE[verb.__name__, expected] += 1
        return result

    def _run_out(self) -> None:
        """A hold that ran out makes way for whoever asks, a minute from now."""
        moment = self.now + timedelta(minutes=1)
        for known in self.known.values():
            if known.held_until is not None and known.held_until < moment:
                known.has_room, known.held_until, known.lapsed = False, None, True

    def _is_free(self, itself: Known, time: Time) -> bool:
        wanted = Known("", itself.room, 1, time, has_room=True).quarters()
        room = self.rooms[itself.room]
        taken = Counter(
            quarter
            for each in self.known.values()
            if each is not itself and each.room == itself.room
            for quarter in each.quarters()
        )
        if room.lanes == 1:
            return not any(taken[quarter] for quarter in wanted)
        # A lane is had for the whole time: ask the lanes themselves who sits where.
        busy = RoomClaim.objects.filter(room=room, slot15__in=wanted)
        busy = busy.exclude(booking__venue__seminar__uid=itself.uid)
        busy = busy.exclude(booking__held_until__lt=self.now + timedelta(minutes=1))
        return busy.values("lane").distinct().count() < room.lanes

    def _takes_room(self, known: Known) -> None:
        known.has_room = known.time.starts_at is not None
        held = known.state == "tentative" and known.has_room
        known.held_until = self.now + HOLD if held else None
        known.lapsed = False

    def _promote(self, known: Known) -> None:
        for each in known.of("queued"):
            if known.has_seat_for(each.agency, self.now):
                each.state = "confirmed"

    places = st.integers(0, 40)

    # -- Planning -----------------------------------------------------------------------------

    @precondition(lambda self: len(self.known) < 4)
    @rule(hours=st.sampled_from(HOURS), room=st.integers(0, 1), seats=st.integers(1, 4))
    def draft(self, hours: Time, room: int, seats: int) -> None:
        place = Place(self.house.small.province, seats, room=self.rooms[room])
        expected = hours.starts_at is not None and hours.starts_at >= self.now
        row = self._tries(
            expected, lifecycle.draft, agency=self.house.small.province,
            details=self.house.details(), time=hours, places=[place], by=self.house.officer,
        )  # fmt: skip
        if row is not None:
            self.known[row.pk] = Known(str(row.uid), room, seats, hours)

    def _lies_ahead(self, known: Known) -> bool:
        return known.time.starts_at is None or known.time.starts_at > self.now + timedelta(
            minutes=1
        )

    @precondition(lambda self: self.known)
    @rule(place=places)
    def hold(self, place: int) -> None:
        row, known = self._seminar(place)
        self._run_out()
        expected = (
            known.state == "draft" and self._lies_ahead(known) and self._is_free(known, known.time)
        )
        if self._tries(expected, lifecycle.hold, seminar=row, by=self.house.officer):
            known.state, known.sequence = "tentative", known.sequence + 1
            self._takes_room(known)

    @precondition(lambda self: self.known)
    @rule(place=places)
    def schedule(self, place: int) -> None:
        row, known = self._seminar(place)
        self._run_out()
        expected = (
            known.state == "tentative"
            and known.time.starts_at is not None
            and self._lies_ahead(known)
            and not self._chair_is_twice(known)
            and self._is_free(known, known.time)
        )
        if self._tries(expected, lifecycle.schedule, seminar=row, by=self.house.officer):
            known.state, known.sequence = "scheduled", known.sequence + 1
            self._takes_room(known)

    def _chair_is_twice(self, itself: Known) -> bool:
        """One person chairs them all: two at one hour stand against each other."""
        mine = Known("", 0, 1, itself.time, has_room=True).quarters(0)
        others = [
            each for each in self.known.values()
            if each is not itself and each.state not in ("draft", "cancelled")
        ]  # fmt: skip
        return any(mine & Known("", 0, 1, each.time, has_room=True).quarters(0) for each in others)

    @precondition(lambda self: self.known)
    @rule(place=places, hours=st.sampled_from(HOURS), reason=st.sampled_from(["", "Bão", "Bão"]))
    def move(self, place: int, hours: Time, reason: str) -> None:
        row, known = self._seminar(place)
        self._run_out()
        expected = (
            known.state in AHEAD
            and hours.starts_at is not None
            and hours.starts_at >= self.now + timedelta(minutes=1)
            and (known.state != "invited" or bool(reason))
            and (known.state == "draft" or self._is_free(known, hours))
        )
        moved = hours.starts_at != known.time.starts_at
        if self._tries(
            expected, lifecycle.move, seminar=row, time=hours, reason=reason, by=self.house.officer
        ):
            known.time, known.sequence = hours, known.sequence + moved
            if known.state != "draft":
                self._takes_room(known)

    @precondition(lambda self: self.known)
    @rule(place=places, seats=st.integers(1, 6), other=st.booleans())
    def change_places(self, place: int, seats: int, other: bool) -> None:
        row, known = self._seminar(place)
        self._run_out()
        room = 1 - known.room if other else known.room
        there = Known(known.uid, room, seats, known.time)
        expected = (
            known.state in AHEAD
            and seats >= len(known.of("confirmed"))
            and seats >= sum(known.quotas.values())
            and (known.state == "draft" or self._place_is_free(known, there))
        )
        wanted = Place(
            self.house.small.province, seats, room=self.rooms[room], venue=row.venues.get().pk
        )
        if self._tries(
            expected, lifecycle.set_places, seminar=row, places=[wanted], by=self.house.officer
        ):
            known.seats, known.sequence = seats, known.sequence + (room != known.room)
            known.room = room
            if known.state != "draft":
                self._takes_room(known)
            self._promote(known)

    def _place_is_free(self, known: Known, there: Known) -> bool:
        was, known.room = known.room, there.room
        try:
            return self._is_free(known, known.time)
        finally:
            known.room = was

    @precondition(lambda self: self.known)
    @rule(place=places, final=st.sampled_from([True, False, False]))
    def call_off(self, place: int, final: bool) -> None:
        row, known = self._seminar(place)
        states = AHEAD if final else AHEAD[1:]
        verb = lifecycle.cancel if final else lifecycle.postpone
        if self._tries(known.state in states, verb, seminar=row, reason="Bão", by=self.house.clerk):
            known.state = "cancelled" if final else "tentative"
            known.sequence += 1
            known.has_room, known.held_until = False, None
            if not final:
                known.time = Time()

    @precondition(lambda self: self.known)
    @rule(place=places, leap=st.integers(3, 9), body=st.integers(0, 2))
    def hurry(self, place: int, leap: int, body: int) -> None:
        """The ordinary way, act by act: without this few seminars would be invited to."""
        for _step in range(leap):
            _row, known = self._seminar(place)
            if known.state == "draft":
                self.hold(place)
            elif known.state == "tentative":
                self.schedule(place)
            elif known.state == "scheduled" and not known.quotas:
                self.list_invited(place, [1, 0, 0][: known.seats + 1])
            elif known.state == "scheduled":
                self.invite(place, None)
            elif known.state == "invited":
                self.name(place, body, again=False)

    # -- Inviting -----------------------------------------------------------------------------

    @precondition(lambda self: self.known)
    @rule(place=places, quotas=st.lists(st.integers(0, 2), min_size=1, max_size=3))
    def list_invited(self, place: int, quotas: list[int]) -> None:
        row, known = self._seminar(place)
        venue = row.venues.get()
        wanted = {body.pk: quota for (body, _c), quota in zip(self.bodies, quotas, strict=False)}
        expected = (
            known.state in AHEAD and sum(quotas) <= known.seats and set(known.sent) <= set(wanted)
        )
        invited = [
            Invited(body, venue, quota)
            for (body, _clerk), quota in zip(self.bodies, quotas, strict=False)
        ]
        if self._tries(
            expected, lifecycle.list_invited, seminar=row, invited=invited, by=self.house.officer
        ):
            known.quotas = wanted
            self._promote(known)

    @precondition(lambda self: self.known)
    @rule(place=places, days=st.none() | st.integers(1, 9))
    def invite(self, place: int, days: int | None) -> None:
        row, known = self._seminar(place)
        by = None if days is None else self.now + timedelta(days=days)
        unsent = set(known.quotas) - set(known.sent)
        again = known.state == "invited"
        begins = known.time.starts_at
        expected = (
            known.state in ("scheduled", "invited")
            # After a postponement all are invited anew, those too that have an older letter.
            and bool(unsent or by if again else known.quotas)
            and not (by is not None and begins is not None and by > begins)
        )
        if self._tries(
            expected, lifecycle.invite, seminar=row, letter=self.letter, answer_by=by,
            by=self.house.clerk,
        ):  # fmt: skip
            known.sequence += not again
            known.state = "invited"
            known.sent |= dict.fromkeys(unsent)
            if by is not None or not again:
                known.sent = dict.fromkeys(known.sent, by)

    # -- Answering ----------------------------------------------------------------------------

    def _open(self, known: Known, body: int) -> bool:
        return body in known.sent and known.state in ANSWERED

    @precondition(lambda self: any(known.sent for known in self.known.values()))
    @rule(place=places, body=st.integers(0, 2), comes=st.booleans())
    def answer(self, place: int, body: int, comes: bool) -> None:
        row, known = self._seminar(place)
        who, clerk = self.bodies[body]
        invitation = Invitation.objects.filter(seminar=row, agency=who).first()
        if invitation is None:
            return
        same = known.answers.get(who.pk) == ("accepted" if comes else "declined")
        expected = who.pk in known.sent and (same or known.state in ANSWERED)
        if self._tries(
            expected, lifecycle.answer, invitation=invitation, comes=comes,
            reason="" if comes else "Bận", by=clerk,
        ) and not same:  # fmt: skip
            known.answers[who.pk] = "accepted" if comes else "declined"
            if not comes:
                for each in known.people.values():
                    if each.agency == who.pk and each.state in LIVE:
                        each.state = "withdrawn"
            self._promote(known)

    @precondition(lambda self: any(known.sent for known in self.known.values()))
    @rule(place=places, body=st.integers(0, 2), again=st.booleans())
    def name(self, place: int, body: int, again: bool) -> None:
        row, known = self._seminar(place)
        who, clerk = self.bodies[body]
        invitation = Invitation.objects.filter(seminar=row, agency=who).first()
        if invitation is None:
            return
        self.names += not again
        name = f"Đại biểu {self.names}"
        by = known.sent.get(who.pk)
        live = {(each.agency, each.name) for each in known.people.values() if each.state in LIVE}
        expected = (
            self._open(known, who.pk)
            and (by is None or self.now + timedelta(minutes=1) <= by)
            and (who.pk, name) not in live
        )
        if made := self._tries(
            expected, lifecycle.name_delegate, invitation=invitation, name=name, by=clerk
        ):
            known.answers[who.pk] = "accepted"
            self._promote(known)
            seated = known.has_seat_for(who.pk, self.now)
            known.people[made.pk] = Named(who.pk, name, "confirmed" if seated else "queued")

    def _delegate(
        self, place: int, states: Collection[str] = STATES
    ) -> tuple[Nomination, Known, Named] | None:
        rows = {
            pk: known
            for known in self.known.values()
            for pk, named in known.people.items()
            if named.state in states
        }
        if not rows:
            return None
        pk = sorted(rows)[place % len(rows)]
        row = Nomination.objects.select_related("seminar").get(pk=pk)
        return row, rows[pk], rows[pk].people[pk]

    @rule(place=places)
    def withdraw(self, place: int) -> None:
        found = self._delegate(place)
        if found is None:
            return
        row, known, named = found
        clerk = next(clerk for body, clerk in self.bodies if body.pk == named.agency)
        over = named.state in ("withdrawn", "replaced")
        self._tries(
            over or self._open(known, named.agency), lifecycle.withdraw_delegate,
            nomination=row, by=clerk,
        )  # fmt: skip
        if not over and self._open(known, named.agency):
            named.state = "withdrawn"
            for each in known.people.values():
                if each.replaces == row.pk and each.state == "pending":
                    each.state = "withdrawn"
            self._promote(known)

    @rule(place=places, states=st.sampled_from([STATES, ("confirmed",)]))
    def substitute(self, place: int, states: Collection[str]) -> None:
        found = self._delegate(place, states)
        if found is None:
            return
        row, known, named = found
        clerk = next(clerk for body, clerk in self.bodies if body.pk == named.agency)
        waits = any(each.replaces == row.pk for each in known.people.values())
        expected = self._open(known, named.agency) and named.state == "confirmed" and not waits
        self.names += 1
        name = f"Dự thay {self.names}"
        if made := self._tries(expected, lifecycle.substitute, nomination=row, name=name, by=clerk):
            known.people[made.pk] = Named(named.agency, name, "pending", row.pk)

    @rule(place=places, agrees=st.booleans(), states=st.sampled_from([STATES, ("pending",)]))
    def consent(self, place: int, agrees: bool, states: Collection[str]) -> None:
        found = self._delegate(place, states)
        if found is None:
            return
        row, known, named = found
        expected = known.state in AHEAD and named.state == "pending"
        if self._tries(
            expected, lifecycle.consent, nomination=row, agrees=agrees, by=self.house.officer
        ):
            assert named.replaces is not None
            named.state = "confirmed" if agrees else "withdrawn"
            if agrees:
                known.people[named.replaces].state = "replaced"

    # -- The day itself, and the clock ----------------------------------------------------------

    @precondition(lambda self: self.known)
    @rule(place=places, waits=st.sampled_from([False, False, True]))
    def open_and_close(self, place: int, waits: bool) -> None:
        row, known = self._seminar(place)
        begins = known.time.starts_at
        if waits and begins is not None and known.state == "invited":
            self.now = max(self.now, begins - timedelta(minutes=30))
        moment = self.now + timedelta(minutes=1)
        if begins is not None and known.state in ("scheduled", "invited"):
            may_open = moment >= begins - timedelta(hours=1)
        else:
            may_open = False
        if self._tries(may_open, lifecycle.open_seminar, seminar=row, by=self.house.officer):
            self._tries(True, lifecycle.close, seminar=row, by=self.house.officer)
            known.state = "ended"

    @rule(hours=st.sampled_from([1, 1, 5, 30, 170]))
    def time_passes(self, hours: int) -> None:
        # As a rule not past the last day of all.
        if self.now < at(21, 20):
            self.now += timedelta(hours=hours)

    @rule()
    def the_worker_looks_at_the_clock(self) -> None:
        self._run_out()
        self.now += timedelta(minutes=1)
        jobs.look_at_the_clock(self.now)
        for known in self.known.values():
            known.lapsed = False
        for known in self.known.values():
            if known.state in ANSWERED:
                self._promote(known)
        assert not jobs.look_at_the_clock(self.now)

    # -- What must hold -------------------------------------------------------------------------

    @invariant()
    def every_seminar_stands_where_the_model_says(self) -> None:
        rows = {
            row.pk: (row.state, row.starts_at, str(row.uid), row.sequence)
            for row in Seminar.objects.all()
        }
        assert rows == {
            pk: (known.state, known.time.starts_at, known.uid, known.sequence)
            for pk, known in self.known.items()
        }

    @invariant()
    def rooms_are_had_by_one_at_a_time(self) -> None:
        by_lane: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for row in RoomBooking.objects.select_related("room"):
            spans = by_lane.setdefault((row.room_id, row.lane), [])
            spans.append((row.from15, row.to15))
            assert 1 <= row.lane <= row.room.lanes
        for spans in by_lane.values():
            assert all(one[1] <= other[0] for one, other in pairwise(sorted(spans)))
        having = set(RoomBooking.objects.values_list("venue__seminar", flat=True))
        known = {pk for pk, each in self.known.items() if each.has_room}
        # What ran out may still stand until somebody comes by.
        lapsed = {pk for pk, each in self.known.items() if each.lapsed}
        assert known <= having <= known | lapsed

    @invariant()
    def delegates_stand_where_the_model_says(self) -> None:
        rows = {row.pk: row.state for row in Nomination.objects.all()}
        model = {
            pk: each.state for known in self.known.values() for pk, each in known.people.items()
        }
        assert rows == model

    @invariant()
    def seats_and_the_queue_are_in_order(self) -> None:
        for pk, known in self.known.items():
            rows = Nomination.objects.filter(seminar=pk)
            seats = list(rows.filter(state="confirmed").values_list("seat_no", flat=True))
            assert len(set(seats)) == len(seats) <= known.seats
            assert max(seats, default=0) <= known.seats
            queue = list(
                rows.filter(state="queued").order_by("queue_no").values_list("pk", flat=True)
            )
            assert queue == sorted(queue), "the queue is the order of arrival"
            assert sum(known.quotas.values()) <= known.seats

    @invariant()
    def a_calendar_changes_exactly_with_its_sequence(self) -> None:
        for row in Seminar.objects.select_related("agency", "chair"):
            if row.state == "draft" or row.day is None:
                continue
            [event] = feeds.events([row], address="http://dia-chi/")
            shown = repr(
                (event.starts, event.ends, event.day, event.location, event.status)
            ).encode()
            before = self.was.get(row.pk)
            if before is not None:
                assert row.sequence >= before[0], "it never falls"
                if shown != before[1]:
                    assert row.sequence > before[0], "a change that calendars show is a new version"
            self.was[row.pk] = (row.sequence, shown)

    def teardown(self) -> None:
        """At the end of each life: every promotion happened once, and the ledger verifies."""
        try:
            risen = [e["promoted"] for e in SeminarEvent.objects.values_list("facts", flat=True)
                     if "promoted" in e]  # fmt: skip
            assert len(risen) == len(set(risen)), "somebody rose twice"
            for event in SeminarEvent.objects.exclude(act__in=("promote", "room_lost")):
                assert event.actor_id is not None
            report = verify()
            assert report.ok, report.problems
        finally:
            transaction.set_rollback(True)
            self.life.__exit__(None, None, None)


_PATIENT = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
}


class AnyVerbsInAnyOrder(TestCase):
    """The short form, the same lives each time."""

    def test_rooms_seats_and_calendars_hold_through_any_life(self) -> None:
        run_state_machine_as_test(
            Gatherings,
            settings=settings(max_examples=7, stateful_step_count=40, derandomize=True,
                              database=None, **_PATIENT),
        )  # fmt: skip

        # Which verbs a few short lives reach is chance; these they must, the long form reaches all.
        for verb in ("draft", "hold", "schedule", "list_invited", "invite", "name_delegate"):
            assert DONE[verb, True], f"no life in which {verb} succeeded"
        assert sum(count for (_verb, allowed), count in DONE.items() if not allowed) > 20

    @pytest.mark.prove
    def test_rooms_seats_and_calendars_hold_through_many_long_lives(self) -> None:
        run_state_machine_as_test(
            Gatherings,
            settings=settings(
                settings.get_profile("prove"), max_examples=150, database=None, **_PATIENT
            ),
        )
        for verb in ("move", "set_places", "postpone", "cancel", "answer", "withdraw_delegate",
                     "substitute", "consent", "open_seminar", "close"):  # fmt: skip
            assert DONE[verb, True], f"no life in which {verb} succeeded"
        assert sum(count for (_verb, allowed), count in DONE.items() if not allowed) > 500
