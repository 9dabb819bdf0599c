"""What is said when a paper is signed or sent back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.choices import Capacity


class SignForm(forms.Form):
    """What the paper prints of its signer: only what stands in the source."""

    use_required_attribute = False

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    capacity = forms.ChoiceField(
        label=_("Capacity"),
        required=False,
        choices=[("", _("Not printed")), *Capacity.choices],
        widget=forms.RadioSelect,
    )
    signer_as_printed = forms.CharField(
        label=_("Signer, as printed"),
        required=False,
        max_length=120,
        help_text=_("Leave it empty if the source does not print it."),
    )
    signer_title = forms.CharField(
        label=_("Signer's office, as printed"),
        required=False,
        max_length=120,
        help_text=_("Leave it empty if the source does not print it."),
    )


class SendBackForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(
        label=_("What must change"),
        help_text=_("The drafter reads this sentence."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
