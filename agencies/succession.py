"""How agencies begin, are renamed, end and are followed by others.

An agency is an identity that lasts; what changes is dated beside it, so that papers of 2016 keep
the names and recipients of 2016. A successor reads nothing old: no right follows from a succession.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from agencies.administration import require_administrator, signature
from agencies.choices import AgencyKind, Audience, SuccessionKind
from agencies.clock import day_of
from agencies.endings import against_ending
from agencies.models import Agency, AgencyName, ListMember, Post, Succession, User
from agencies.refusals import Reasons
from ledger.record import append


@dataclass(frozen=True, kw_only=True)
class Name:
    """What an agency is called, and how its papers and packets name it."""

    name: str
    short_name: str
    abbreviation: str
    identifier: str
    place: str = ""
    basis: str = ""


@transaction.atomic
def found_agency(
    *,
    name: Name,
    kind: AgencyKind,
    from_on: date,
    to_on: date | None = None,
    parent: Agency | None = None,
    collective: bool = False,
    default_audience: Audience = Audience.AGENCY,
    by: User | None,
    at: datetime,
) -> Agency:
    """Enter an agency under its first name. `by` administers the agency above. Raises: Refused."""
    held = require_administrator(by, parent.pk if parent else None, at=at)
    reasons = _against_name(name, from_on)
    reasons.against(to_on and to_on < from_on, "to_on", _("The last day is before the first."))
    reasons.refuse()

    agency = Agency.objects.create(
        kind=kind,
        parent=parent,
        collective=collective,
        default_audience=default_audience,
        from_on=from_on,
        to_on=to_on,
    )
    row = _write(agency, name, from_on, to_on)
    append(
        "agency.founded",
        {
            "agency": agency.pk,
            "name": row.pk,
            "parent": parent.pk if parent else None,
            "from": from_on.isoformat(),
            **signature(by, held),
        },
        at=at,
    )
    return agency


@transaction.atomic
def rename(*, agency: Agency, name: Name, on: date, by: User | None, at: datetime) -> AgencyName:
    """Give an agency another name from a day on; the one before ends the day before.

    Entered on the day itself or later: lists show the newest name at once.

    Raises: Refused.
    """
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    held = require_administrator(by, agency.pk, at=at)
    last = agency.names.latest("from_on")
    reasons = _against_name(name, on, agency=agency)
    reasons.against(not name.basis.strip(), "basis", _("A renaming names the paper it rests on."))
    reasons.against(
        on > day_of(at), "on", _("A new name is entered on the day from which it holds, or later.")
    )
    reasons.against(
        on <= last.from_on, "on", _("The name that it has now began on that day or later.")
    )
    reasons.against(not agency.is_live_on(on), "on", _("The agency does not exist on that day."))
    reasons.refuse()

    AgencyName.objects.filter(pk=last.pk).update(to_on=on - timedelta(days=1))
    row = _write(agency, name, on, None)
    append(
        "agency.renamed",
        {"agency": agency.pk, "name": row.pk, "from": on.isoformat(), **signature(by, held)},
        at=at,
    )
    return row


@transaction.atomic
def end_agency(*, agency: Agency, to_on: date, by: User | None, at: datetime) -> Agency:
    """End an agency after a day, its last, and with it its units, posts and places on lists.

    All in one: from the next day nobody acts or reads by a post there. What was done stays.

    Raises: Refused; also while bodies of their own stand under it, or posts there begin later.
    """
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    held = require_administrator(by, agency.pk, at=at)
    if agency.to_on == to_on:
        return agency
    later = Q(to_on__isnull=True) | Q(to_on__gt=to_on)
    ending = _with_units(agency)
    after = to_on + timedelta(days=1)
    posts = Post.objects.lasting(after).filter(agency__in=ending)
    members = ListMember.objects.lasting(after).filter(agency__in=ending)
    reasons = against_ending(agency, to_on, at=at)
    reasons.against(
        to_on < agency.from_on,
        "to_on",
        _("It begins on %(day)s and cannot end before that.")
        % {"day": f"{agency.from_on:%d/%m/%Y}"},
    )
    under = Agency.objects.filter(later, parent__in=ending).exclude(pk__in=ending)
    reasons.against(
        under.exists(),
        "agency",
        _("Bodies stand under it that go on: %(names)s.")
        % {"names": ", ".join(str(each) for each in under.in_order())},
    )
    reasons.against(
        any(rows.filter(from_on__gt=to_on).exists() for rows in (posts, members)),
        "to_on",
        _("Posts or places on lists begin there after that day: end them first."),
    )
    reasons.refuse()

    Agency.objects.filter(later, pk__in=ending).update(to_on=to_on)
    AgencyName.objects.filter(later, agency__in=ending, from_on__lte=to_on).update(to_on=to_on)
    ended = posts.update(to_on=to_on)
    members.update(to_on=to_on)
    append(
        "agency.ended",
        {
            "agency": agency.pk,
            "units": sorted(ending - {agency.pk}),
            "posts": ended,
            "to": to_on.isoformat(),
            **signature(by, held),
        },
        at=at,
    )
    agency.refresh_from_db()
    return agency


@transaction.atomic
def record_succession(
    *,
    predecessor: Agency,
    successor: Agency | None,
    kind: SuccessionKind,
    on: date,
    basis: str,
    partial: bool = False,
    by: User | None,
    at: datetime,
) -> Succession:
    """Record that one body follows another, wholly or in part. Raises: Refused."""
    predecessor = Agency.objects.select_for_update(no_key=True).get(pk=predecessor.pk)
    held = require_administrator(by, predecessor.pk, at=at)
    reasons = Reasons()
    reasons.against(
        successor is None and kind != SuccessionKind.ABOLISH,
        "successor",
        _("Name the agency that follows."),
    )
    reasons.against(successor == predecessor, "successor", _("No agency follows itself."))
    reasons.against(not basis.strip(), "basis", _("A succession names the paper it rests on."))
    same = Succession.objects.filter(predecessor=predecessor, successor=successor, on=on)
    reasons.against(same.exists(), "on", _("This succession is recorded already."))
    reasons.refuse()

    row = Succession.objects.create(
        predecessor=predecessor,
        successor=successor,
        kind=kind,
        on=on,
        basis=basis.strip(),
        partial=partial,
    )
    append(
        "agency.succeeded",
        {
            "succession": row.pk,
            "predecessor": predecessor.pk,
            "successor": successor.pk if successor else None,
            "kind": str(kind),
            "on": on.isoformat(),
            "partial": partial,
            **signature(by, held),
        },
        at=at,
    )
    return row


def successors(agency: Agency) -> QuerySet[Succession]:
    """Return what followed the agency: each row with its `successor`, day, basis and `partial`."""
    rows = Succession.objects.filter(predecessor=agency).select_related("successor")
    return rows.order_by("on", "successor__sort_key", "pk")


def predecessors(agency: Agency) -> QuerySet[Succession]:
    """Return what the agency followed: each row with its `predecessor`."""
    rows = Succession.objects.filter(successor=agency).select_related("predecessor")
    return rows.order_by("on", "predecessor__sort_key", "pk")


def _against_name(name: Name, on: date, *, agency: Agency | None = None) -> Reasons:
    reasons = Reasons()
    for field in ("name", "short_name", "abbreviation", "identifier"):
        label = getattr(AgencyName._meta.get_field(field), "verbose_name", field)
        reasons.against(
            not getattr(name, field).strip(),
            field,
            _("“%(field)s” is empty.") % {"field": label},
        )
    held = AgencyName.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=on), identifier=name.identifier.strip()
    )
    if agency:
        held = held.exclude(agency=agency)
    reasons.against(held.exists(), "identifier", _("Another agency has this identifier."))
    return reasons


def _write(agency: Agency, name: Name, from_on: date, to_on: date | None) -> AgencyName:
    row = AgencyName.objects.create(
        agency=agency,
        name=name.name.strip(),
        short_name=name.short_name.strip(),
        abbreviation=name.abbreviation.strip(),
        identifier=name.identifier.strip(),
        place=name.place.strip(),
        basis=name.basis.strip(),
        from_on=from_on,
        to_on=to_on,
    )
    agency.read_names()
    return row


def _with_units(agency: Agency) -> set[int]:
    """Return the agency and the units inside it, at any depth (one query a level)."""
    found: set[int] = set()
    level = {agency.pk}
    while level:
        found |= level
        units = Agency.objects.filter(parent__in=level, kind=AgencyKind.UNIT)
        level = set(units.values_list("pk", flat=True)) - found
    return found
