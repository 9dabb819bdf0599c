"""What is typed to rule days off, and to take such rules back."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.decrees import LONGEST_BASIS, LONGEST_NAME

#: No calendar is kept before or after.
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)


def _bounded(day: date | None) -> date | None:
    if day is not None and not _FIRST <= day <= _LAST:
        raise forms.ValidationError(_("The calendar goes from 2000 to 2100."))
    return day


class DecreeForm(forms.Form):
    off_on = forms.DateField(label=_("Day off"), help_text=_("A working day until now."))
    worked_on = forms.DateField(
        label=_("Worked for it"),
        required=False,
        help_text=_("A day off until now. Empty: nothing is worked for it."),
    )
    name = forms.CharField(label=_("Reason"), max_length=LONGEST_NAME)
    basis = forms.CharField(
        label=_("Document"),
        max_length=LONGEST_BASIS,
        help_text=_("Number and date of the paper that orders it."),
    )

    def clean_off_on(self) -> date | None:
        return _bounded(self.cleaned_data["off_on"])

    def clean_worked_on(self) -> date | None:
        return _bounded(self.cleaned_data["worked_on"])


class RestoreForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_BASIS)
