"""What days are beyond their weekday, with a name that a calendar can show."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from holidays.countries.vietnam import VietnamStaticHolidays

from agencies.choices import DayKind
from agencies.models import DayRule

#: Day and month of what the Labour Code fixes by the sun: known for every year to come.
_FIXED = frozenset({(1, 1), (30, 4), (1, 5), (2, 9), (24, 11)})
#: The last year of which the library knows a decree. What it says of later ones is worked out.
_DECREED_TO = max(VietnamStaticHolidays.special_public_holidays)
_AMERICAN = re.compile(r"\b(\d\d)/(\d\d)/(\d{4})\b")


@dataclass(frozen=True)
class Mark:
    """A day off, or one worked in exchange, and why."""

    kind: DayKind
    name: str
    basis: str = ""
    #: An administrator's row, which overrides the library.
    ours: bool = False
    #: Worked out, while no decree is known: Tết and what moves may still come otherwise.
    forecast: bool = False

    @property
    def is_off(self) -> bool:
        return self.kind == DayKind.OFF


def marks(first: date, last: date) -> dict[date, Mark]:
    """Return what is to be said of the days from `first` to `last`, in order (one query)."""
    language = "vi" if (get_language() or "vi").startswith("vi") else "en_US"
    found: dict[date, Mark] = {}
    for year in range(first.year, last.year + 1):
        off, worked = _general(year, language)
        for day, name in off.items():
            forecast = year > _DECREED_TO and (day.day, day.month) not in _FIXED
            found[day] = Mark(DayKind.OFF, name, forecast=forecast)
        for day in worked:
            found[day] = Mark(DayKind.WORKING, _("worked in exchange"))
    for rule in DayRule.objects.filter(day__gte=first, day__lte=last):
        found[rule.day] = Mark(DayKind(rule.kind), rule.name, rule.basis, ours=True)
    return {day: found[day] for day in sorted(found) if first <= day <= last}


@lru_cache(maxsize=32)
def _general(year: int, language: str) -> tuple[dict[date, str], frozenset[date]]:
    """Return the library's days off of a year with their names, and what is worked for them."""
    read = holidays.country_holidays("VN", years=[year], language=language)
    names = {
        # Days are written day first in every language of the house.
        day: _AMERICAN.sub(r"\2/\1/\3", name) if language == "en_US" else name
        for day, name in read.items()
    }
    swaps = holidays.country_holidays("VN", years=[year, year + 1]).weekend_workdays
    return names, frozenset(day for day in swaps if day.year == year)
