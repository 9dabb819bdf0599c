"""Registers and the numbers drawn from them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from documents.choices import NumberState, RegisterKind
from documents.models.reference import DocumentType


class Register(models.Model):
    """One number series of an agency in a year (Decree 30/2020, article 15).

    `last_number` is the lock that every number is drawn under. A series without document types
    takes those that no other series of the agency names.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="registers")
    kind = models.CharField(_("kind"), max_length=8, choices=RegisterKind)
    name = models.CharField(_("name"), max_length=120)
    year = models.PositiveSmallIntegerField(_("year"))
    document_types = models.ManyToManyField(DocumentType, blank=True, related_name="registers")
    #: First number it gives: 1, save for an office that starts here in mid-year.
    opening_number = models.PositiveIntegerField(_("first number"), default=1)
    last_number = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        ordering = ["-year", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "name", "year"], name="one_register_of_a_name_a_year"
            ),
            models.CheckConstraint(
                name="opening_number_at_least_one", condition=models.Q(opening_number__gte=1)
            ),
            models.CheckConstraint(
                name="last_number_not_before_opening",
                condition=models.Q(last_number__gte=models.F("opening_number") - 1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    def save(self, *args, **kwargs) -> None:
        if self._state.adding and not self.last_number:
            self.last_number = self.opening_number - 1
        super().save(*args, **kwargs)

    @property
    def next_number(self) -> int:
        return self.last_number + 1


class RegisterEntry(models.Model):
    """A number that was given. It is voided with a reason, never freed and never given again."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField(_("number"))
    on = models.DateField(_("on"))
    state = models.CharField(max_length=8, choices=NumberState, default=NumberState.ISSUED)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("register entry")
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="a_number_once"),
            models.CheckConstraint(
                name="voided_with_reason",
                condition=models.Q(state="issued", reason="", voided_at__isnull=True)
                | (models.Q(state="voided", voided_at__isnull=False) & ~models.Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register}: {self.number}"
