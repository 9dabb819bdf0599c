"""A survey as the organiser reads it: half-days by agencies, the best half-days first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from seminars import half_days
from seminars.choices import Free, InvitationRole
from seminars.half_days import Half
from seminars.models import HalfDaySurvey, Invitation, SurveyAnswer, SurveyAsked


@dataclass(frozen=True)
class Column:
    """An agency that was asked."""

    asked: SurveyAsked
    required: bool


@dataclass(frozen=True)
class Row:
    """A half-day, what each agency said of it in the order of the columns, and what that comes to."""

    half: Half
    over: bool
    cells: tuple[tuple[Column, Free | None], ...]
    missing_required: tuple[str, ...]
    missing_optional: tuple[str, ...]
    possible: tuple[str, ...]

    @property
    def cost(self) -> tuple[int, int, int]:
        """The engine's order: required agencies missing, optional ones, unsure ones."""
        return len(self.missing_required), len(self.missing_optional), len(self.possible)


@dataclass(frozen=True)
class Grid:
    columns: list[Column]
    rows: list[Row]
    #: What is still ahead, the best first; empty while nobody has answered.
    best: list[Row]
    answered: int
    #: Those who have not answered.
    silent: list[str]


def in_brief(rows: QuerySet[HalfDaySurvey]) -> list[HalfDaySurvey]:
    """Return these surveys, each with `many` asked and how many `answered` (one query)."""
    answered = Count("asked", filter=Q(asked__answered_at__isnull=False))
    return list(rows.annotate(many=Count("asked"), answered=answered))


def asked_about(rows: Iterable[HalfDaySurvey], begin: date) -> tuple[date, date] | None:
    """Return the days from `begin` on that agencies were asked about last, if any."""
    ahead = [each for each in rows if each.last >= begin]
    return (max(begin, ahead[-1].first), ahead[-1].last) if ahead else None


def grid(survey: HalfDaySurvey, *, at: datetime) -> Grid:
    """Read all answers to a survey (four queries)."""
    listed: dict[int, str] = {}
    if survey.seminar_id is not None:
        rows = Invitation.objects.filter(seminar=survey.seminar_id)
        listed = dict(rows.values_list("agency", "role"))
    asked = survey.asked.select_related("agency").order_by("agency__sort_key", "pk")
    columns = [
        Column(row, listed.get(row.agency_id, row.role) == InvitationRole.REQUIRED) for row in asked
    ]
    answers = {
        (pk, Half(day, half)): Free(said)
        for pk, day, half, said in SurveyAnswer.objects.filter(asked__survey=survey).values_list(
            "asked", "day", "half", "said"
        )
    }
    halves = half_days.between(survey.first, survey.last)
    found = [_row(half, columns, answers, at) for half in halves]
    answered = [column for column in columns if column.asked.answered_at is not None]
    ahead = [row for row in found if not row.over]
    return Grid(
        columns=columns,
        rows=found,
        # Among equals the earlier stays before the later.
        best=sorted(ahead, key=lambda row: row.cost) if answered else [],
        answered=len(answered),
        silent=[str(column.asked.agency) for column in columns if column not in answered],
    )


def _row(
    half: Half, columns: list[Column], answers: dict[tuple[int, Half], Free], at: datetime
) -> Row:
    cells = tuple((column, answers.get((column.asked.pk, half))) for column in columns)

    def who(what: Free, required: tuple[bool, ...]) -> tuple[str, ...]:
        return tuple(
            str(column.asked.agency)
            for column, value in cells
            if value == what and column.required in required
        )

    return Row(
        half=half,
        over=half.is_over(at),
        cells=cells,
        missing_required=who(Free.BUSY, (True,)),
        missing_optional=who(Free.BUSY, (False,)),
        possible=who(Free.POSSIBLE, (True, False)),
    )
