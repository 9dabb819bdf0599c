"""Between which days a whole programme is planned, and when its half-days begin."""

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from agencies import calendar
from seminars import surveys
from seminars.models import HalfDaySurvey, Programme
from seminars.planner import Frame
from seminars.policy import policy_of, soonest
from seminars.slots import MOST_DAYS

_DAYS = [MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2100, 12, 31))]
_LENGTHS = [60, 90, 120, 150, 180, 210, 240]
_NOON = time(12)


def _on_the_quarter(value: time) -> None:
    if value.minute % 15 or value.second:
        raise ValidationError(_("Times lie on the quarter of an hour: 07:30, 07:45, 08:00 …"))


class FrameForm(forms.Form):
    first = forms.DateField(label=_("From the day"), validators=_DAYS)
    last = forms.DateField(label=_("Until the day"), validators=_DAYS)
    morning = forms.TimeField(label=_("Mornings begin at"), validators=[_on_the_quarter])
    afternoon = forms.TimeField(label=_("Afternoons begin at"), validators=[_on_the_quarter])
    minutes = forms.TypedChoiceField(
        label=_("How long"),
        coerce=int,
        choices=[(each, f"{each // 60}:{each % 60:02}") for each in _LENGTHS],
        help_text=_("Of those that have no hours yet."),
    )

    @staticmethod
    def of(programme: Programme, today: date) -> dict[str, Any]:
        """Return what is asked first: the days that agencies were asked about last, if any.

        Else from the first day for which invitations can be in time, if that is before the
        deadline, until the deadline or for four weeks.
        """
        first = soonest(policy_of(programme.agency_id, today), today)
        if programme.due_on is not None and programme.due_on < first:
            first = calendar.next_working_day(today)
        last = first + timedelta(days=27)
        if programme.due_on is not None and first <= programme.due_on < first + timedelta(
            MOST_DAYS
        ):
            last = programme.due_on
        asked = surveys.asked_about(HalfDaySurvey.objects.within(programme), first)
        first, last = asked or (first, last)
        return {
            "first": f"{first:%d/%m/%Y}",
            "last": f"{last:%d/%m/%Y}",
            "morning": "08:00",
            "afternoon": "13:30",
            "minutes": 150,
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and not first <= last:
            self.add_error("last", _("It ends before it begins."))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("last", _("Look at three months at most."))
        if (morning := values.get("morning")) and not morning < _NOON:
            self.add_error("morning", _("A morning begins before 12:00."))
        if (afternoon := values.get("afternoon")) and not _NOON <= afternoon < time(18):
            self.add_error("afternoon", _("An afternoon begins between 12:00 and 18:00."))
        return values

    def frame(self) -> Frame:
        return Frame(**{name: self.cleaned_data[name] for name in self.fields})
