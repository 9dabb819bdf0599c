"""The form by which a clerk enters a paper from outside, as it is printed."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from documents.choices import Urgency
from documents.forms.following import SeveralFiles
from documents.lifecycle import OutsidePaper
from documents.models import DocumentType


class OutsideForm(forms.Form):
    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Into the register of"))
    issuer = forms.CharField(
        label=_("Issuing body"), max_length=255, help_text=_("As the paper prints it.")
    )
    type = forms.ModelChoiceField(DocumentType.objects.all(), label=_("Document type"))
    code = forms.CharField(label=_("Number and symbol"), max_length=80)
    issued_on = forms.DateField(
        label=_("Date of the paper"), help_text=_("Day/month/year, such as 02/06/2016.")
    )
    subject = forms.CharField(label=_("Subject"), widget=forms.Textarea(attrs={"rows": 3}))
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency, initial=Urgency.ORDINARY)
    signer = forms.CharField(
        label=_("Signer"),
        required=False,
        max_length=120,
        help_text=_("Leave it empty when the paper does not say."),
    )
    signer_title = forms.CharField(label=_("Signer's office"), required=False, max_length=120)
    place = forms.CharField(label=_("Place"), required=False, max_length=80)
    main = forms.FileField(
        label=_("Main text or scan"), required=False, help_text=_("At most 50 MB.")
    )
    annexes = SeveralFiles(label=_("Annexes"), required=False)
    text = forms.CharField(
        label=_("Text"),
        required=False,
        help_text=_("When there is no file: the text, word for word."),
        widget=forms.Textarea(attrs={"rows": 8}),
        strip=False,
    )
    twin = forms.BooleanField(
        label=_("It is another paper, although issuer, number and date are the same"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Agency.objects.filter(pk__in=[each.pk for each in agencies])
        self.fields["agency"].queryset = own.order_by("sort_key", "pk")  # type: ignore[attr-defined]
        if len(agencies) == 1:
            self.fields["agency"].initial = agencies[0].pk
            self.fields["agency"].widget = forms.HiddenInput()

    def ask_about_the_twin(self) -> None:
        """Show the box by which the clerk says that it is another paper."""
        self.fields["twin"].widget = forms.CheckboxInput()

    def paper(self) -> OutsidePaper:
        """Return what was read off the paper; nothing is completed from elsewhere."""
        values = self.cleaned_data
        first = re.match(r"\D{0,6}(\d{1,9})", values["code"])
        return OutsidePaper(
            type=values["type"],
            issuer=values["issuer"],
            code=values["code"],
            number=int(first[1]) if first else None,
            issued_on=values["issued_on"],
            subject=values["subject"],
            urgency=Urgency(values["urgency"]),
            signer=values["signer"],
            signer_title=values["signer_title"],
            place=values["place"],
            text=values["text"].replace("\r\n", "\n"),
        )
