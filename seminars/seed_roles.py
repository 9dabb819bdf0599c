"""Seminars in the world of the fifteen roles: each confidential word a token of its own."""

from datetime import datetime, timedelta

from agencies import clock
from agencies.mailboxes import set_mailbox
from agencies.models import Agency
from documents.seed_roles import Seed
from seminars import half_days, lifecycle
from seminars.choices import Presence
from seminars.lifecycle import Details, Invited, Mark, Occurrence, Place, Time, WalkIn
from seminars.models import Invitation, Nomination, Paper, Programme, Room, Seminar

_ORGANISER = ("sender_clerk", "sender_leader", "drafter")
_WHOLE = ("agency_recipient", "deputy", "recipient_clerk", "recipient_head")
_OFFICE = ("office_clerk",)
#: The offices of the agencies that are asked when they are free.
_ASKED = ("deputy", "recipient_clerk", "recipient_head", "office_clerk")


class SeminarSeed:
    """Adds to a seeded world: a draft, one scheduled, one invited, one held and minuted."""

    def __init__(self, seed: Seed) -> None:
        self.seed = seed
        self.made = seed.made
        self.now = seed.now
        self.letter = seed._issue("letter", seed.whole, seed.office)
        self._may_read("letter", *_ORGANISER, *_WHOLE, *_OFFICE)

    def build(self) -> None:
        for body, name in ((self.seed.whole, "whole"), (self.seed.office, "office")):
            set_mailbox(agency=body, mailbox=f"{name}@mail.example", by=None, at=self.now)
        hall = Room.objects.create(agency=self.seed.sender, name="Hội trường", capacity=100)
        programme = self._programme()
        self._plan("seminar_draft", hall, 20, programme)
        scheduled = self._schedule(self._plan("seminar_scheduled", hall, 21, programme), self.now)
        self._list(scheduled, self.now)
        lifecycle.attach_letter(
            seminar=scheduled, letter=self.letter, by=self.seed.drafter, at=self.now
        )
        self._asked(scheduled)
        self._repeat(scheduled)
        self._invited(hall)
        self._held(hall)
        for name in ("seminar_draft", "seminar_scheduled"):
            self._may_read(name, *_ORGANISER)
        for name in ("seminar_invited", "seminar_held"):
            self._may_read(name, *_ORGANISER, *_WHOLE, *_OFFICE)
        self._may_read("delegate_whole", *_ORGANISER, *_WHOLE)
        self._may_read("delegate_office", *_ORGANISER, *_OFFICE)
        self._may_read("minutes", *_ORGANISER)
        for name in ("paper", "paper_returned", "paper_reason"):
            self._may_read(name, *_ORGANISER, *_WHOLE)
        self._may_read("paper_accepted", *_ORGANISER, *_WHOLE, *_OFFICE)
        self._may_read("skipped", *_ORGANISER)
        self._may_read("programme", *_ORGANISER)
        self._may_read("survey", *_ORGANISER, *_ASKED)

    def _may_read(self, name: str, *roles: str) -> None:
        for role in roles:
            self.made.entitled[role].append(name)

    def _programme(self) -> Programme:
        text = self.letter.current_version.text
        programme = lifecycle.begin_programme(
            agency=self.seed.sender, dispatch=self.letter, words=(0, len(text)),
            title=f"Chương trình {self.seed.token('programme')}", kind="seminar", target=2,
            lead=self.seed.token("programme"), by=self.seed.drafter, at=self.now,
        )  # fmt: skip
        # The words of the order are the letter's own.
        self.made.ids["programme"] = programme.pk
        return programme

    def _plan(
        self, name: str, hall: Room, days: int, programme: Programme | None = None,
        *, at: datetime | None = None,
    ) -> Seminar:  # fmt: skip
        token = self.seed.token
        day = clock.day_of(self.now) + timedelta(days=days)
        seminar = lifecycle.draft(
            agency=self.seed.sender,
            details=Details(
                title=f"Hội thảo {token(name)}", purpose=f"Về {token(name)}",
                chair=(token(name), "Chủ tịch"), contact=token(name),
            ),
            time=Time(clock.at(day, 8), clock.at(day, 10)),
            places=[Place(self.seed.sender, 40, room=hall, name=token(name))],
            programme=programme,
            by=self.seed.drafter,
            at=at or self.now,
        )  # fmt: skip
        self.made.seminars[name] = seminar.pk
        return seminar

    def _schedule(self, seminar: Seminar, at: datetime) -> Seminar:
        seminar = lifecycle.hold(seminar=seminar, by=self.seed.drafter, at=at)
        return lifecycle.schedule(seminar=seminar, by=self.seed.drafter, at=at)

    def _list(self, seminar: Seminar, at: datetime) -> None:
        venue = seminar.venues.get()
        lifecycle.list_invited(
            seminar=seminar,
            invited=[Invited(self.seed.whole, venue, 2), Invited(self.seed.office, venue, 1)],
            by=self.seed.drafter,
            at=at,
        )

    def _asked(self, seminar: Seminar) -> None:
        """Both agencies are asked, one has answered; neither sees the seminar by it."""
        first = clock.day_of(self.now) + timedelta(days=7)
        question = lifecycle.Question(
            title=f"Khảo sát {self.seed.token('survey')}", first=first,
            last=first + timedelta(days=6), answer_by=self.now + timedelta(days=5),
            agencies=[self.seed.whole, self.seed.office],
        )  # fmt: skip
        survey = lifecycle.ask_half_days(
            about=seminar, question=question, by=self.seed.drafter, at=self.now
        )
        asked = survey.asked.get(agency=self.seed.whole)
        halves = half_days.between(survey.first, survey.last)
        lifecycle.answer_survey(
            asked=asked, answers=dict.fromkeys(halves, "free"), by=self.seed.recipient_clerk,
            at=self.now,
        )  # fmt: skip
        self.made.ids["survey"] = survey.pk
        self.made.ids["asked"] = asked.pk

    def _invite(self, seminar: Seminar, at: datetime) -> Seminar:
        self._list(seminar, at)
        return lifecycle.invite(
            seminar=seminar, letter=self.letter, answer_by=None, by=self.seed.clerk, at=at
        )

    def _name(self, seminar: Seminar, agency: Agency, token: str, at: datetime) -> Nomination:
        clerk = self.seed.recipient_clerk if agency == self.seed.whole else self.seed.office_clerk
        return lifecycle.name_delegate(
            invitation=Invitation.objects.get(seminar=seminar, agency=agency),
            name=self.seed.token(token), office=self.seed.token(token), by=clerk, at=at,
        )  # fmt: skip

    def _invited(self, hall: Room) -> None:
        seminar = self._schedule(self._plan("seminar_invited", hall, 22), self.now)
        seminar = self._invite(seminar, self.now)
        row = self._name(seminar, self.seed.whole, "delegate_whole", self.now)
        self._name(seminar, self.seed.office, "delegate_office", self.now)
        waiting = lifecycle.substitute(
            nomination=row, name=self.seed.token("delegate_whole"),
            by=self.seed.recipient_clerk, at=self.now,
        )  # fmt: skip
        self.made.ids["invitation"] = row.invitation_id
        self.made.ids["nomination"] = row.pk
        self.made.ids["waiting"] = waiting.pk
        # Begun and not yet handed over: its link opens the answer page all the same.
        mail = lifecycle.begin_mail(invitation=row.invitation_id, owed_by="seed", at=self.now)
        assert mail is not None
        self.made.ids["mail"] = mail.pk
        handed_in = self._hand_in(row.invitation, "paper", self.now)
        self.made.ids["paper"] = handed_in.pk

    def _hand_in(self, invitation: Invitation, name: str, at: datetime) -> Paper:
        """A paper of the recipients, with words and a file of its own."""
        token = self.seed.token(name)
        by = self.seed.recipient_clerk
        paper = lifecycle.register_paper(
            invitation=invitation, title=f"Tham luận {token}", author=(token, token), by=by, at=at
        )
        lifecycle.submit_paper(paper=paper, file=self.seed._file(name), by=by, at=at)
        return paper

    def _held(self, hall: Room) -> None:
        """Held five days ago: every act at its own moment."""
        before, day = self.now - timedelta(days=9), self.now - timedelta(days=5)
        seminar = self._schedule(self._plan("seminar_held", hall, -5, at=before), before)
        seminar = self._invite(seminar, before)
        row = self._name(seminar, self.seed.whole, "delegate_whole", before)
        began = seminar.starts_at
        assert began is not None
        drafter = self.seed.drafter
        self._returned_and_accepted(row.invitation, before)
        lifecycle.open_seminar(seminar=seminar, by=drafter, at=began)
        named = Nomination.objects.select_related("person", "venue", "invitation__agency")
        lifecycle.mark(
            seminar=seminar,
            marks=[Mark(named.get(pk=row.pk), Presence.PRESENT)],
            walk_ins=[WalkIn(self.seed.office, row.venue, self.seed.token("delegate_office"))],
            by=drafter,
            at=began,
        )
        lifecycle.close(seminar=seminar, by=drafter, at=max(began, day))
        lifecycle.write_minutes(
            seminar=seminar, text=f"Diễn biến {self.seed.token('minutes')}", no=0, by=drafter,
            at=self.now,
        )  # fmt: skip

    def _returned_and_accepted(self, invitation: Invitation, at: datetime) -> None:
        """A paper of which the first version was returned: that one is not for the others."""
        paper = self._hand_in(invitation, "paper_accepted", at)
        drafter = self.seed.drafter
        lifecycle.submit_paper(
            paper=paper, file=self.seed._file("paper_returned"), by=self.seed.recipient_clerk, at=at
        )
        lifecycle.return_paper(
            paper=paper, no=2, reason=self.seed.token("paper_reason"), by=drafter, at=at
        )
        lifecycle.submit_paper(
            paper=paper, file=self.seed._file("paper_accepted"), by=self.seed.recipient_clerk, at=at
        )
        lifecycle.accept_paper(paper=paper, no=3, by=drafter, at=at)

    def _repeat(self, seminar: Seminar) -> None:
        """One date of a series that is left out, with a reason for the organiser alone."""
        day = seminar.day
        assert day is not None
        left_out = Occurrence(day + timedelta(days=7), self.seed.token("skipped"))
        series = lifecycle.repeat(
            seminar=seminar, dates=[left_out], by=self.seed.drafter, at=self.now
        )
        self.made.ids["skipped"] = series.skipped.get().pk
