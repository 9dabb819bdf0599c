"""The forms of a draft: the paper, its addressee lines as printed, and what it cites."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.choices import Audience
from agencies.models import Agency
from documents import line_reading
from documents.choices import (
    CitationKind,
    DueSource,
    Expectation,
    FileRole,
    LineRole,
    Tone,
    Urgency,
)
from documents.forms.deadlines import as_typed, moment
from documents.forms.following import SeveralFiles
from documents.models import AddresseeLine, Citation, Dispatch, DocumentType, WorkField

#: What one page holds at most; a longer list of recipients is a distribution list.
MOST_ROWS = 150
#: In letters, as the column has it.
LONGEST_LINE = 500


class NeededLater(forms.CharField):
    """A text without which a draft is saved all the same, but not submitted."""

    def validate(self, value: str) -> None:
        """Accept nothing: `lifecycle.submit` says what is missing."""


class Ids(forms.Field):
    """Primary keys from checkboxes of one name. Whether they exist is asked once for all rows."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        wanted = [str(each) for each in value or []]
        if not all(each.isascii() and each.isdigit() and len(each) < 19 for each in wanted):
            raise ValidationError(_("This choice does not exist."))
        return list(dict.fromkeys(int(each) for each in wanted))


class ComposeForm(forms.Form):
    use_required_attribute = False

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Paper of"), empty_label=None)
    type = forms.ModelChoiceField(
        DocumentType.objects.all(), label=_("Document type"), empty_label=None
    )

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Agency.objects.filter(pk__in=[each.pk for each in agencies])
        self.fields["agency"].queryset = own.order_by("sort_key", "pk")  # type: ignore[attr-defined]
        if len(agencies) == 1:
            self.fields["agency"].initial = agencies[0].pk
            self.fields["agency"].widget = forms.HiddenInput()


