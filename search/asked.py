"""What the address of the search page asks: words, filters, order, page. Junk asks for nothing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from search.engine import Facet, Filters, Order, Page

SIZE = 25
#: Values of one facet, and signs of one value, that are read.
_VALUES, _SIGNS = 20, 200


class SearchForm(forms.Form):
    """The box, and what stands beside it; facets are links and ride along as hidden fields."""

    use_required_attribute = False

    q = forms.CharField(label=_("Number, symbol or words"), required=False, max_length=500)
    since = forms.DateField(label=_("Dated from"), required=False)
    until = forms.DateField(label=_("to"), required=False)
    own = forms.TypedChoiceField(
        label=_("Sent or received by"), required=False, coerce=int, empty_value=None
    )
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            (Order.RELEVANCE.value, _("Best first")),
            (Order.NEWEST.value, _("Newest first")),
            (Order.OLDEST.value, _("Oldest first")),
        ],
    )

    def __init__(self, *args: Any, agencies: Iterable[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = sorted(set(agencies), key=lambda each: (each.sort_key, each.pk))
        self.fields["own"].choices = [  # type: ignore[attr-defined]
            ("", _("Everything that I may read")),
            *((each.pk, str(each)) for each in own),
        ]


class Asked:
    """What one address of the page asks, read once."""

    def __init__(self, params: QueryDict, *, agencies: Iterable[Agency]) -> None:
        # PostgreSQL takes no NUL, and no word holds one.
        self.params = _without_nul(params)
        self.form = SearchForm(self.params, agencies=agencies)
        self.form.is_valid()
        given = self.form.cleaned_data
        self.text: str = given.get("q") or ""
        #: One of the reader's own agencies, by its id.
        self.own: int | None = given.get("own")
        self.order = Order(given.get("order") or Order.RELEVANCE)
        values: dict[str, Any] = {facet.value: self._values(facet) for facet in Facet}
        self.filters = Filters(
            **values,
            since=given.get("since"),
            until=given.get("until"),
        )
        self.page = Page(_number(self.params.get("page")), SIZE)

    @property
    def anything(self) -> bool:
        """Whether something is asked at all: an empty page lists nothing."""
        narrowed = self.filters != Filters() or self.own is not None
        return bool(self.text.strip()) or narrowed

    def _values(self, facet: Facet) -> tuple[str, ...]:
        return tuple(each[:_SIGNS] for each in self.params.getlist(facet.value)[:_VALUES] if each)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Names and values that the form sends along."""
        return [(facet.value, value) for facet in Facet for value in self._values(facet)]

    @property
    def address(self) -> str:
        """What is asked, in one spelling: the same question has the same address."""
        params = QueryDict(mutable=True)
        for name in (*self.form.fields, *(facet.value for facet in Facet)):
            values = sorted({each.strip() for each in self.params.getlist(name) if each.strip()})
            if values:
                params.setlist(name, values)
        return params.urlencode()

    def toggled(self, facet: Facet, value: str) -> str:
        """Return the address with this value chosen, or no longer."""
        params = self._first_page()
        values = params.getlist(facet.value)
        left = [each for each in values if each != value]
        params.setlist(facet.value, left if value in values else [*values, value])
        return f"?{params.urlencode()}"

    def instead(self, text: str) -> str:
        """Return the address that asks for other words under the same filters."""
        params = self._first_page()
        params["q"] = text
        return f"?{params.urlencode()}"

    def _first_page(self) -> QueryDict:
        params = self.params.copy()
        params.pop("page", None)
        return params


def _without_nul(given: QueryDict) -> QueryDict:
    params = QueryDict(mutable=True)
    for name, values in given.lists():
        params.setlist(name, [each.replace("\x00", "") for each in values])
    return params


def _number(typed: str | None) -> int:
    if typed is None or not (typed.isascii() and typed.isdecimal()) or len(typed) > 6:
        return 1
    return max(1, int(typed))
