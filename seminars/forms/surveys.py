"""Which half-days are asked for and of whom; what an agency says of each."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, DistributionList
from documents.forms.deadlines import as_typed, moment
from seminars.choices import Free, InvitationRole
from seminars.half_days import Half
from seminars.lifecycle import Question
from seminars.models import HalfDaySurvey

_DAYS = [MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2100, 12, 31))]
_ROLES = [(role, role.label) for role in (InvitationRole.REQUIRED, InvitationRole.OPTIONAL)]


class QuestionForm(forms.Form):
    """The days, the deadline, and those asked; those who are asked already are not offered."""

    title = forms.CharField(
        label=_("What it is for"), max_length=255,
        help_text=_("The agencies asked read this, and nothing else of the plan."),
    )  # fmt: skip
    first = forms.DateField(label=_("From the day"), validators=_DAYS)
    last = forms.DateField(
        label=_("Until the day"), validators=_DAYS, help_text=_("Four weeks at most.")
    )
    due_on = forms.DateField(label=_("To be answered by"), validators=_DAYS)
    due_time = forms.TimeField(
        label=_("Hour"), required=False, help_text=_("Empty: when offices close.")
    )
    near = forms.ModelMultipleChoiceField(
        Agency.objects.none(), label=_("Those who are to come"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    agency = forms.ModelChoiceField(
        Agency.objects.none(), label=_("One agency more"), required=False, empty_label=_("None")
    )
    list = forms.ModelChoiceField(
        DistributionList.objects.none(), label=_("Or a distribution list"), required=False,
        empty_label=_("None"),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("Role"), choices=_ROLES, initial=InvitationRole.REQUIRED, widget=forms.RadioSelect,
        help_text=_("As long as an agency is not on the list of those invited."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, near: QuerySet[Agency], agencies: QuerySet[Agency],
        lists: QuerySet[DistributionList], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["near"].queryset = near  # type: ignore[attr-defined]
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["list"].queryset = lists  # type: ignore[attr-defined]
        if not near:
            del self.fields["near"]
        if not lists:
            del self.fields["list"]

    @staticmethod
    def of(survey: HalfDaySurvey) -> dict[str, Any]:
        """Return what would have been typed for this survey."""
        days = {"first": f"{survey.first:%d/%m/%Y}", "last": f"{survey.last:%d/%m/%Y}"}
        return {"title": survey.title, **days, **as_typed(survey.answer_by)}

    def question(self, members: Sequence[Agency]) -> Question:
        """Return what was typed; `members` are those of the list that was chosen."""
        values = self.cleaned_data
        named = [*values.get("near", ()), *members]
        if values["agency"]:
            named.append(values["agency"])
        return Question(
            title=values["title"],
            first=values["first"],
            last=values["last"],
            answer_by=moment(values["due_on"], values["due_time"]),
            agencies=list({agency.pk: agency for agency in named}.values()),
            role=values["role"],
        )


class AnswerForm(forms.Form):
    """One of three words for each half-day that is not over; or one word for all the rest."""

    rest = forms.ChoiceField(
        label=_("Half-days that I leave unmarked are"), required=False,
        choices=[("", _("to be marked one by one")), *Free.choices],
    )  # fmt: skip

    def __init__(
        self, *args: Any, halves: list[Half], standing: dict[Half, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.halves = halves
        for half in halves:
            self.fields[name_of(half)] = forms.ChoiceField(
                label=f"{half.label} {half.day:%d/%m/%Y}", choices=Free, required=False,
                widget=forms.RadioSelect, initial=standing.get(half),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        left = [half for half in self.halves if not values.get(name_of(half))]
        if left and not values.get("rest"):
            text = _("%(left)s half-days are not marked yet, the first is %(half)s.")
            first = f"{left[0].label} {left[0].day:%d/%m/%Y}"
            self.add_error("rest", text % {"left": len(left), "half": first})
        return values

    def answers(self) -> dict[Half, str]:
        values = self.cleaned_data
        return {half: values[name_of(half)] or values["rest"] for half in self.halves}


def name_of(half: Half) -> str:
    """Return the name of the field of a half-day: the same as long as the half-day is."""
    return f"{half.day:%Y%m%d}-{half.half}"
