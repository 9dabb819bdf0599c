"""What is said when a paper is issued or its number voided."""

from django import forms
from django.utils.translation import gettext_lazy as _


class IssueForm(forms.Form):
    """The version that the page showed; nothing else is issued."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class VoidForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason for voiding the number"),
        help_text=_("It stays in the register beside the number."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
