"""Which agencies are invited, by which letter, and what they answer."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, DistributionList
from documents.forms.deadlines import moment
from seminars.choices import InvitationRole
from seminars.models import Invitation, Venue
from seminars.places import where

_QUOTA = [MinValueValidator(0), MaxValueValidator(1_000)]


class VenueField(forms.ModelChoiceField):
    """A choice among the venues of the seminar, each by its name or by where it is."""

    def __init__(self) -> None:
        super().__init__(Venue.objects.none(), label=_("Venue"), empty_label=None)

    def label_from_instance(self, obj: Venue) -> str:
        return obj.name or where(obj)


class InvitedRow(forms.Form):
    """One agency that is on the list."""

    quota = forms.IntegerField(label=_("Seats kept"), validators=_QUOTA)
    role = forms.ChoiceField(label=_("Role"), choices=InvitationRole)
    venue = VenueField()
    off = forms.BooleanField(label=_("Take off the list"), required=False)

    def __init__(self, *args: Any, row: Invitation, venues: QuerySet[Venue], **kwargs: Any) -> None:
        self.row = row
        super().__init__(
            *args, prefix=f"a{row.agency_id}",
            initial={"quota": row.quota, "role": row.role, "venue": row.venue_id}, **kwargs,
        )  # fmt: skip
        self.fields["venue"].queryset = venues  # type: ignore[attr-defined]
        if row.sent_at is not None:
            del self.fields["off"]


class AddInvitedForm(forms.Form):
    """One agency more, or all members of a distribution list."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(), label=_("Agency"), required=False, empty_label=_("None")
    )
    list = forms.ModelChoiceField(
        DistributionList.objects.none(), label=_("Or a distribution list"), required=False,
        empty_label=_("None"),
    )  # fmt: skip
    quota = forms.IntegerField(label=_("Seats kept for each"), initial=1, validators=_QUOTA)
    role = forms.ChoiceField(
        label=_("Role"), choices=InvitationRole, initial=InvitationRole.REQUIRED
    )
    venue = VenueField()

    def __init__(
        self, *args: Any, agencies: QuerySet[Agency], lists: QuerySet[DistributionList],
        venues: QuerySet[Venue], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, prefix="add", **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["list"].queryset = lists  # type: ignore[attr-defined]
        self.fields["venue"].queryset = venues  # type: ignore[attr-defined]


class InviteForm(forms.Form):
    """Until when the agencies answer."""

    due_on = forms.DateField(label=_("To be answered by"), required=False)
    due_time = forms.TimeField(
        label=_("Hour"), required=False, help_text=_("Empty: when offices close.")
    )

    def answer_by(self) -> Any:
        on = self.cleaned_data["due_on"]
        return moment(on, self.cleaned_data["due_time"]) if on else None


class DelegateForm(forms.Form):
    name = forms.CharField(label=_("Full name"), max_length=120)
    office = forms.CharField(label=_("Office held"), max_length=120, required=False)


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why nobody comes"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerByLinkForm(forms.Form):
    """The answer is the button that was pressed."""

    comes = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why nobody comes"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["reason"].required = data is None or data.get("comes") != "yes"
