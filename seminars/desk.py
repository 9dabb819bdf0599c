"""What of seminars waits for a person, and what he is told: answers, papers, days that were lost."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import clock
from agencies.choices import DayKind, DeputyScope, Role
from agencies.models import DayRule
from documents.access import Standing
from documents.owed import acting_for
from seminars import access, schedule_access
from seminars.choices import PAPERS_TAKEN, PLANNED, Answer, FindingCode, PaperState, SeminarState
from seminars.models import (
    Conclusion,
    HalfDaySurvey,
    Paper,
    ScheduleTold,
    Seminar,
    SeminarNotice,
    SurveyAsked,
)

#: Lines of each sort; the lists hold the rest.
SHOWN = 5
NEWS_SHOWN = 10
#: What an agency was told of a week stands on the desk so long, and no longer than the week itself.
TOLD_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Waiting:
    #: None where an agency is asked that may not see it.
    seminar: Seminar | None
    #: What is to be done.
    word: str
    due_on: date | None
    late: bool
    #: The paper that it is about, where it is about one.
    paper: Paper | None = None
    #: The row by which an agency is asked when it is free.
    asked: SurveyAsked | None = None

    @property
    def title(self) -> str:
        if self.asked is not None:
            return self.asked.survey.title
        return self.seminar.title if self.seminar else ""

    @property
    def starts_at(self) -> datetime | None:
        return self.seminar.starts_at if self.seminar else None

    @property
    def url(self) -> str:
        if self.asked is not None:
            return reverse("seminars:answer_survey", args=[self.asked.pk])
        return reverse("seminars:seminar", args=[self.seminar.pk]) if self.seminar else ""


def waiting_for(who: Standing) -> list[Waiting]:
    """Return what waits for the offices of the person, the nearest deadline first (six queries)."""
    return sorted(
        [
            *_to_answer(who),
            *_to_say_when_free(who),
            *_to_conclude(who),
            *_to_hand_in(who),
            *_to_read(who),
            *_to_look_at(who),
        ],
        key=lambda each: (each.due_on is None, each.due_on or date.max, each.url),
    )


def news_for(who: Standing) -> list[SeminarNotice]:
    """Return what the person was told and has not read, the newest first (one query).

    Of what he may not see any more nothing is said.
    """
    rows = SeminarNotice.objects.filter(
        person=who.user,
        read_at__isnull=True,
        invitation__in=access.invitations_seen_by(who),
    )
    return list(rows.select_related("seminar", "invitation__agency").order_by("-pk")[:NEWS_SHOWN])


def told_lately(who: Standing) -> list[ScheduleTold]:
    """Return the weeks of other agencies that name his, the newest word of each (two queries)."""
    newest: dict[int, ScheduleTold] = {}
    for row in schedule_access.told_to(who, since=who.at - TOLD_FOR):
        newest.setdefault(row.version.schedule_id, row)
    today = clock.day_of(who.at)
    rows = [row for row in newest.values() if row.version.schedule.week.sunday >= today]
    return rows[:SHOWN]


def _to_answer(who: Standing) -> list[Waiting]:
    offices = acting_for(who, Role.office(), DeputyScope.INCOMING)
    if not offices:
        return []
    rows = (
        access.invitations_seen_by(who)
        .filter(agency__in=offices, answer=Answer.NONE, seminar__state=SeminarState.INVITED)
        .select_related("seminar")
        .order_by("answer_by", "seminar__start5", "pk")
    )
    return [
        Waiting(row.seminar, _("Say who comes"), _day(row.answer_by), _over(row.answer_by, who))
        for row in rows[:SHOWN]
    ]


def _to_say_when_free(who: Standing) -> list[Waiting]:
    offices = acting_for(who, Role.office(), DeputyScope.INCOMING)
    if not offices:
        return []
    open_now = HalfDaySurvey.objects.open_at(who.at)
    rows = (
        access.asked_seen_by(who)
        .filter(agency__in=offices, answered_at=None, survey__in=open_now)
        .select_related("survey")
        .order_by("survey__answer_by", "pk")
    )
    return [
        Waiting(None, _("Say when we are free"), _day(row.survey.answer_by), late=False, asked=row)
        for row in rows[:SHOWN]
    ]


def _to_conclude(who: Standing) -> list[Waiting]:
    offices = acting_for(who, Role.office() | {Role.OFFICER}, DeputyScope.OUTGOING)
    if not offices:
        return []
    rows = Conclusion.objects.filter(
        seminar__agency__in=offices, seminar__state=SeminarState.ENDED
    ).select_related("seminar")
    today = clock.day_of(who.at)
    return [
        Waiting(row.seminar, _("Issue the conclusion notice"), row.due_on, row.due_on < today)
        for row in rows.order_by("due_on", "pk")[:SHOWN]
    ]


def _to_look_at(who: Standing) -> list[Waiting]:
    """Plans whose day was made a day off, until they are moved or somebody lets it stand."""
    offices = acting_for(who, Role.office(), DeputyScope.OUTGOING)
    if not offices:
        return []
    today = clock.day_of(who.at)
    lost = DayRule.objects.filter(kind=DayKind.OFF, day__gte=today).values("day")
    rows = Seminar.objects.filter(agency__in=offices, state__in=PLANNED, day__in=lost)
    rows = rows.prefetch_related("overrides").order_by("day", "start5", "pk")
    return [
        Waiting(row, _("Look at the day: it became a day off"), row.day, False)
        for row in rows[: 4 * SHOWN]
        if (FindingCode.DAY_OFF, f"day:{row.day}")
        not in {(each.code, each.about) for each in row.overrides.all()}
    ][:SHOWN]


def _to_hand_in(who: Standing) -> list[Waiting]:
    """Papers that the office registered and has not handed in, or got back."""
    offices = acting_for(who, Role.office(), DeputyScope.INCOMING)
    if not offices:
        return []
    rows = access.papers_seen_by(who).filter(
        invitation__agency__in=offices, seminar__state__in=PAPERS_TAKEN,
        state__in=(PaperState.REGISTERED, PaperState.RETURNED),
    )  # fmt: skip
    today = clock.day_of(who.at)
    return [
        Waiting(row.seminar, _("Hand in the paper"), row.due_on, _passed(row.due_on, today), row)
        for row in rows.select_related("seminar").order_by(F("due_on").asc(nulls_last=True), "pk")[
            :SHOWN
        ]
    ]


def _to_read(who: Standing) -> list[Waiting]:
    """Papers that were handed in to the agency as the organiser."""
    offices = acting_for(who, Role.office() | {Role.OFFICER}, DeputyScope.OUTGOING)
    if not offices:
        return []
    rows = access.papers_seen_by(who).filter(
        seminar__agency__in=offices, seminar__state__in=PAPERS_TAKEN, state=PaperState.SUBMITTED
    )
    return [
        Waiting(row.seminar, _("Read the paper handed in"), row.seminar.day, late=False, paper=row)
        for row in rows.select_related("seminar").order_by("seminar__start5", "pk")[:SHOWN]
    ]


def _passed(due_on: date | None, today: date) -> bool:
    return due_on is not None and due_on < today


def _day(moment: datetime | None) -> date | None:
    return clock.day_of(moment) if moment else None


def _over(moment: datetime | None, who: Standing) -> bool:
    return moment is not None and moment < who.at
