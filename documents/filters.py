"""The incoming list, narrowed: by what is owed, by words, by days, by agency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.db.models import F, IntegerField, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import clock
from agencies.letters import fold
from agencies.models import Agency, User
from documents import access
from documents.models import Circulation
from documents.models.circulation import LIVE
from documents.owed import URGENT_FIRST, Owed

#: More words than anybody types; the rest of an absurd query is ignored.
WORDS = 12
#: Where the counting of a tab ends, and the paging through a list: who wants more narrows it.
MOST_COUNTED, MOST_LISTED = 500, 2_500


class IncomingFilter(forms.Form):
    """What is not a day or an agency of one's own is ignored, not an error page."""

    words = forms.CharField(
        label=gettext_lazy("Number, symbol or words"), required=False, max_length=200
    )
    # No paper is older; the first day of the calendar would overflow on its way to UTC.
    from_on = forms.DateField(
        label=gettext_lazy("Arrived from"),
        required=False,
        validators=[MinValueValidator(date(1900, 1, 1))],
    )
    to_on = forms.DateField(label=gettext_lazy("to"), required=False)
    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=gettext_lazy("At"),
        required=False,
        empty_label=gettext_lazy("All my agencies"),
    )
    state = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, agencies: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(agencies) > 1:
            own = Agency.objects.filter(pk__in=agencies).order_by("sort_key", "pk")
            self.fields["agency"].queryset = own  # type: ignore[attr-defined]
        else:
            del self.fields["agency"]


def listed(who: access.Standing) -> QuerySet[Circulation]:
    """Return what the incoming register of the person's agencies shows him.

    What he may read, and of papers returned or recalled what is left to the office: see
    `access.in_the_register_of`.
    """
    return access.in_the_register_of(who)


def conditions(owed: Owed) -> dict[str, Any]:
    """The states by which the list is narrowed, those of the tabs first."""
    return {
        "receive": owed.receive,
        "acknowledge": owed.acknowledge,
        "late": owed.late,
        "inform": owed.inform,
        "ended": owed.ended,
        "today": owed.today,
        "week": owed.week,
        "assign": owed.assign,
        "mine": owed.mine,
        "unread": owed.unread,
        "recall": owed.recall,
    }


#: In these something is owed: the urgent ones come first, then the nearest deadline.
OWED = frozenset({"receive", "acknowledge", "late", "today", "week", "assign", "recall", "mine"})
TABS = ("", "receive", "acknowledge", "late", "inform", "ended")


def words_of_states() -> dict[str, str]:
    return {
        "": _("all"),
        "receive": _("to receive"),
        "acknowledge": _("to acknowledge"),
        "late": _("late"),
        "inform": _("for information"),
        "ended": _("ended"),
        "today": _("due today"),
        "week": _("this week"),
        "assign": _("to assign"),
        "mine": _("assigned to me"),
        "unread": _("for information, not read"),
        "recall": _("asked back"),
    }


def chosen(who: access.Standing, values: dict[str, Any], *, at: datetime) -> QuerySet[Circulation]:
    """Return the circulations that the filter leaves, in an order that ties do not change."""
    owed = Owed(who, at=at)
    rows = _narrowed(listed(who).annotate(moment=owed.moment), values)
    state = values.get("state") or ""
    if state in conditions(owed):
        rows = rows.filter(conditions(owed)[state])
    if state in OWED:
        return rows.order_by(URGENT_FIRST, F("moment").asc(nulls_last=True), "pk")
    return rows.order_by("-sent_at", "-pk")


@dataclass(frozen=True)
class Counted:
    """How many there are, or that there are more than `number`: nobody counts on further."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.number}+" if self.more else str(self.number)


class _Size(Subquery):
    """The number of rows of a queryset; a slice of it bounds the counting."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


def counted(who: access.Standing, values: dict[str, Any], *, at: datetime) -> dict[str, Counted]:
    """Count what each tab holds under the other filters, and the list itself (one query)."""
    owed = Owed(who, at=at)
    shown = {"": Q(), **conditions(owed)}
    state = values.get("state") or ""
    bounds = dict.fromkeys(TABS, MOST_COUNTED) | ({state: MOST_LISTED} if state in shown else {})
    rows = _narrowed(listed(who).annotate(moment=owed.moment), values)
    return sizes_of(who, {name: (rows.filter(shown[name]), most) for name, most in bounds.items()})


def sizes_of(
    who: access.Standing, bounded: Mapping[str, tuple[QuerySet[Any], int]]
) -> dict[str, Counted]:
    """Count each of these up to its bound (one query).

    An agency that receives one paper in three holds tens of thousands: each count ends at its bound.
    """
    sizes = {
        f"of_{name}": _Size(rows.order_by().values("pk")[: most + 1])
        for name, (rows, most) in bounded.items()
    }
    # One row, of the one who asks, to stand the sizes beside.
    found = User.objects.filter(pk=who.user.pk).values_list(*sizes.values())[0]
    return {
        name: Counted(min(size, most), more=size > most)
        for (name, (_rows, most)), size in zip(bounded.items(), found, strict=True)
    }


def _narrowed(rows: QuerySet[Circulation], values: dict[str, Any]) -> QuerySet[Circulation]:
    for word in (values.get("words") or "").replace("\x00", "").split()[:WORDS]:
        rows = rows.filter(_holds(word))
    if values.get("from_on"):
        rows = rows.filter(sent_at__gte=clock.at(values["from_on"]))
    if values.get("to_on"):
        # The last day is within, to its end in Vietnam.
        rows = rows.filter(sent_at__lt=_end_of(values["to_on"]))
    if values.get("agency"):
        rows = rows.filter(agency=values["agency"])
    return rows


def _end_of(day: Any) -> datetime:
    return clock.at(day, 23, 59).replace(second=59, microsecond=999999)


def _holds(word: str) -> Q:
    """The word is in what the row shows: of an ended paper that is its number and symbol alone."""
    holds = LIVE & Q(dispatch__find_key__contains=fold(word))
    holds |= ~LIVE & Q(dispatch__code_key__contains=fold(word))
    if word.isdecimal() and len(word) < 10:
        holds |= Q(arrival_number=int(word))
    return holds
