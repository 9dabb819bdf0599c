"""Agencies from a table: all of it or nothing, and a second run changes nothing.

A line about an agency that is stored differently is refused: what is dated is renamed or ended by
its verb, never written over by a file. Membership of lists is only added to, and a mailbox is
entered where none is known.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.choices import AgencyKind, Audience
from agencies.lists import add_member, create_list
from agencies.mailboxes import set_mailbox
from agencies.models import Agency, AgencyName, DistributionList, ListMember
from agencies.refusals import Refused
from agencies.sheet import Faults, Line, read
from agencies.succession import Name, found_agency


@dataclass
class Loaded:
    """How many of each the table brought, and how many agencies it found as they are."""

    agencies: int = 0
    unchanged: int = 0
    lists: int = 0
    members: int = 0
    mailboxes: int = 0

    @property
    def nothing_new(self) -> bool:
        return not (self.agencies or self.lists or self.members or self.mailboxes)


@transaction.atomic
def load(data: bytes, *, at: datetime) -> Loaded:
    """Enter the agencies and lists of the table that are not there yet.

    Raises: Refused, with every fault of the table; nothing is written then.
    """
    stored = _by_identifier()
    lines, faults = read(data, stored=set(stored))
    for line in lines:
        if line.identifier in stored:
            _compare(line, stored, faults)
    faults.refuse()

    loaded = Loaded()
    for line in lines:
        if line.identifier in stored:
            loaded.unchanged += 1
        else:
            stored[line.identifier] = _enter(line, stored, at=at)
            loaded.agencies += 1
        if line.mailbox and not stored[line.identifier].mailbox:
            body = stored[line.identifier]
            stored[line.identifier] = set_mailbox(agency=body, mailbox=line.mailbox, by=None, at=at)
            loaded.mailboxes += 1
    begins = _first_days(lines)
    groups: dict[tuple[str, str], DistributionList] = {}
    for line in lines:
        for key in line.lists:
            try:
                if key not in groups:
                    groups[key], created = _group(key, stored, begins[key], at=at)
                    loaded.lists += created
                loaded.members += _join(groups[key], stored[line.identifier], line, at=at)
            except Refused as refused:
                for reason in refused.reasons:
                    faults.add(line.row, "lists", str(reason.message))
    faults.refuse()
    return loaded


def _by_identifier() -> dict[str, Agency]:
    """Return each agency under every identifier that it has had; the newest bearer of one wins."""
    rows = AgencyName.objects.select_related("agency").order_by("from_on", "pk")
    return {row.identifier: row.agency for row in rows}


def _compare(line: Line, stored: dict[str, Agency], faults: Faults) -> None:
    """Find fault with each cell that says other than what is stored.

    An empty last day says nothing: an agency may have ended since the table was made. Nor does an
    empty mailbox, or one that is the first.
    """
    agency = stored[line.identifier]
    name = agency.names.filter(identifier=line.identifier).earliest("from_on")
    parent = stored[line.parent].pk if line.parent in stored else None
    differing: dict[str, tuple[object, object]] = {
        "kind": (line.kind, agency.kind),
        "name": (line.name, name.name),
        "short_name": (line.short_name, name.short_name),
        "abbreviation": (line.abbreviation, name.abbreviation),
        "parent_identifier": (parent, agency.parent_id),
        "collective": (line.collective, agency.collective),
        "default_audience": (line.default_audience, agency.default_audience),
        "place": (line.place, name.place),
        "from": (line.from_on, name.from_on),
        "to": (line.to_on or agency.to_on, agency.to_on),
        "basis": (line.basis, name.basis),
        "mailbox": (line.mailbox or agency.mailbox, agency.mailbox or line.mailbox),
    }
    for column, (read_value, stored_value) in differing.items():
        if read_value != stored_value:
            why = _("this agency is stored with another value. A file writes over nothing.")
            faults.add(line.row, column, why)


def _enter(line: Line, stored: dict[str, Agency], *, at: datetime) -> Agency:
    return found_agency(
        name=Name(
            name=line.name,
            short_name=line.short_name,
            abbreviation=line.abbreviation,
            identifier=line.identifier,
            place=line.place,
            basis=line.basis,
        ),
        kind=AgencyKind(line.kind),
        from_on=line.from_on,
        to_on=line.to_on,
        parent=stored[line.parent] if line.parent else None,
        collective=line.collective,
        default_audience=Audience(line.default_audience),
        by=None,
        at=at,
    )


def _first_days(lines: list[Line]) -> dict[tuple[str, str], date]:
    """Return for each list the first day of its earliest member: a new list begins then."""
    days: dict[tuple[str, str], date] = {}
    for line in lines:
        for key in line.lists:
            days[key] = min(days.get(key, line.from_on), line.from_on)
    return days


def _group(
    key: tuple[str, str], stored: dict[str, Agency], begins: date, *, at: datetime
) -> tuple[DistributionList, bool]:
    owner, name = stored[key[0]], key[1]
    found = DistributionList.objects.filter(owner=owner, name=name).order_by("-from_on").first()
    if found is not None:
        return found, False
    begins = max(begins, owner.from_on)
    return create_list(owner=owner, name=name, from_on=begins, by=None, at=at), True


def _join(group: DistributionList, agency: Agency, line: Line, *, at: datetime) -> bool:
    """Put the agency on the list, unless it has ever been on it: who was taken off stays off."""
    if ListMember.objects.filter(list=group, agency=agency).exists():
        return False
    begins = max(line.from_on, group.from_on)
    add_member(group=group, agency=agency, from_on=begins, to_on=line.to_on, by=None, at=at)
    return True
