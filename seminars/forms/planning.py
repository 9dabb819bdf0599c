"""What is typed to plan a seminar: words, time, places."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import Agency
from seminars.choices import HalfDay, SeminarKind, Visibility
from seminars.lifecycle import Details, Time
from seminars.models import Room, Seminar

#: No seminar is planned further ahead, and none had seats beyond this.
MOST_SEATS = 100_000
_DAYS = [MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2100, 12, 31))]


class WordsForm(forms.Form):
    """What it is about and who leads it."""

    title = forms.CharField(label=_("Title"), max_length=255)
    kind = forms.ChoiceField(label=_("Kind"), choices=SeminarKind, widget=forms.RadioSelect)
    purpose = forms.CharField(
        label=_("Content and purpose"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    chair_name = forms.CharField(label=_("Chair"), max_length=120, required=False)
    chair_office = forms.CharField(label=_("Office of the chair"), max_length=120, required=False)
    contact = forms.CharField(
        label=_("Contact"), max_length=255, required=False,
        help_text=_("Who is asked, and under which number."),
    )  # fmt: skip
    visibility = forms.ChoiceField(
        label=_("Shown to"), choices=Visibility, widget=forms.RadioSelect
    )
    edits = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @staticmethod
    def of(seminar: Seminar) -> dict[str, Any]:
        """Return what would have been typed for this seminar."""
        chair = seminar.chair
        return {
            "title": seminar.title, "kind": seminar.kind, "purpose": seminar.purpose,
            "chair_name": chair.name if chair else "", "chair_office": chair.office if chair else "",
            "contact": seminar.contact, "visibility": seminar.visibility, "edits": seminar.edits,
        }  # fmt: skip

    def details(self) -> Details:
        values = self.cleaned_data
        chair = (values["chair_name"], values["chair_office"])
        return Details(
            title=values["title"],
            kind=values["kind"],
            purpose=values["purpose"],
            chair=chair if chair[0].strip() else None,
            contact=values["contact"],
            visibility=values["visibility"],
        )


class TimeForm(forms.Form):
    """A day, and the hours or half of it. Hours lie on the quarter."""

    day = forms.DateField(label=_("Day"), required=False, validators=_DAYS)
    from_time = forms.TimeField(
        label=_("From what time"),
        required=False,
        help_text=_("On the quarter of an hour, such as 07:30."),
    )
    to_time = forms.TimeField(label=_("Until what time"), required=False)
    half_day = forms.ChoiceField(
        label=_("Or half a day"), required=False, choices=[("", _("The hours count")), *HalfDay.choices],
        help_text=_("While the hour is not set yet. No room can be held without an hour."),
    )  # fmt: skip

    def __init__(self, *args: Any, with_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_reason:
            self.fields["reason"] = forms.CharField(
                label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000,
                help_text=_("The agencies invited read this sentence."),
            )  # fmt: skip

    @staticmethod
    def of(seminar: Seminar) -> dict[str, Any]:
        starts, ends = seminar.starts_at, seminar.ends_at
        return {
            "day": seminar.day,
            "from_time": f"{starts:%H:%M}" if starts else "",
            "to_time": f"{ends:%H:%M}" if ends else "",
            "half_day": "" if starts else seminar.half_day,
        }

    def time(self) -> Time:
        values = self.cleaned_data
        day: date | None = values["day"]
        first: time | None = values["from_time"]
        last: time | None = values["to_time"]
        if day is None:
            return Time()
        if first is None and last is None:
            return Time(day=day, half_day=values["half_day"])

        def moment(hour: time) -> datetime:
            # Seconds stay, so that 07:30:20 is refused and not quietly cut.
            return clock.at(day, hour.hour, hour.minute) + timedelta(seconds=hour.second)

        return Time(moment(first) if first else None, moment(last) if last else None)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        hours = values.get("from_time") or values.get("to_time")
        if hours and not values.get("day") and "day" not in self.errors:
            self.add_error("day", _("Say on which day."))
        return values


class PlaceForm(forms.Form):
    """One venue: a room of the register, or a place in words."""

    venue = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name of the venue"), max_length=120, required=False)
    host = forms.ModelChoiceField(Agency.objects.none(), label=_("Host"), empty_label=None)
    room = forms.ModelChoiceField(
        Room.objects.none(), label=_("Room"), required=False, empty_label=_("None of these")
    )
    place = forms.CharField(
        label=_("Place in words"),
        max_length=255,
        required=False,
        help_text=_("Where it is no room above."),
    )
    seats = forms.IntegerField(
        label=_("Seats"), validators=[MinValueValidator(0), MaxValueValidator(MOST_SEATS)]
    )

    def __init__(
        self, *args: Any, hosts: QuerySet[Agency], rooms: QuerySet[Room], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].queryset = hosts  # type: ignore[attr-defined]
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ProgrammeForm(forms.Form):
    """What an order asks: so many, of which kind, by when, led by whom."""

    words = forms.ChoiceField(
        label=_("The words that order it"), widget=forms.RadioSelect, choices=()
    )
    title = forms.CharField(label=_("Title"), max_length=255)
    kind = forms.ChoiceField(label=_("Kind"), choices=SeminarKind, widget=forms.RadioSelect)
    target = forms.IntegerField(
        label=_("How many"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    due_on = forms.DateField(
        label=_("By"), required=False, validators=_DAYS,
        help_text=_("Empty where the order names no day: none is invented."),
    )  # fmt: skip
    lead = forms.CharField(label=_("Led by"), max_length=255, required=False)

    def __init__(self, *args: Any, passages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].choices = passages  # type: ignore[attr-defined]


class WaiverForm(forms.Form):
    waiver = forms.CharField(
        label=_("Why that is enough"), max_length=2_000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
