"""Changes, failures and killed workers in any order: one mail a change, and the last is true."""

from collections import Counter
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from unittest.mock import patch

import icalendar
import pytest
from django.core import mail as outbox
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agencies.mailboxes import set_mailbox
from seminars import jobs, lifecycle
from seminars.choices import SeminarState
from seminars.lifecycle import Time
from seminars.models import Seminar, SeminarMail
from tests.examples import a_share
from tests.seminars.world import Seminars, at

STEPS = st.lists(
    st.sampled_from(
        ["move", "place", "more_time", "postpone", "again", "wait", "wait_long", "work", "refused",
         "killed"]
    ),
    min_size=3,
    max_size=14,
)  # fmt: skip
BACKENDS = "django.core.mail.backends.locmem.EmailBackend"


class Killed(BaseException):
    pass


class Story:
    """One seminar, two agencies with mailboxes, and a clock that goes on with each step."""

    def __init__(self) -> None:
        self.house = Seminars()
        for body in (self.house.small.home, self.house.small.finance):
            set_mailbox(agency=body, mailbox=f"a{body.pk}@a.example", by=None, at=at(1))
        self.now = at(3, 9)
        self.seminar: Seminar = self.house.invited()
        self.letter = self.house.invitation(self.seminar).letter
        self.kills = self.turn = 0
        outbox.outbox.clear()

    def step(self, name: str) -> None:
        self.turn += 1
        self.now += timedelta(seconds=1)
        getattr(self, name)()

    @property
    def invited(self) -> bool:
        return self.seminar.state == SeminarState.INVITED

    def move(self) -> None:
        if self.invited:
            time = Time(at(16, 8 + self.turn % 8), at(16, 17))
            self.seminar = lifecycle.move(
                seminar=self.seminar, time=time, reason="x", by=self.house.officer, at=self.now
            )

    def place(self) -> None:
        if self.invited:
            place = self.house.place(
                venue=self.seminar.venues.get().pk, room=None, place=f"Nơi {self.turn % 3}"
            )
            self.seminar = lifecycle.set_places(
                seminar=self.seminar, places=[place], by=self.house.officer, at=self.now
            )

    def more_time(self) -> None:
        if self.invited:
            self._invite(at(10, 8 + self.turn % 3))

    def postpone(self) -> None:
        if self.invited:
            self.seminar = lifecycle.postpone(
                seminar=self.seminar, reason="x", by=self.house.clerk, at=self.now
            )

    def again(self) -> None:
        if not self.invited:
            self.seminar = lifecycle.move(
                seminar=self.seminar, time=Time(at(17, 8), at(17, 9)), by=self.house.officer,
                at=self.now,
            )  # fmt: skip
            self.seminar = lifecycle.schedule(
                seminar=self.seminar, by=self.house.officer, at=self.now
            )
            self._invite(None)

    def _invite(self, answer_by: datetime | None) -> None:
        self.seminar = lifecycle.invite(
            seminar=self.seminar, letter=self.letter, answer_by=answer_by, by=self.house.clerk,
            at=self.now,
        )  # fmt: skip

    def wait(self) -> None:
        self.now += timedelta(seconds=25)

    def wait_long(self) -> None:
        self.now += timedelta(minutes=3)

    def work(self) -> None:
        while jobs.mail_one(self.now):
            pass

    def refused(self) -> None:
        with patch(f"{BACKENDS}.send_messages", side_effect=OSError("away")):
            self.work()

    def killed(self) -> None:
        with patch.object(lifecycle, "mail_sent", side_effect=Killed):
            try:
                self.work()
            except Killed:
                self.kills += 1


class MailsOfChanges(TestCase):
    @override_settings(EMAIL_BACKEND=BACKENDS)
    @a_share(8)
    @given(STEPS)
    def test_one_mail_a_change_and_the_last_is_how_it_stands(self, steps: list[str]) -> None:
        story = Story()
        for name in steps:
            story.step(name)
        story.now += timedelta(days=1)
        story.work()

        rows = SeminarMail.objects.filter(sent_at__isnull=False)
        ids = Counter(each.extra_headers["Message-ID"] for each in outbox.outbox)
        # Killed between handing over and marking: again, and to be known by its Message-ID.
        assert sum(ids.values()) - len(ids) <= story.kills
        assert rows.count() <= len(ids)
        for invitation in story.seminar.invitations.select_related("agency"):
            own = [each for each in outbox.outbox if each.to == [invitation.agency.mailbox]]
            assert own
            last = rows.filter(invitation=invitation).latest("pk")
            assert own[-1].extra_headers["Message-ID"].endswith(f".{last.event_id}@kinh-gui>")
            self._is_true(own[-1].message().as_bytes(), story.seminar)

    def _is_true(self, raw: bytes, seminar: Seminar) -> None:
        message = message_from_bytes(raw, policy=policy.default)
        kinds = [each for each in message.walk() if each.get_content_type() == "text/calendar"]
        if seminar.state == SeminarState.TENTATIVE:
            assert all(each.get_param("method") == "CANCEL" for each in kinds)
            return
        read = icalendar.Calendar.from_ical(kinds[0].get_payload(decode=True))
        (event,) = read.walk("VEVENT")
        assert (read["METHOD"], int(event["SEQUENCE"])) == ("REQUEST", seminar.sequence)
        assert event.decoded("DTSTART") == seminar.starts_at


@pytest.mark.prove
class MailsOfManyChanges(MailsOfChanges):
    """The same with as many stories as `make prove` wants."""
