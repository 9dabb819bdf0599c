"""Forms of the outgoing register and of what the sender does after issue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, DistributionList, User
from documents.choices import LineRole, RegisterKind, Tone
from documents.models import DocumentType, Register


class RegisterFilter(forms.Form):
    """Narrow the outgoing register. What is not a day or a number is ignored, not an error page."""

    register = forms.ModelChoiceField(
        Register.objects.none(), label=_("Register"), required=False, empty_label=_("All registers")
    )
    words = forms.CharField(label=_("Number, symbol or words"), required=False, max_length=200)
    from_on = forms.DateField(label=_("From"), required=False)
    to_on = forms.DateField(label=_("To"), required=False)
    recipient = forms.CharField(label=_("Recipient"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Any state")),
            ("owing", _("Not all acknowledged")),
            ("returned", _("Returned")),
            ("recalled", _("Recalled")),
            ("voided", _("Voided numbers")),
        ],
    )

    def __init__(self, *args: Any, registers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["register"].queryset = registers


class RecipientFilter(forms.Form):
    name = forms.CharField(label=_("Agency"), required=False, max_length=200)
    line = forms.TypedChoiceField(
        label=_("Group"), required=False, coerce=int, empty_value=None, choices=()
    )
    stopped = forms.ChoiceField(
        label=_("Stopped before"),
        required=False,
        choices=[
            ("", _("Any rung")),
            ("delivered_at", _("Delivered")),
            ("opened_at", _("Opened")),
            ("received_at", _("Received")),
            ("acknowledged_at", _("Acknowledged")),
        ],
    )
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("Late first")), ("name", _("By name")), ("newest", _("Newest first"))],
    )
    state = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [("", _("All groups")), *[(line.pk, line) for line in lines]]


class Multiline(forms.CharField):
    """A text of any length: a reason is never cut."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), **kwargs)


class SeveralRows(forms.ModelMultipleChoiceField):
    """Several rows; an id beyond what the database can hold is one that does not exist."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            message = self.error_messages["invalid_choice"] % {"value": "…"}
            raise forms.ValidationError(message, code="invalid_choice") from None


class RecallForm(forms.Form):
    reason = Multiline(label=_("Reason for the recall"))
    only = SeveralRows(
        None, label=_("From whom"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, circulations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["only"].queryset = circulations
        self.fields["only"].label_from_instance = lambda row: str(row.agency)
        self.fields["only"].help_text = _("Nothing chosen: from everybody.")


class SeveralFiles(forms.FileField):
    """One input, several files."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.ClearableFileInput()
        widget.allow_multiple_selected = True
        widget.attrs["multiple"] = True
        super().__init__(widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFiles, self).clean(each, initial) for each in given]


class UpdateForm(forms.Form):
    files = SeveralFiles(label=_("Files to add"))
    reason = Multiline(label=_("Reason"))


class SendFurtherForm(forms.Form):
    agencies = SeveralRows(Agency.objects.none(), label=_("Agencies"), required=False)
    lists = SeveralRows(DistributionList.objects.none(), label=_("Lists"), required=False)
    role = forms.ChoiceField(
        label=_("As"),
        choices=[(LineRole.TO, LineRole.TO.label), (LineRole.COPY, LineRole.COPY.label)],
    )
    tone = forms.ChoiceField(label=_("Tone"), choices=Tone.choices)

    def __init__(self, *args: Any, agencies: Any, lists: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = agencies
        self.fields["lists"].queryset = lists
        self.fields["agencies"].widget.attrs["size"] = 10


class GrantForm(forms.Form):
    person = forms.CharField(
        label=_("Person"),
        required=False,
        help_text=_("User name of somebody outside the recipients."),
    )
    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Or agency"), required=False)
    cause = Multiline(label=_("Cause"))
    to_on = forms.DateField(label=_("Last day"), required=False)

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        name = values.get("person", "").strip()
        if bool(name) == bool(values.get("agency")):
            raise forms.ValidationError(_("Name a person or an agency, one of the two."))
        if name:
            values["user"] = User.objects.filter(username=name, is_active=True).first()
            if values["user"] is None:
                self.add_error("person", _("Nobody has this user name."))
        return values


class OpenRegisterForm(forms.Form):
    name = forms.CharField(label=_("Name of the register"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=RegisterKind.choices)
    year = forms.IntegerField(label=_("Year"), min_value=1945, max_value=2200)
    opening_number = forms.IntegerField(
        label=_("First number"),
        min_value=1,
        max_value=999_999,
        help_text=_("1, unless the office starts here in the middle of a year."),
    )
    types = SeveralRows(
        DocumentType.objects.all(),
        label=_("Document types"),
        required=False,
        help_text=_("None chosen: every type that no other register takes."),
    )