class DraftForm(forms.Form):
    """All that the drafter writes, save lines and citations."""

    use_required_attribute = False

    seen_edits = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    type = forms.ModelChoiceField(
        DocumentType.objects.all(), label=_("Document type"), empty_label=None
    )
    field = forms.ModelChoiceField(
        WorkField.objects.all(),
        label=_("Field of work"),
        required=False,
        empty_label=_("None"),
        help_text=_("Part of the symbol of a công văn, such as NC."),
    )
    subject = NeededLater(label=_("Subject"), widget=forms.Textarea(attrs={"rows": 3}))
    text = NeededLater(
        label=_("Text"),
        strip=False,
        help_text=_("The text, or a file below, or both."),
        widget=forms.Textarea(attrs={"rows": 24, "class": "say"}),
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices)
    expectation = forms.ChoiceField(
        label=_("What the recipients must do"),
        choices=Expectation.choices,
        widget=forms.RadioSelect,
    )
    due_source = forms.ChoiceField(
        label=_("Deadline"), choices=DueSource.choices, widget=forms.RadioSelect
    )
    due_on = forms.DateField(
        label=_("Day of the deadline"),
        required=False,
        help_text=_("Day/month/year, such as 07/06/2016."),
    )
    due_time = forms.TimeField(
        label=_("Hour"), required=False, help_text=_("Empty: 17:00, when offices close.")
    )
    audience = forms.ChoiceField(
        label=_("Who reads it in this agency, once issued"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=80)
    effective_on = forms.DateField(label=_("Effective from"), required=False)
    circulation_note = forms.CharField(
        label=_("Circulation note"),
        required=False,
        max_length=120,
        help_text=_("As printed, such as: Lưu hành nội bộ."),
    )
    paste = forms.CharField(
        label=_("Paste several addressee lines"),
        required=False,
        strip=False,
        help_text=_(
            "One line each. “Kính gửi:”, “Nơi nhận:” and “Lưu:” are understood; dashes and "
            "end marks are taken off."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "class": "say"}),
    )
    files = SeveralFiles(
        label=_("Files to attach"),
        required=False,
        allow_empty_file=True,
        help_text=_("At most 50 MB each."),
    )
    file_role = forms.ChoiceField(
        label=_("They are"), choices=FileRole.choices, initial=FileRole.ANNEX, required=False
    )

    def clean_text(self) -> str:
        """Line ends as one sign: the digest of the issued text must not depend on the browser."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")

    def clean_paste(self) -> str:
        block = str(self.cleaned_data["paste"])
        for piece in line_reading.pieces(block):
            if len(piece.text) > LONGEST_LINE:
                raise ValidationError(
                    _("“%(start)s…” is longer than a line can be (%(most)s signs).")
                    % {"start": piece.text[:40], "most": LONGEST_LINE}
                )
        return block

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not {"due_on", "due_time", "due_source"} <= values.keys():
            return values
        if values["due_source"] == DueSource.NONE:
            if values["due_on"] or values["due_time"]:
                self.add_error(
                    "due_source", _("Say where the deadline comes from, or take the day away.")
                )
        elif not values["due_on"]:
            self.add_error("due_on", _("State the day, or choose that there is no deadline."))
        return values

    def values(self) -> dict[str, Any]:
        """Return what `lifecycle.save_draft` takes, of the fields that hold something valid."""
        given = self.cleaned_data
        simple = (
            "type", "field", "subject", "urgency", "expectation", "audience", "place",
            "effective_on", "circulation_note",
        )  # fmt: skip
        values = {name: given[name] for name in simple if name in given}
        if "type" in values:
            values["archive_kind"] = values["type"].archive_kind
        if {"due_on", "due_time", "due_source"} <= given.keys():
            none = given["due_source"] == DueSource.NONE
            values["due_at"] = None if none else moment(given["due_on"], given["due_time"])
            values["due_source"] = given["due_source"]
        return values


def stored_draft(dispatch: Dispatch, text: str) -> dict[str, str]:
    """Return the draft as the form would have been typed."""
    effective = dispatch.effective_on
    return {
        "seen_edits": str(dispatch.edits),
        "type": str(dispatch.type_id),
        "field": str(dispatch.field_id or ""),
        "subject": dispatch.subject,
        "text": text,
        "urgency": dispatch.urgency,
        "expectation": dispatch.expectation,
        "due_source": dispatch.due_source,
        **as_typed(dispatch.due_at),
        "audience": dispatch.audience,
        "place": dispatch.place,
        "effective_on": f"{effective:%d/%m/%Y}" if effective else "",
        "circulation_note": dispatch.circulation_note,
        "file_role": FileRole.ANNEX,
    }


class LineForm(forms.Form):
    """One addressee line as printed, and what it stands for."""

    use_required_attribute = False

    text = forms.CharField(label=_("As printed"), required=False, max_length=LONGEST_LINE)
    role = forms.ChoiceField(label=_("Part"), choices=LineRole.choices, initial=LineRole.TO)
    tone = forms.ChoiceField(label=_("Tone"), choices=Tone.choices, initial=Tone.ORDERED)
    as_above = forms.BooleanField(
        label=_("“Như trên”: stands for every Kính gửi line"), required=False
    )
    agencies = Ids(required=False)
    lists = Ids(required=False)
    add = forms.CharField(
        label=_("Add an agency or a list"),
        required=False,
        max_length=255,
        help_text=_("Name or initials, marks not needed: so noi vu, snv."),
    )

    @property
    def blank(self) -> bool:
        given = self.cleaned_data
        return not any(given.get(name) for name in ("text", "agencies", "lists", "add"))


def stored_line(line: AddresseeLine) -> dict[str, Any]:
    """Return a stored line as its row (its agencies and lists are fetched already)."""
    return {
        "text": line.text_as_printed,
        "role": line.role,
        "tone": line.tone,
        "as_above": line.as_above,
        "agencies": [str(each.pk) for each in line.agencies.all()],
        "lists": [str(each.pk) for each in line.lists.all()],
    }


class CitationForm(forms.Form):
    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("Relation"), choices=CitationKind.choices, initial=CitationKind.CITES
    )
    code = forms.CharField(label=_("Number and symbol"), required=False, max_length=80)
    issued_on = forms.DateField(label=_("Date"), required=False)
    title = forms.CharField(label=_("Title, as cited"), required=False)
    target = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    @property
    def blank(self) -> bool:
        return not self.cleaned_data.get("code")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        described = values.get("title") or values.get("issued_on")
        if described and not values.get("code") and "code" not in self.errors:
            self.add_error("code", _("State number and symbol of the paper that is cited."))
        return values


def stored_citation(citation: Citation) -> dict[str, Any]:
    return {
        "kind": citation.kind,
        "code": citation.code,
        "issued_on": f"{citation.issued_on:%d/%m/%Y}" if citation.issued_on else "",
        "title": citation.title,
        "target": citation.target_id or "",
    }


class _CitationRows(forms.BaseFormSet):
    def clean(self) -> None:
        """The same relation to the same paper is stated once."""
        seen = set()
        for form in self.forms:
            values = getattr(form, "cleaned_data", {})
            key = (values.get("kind"), values.get("code"))
            if key[1] and key in seen:
                form.add_error("code", _("This paper is cited in this way already."))
            seen.add(key)


# `absolute_max`: a number of rows that no page sends must not build as many forms.
LineRows = forms.formset_factory(
    LineForm, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 1, validate_max=True
)
CitationRows = forms.formset_factory(
    CitationForm,
    formset=_CitationRows,
    extra=1,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS + 1,
    validate_max=True,
)
