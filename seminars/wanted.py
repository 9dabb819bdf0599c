"""Which agencies a seminar wants, and what they said in surveys of when they are free."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from agencies.models import Agency
from seminars.choices import Free, InvitationRole
from seminars.free_time import Party, Span
from seminars.half_days import Half
from seminars.models import HalfDaySurvey, Invitation, Seminar, SurveyAnswer, SurveyAsked


@dataclass(frozen=True)
class Said:
    """What surveys brought: who was asked, required or not, and each agency's newest answers."""

    #: By the seminar that the survey is about; None: about the whole programme.
    asked: dict[int | None, dict[int, bool]] = field(default_factory=dict)
    answers: dict[int, dict[Half, str]] = field(default_factory=dict)

    def spans(self, agency: int, said: Free) -> list[Span]:
        """Return when the agency said so."""
        answers = self.answers.get(agency, {})
        return [half.span for half, value in answers.items() if value == said]


def said_in(surveys: Iterable[HalfDaySurvey]) -> Said:
    """Read these surveys, the oldest first: of two answers to a half-day the later survey's counts.

    Two queries, and that of the surveys.
    """
    order = {survey.pk: number for number, survey in enumerate(surveys)}
    found = Said()
    if not order:
        return found
    rows = SurveyAnswer.objects.filter(asked__survey__in=order).values_list(
        "asked__survey", "asked__agency", "day", "half", "said"
    )
    for _survey, agency, day, half, said in sorted(rows, key=lambda row: order[row[0]]):
        found.answers.setdefault(agency, {})[Half(day, half)] = said
    asked = SurveyAsked.objects.filter(survey__in=order).values_list(
        "survey", "survey__seminar", "agency", "role"
    )
    for _survey, seminar, agency, role in sorted(asked, key=lambda row: order[row[0]]):
        found.asked.setdefault(seminar, {})[agency] = role == InvitationRole.REQUIRED
    return found


def wanted_at(seminars: Collection[Seminar], said: Said) -> dict[int, dict[int, Party]]:
    """Return the agencies that each seminar wants, by their ids, by its own; two queries.

    Those on its list; those asked for it in a survey, who may not be listed yet; and while it has
    no list at all, those asked for the whole programme.
    """
    listed: dict[int, dict[int, str]] = {seminar.pk: {} for seminar in seminars}
    rows = Invitation.objects.filter(seminar__in=listed)
    for seminar, agency, role in rows.values_list("seminar", "agency", "role"):
        listed[seminar][agency] = role
    found: dict[int, dict[int, bool]] = {}
    for pk, roles in listed.items():
        asked = said.asked.get(pk, {})
        if not roles:
            asked = said.asked.get(None, {}) | asked
        found[pk] = {agency: needed for agency, needed in asked.items() if agency not in roles} | {
            agency: role == InvitationRole.REQUIRED
            for agency, role in roles.items()
            if role != InvitationRole.INFORMED
        }
    names = Agency.objects.in_bulk({agency for each in found.values() for agency in each})
    return {
        pk: {
            agency: Party(f"agency:{agency}", str(names[agency]), needed)
            for agency, needed in sorted(each.items())
        }
        for pk, each in found.items()
    }
