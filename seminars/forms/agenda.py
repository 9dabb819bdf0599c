"""The lines of an agenda as they are typed, a row each."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from seminars.lifecycle import Line
from seminars.lifecycle.agenda import MOST_MINUTES
from seminars.models import AgendaItem

MOST_LINES = 60


class LineForm(forms.Form):
    """One line. A row without words is no line."""

    item = forms.IntegerField(required=False, widget=forms.HiddenInput)
    order = forms.IntegerField(
        label=_("Place in the order"), required=False,
        validators=[MinValueValidator(0), MaxValueValidator(9_999)],
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("How many minutes"), required=False,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)],
    )  # fmt: skip
    #: Sizes say how a table shares its width among the columns.
    title = forms.CharField(
        label=_("What happens"), max_length=255, required=False,
        widget=forms.TextInput(attrs={"size": 48}),
    )  # fmt: skip
    speaker_name = forms.CharField(
        label=_("Who speaks"), max_length=120, required=False,
        widget=forms.TextInput(attrs={"size": 24}),
    )  # fmt: skip
    speaker_office = forms.CharField(
        label=_("Office held"), max_length=120, required=False,
        widget=forms.TextInput(attrs={"size": 30}),
    )  # fmt: skip

    @staticmethod
    def of(item: AgendaItem) -> dict[str, Any]:
        """Return what would have been typed for this line."""
        speaker = item.speaker
        return {
            "item": item.pk, "order": item.order, "minutes": item.minutes, "title": item.title,
            "speaker_name": speaker.name if speaker else "",
            "speaker_office": speaker.office if speaker else "",
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("title") and not values.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", _("Say how many minutes it takes."))
        # Of a line that is taken away, by emptying its words, the speaker may stay typed.
        named = values.get("speaker_name") or values.get("minutes")
        if named and not values.get("title") and not values.get("item"):
            self.add_error("title", _("Say what it is about."))
        return values


class EditsForm(forms.Form):
    """Carries the count of edits that the page showed, and what speaks against all rows together."""

    edits = forms.IntegerField(required=False, widget=forms.HiddenInput)


def typed(rows: "forms.BaseFormSet[LineForm]") -> list[Line]:
    """Return the lines that were filled in, by their numbers; rows without one come last."""
    filled = [values for values in (form.cleaned_data for form in rows) if values.get("title")]
    numbered = enumerate(filled)
    ordered = sorted(numbered, key=lambda each: (each[1]["order"] is None, each[1]["order"] or 0,
                                                 each[0]))  # fmt: skip
    return [
        Line(
            title=values["title"], minutes=values["minutes"], item=values["item"],
            speaker=(values["speaker_name"], values["speaker_office"]),
        )
        for _place, values in ordered
    ]  # fmt: skip
