"""A paper is registered, handed in, accepted, returned."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from seminars.models import AgendaItem


class RegisterPaperForm(forms.Form):
    title = forms.CharField(label=_("Title of the paper"), max_length=255)
    author_name = forms.CharField(label=_("Author"), max_length=120)
    author_office = forms.CharField(label=_("Office held"), max_length=120, required=False)


class SubmitPaperForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, DOCX or another office file, at most 50 MB.")
    )


class ItemField(forms.ModelChoiceField):
    """A choice among the lines of the agenda, each by its words."""

    def label_from_instance(self, obj: AgendaItem) -> str:
        return obj.title


class AcceptPaperForm(forms.Form):
    no = forms.IntegerField(widget=forms.HiddenInput)
    item = ItemField(
        AgendaItem.objects.none(), label=_("Line of the agenda"), required=False,
        empty_label=_("None"),
    )  # fmt: skip

    def __init__(self, *args: Any, items: QuerySet[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        if not items.exists():
            del self.fields["item"]


class ReturnPaperForm(forms.Form):
    no = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The author's agency reads this sentence."),
    )  # fmt: skip
