"""What people type on the screens of saved searches and of abbreviations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from search.models import Abbreviation


class SaveForm(forms.Form):
    """A name for the search that the page shows; the search itself rides along."""

    use_required_attribute = False

    name = forms.CharField(label=_("Name of the search"), required=False, strip=True)
    query = forms.CharField(required=False, widget=forms.HiddenInput)


class AbbreviationForm(forms.ModelForm):
    use_required_attribute = False

    class Meta:
        model = Abbreviation
        fields = ("short", "long")

    def clean_short(self) -> str:
        """One word: an abbreviation of several could not be told from its parts."""
        short: str = self.cleaned_data["short"].strip()
        if not short.isalnum():
            raise forms.ValidationError(_("An abbreviation is one word of letters and digits."))
        taken = Abbreviation.objects.filter(short__iexact=short).exclude(pk=self.instance.pk)
        if taken.exists():
            raise forms.ValidationError(_("This abbreviation is in the table already."))
        return short
