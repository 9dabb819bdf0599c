"""Periods in whole days, both ends included; an open end runs on.

What was given by mistake can be taken back on its first day or before: it ends the day before it
begins, and so holds on no day. The row stays, and with it who had it by mistake.
"""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


def live_on(day: date, prefix: str = "") -> models.Q:
    """Return the condition that a period holds on that day, its first and last days included."""
    return models.Q(**{f"{prefix}from_on__lte": day}) & (
        models.Q(**{f"{prefix}to_on__isnull": True}) | models.Q(**{f"{prefix}to_on__gte": day})
    )


#: The condition that a period holds on at least one day.
HELD = models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on"))


class DayBefore(models.Func):
    """The day before a day, in words of each database that a constraint may use."""

    arity = 1
    output_field = models.DateField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="date(%(expressions)s, '-1 day')")

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="(%(expressions)s - 1)")


class PeriodQuerySet(models.QuerySet):
    def live_on(self, day: date) -> Self:
        return self.filter(live_on(day))

    def overlapping(self, from_on: date, to_on: date | None) -> Self:
        """Those that share at least one day with the given period."""
        later = self.lasting(from_on)
        return later if to_on is None else later.filter(from_on__lte=to_on)

    def lasting(self, day: date) -> Self:
        """Those that hold on that day or on a later one."""
        return self.filter(HELD, models.Q(to_on__isnull=True) | models.Q(to_on__gte=day))


class Period(models.Model):
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        abstract = True

    def is_live_on(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)

    @property
    def is_taken_back(self) -> bool:
        return self.to_on is not None and self.to_on < self.from_on

    def day_before(self) -> date:
        return self.from_on - timedelta(days=1)

    def holds(self, from_on: date, to_on: date | None) -> bool:
        """Say whether the given period lies wholly inside this one."""
        if from_on < self.from_on:
            return False
        return self.to_on is None or (to_on is not None and to_on <= self.to_on)


def ordered_period(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=HELD)


def revocable_period(name: str) -> models.CheckConstraint:
    """Of a period that may be taken back."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(to_on__isnull=True)
        | models.Q(to_on__gte=DayBefore(models.F("from_on"))),
    )
