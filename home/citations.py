"""What a reader may learn of the dispatches that a page cites.

A page stores the code as its editor typed it, and nothing else. Each time the page is read the
codes are looked up among the dispatches of the one who reads; a code that is not his to read and
a code that does not exist give the same answer, which is none.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from agencies import clock
from agencies.models import User
from documents.access import Standing, visible_to
from documents.models import Dispatch

#: A code and the year of the paper, None when the editor gave none.
Key = tuple[str, int | None]

#: "Số: 1502/UBND-NC" is cited by what follows the word.
_NUMBER_WORD = re.compile(r"^số:?", re.IGNORECASE)


@dataclass(frozen=True)
class Cited:
    """A dispatch that the reader may read, with the dispatch that replaced it if he may read that.

    `replaced` is true also where the replacing one is not his: an outdated paper is never shown
    as if it were in force.
    """

    dispatch: Dispatch
    successor: Dispatch | None
    at: datetime

    @property
    def recalled(self) -> bool:
        return self.dispatch.recalled_at is not None

    @property
    def replaced(self) -> bool:
        return self.dispatch.replaced_by_id is not None

    @property
    def begins_on(self):
        """The day on which it takes effect, when that day is still to come."""
        day = self.dispatch.effective_on
        return day if day and day > clock.day_of(self.at) else None


def as_code(typed: str) -> str:
    """Return number and symbol as they are compared: NFC, without spaces and the word "Số"."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFC", typed))
    return _NUMBER_WORD.sub("", text)


def look_up(
    keys: Iterable[Key], *, reader: User | Standing, at: datetime
) -> dict[Key, list[Cited]]:
    """Return, for each key that names something the reader may read, what it names, newest first.

    One query whatever the number of keys (beside those that resolve the reader's standing), none
    for a page without citations. Two agencies may have issued the same code: all are returned.
    """
    wanted = set(keys)
    if not wanted:
        return {}
    codes = {code for code, _year in wanted}
    visible = visible_to(reader, at=at)
    dispatches = (
        visible.issued()
        .filter(code__in=codes | {code.upper() for code in codes})
        .with_names()
        .annotate(successor_visible=Exists(visible.filter(pk=OuterRef("replaced_by"))))
        .order_by("-issued_on", "-pk")
    )
    found: dict[Key, list[Cited]] = {}
    for dispatch in dispatches:
        successor = dispatch.replaced_by if dispatch.successor_visible else None
        for code, year in wanted:
            same_code = dispatch.code in (code, code.upper())
            on = dispatch.issued_on
            if same_code and (year is None or (on and on.year == year)):
                found.setdefault((code, year), []).append(Cited(dispatch, successor, at))
    return found
