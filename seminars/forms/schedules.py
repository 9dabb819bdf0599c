"""What is typed for a weekly schedule: the week, its items, what stands around them."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from seminars.choices import HalfDay
from seminars.instants import from5
from seminars.lifecycle import Additions, Frame, ScheduleLine
from seminars.models import ScheduleItem, WeeklySchedule
from seminars.weekly.weeks import Week

_LINE, _TEXT = 255, 2_000


class WeekForm(forms.Form):
    """Any day of the week says which one it is."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Agency"), empty_label=None)
    day = forms.DateField(label=_("A day of that week"))

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        if len(agencies) == 1:
            self.fields["agency"].widget = forms.HiddenInput()
            self.fields["agency"].initial = agencies[0].pk

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        try:
            Week.of(day)
        except ValueError as error:
            raise forms.ValidationError(_("This week is not in the calendar.")) from error
        return day


class AdditionsForm(forms.Form):
    """What the office adds to an item, whatever it comes from."""

    leaders = forms.CharField(
        label=_("Leaders who attend"), required=False, max_length=_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("One name a line."),
    )  # fmt: skip
    joint = forms.CharField(
        label=_("Who else comes"), required=False, max_length=_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    unit = forms.CharField(label=_("Prepared by"), required=False, max_length=_LINE)
    staff = forms.CharField(label=_("Staff"), required=False, max_length=_LINE)
    separate = forms.BooleanField(
        label=_("An invitation of its own is sent"), required=False,
        help_text=_("Printed as “(Giấy mời riêng)”."),
    )  # fmt: skip
    edits = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @staticmethod
    def of(item: ScheduleItem) -> dict[str, Any]:
        """Return what would have been typed for this item."""
        return {
            "leaders": item.leaders, "joint": item.joint, "unit": item.unit, "staff": item.staff,
            "separate": item.separate, "edits": item.edits,
        }  # fmt: skip

    def _additions(self) -> dict[str, Any]:
        names = ("leaders", "joint", "unit", "staff", "separate")
        return {name: self.cleaned_data[name] for name in names}

    def line(self) -> Additions:
        return Additions(**self._additions())

    @property
    def seen(self) -> int:
        """The count that the page showed; one that no row has where it was taken away."""
        seen: int | None = self.cleaned_data["edits"]
        return -1 if seen is None else seen


class ItemForm(AdditionsForm):
    """An item typed by hand."""

    day = forms.TypedChoiceField(label=_("Day"), coerce=date.fromisoformat, choices=())
    starts = forms.TimeField(
        label=_("From what time"), required=False,
        help_text=_("On the quarter of an hour, such as 07:30."),
    )  # fmt: skip
    ends = forms.TimeField(label=_("Until what time"), required=False)
    half_day = forms.ChoiceField(
        label=_("Or half a day"), required=False,
        choices=[("", _("The hours count")), *HalfDay.choices],
        help_text=_("While the hour is to be set, or for all of it."),
    )  # fmt: skip
    content = forms.CharField(
        label=_("Content"), max_length=_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    chair = forms.CharField(label=_("Chair"), required=False, max_length=_LINE)
    place = forms.CharField(label=_("Where"), required=False, max_length=_LINE)
    agencies = forms.ModelMultipleChoiceField(
        Agency.objects.none(), label=_("Agencies and units told"), required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Their people see this item on their own pages once the schedule is issued."),
    )  # fmt: skip
    field_order = (
        "day", "starts", "ends", "half_day", "content", "chair", "leaders", "joint", "place",
        "unit", "staff", "separate", "agencies", "edits",
    )  # fmt: skip

    def __init__(
        self, *args: Any, days: list[tuple[str, str]], agencies: QuerySet[Agency], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].choices = days  # type: ignore[attr-defined]
        self.fields["agencies"].queryset = agencies  # type: ignore[attr-defined]

    @staticmethod
    def of(item: ScheduleItem) -> dict[str, Any]:
        hours = item.start5 is not None
        return AdditionsForm.of(item) | {
            "day": item.day.isoformat() if item.day else "",
            "starts": f"{from5(item.start5):%H:%M}" if item.start5 is not None else "",
            "ends": f"{from5(item.end5):%H:%M}" if item.end5 is not None else "",
            "half_day": "" if hours else item.half_day,
            "content": item.content, "chair": item.chair, "place": item.place,
            "agencies": [each.pk for each in item.agencies.all()],
        }  # fmt: skip

    def line(self) -> ScheduleLine:
        values = self.cleaned_data
        names = ("day", "half_day", "starts", "ends", "content", "chair", "place")
        return ScheduleLine(
            **self._additions(),
            **{name: values[name] for name in names},
            agencies=list(values["agencies"]),
        )


class FrameForm(forms.Form):
    """What is printed around the items."""

    replaces_invitations = forms.BooleanField(
        label=_("This schedule takes the place of invitations"), required=False,
        help_text=_(
            "Issuing it then counts as inviting the units of the agency that its items name. It is "
            "printed: “LỊCH NÀY THAY GIẤY MỜI HỌP”."
        ),
    )  # fmt: skip
    recipients = forms.CharField(
        label=_("Recipients"), required=False, max_length=_TEXT, help_text=_("One a line."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    signed_as = forms.CharField(
        label=_("Signed as"), required=False, max_length=255,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("The lines above the signature."),
    )  # fmt: skip
    signer = forms.CharField(label=_("Name of the signer"), required=False, max_length=120)
    edits = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @staticmethod
    def of(schedule: WeeklySchedule) -> dict[str, Any]:
        return {
            "replaces_invitations": schedule.replaces_invitations,
            "recipients": schedule.recipients, "signed_as": schedule.signed_as,
            "signer": schedule.signer, "edits": schedule.edits,
        }  # fmt: skip

    def frame(self) -> Frame:
        names = ("replaces_invitations", "recipients", "signed_as", "signer")
        return Frame(**{name: self.cleaned_data[name] for name in names})

    @property
    def seen(self) -> int:
        seen: int | None = self.cleaned_data["edits"]
        return -1 if seen is None else seen
