"""Weekly schedules in the world of the fifteen roles: each confidential word a token of its own."""

from datetime import timedelta

from agencies import clock
from agencies.models import Agency, User
from documents.seed_roles import Seed
from seminars import lifecycle, schedule_draft
from seminars.lifecycle import ScheduleLine
from seminars.models import ScheduleItem, WeeklySchedule
from seminars.weekly.snapshot import as_json, digest_of
from seminars.weekly.weeks import Week

_OWN = ("sender_clerk", "sender_leader", "drafter")
_TOLD = ("agency_recipient", "deputy", "recipient_clerk", "recipient_head")


class ScheduleSeed:
    """Adds the schedules of the week in which agencies are invited: of the sender and of each guest."""

    def __init__(self, seed: Seed) -> None:
        self.seed = seed
        self.made = seed.made
        # That of the seminar to which agencies are invited.
        self.day = clock.day_of(seed.now) + timedelta(days=22)

    def build(self) -> None:
        own = self._begin(self.seed.sender, self.seed.drafter)
        token = self.seed.token
        self._add(own, self._line("schedule_own"))
        told = self._line(
            "schedule_told", leaders=token("schedule_own"), joint=token("schedule_own"),
            staff=token("schedule_own"), agencies=[self.seed.whole],
        )  # fmt: skip
        self._add(own, told)
        self._issue(own, self.seed.clerk)
        self._add(own, self._line("schedule_draft"))
        self.made.ids["schedule"] = own.pk
        for agency, clerk in (
            (self.seed.whole, self.seed.recipient_clerk), (self.seed.office, self.seed.office_clerk),
        ):  # fmt: skip
            self._issue(self._begin(agency, clerk), clerk)
        for name in ("schedule_own", "schedule_told", "schedule_draft"):
            self._may_read(name, *_OWN)
        self._may_read("schedule_told", *_TOLD)

    def _may_read(self, name: str, *roles: str) -> None:
        for role in roles:
            self.made.entitled[role].append(name)

    def _begin(self, agency: Agency, by: User) -> WeeklySchedule:
        return lifecycle.begin_schedule(
            agency=agency, week=Week.of(self.day), by=by, at=self.seed.now
        )

    def _line(self, name: str, **values: object) -> ScheduleLine:
        token = self.seed.token
        return ScheduleLine(
            day=self.day, half_day="morning", content=f"Họp {token(name)}", chair=token(name),
            place=token(name), **values,  # type: ignore[arg-type]
        )  # fmt: skip

    def _add(self, schedule: WeeklySchedule, line: ScheduleLine) -> ScheduleItem:
        return lifecycle.add_item(
            schedule=schedule, line=line, by=self.seed.drafter, at=self.seed.now
        )

    def _issue(self, schedule: WeeklySchedule, by: User) -> None:
        draft = schedule_draft.compiled(schedule, before=None, at=self.seed.now)
        lifecycle.issue_schedule(
            schedule=schedule, seen=digest_of(as_json(draft)), by=by, at=self.seed.now
        )
