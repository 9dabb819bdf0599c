"""What a change of the calendar touches: seminars on its days, and deadlines that were set.

Nothing is set anew: deadlines stay as they were computed, and are listed. Whoever keeps the calendar
is no reader by it: what he may not see is counted by agency.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from agencies import clock
from agencies.calendar import Days
from agencies.choices import DayKind
from documents.access import Standing
from documents.choices import CirculationState
from documents.models import Circulation
from seminars import access
from seminars.choices import AHEAD, Act, Answer, SeminarState
from seminars.models import Conclusion, Invitation, Seminar, SeminarEvent

#: Days after a seminar ended in which its conclusion is counted.
_AFTER = timedelta(days=60)


@dataclass(frozen=True)
class Seen:
    """One that the person may see, with what is to be said of it."""

    seminar: Seminar
    words: str = ""


@dataclass
class Group:
    """What is touched in one way."""

    title: str
    seen: list[Seen] = field(default_factory=list)
    #: By agency: how many more, by name.
    others: Counter[str] = field(default_factory=Counter)

    @property
    def elsewhere(self) -> list[tuple[str, int]]:
        return sorted(self.others.items())

    @property
    def number(self) -> int:
        return len(self.seen) + self.others.total()


def touched_by(kinds: Mapping[date, str], who: Standing) -> list[Group]:
    """Return what days of these kinds would touch, without what is empty (at most ten queries)."""
    off = [day for day, kind in kinds.items() if kind == DayKind.OFF]
    groups = [
        _seminars(list(kinds), who),
        _conclusions(kinds, who),
        *_deadlines_on(off),
    ]
    return [each for each in groups if each.number]


def restored(days: Iterable[date]) -> dict[date, str]:
    """Return what these days would be by the general calendar alone."""
    general = {day: Days.general(day) for day in days}
    return {day: DayKind.WORKING if works else DayKind.OFF for day, works in general.items()}


def _seminars(days: list[date], who: Standing) -> Group:
    group = Group(_("Seminars on these days"))
    found: set[int] = set()
    for day in days:
        rows = Seminar.objects.on_days(day, day).filter(state__in=AHEAD)
        found |= set(rows.values_list("pk", flat=True))
    rows = Seminar.objects.filter(pk__in=found).select_related("agency")
    _sort(group, [(row, "") for row in rows.order_by("day", "start5", "pk")], who)
    return group


def _conclusions(kinds: Mapping[date, str], who: Standing) -> Group:
    """Notices not yet issued, for which the working days would be counted otherwise now."""
    group = Group(_("Conclusion notices: the deadline stays, though it would be counted otherwise"))
    near = Conclusion.objects.filter(
        seminar__state=SeminarState.ENDED,
        due_on__gte=min(kinds),
        due_on__lte=max(kinds) + _AFTER,
    ).select_related("seminar__agency")
    rows = list(near.order_by("due_on", "pk"))
    closed = SeminarEvent.objects.filter(seminar__in=[row.seminar_id for row in rows])
    ended = dict(closed.filter(act=Act.CLOSE).values_list("seminar", "at"))
    first, last = min(kinds) - _AFTER, max(kinds) + 2 * _AFTER
    now, then = Days(first, last), Days(first, last, supposing=kinds)
    found = []
    for row in rows:
        if row.seminar_id not in ended:
            continue
        begun = clock.day_of(ended[row.seminar_id])
        anew = then.after(begun, now.count(begun, row.due_on))
        if anew != row.due_on:
            values = {"due": f"{row.due_on:%d/%m/%Y}", "anew": f"{anew:%d/%m/%Y}"}
            found.append((row.seminar, _("due %(due)s; by the new count %(anew)s") % values))
    _sort(group, found, who)
    return group


def _sort(group: Group, rows: list[tuple[Seminar, str]], who: Standing) -> None:
    seen = access.visible_to(who, among=[row.pk for row, _words in rows])
    visible = set(seen.values_list("pk", flat=True))
    for row, words in rows:
        if row.pk in visible:
            group.seen.append(Seen(row, words))
        else:
            group.others[str(row.agency)] += 1


def _deadlines_on(days: list[date]) -> list[Group]:
    """Deadlines that fall on a day off, counted by the agency that is to keep them."""
    if not days:
        return []
    answers: Any = Invitation.objects.filter(
        _on(days, "answer_by"), answer=Answer.NONE, seminar__state=SeminarState.INVITED
    )
    live = Circulation.objects.live()
    papers = live.filter(_on(days, "receive_by"), state=CirculationState.SENT)
    owing = Circulation.objects.owing_acknowledgement().filter(_on(days, "due_at"))
    groups = []
    for title, rows in (
        (_("Answers to invitations that are due on the day off"), answers),
        (_("Dispatches to be received by the day off"), papers),
        (_("Dispatches to be acknowledged by the day off"), owing),
    ):
        group = Group(title)
        for row in rows.select_related("agency"):
            group.others[str(row.agency)] += 1
        groups.append(group)
    return groups


def _on(days: list[date], column: str) -> Q:
    found = Q(pk__in=[])
    for day in days:
        begins, ends = _bounds(day)
        found |= Q(**{f"{column}__gte": begins, f"{column}__lt": ends})
    return found


def _bounds(day: date) -> tuple[datetime, datetime]:
    return clock.at(day), clock.at(day + timedelta(days=1))
