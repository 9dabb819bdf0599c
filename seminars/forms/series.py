"""How a seminar comes again, and what is to be done on each date."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from seminars.choices import Repeats
from seminars.lifecycle import Occurrence
from seminars.recurrence import MOST_APART, MOST_DATES

PLAN, SKIP = "plan", "skip"


class RepeatForm(forms.Form):
    rule = forms.ChoiceField(label=_("How it repeats"), choices=Repeats, widget=forms.RadioSelect)
    every = forms.IntegerField(
        label=_("How many weeks or months apart"), initial=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_APART)],
    )  # fmt: skip
    count = forms.IntegerField(
        label=_("How many further dates"), initial=4,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DATES)],
    )  # fmt: skip


class DateForm(forms.Form):
    """One date: plan the seminar, or leave the date out with a reason."""

    choice = forms.ChoiceField(
        label=_("What to do"),
        choices=[("", _("Choose")), (PLAN, _("Plan it")), (SKIP, _("Leave it out"))],
    )
    reason = forms.CharField(label=_("Why it is left out"), max_length=255, required=False)

    def __init__(self, *args: Any, day: date, works: bool, **kwargs: Any) -> None:
        """On a day off nothing is chosen beforehand: the person says what he wants."""
        self.day, self.works = day, works
        first = {"choice": PLAN if works else ""}
        super().__init__(*args, prefix=f"d{day:%Y%m%d}", initial=first, **kwargs)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("choice") == SKIP and not values.get("reason", "").strip():
            text = _("State why there is none on %(day)s.") % {"day": f"{self.day:%d/%m/%Y}"}
            self.add_error("reason", text)
        return values

    def occurrence(self) -> Occurrence:
        values = self.cleaned_data
        return Occurrence(self.day, values["reason"] if values["choice"] == SKIP else None)
