"""The agenda: who speaks of what, for how many minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from agencies.refusals import Reason, Reasons
from documents import secrecy
from documents.refusals import EditedMeanwhile, Incomplete
from seminars import access
from seminars.agenda import too_long
from seminars.choices import Act
from seminars.lifecycle.evidence import record
from seminars.lifecycle.locks import keep, locked
from seminars.models import AgendaItem, Person, Seminar
from seminars.people import LONGEST_NAME, person_of, squeezed

#: Minutes of the longest line: a whole day.
MOST_MINUTES = 24 * 60


@dataclass(frozen=True)
class Line:
    """One line of the agenda, as it is typed. `item` is one that stands already."""

    title: str
    minutes: int
    #: Somebody who is known, or a name and an office.
    speaker: Person | tuple[str, str] | None = None
    item: int | None = None


@transaction.atomic
def set_agenda(
    *, seminar: Seminar, lines: Sequence[Line], edits: int, by: User, at: datetime
) -> Seminar:
    """Say what happens in which order. A line that is left out is taken away.

    `edits` is the count that the page showed. Text alone changes: calendars need no new version.

    Raises: NotFound, NotPermitted, WrongState, EditedMeanwhile, Incomplete (a line without words
    or minutes; longer than the seminar), secrecy.SecretPaper.
    """
    seminar = locked(seminar)
    authority = access.require(by, Act.SET_AGENDA, seminar, at=at)
    if seminar.edits != edits:
        text = _("Somebody else has changed it since you opened this page.")
        raise EditedMeanwhile([Reason("edits", text)])
    own = {item.pk: item for item in seminar.agenda.select_related("speaker")}
    found = Reasons()
    _check(found, seminar, lines)
    named = [line.item for line in lines if line.item is not None]
    found.against(
        len(set(named)) != len(named) or not set(named) <= set(own), "agenda",
        _("The agenda has changed since you opened this page."),
    )  # fmt: skip
    found.refuse(Incomplete)
    write_lines(seminar, lines, own)
    keep(seminar, at=at)
    record(seminar, Act.SET_AGENDA, authority, at=at, lines=len(lines))
    return seminar


def _check(found: Reasons, seminar: Seminar, lines: Sequence[Line]) -> None:
    secrecy.refuse_if_secret("\n".join(line.title for line in lines))
    for number, line in enumerate(lines, start=1):
        text = _("Line %(no)s: say what it is about.") % {"no": number}
        found.against(not line.title.strip(), "agenda", text)
        text = _("Line %(no)s: the words are too long.") % {"no": number}
        found.against(len(line.title.strip()) > 255, "agenda", text)
        text = _("Line %(no)s: say how many minutes it takes.") % {"no": number}
        found.against(not 1 <= line.minutes <= MOST_MINUTES, "agenda", text)
        if isinstance(line.speaker, tuple):
            name, office = map(squeezed, line.speaker)
            text = _("Line %(no)s: the name is too long.") % {"no": number}
            found.against(max(len(name), len(office)) > LONGEST_NAME, "agenda", text)
            text = _("Line %(no)s: an office without a name.") % {"no": number}
            found.against(bool(office) and not name, "agenda", text)
    if seminar.starts_at is None or seminar.ends_at is None:
        return
    minutes = [line.minutes for line in lines]
    surplus = too_long(seminar.starts_at, seminar.ends_at, minutes)
    values = {"all": sum(minutes), "there": sum(minutes) - surplus, "surplus": surplus}
    words = _(
        "The agenda takes %(all)s minutes, the seminar %(there)s: %(surplus)s minutes too many."
    )
    found.against(surplus, "agenda", words % values)


def write_lines(seminar: Seminar, lines: Sequence[Line], own: dict[int, AgendaItem]) -> None:
    """Write the lines in their order; those of `own` that none of them names are taken away."""
    kept = {line.item for line in lines}
    seminar.agenda.exclude(pk__in=[pk for pk in own if pk in kept]).delete()
    # Numbers first beyond all others, so that two lines may change places.
    top = max((item.order for item in own.values()), default=0) + len(lines)
    rows = []
    for order, line in enumerate(lines, start=1):
        item = own[line.item] if line.item is not None else AgendaItem(seminar=seminar)
        item.order, item.minutes, item.title = top + order, line.minutes, line.title.strip()
        item.speaker = _speaker(seminar, line, item)
        item.save()
        rows.append(item.pk)
    for order, pk in enumerate(rows, start=1):
        AgendaItem.objects.filter(pk=pk).update(order=order)


def _speaker(seminar: Seminar, line: Line, item: AgendaItem) -> Person | None:
    """The speaker of a line; another agency's stays who he is while nobody types another name."""
    if not isinstance(line.speaker, tuple):
        return line.speaker
    name, office = map(squeezed, line.speaker)
    if not name:
        return None
    stands = item.speaker
    if stands is not None and stands.key == Person.key_of(name, office):
        return stands
    return person_of(seminar.agency, name, office)
