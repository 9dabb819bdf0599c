"""Attendance in bulk, walk-ins, minutes, and why there is no conclusion notice."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from seminars.choices import Presence
from seminars.forms.inviting import VenueField
from seminars.models import Nomination, Venue


class MarkRow(forms.Form):
    """One delegate of the sheet."""

    presence = forms.ChoiceField(
        label=_("Presence"), required=False, choices=[("", _("not marked")), *Presence.choices]
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=255)
    substitute = forms.CharField(label=_("Who came instead"), required=False, max_length=120)

    def __init__(self, *args: Any, row: Nomination, **kwargs: Any) -> None:
        self.row = row
        attended = getattr(row, "attendance", None)
        initial = {}
        if attended is not None:
            initial = {
                "presence": attended.presence,
                "reason": attended.reason,
                "substitute": attended.substitute.name if attended.substitute else "",
            }
        super().__init__(*args, prefix=f"n{row.pk}", initial=initial, **kwargs)


class WalkInForm(forms.Form):
    """Somebody who came without having been named."""

    name = forms.CharField(label=_("Full name"), required=False, max_length=120)
    office = forms.CharField(label=_("Office held"), required=False, max_length=120)
    agency = forms.ModelChoiceField(
        Agency.objects.none(), label=_("Agency"), required=False, empty_label=_("Choose an agency")
    )
    venue = VenueField()

    def __init__(
        self, *args: Any, agencies: QuerySet[Agency], venues: QuerySet[Venue], **kwargs: Any
    ) -> None:
        super().__init__(*args, prefix="walk_in", **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["venue"].queryset = venues  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("name") and not values.get("agency"):
            self.add_error("agency", _("Say from which agency."))
        return values


class MinutesForm(forms.Form):
    text = forms.CharField(
        label=_("Minutes"), max_length=200_000, widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_(
            "Who chaired and who was present, the course, opinions, votes, the chair's conclusion."
        ),
    )  # fmt: skip
    no = forms.IntegerField(widget=forms.HiddenInput)


class ConcludeForm(forms.Form):
    waiver = forms.CharField(
        label=_("Why there is no conclusion notice"), required=False, max_length=2_000,
        help_text=_("Only where none is issued."), widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
