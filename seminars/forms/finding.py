"""Between which days a time is looked for, and what may be lacking."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from seminars.slots import MOST_DAYS, Wish

_DAYS = [MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2100, 12, 31))]
_LENGTHS = [60, 90, 120, 150, 180, 210, 240]


class FindTimeForm(forms.Form):
    first = forms.DateField(label=_("From the day"), validators=_DAYS)
    last = forms.DateField(label=_("Until the day"), validators=_DAYS)
    minutes = forms.TypedChoiceField(
        label=_("How long"),
        coerce=int,
        choices=[(each, f"{each // 60}:{each % 60:02}") for each in _LENGTHS],
    )
    with_room = forms.BooleanField(label=_("In a room of the register"), required=False)
    allow_missing = forms.BooleanField(
        label=_("Also when somebody who must be there cannot come"), required=False
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and not first <= last:
            self.add_error("last", _("It ends before it begins."))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("last", _("Look at three months at most."))
        return values

    def wish(self) -> Wish:
        return Wish(**{name: self.cleaned_data[name] for name in self.fields})
