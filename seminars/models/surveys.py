"""Half-days are put to agencies, which say of each whether they are free (khảo sát buổi)."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from seminars.choices import (
    SEMINAR_RULES,
    Act,
    Free,
    HalfDay,
    InvitationRole,
    ProgrammeState,
)
from seminars.models.programmes import Programme
from seminars.models.seminars import Seminar

#: The two that a survey asks for; offices are not asked for their evenings.
ASKED_HALVES = (HalfDay.MORNING, HalfDay.AFTERNOON)


class SurveyQuerySet(models.QuerySet["HalfDaySurvey"]):
    def open_at(self, at: datetime) -> Self:
        """Those that still take answers at that moment."""
        ahead = models.Q(seminar__state__in=SEMINAR_RULES[Act.SURVEY].states)
        ahead |= models.Q(programme__state=ProgrammeState.OPEN)
        return self.filter(ahead, closed_at__isnull=True, answer_by__gte=at)

    def about(self, seminar: Seminar) -> Self:
        """Those about this seminar or about its whole programme, the oldest first."""
        wanted = models.Q(seminar=seminar)
        if seminar.programme_id is not None:
            wanted |= models.Q(programme=seminar.programme_id)
        return self.filter(wanted).order_by("asked_at", "pk")

    def within(self, programme: Programme) -> Self:
        """Those about the programme or about one of its seminars, the oldest first."""
        wanted = models.Q(programme=programme) | models.Q(seminar__programme=programme)
        return self.filter(wanted).order_by("asked_at", "pk")


class HalfDaySurvey(models.Model):
    """The half-days of these working days, put to agencies until a moment.

    About one seminar, or about all of a programme. An agency that is asked reads `title` and the
    days, and nothing of the seminar itself.
    """

    seminar = models.ForeignKey(
        Seminar, models.PROTECT, null=True, blank=True, related_name="surveys"
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="surveys"
    )
    #: The organiser: that of the seminar or programme.
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    title = models.CharField(_("what it is for"), max_length=255)
    #: Both included; of these, the working days.
    first = models.DateField(_("from the day"))
    last = models.DateField(_("until the day"))
    answer_by = models.DateTimeField(_("answer by"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey of half-days")
        constraints = [
            models.CheckConstraint(
                name="survey_of_a_seminar_or_a_programme",
                condition=models.Q(seminar__isnull=False) ^ models.Q(programme__isnull=False),
            ),
            models.CheckConstraint(
                name="survey_days_in_order", condition=models.Q(first__lte=models.F("last"))
            ),
            models.CheckConstraint(
                name="survey_closed_by_somebody",
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["seminar"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_survey_of_a_seminar",
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_survey_of_a_programme",
            ),
        ]

    def __str__(self) -> str:
        # Never the title: log entries and error pages print this (traps T2).
        return f"#{self.pk}"

    def is_open_at(self, at: datetime) -> bool:
        """Say the same as `open_at` (reads what it is about)."""
        if self.seminar is not None:
            ahead = self.seminar.state in SEMINAR_RULES[Act.SURVEY].states
        else:
            ahead = self.programme is not None and self.programme.state == ProgrammeState.OPEN
        return ahead and self.closed_at is None and at <= self.answer_by


class SurveyAsked(models.Model):
    """An agency that is asked, and when it last answered. Of the others it learns nothing."""

    survey = models.ForeignKey(HalfDaySurvey, models.PROTECT, related_name="asked")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    #: Counts while the agency is not on the list of those invited, which has its own.
    role = models.CharField(
        _("role"), max_length=10, choices=InvitationRole, default=InvitationRole.REQUIRED
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("agency asked")
        constraints = [
            models.UniqueConstraint(fields=["survey", "agency"], name="asked_once"),
            models.CheckConstraint(
                name="asked_because_it_may_come",
                condition=models.Q(role__in=(InvitationRole.REQUIRED, InvitationRole.OPTIONAL)),
            ),
            models.CheckConstraint(
                name="survey_answered_by_somebody",
                condition=models.Q(answered_at__isnull=True, answered_by__isnull=True)
                | models.Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} → {self.agency_id}"


class SurveyAnswer(models.Model):
    """What an agency said of one half-day.

    A half-day is known by its day and its half, so an answer stays what it is when the days of the
    survey change, and is there again when a day comes back.
    """

    asked = models.ForeignKey(SurveyAsked, models.PROTECT, related_name="answers")
    day = models.DateField(_("day"))
    half = models.CharField(_("half-day"), max_length=10, choices=HalfDay)
    said = models.CharField(_("answer"), max_length=10, choices=Free)

    class Meta:
        verbose_name = _("answer")
        constraints = [
            models.UniqueConstraint(
                fields=["asked", "day", "half"], name="one_answer_to_a_half_day"
            ),
            models.CheckConstraint(
                name="answer_to_half_a_working_day", condition=models.Q(half__in=ASKED_HALVES)
            ),
            models.CheckConstraint(
                name="answer_is_one_of_three", condition=models.Q(said__in=Free.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked} {self.day} {self.half}"
