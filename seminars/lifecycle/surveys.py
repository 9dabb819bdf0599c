"""Khảo sát buổi: ask agencies when they are free, answer for one's own, close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.authority import Authority
from agencies.models import Agency, User
from agencies.refusals import Reason, Reasons
from documents import secrecy
from documents.refusals import Incomplete, WrongState
from seminars import access, half_days
from seminars.choices import SEMINAR_RULES, Act, Free, InvitationRole, ProgrammeState
from seminars.half_days import Half
from seminars.lifecycle.evidence import record
from seminars.lifecycle.locks import locked
from seminars.models import HalfDaySurvey, Programme, Seminar, SurveyAnswer, SurveyAsked

#: No survey asks for more than four weeks.
MOST_DAYS = 28


@dataclass(frozen=True)
class Question:
    """Which half-days are asked for, both days included, of whom, and until when.

    `role` counts for an agency while it is not on the list of those invited.
    """

    title: str
    first: date
    last: date
    answer_by: datetime
    agencies: Sequence[Agency]
    role: str = InvitationRole.REQUIRED


@transaction.atomic
def ask_half_days(
    *, about: Seminar | Programme, question: Question, by: User, at: datetime
) -> HalfDaySurvey:
    """Ask agencies on which half-days they are free, for a seminar or for a whole programme.

    Raises: NotFound, NotPermitted, WrongState, Incomplete, secrecy.SecretPaper.
    """
    about, authority = _locked_about(about, by=by, at=at)
    found = Reasons()
    _check(found, question, at=at)
    found.against(not question.agencies, "agency", _("Say which agencies are asked."))
    text = _("A survey is open already: change that one, or close it first.")
    found.against(about.surveys.filter(closed_at=None).exists(), "survey", text)
    found.refuse(Incomplete)
    survey = HalfDaySurvey(agency=about.agency, asked_at=at, asked_by=by)
    if isinstance(about, Seminar):
        survey.seminar = about
    else:
        survey.programme = about
    _write(survey, question)
    _record(survey, Act.SURVEY, authority, at=at, agencies=len(question.agencies))
    return survey


@transaction.atomic
def change_survey(
    *, survey: HalfDaySurvey, question: Question, by: User, at: datetime
) -> HalfDaySurvey:
    """Ask for other days, give more time, ask further agencies. What was answered stays.

    Raises: NotFound, NotPermitted, WrongState (it is closed), Incomplete, secrecy.SecretPaper.
    """
    survey, authority = _locked(survey, by=by, at=at)
    found = Reasons()
    _check(found, question, at=at)
    found.refuse(Incomplete)
    _write(survey, question)
    _record(survey, Act.SURVEY, authority, at=at, agencies=survey.asked.count())
    return survey


@transaction.atomic
def close_survey(*, survey: HalfDaySurvey, by: User, at: datetime) -> HalfDaySurvey:
    """Take no more answers. What was answered goes on counting where a day is looked for.

    Raises: NotFound, NotPermitted, WrongState.
    """
    survey, authority = _locked(survey, by=by, at=at)
    survey.closed_at, survey.closed_by = at, by
    survey.save()
    _record(survey, Act.SURVEY, authority, at=at, closed=True)
    return survey


@transaction.atomic
def answer_survey(
    *, asked: SurveyAsked, answers: Mapping[Half, str], by: User, at: datetime
) -> SurveyAsked:
    """Say for one's agency what it is on each half-day; may be said anew until the survey closes.

    Half-days that are over are left as they are. The same answers again change nothing.

    Raises: NotFound, NotPermitted, WrongState (the survey is closed), Incomplete (the time to
    answer is over; a half-day is not marked, or not asked for).
    """
    survey = _rows_locked(asked.survey)
    asked = SurveyAsked.objects.select_related("agency").get(pk=asked.pk)
    authority = access.answering_survey(by, asked, at=at)
    _refuse_closed(survey)
    found = Reasons()
    text = _("The time to answer ended at %(hour)s on %(day)s.")
    ended = {"hour": f"{_local(survey):%H:%M}", "day": f"{_local(survey):%d/%m/%Y}"}
    found.against(at > survey.answer_by, "answer_by", text % ended)
    asked_for = half_days.between(survey.first, survey.last)
    gone = not answers.keys() <= set(asked_for)
    text = _("The days of the survey have changed since you opened this page: look at them again.")
    found.against(gone, "answers", text)
    ahead = [half for half in asked_for if not half.is_over(at)]
    left = sum(half not in answers for half in ahead)
    text = _("%(left)s half-days are not marked yet.")
    found.against(left and not gone, "answers", text % {"left": left})
    found.refuse(Incomplete)
    standing = {Half(row.day, row.half): row.said for row in asked.answers.all()}
    new = {half: Free(answers[half]) for half in ahead if answers[half] != standing.get(half)}
    if asked.answered_at is not None and not new:
        return asked
    SurveyAnswer.objects.bulk_create(
        (SurveyAnswer(asked=asked, day=half.day, half=half.half, said=said)
         for half, said in new.items()),
        update_conflicts=True, unique_fields=["asked", "day", "half"], update_fields=["said"],
    )  # fmt: skip
    asked.answered_at, asked.answered_by = at, by
    asked.save()
    _record(survey, Act.SAY_FREE, authority, at=at, agency=asked.agency_id, changed=len(new))
    return asked


# -- Locking ----------------------------------------------------------------------------------


def _locked_about(
    about: Seminar | Programme, *, by: User, at: datetime
) -> tuple[Seminar | Programme, Authority]:
    if isinstance(about, Seminar):
        seminar = locked(about)
        return seminar, access.require(by, Act.SURVEY, seminar, at=at)
    programme = _locked_programme(about)
    return programme, access.require_planning(by, programme, at=at)


def _locked_programme(programme: Programme) -> Programme:
    rows = Programme.objects.select_for_update(of=("self",)).select_related("agency")
    return rows.get(pk=programme.pk)


def _rows_locked(survey: HalfDaySurvey) -> HalfDaySurvey:
    """Lock what it is about, then the survey: in that order by every verb."""
    about: Seminar | Programme
    if survey.seminar is not None:
        about = locked(survey.seminar)
    else:
        assert survey.programme is not None
        about = _locked_programme(survey.programme)
    rows = HalfDaySurvey.objects.select_for_update(of=("self",)).select_related("agency")
    survey = rows.get(pk=survey.pk)
    if isinstance(about, Seminar):
        survey.seminar = about
    else:
        survey.programme = about
    return survey


def _locked(survey: HalfDaySurvey, *, by: User, at: datetime) -> tuple[HalfDaySurvey, Authority]:
    survey = _rows_locked(survey)
    if survey.seminar is not None:
        authority = access.require(by, Act.SURVEY, survey.seminar, at=at)
    else:
        assert survey.programme is not None
        authority = access.require_planning(by, survey.programme, at=at)
    _refuse_closed(survey)
    return survey, authority


# -- Checking and writing ---------------------------------------------------------------------


def _refuse_closed(survey: HalfDaySurvey) -> None:
    """Whatever the deadline says: whoever asked may still give more time."""
    seminar, programme = survey.seminar, survey.programme
    over = seminar is not None and seminar.state not in SEMINAR_RULES[Act.SURVEY].states
    ended = programme is not None and programme.state != ProgrammeState.OPEN
    if over or ended or survey.closed_at is not None:
        raise WrongState([Reason("state", _("The survey is closed."))])


def _check(found: Reasons, question: Question, *, at: datetime) -> None:
    """Raises: secrecy.SecretPaper."""
    secrecy.refuse_if_secret(question.title)
    title = question.title.strip()
    found.against(not title, "title", _("Say what it is about."))
    found.against(len(title) > 255, "title", _("The title is too long."))
    for agency in question.agencies:
        text = _("“%(agency)s” no longer exists on this day.")
        ended = not agency.is_live_on(clock.day_of(at))
        found.against(ended, "agency", text % {"agency": agency})
    soon = question.answer_by <= at
    found.against(soon, "due_on", _("The time to answer lies in the past."))
    if not question.first <= question.last:
        found.append(Reason("last", _("It ends before it begins.")))
        return
    if (question.last - question.first).days >= MOST_DAYS:
        found.append(Reason("last", _("Ask for four weeks at most.")))
        return
    asked_for = half_days.between(question.first, question.last)
    if not asked_for:
        found.append(Reason("last", _("There is no working day in these days.")))
        return
    over = all(half.is_over(at) for half in asked_for)
    found.against(over, "last", _("These days lie in the past."))
    late = clock.day_of(question.answer_by) > question.last
    found.against(late, "due_on", _("The time to answer lies after the days asked for."))


def _write(survey: HalfDaySurvey, question: Question) -> None:
    """Keep the days and those asked; who is asked already stays with what it said."""
    survey.title = question.title.strip()
    survey.first, survey.last = question.first, question.last
    survey.answer_by = question.answer_by
    survey.save()
    standing = set(survey.asked.values_list("agency", flat=True))
    new = {agency.pk: agency for agency in question.agencies if agency.pk not in standing}
    SurveyAsked.objects.bulk_create(
        SurveyAsked(survey=survey, agency=agency, role=question.role) for agency in new.values()
    )


def _local(survey: HalfDaySurvey) -> datetime:
    return survey.answer_by.astimezone(clock.VIETNAM)


def _record(
    survey: HalfDaySurvey, act: Act, authority: Authority, *, at: datetime, **facts: Any
) -> None:
    """A seminar has a log of its acts; a programme has none, and the rows say who and when."""
    if survey.seminar is not None:
        record(survey.seminar, act, authority, at=at, survey=survey.pk, **facts)
