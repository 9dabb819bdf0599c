"""What a recipient says about a paper: received, given back, assigned, answered."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from documents.choices import HandlingRole


class AcknowledgeForm(forms.Form):
    """The version that the page showed; nothing else is acknowledged."""

    version = forms.IntegerField(min_value=1, max_value=32_767, widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason for the return"),
        help_text=_("The sender reads this sentence."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    suggested = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("Where it belongs"),
        required=False,
        empty_label=_("Not known"),
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suggested"].queryset = agencies  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    assignee = forms.ModelChoiceField(
        User.objects.none(), label=_("Person"), empty_label=_("Choose a person")
    )
    role = forms.ChoiceField(label=_("Role"), choices=HandlingRole, widget=forms.RadioSelect)
    due_at = forms.DateTimeField(
        label=_("Due"),
        required=False,
        help_text=_("Hour and day, such as 17:00 07/06/2016. Empty: no deadline is set."),
    )
    note = forms.CharField(
        label=_("Instruction"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = people  # type: ignore[attr-defined]


class AnswerRecallForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Answer to the recall"),
        choices=[("agree", _("Agree: the content is closed to us")), ("refuse", _("Refuse"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        help_text=_("Needed when you refuse. The sender reads this sentence."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
