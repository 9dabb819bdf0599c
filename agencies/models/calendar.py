"""Days that the general calendar does not know, and the demonstration's clock."""

from datetime import date
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.choices import DayKind


class DayRule(models.Model):
    """One decreed exception: a holiday, or a Saturday worked in exchange. It overrides the library.

    Swaps are decreed year by year, so no library has them all (traps T28).
    """

    day = models.DateField(_("day"), unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=DayKind)
    name = models.CharField(_("name"), max_length=120)
    basis = models.CharField(_("legal basis"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("day rule")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"


class DemoClock(models.Model):
    """How far the demonstration's clock stands from the real one. Production never reads it."""

    shift_seconds = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.shift_seconds)

    @classmethod
    def start(cls, day: str) -> Self:
        """Return the one row, setting it so that it is 08:15 of `day` (ISO) when there is none."""
        from agencies.clock import at  # noqa: PLC0415 - the clock reads this model

        shift = at(date.fromisoformat(day), 8, 15) - timezone.now()
        row, _created = cls.objects.get_or_create(
            pk=1, defaults={"shift_seconds": int(shift.total_seconds())}
        )
        return row
