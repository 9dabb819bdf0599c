"""Inert reference data: types, fields of work, default deadlines."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.models.periods import Period, PeriodQuerySet, ordered_period
from documents.choices import ArchiveKind, Expectation, TypeFamily, Urgency


class DocumentType(models.Model):
    """Loại văn bản. The 29 of Decree 30/2020, article 7, and others that arrive."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    #: As in a symbol; case matters (CTr, TTr, QyĐ). Công văn and thư công have none.
    abbreviation = models.CharField(_("abbreviation"), max_length=12, blank=True)
    family = models.CharField(_("family"), max_length=16, choices=TypeFamily)
    archive_kind = models.CharField(_("archive kind"), max_length=12, choices=ArchiveKind)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("document type")
        verbose_name_plural = _("document types")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class WorkField(models.Model):
    """Lĩnh vực: the field of work, as in the symbol of a công văn (NC, VX, KTN)."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("field of work")
        verbose_name_plural = _("fields of work")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} ({self.name})"


class DeadlinePolicy(Period):
    """How long a recipient has when neither the paper nor the sender says: offered, never imposed."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="deadline_policies")
    expectation = models.CharField(_("expectation"), max_length=12, choices=Expectation)
    urgency = models.CharField(_("urgency"), max_length=12, choices=Urgency)
    #: Working days after the day of issue, to the end of that working day; or hours, for urgent ones.
    working_days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    hours = models.PositiveSmallIntegerField(
        _("hours"), null=True, blank=True, validators=[MinValueValidator(1)]
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline policy")
        verbose_name_plural = _("deadline policies")
        constraints = [
            ordered_period("policy_period_in_order"),
            models.UniqueConstraint(
                fields=["agency", "expectation", "urgency", "from_on"], name="one_policy_from_a_day"
            ),
            models.CheckConstraint(
                name="policy_days_or_hours",
                condition=models.Q(working_days__isnull=False, hours__isnull=True)
                | models.Q(working_days__isnull=True, hours__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_expectation_display()}"
