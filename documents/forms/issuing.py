"""What is said when a paper is issued or its number voided."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.choices import ACKNOWLEDGED, DueSource
from documents.forms.deadlines import as_typed, moment
from documents.lifecycle import Deadline
from documents.models import Dispatch


class IssueForm(forms.Form):
    """The version that the page showed, nothing else is issued; and until when, if the sender says.

    A deadline that is printed in the paper is not asked for, nor one where nothing is owed.
    """

    use_required_attribute = False

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    due_on = forms.DateField(
        label=_("Day of the deadline"),
        required=False,
        help_text=_("The paper prints none. Empty: there is no deadline."),
    )
    due_time = forms.TimeField(
        label=_("Hour"), required=False, help_text=_("Empty: 17:00, when offices close.")
    )

    def __init__(self, *args: Any, dispatch: Dispatch, **kwargs: Any) -> None:
        initial = {"version": dispatch.current_version.no, **as_typed(dispatch.due_at)}
        super().__init__(*args, initial=initial, **kwargs)
        owed = dispatch.expectation in ACKNOWLEDGED
        if dispatch.due_source == DueSource.PRINTED or not owed:
            del self.fields["due_on"], self.fields["due_time"]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("due_time") and not values.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("State the day, or take the hour away."))
        return values

    @property
    def deadline(self) -> Deadline | None:
        """What the sender set, None where the page did not ask."""
        if "due_on" not in self.fields or "due_on" not in self.data:
            return None
        on: date | None = self.cleaned_data["due_on"]
        return Deadline(moment(on, self.cleaned_data["due_time"]) if on else None)


class VoidForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason for voiding the number"),
        help_text=_("It stays in the register beside the number."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
