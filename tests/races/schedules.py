"""Many write one weekly schedule and issue it at the same moment."""

from agencies.models import User
from documents.refusals import EditedMeanwhile, Incomplete
from seminars import lifecycle, schedule_draft
from seminars.lifecycle import ScheduleLine
from seminars.models import ScheduleVersion, WeeklySchedule
from seminars.weekly.snapshot import as_json, digest_of
from seminars.weekly.weeks import Week
from tests.races import crews
from tests.races.outcome import Outcome
from tests.seminars.world import Seminars, at

WEEK = Week(2016, 24)


def issue_schedules(*, processes: int, rounds: int) -> Outcome:
    """Each begins the same week, adds an item and issues what it saw, again and again.

    There is one schedule; its versions count 0, 1, 2 … without a gap, each holds what the one before
    held, every item is in the draft, and nobody meets another error than that it has changed.
    """
    house = Seminars()
    answers = crews.at_once(
        _write_and_issue,
        [
            (house.small.province.pk, house.clerk.pk, each, rounds)
            for each in range(processes)
        ],
    )  # fmt: skip
    outcome = Outcome(crews.errors(answers))
    issued = sum(each.result for each in answers if each.result is not None)
    outcome.expect(WeeklySchedule.objects.count() == 1, "a week was begun twice")
    versions = list(ScheduleVersion.objects.order_by("no"))
    numbers = [row.no for row in versions]
    outcome.expect(numbers == list(range(issued)), f"{issued} were issued: {numbers}")
    held = [{item.key for item in row.read.items} for row in versions]
    grows = all(before < after for before, after in zip(held, held[1:], strict=False))
    outcome.expect(grows, "a version lost an item, or says nothing new")
    outcome.expect(
        all(row.digest == digest_of(row.snapshot) for row in versions), "a digest is off"
    )
    many = WeeklySchedule.objects.get().items.count()
    outcome.expect(many == processes * rounds, f"{many} items of {processes * rounds}")
    outcome.facts |= {"issued": issued}
    return outcome


def _write_and_issue(ready: crews.Ready, agency: int, clerk: int, number: int, rounds: int) -> int:
    user = User.objects.get(pk=clerk)
    body = user.posts.get(agency=agency).agency
    ready()
    issued = 0
    for each in range(rounds):
        schedule = lifecycle.begin_schedule(agency=body, week=WEEK, by=user, at=at(3))
        line = ScheduleLine(day=WEEK.monday, half_day="morning", content=f"{number} {each}")
        lifecycle.add_item(schedule=schedule, line=line, by=user, at=at(3))
        last = schedule_draft.issued(schedule)
        draft = schedule_draft.compiled(schedule, before=last.read if last else None, at=at(3))
        try:
            lifecycle.issue_schedule(
                schedule=schedule, seen=digest_of(as_json(draft)), by=user, at=at(3)
            )
        except (EditedMeanwhile, Incomplete):
            continue
        issued += 1
    return issued
