"""Periods in whole days, both ends included; an open end runs on."""

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


def live_on(day: date, prefix: str = "") -> models.Q:
    """Return the condition that a period holds on that day, its first and last days included."""
    return models.Q(**{f"{prefix}from_on__lte": day}) & (
        models.Q(**{f"{prefix}to_on__isnull": True}) | models.Q(**{f"{prefix}to_on__gte": day})
    )


class PeriodQuerySet(models.QuerySet):
    def live_on(self, day: date) -> Self:
        return self.filter(live_on(day))

    def overlapping(self, from_on: date, to_on: date | None) -> Self:
        """Those that share at least one day with the given period."""
        later = models.Q(to_on__isnull=True) | models.Q(to_on__gte=from_on)
        return self.filter(later) if to_on is None else self.filter(later, from_on__lte=to_on)


class Period(models.Model):
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        abstract = True

    def is_live_on(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)

    def holds(self, from_on: date, to_on: date | None) -> bool:
        """Say whether the given period lies wholly inside this one."""
        if from_on < self.from_on:
            return False
        return self.to_on is None or (to_on is not None and to_on <= self.to_on)


def ordered_period(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
    )
