"""What an agency's own rules say: deadlines, caps, hours. Dated rows, because rules change."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from agencies.models.periods import Period, PeriodQuerySet, ordered_period
from seminars.choices import FindingCode
from seminars.models.rooms import WEEKDAYS
from seminars.models.seminars import Seminar


class Policy(Period):
    """Deadlines in working days. The defaults are those of Decision 45/2018/QĐ-TTg."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    invite_days = models.PositiveSmallIntegerField(_("invitation, working days before"), default=3)
    paper_days = models.PositiveSmallIntegerField(_("papers, working days before"), default=3)
    conclude_days = models.PositiveSmallIntegerField(_("conclusion, working days after"), default=5)
    hold_days = models.PositiveSmallIntegerField(_("a hold expires after days"), default=7)
    travel_minutes = models.PositiveSmallIntegerField(_("minutes to travel"), default=60)
    #: None: no cap.
    most_at_round_table = models.PositiveIntegerField(
        _("most at a round table"), null=True, blank=True
    )
    most_at_seminar = models.PositiveIntegerField(_("most at a seminar"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy for seminars")
        constraints = [
            ordered_period("seminar_policy_in_order"),
            models.UniqueConstraint(
                fields=["agency", "from_on"], name="one_seminar_policy_from_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.from_on}"


class WorkingHours(Period):
    """When an agency works on a weekday; summer and winter are two rows."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("to"))

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("working hours")
        constraints = [
            ordered_period("working_hours_in_order"),
            models.CheckConstraint(
                name="works_until_after_it_begins",
                condition=models.Q(opens__lt=models.F("closes")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.weekday}"


class Override(models.Model):
    """Somebody let a finding stand. It is about exactly that: when the facts change, it is not."""

    seminar = models.ForeignKey(Seminar, models.CASCADE, related_name="overrides")
    code = models.CharField(max_length=16, choices=FindingCode)
    #: What the finding is about, as `findings.Finding.about` says it.
    about = models.CharField(max_length=120)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "code", "about"], name="a_finding_is_overridden_once"
            ),
            models.CheckConstraint(name="overridden_with_reason", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.seminar} {self.code}"
