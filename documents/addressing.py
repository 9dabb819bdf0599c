"""From addressee lines as printed to the agencies that stand for them on a day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from agencies import clock
from agencies.calendar import add_working_days, end_of_working_day, next_working_day
from agencies.choices import Audience, Role
from agencies.lists import members_on
from agencies.models import Agency, Deputy, Post, Succession
from agencies.models.periods import live_on
from documents.choices import ACKNOWLEDGED, Expectation, LineRole, Tone, Urgency
from documents.models import AddresseeLine, Circulation, DeadlinePolicy, Dispatch


@dataclass
class Slot:
    """One agency that will receive the dispatch, once, whatever the number of lines naming it."""

    agency: Agency
    role: LineRole
    tone: Tone
    lines: list[AddresseeLine] = field(default_factory=list)


@dataclass
class Addressing:
    """What the lines come to on a day, and what is wrong or worth knowing about it."""

    slots: list[Slot]
    unresolved: list[AddresseeLine]
    ended: list[tuple[Agency, list[Succession]]]
    repeated: list[Slot]
    oneself: bool


def resolve(
    dispatch: Dispatch, *, on: date, lines: Iterable[AddresseeLine] | None = None
) -> Addressing:
    """Resolve each line to agencies as of `on`; a main addressee wins over a copy of the same.

    The file line (Lưu) and "as above" send nothing of their own. The registering agency is never
    its own recipient.
    """
    if lines is None:
        lines = dispatch.lines.prefetch_related("agencies", "lists")
    slots: dict[int, Slot] = {}
    unresolved: list[AddresseeLine] = []
    ended: dict[int, Agency] = {}
    oneself = False
    for line in sorted(lines, key=lambda each: (each.role != LineRole.TO, each.order)):
        if line.as_above or line.role == LineRole.ARCHIVE:
            continue
        role, tone = LineRole(line.role), Tone(line.tone)
        named = list(line.agencies.all())
        lists = list(line.lists.all())
        members = [agency for each in lists for agency in members_on(each, on)]
        if not named and not members:
            unresolved.append(line)
        for agency in dict.fromkeys(named + members):
            if not agency.is_live_on(on):
                ended[agency.pk] = agency
            elif agency.pk == dispatch.registering_agency_id:
                oneself = True
            elif agency.pk in slots:
                slots[agency.pk].lines.append(line)
            else:
                slots[agency.pk] = Slot(agency, role, tone, [line])
    return Addressing(
        slots=sorted(
            slots.values(), key=lambda slot: (slot.role != LineRole.TO, slot.agency.sort_key)
        ),
        unresolved=unresolved,
        ended=_followers(ended),
        repeated=[slot for slot in slots.values() if len(slot.lines) > 1],
        oneself=oneself,
    )


def _followers(ended: dict[int, Agency]) -> list[tuple[Agency, list[Succession]]]:
    if not ended:
        return []
    successions = Succession.objects.filter(predecessor__in=ended).select_related("successor")
    return [
        (agency, [each for each in successions if each.predecessor_id == pk])
        for pk, agency in ended.items()
    ]


@dataclass
class Readership:
    """Who will be able to read, counted per person and never twice."""

    people: int
    without_clerk: list[Agency]
    without_reader: list[Agency]
    deputised: list[Deputy]


def readership(slots: list[Slot], *, on: date) -> Readership:
    """Count the people who will read at the recipients on that day (three queries)."""
    audiences = {slot.agency.pk: slot.agency.default_audience for slot in slots}
    people: set[int] = set()
    clerks: set[int] = set()
    read: set[int] = set()
    posts = Post.objects.live_on(on).filter(agency__in=audiences, user__is_active=True)
    for agency, user, role in posts.values_list("agency", "user", "role"):
        whole = audiences[agency] == Audience.AGENCY
        if role in (Role.readers() if whole else Role.office()):
            people.add(user)
            read.add(agency)
        if role == Role.CLERK:
            clerks.add(agency)
    mandates = list(
        Deputy.objects.in_force_on(on)
        .filter(live_on(on, "of__"), of__agency__in=audiences, of__role__in=Role.office())
        .filter(deputy__is_active=True)
        .select_related("deputy", "of__user", "of__agency")
    )
    people.update(mandate.deputy_id for mandate in mandates)
    agencies = [slot.agency for slot in slots]
    return Readership(
        people=len(people),
        without_clerk=[a for a in agencies if a.pk in read and a.pk not in clerks],
        without_reader=[a for a in agencies if a.pk not in read],
        deputised=mandates,
    )


def receive_by(urgency: str, *, sent_at: datetime) -> datetime:
    """Return until when the law wants it received.

    Urgent papers at once; others the same day, at the latest by the end of the next working day
    (Decree 30/2020, articles 4.2c and 23.1).
    """
    if urgency != Urgency.ORDINARY:
        return sent_at
    return end_of_working_day(next_working_day(clock.day_of(sent_at)))


def proposed_due(dispatch: Dispatch, *, at: datetime) -> datetime | None:
    """Return the deadline that the registering agency's policy offers, or None. Never imposed."""
    day = clock.day_of(at)
    policy = (
        DeadlinePolicy.objects.live_on(day)
        .filter(
            agency=dispatch.registering_agency,
            expectation=dispatch.expectation,
            urgency=dispatch.urgency,
        )
        .first()
    )
    if policy is None:
        return None
    if policy.hours:
        return at + timedelta(hours=policy.hours)
    return end_of_working_day(add_working_days(day, policy.working_days or 0))


def circulation_for(
    dispatch: Dispatch, slot: Slot, *, circulated_by: Agency, wave: int, at: datetime
) -> Circulation:
    """Build, unsaved, the circulation of a slot; a copy is for information."""
    expectation = dispatch.expectation if slot.role == LineRole.TO else Expectation.INFORM
    owes = expectation in ACKNOWLEDGED
    return Circulation(
        dispatch=dispatch,
        agency=slot.agency,
        circulated_by=circulated_by,
        wave=wave,
        role=slot.role,
        tone=slot.tone,
        audience=slot.agency.default_audience,
        expectation=expectation,
        sent_at=at,
        receive_by=receive_by(dispatch.urgency, sent_at=at),
        due_at=dispatch.due_at if owes else None,
        due_source=dispatch.due_source if owes else "none",
    )
