"""Distribution lists: who is on one on a day. Members are dated and never deleted."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.administration import require_administrator, signature
from agencies.endings import ends_so_already, last_day
from agencies.models import Agency, DistributionList, ListMember, User
from agencies.models.periods import live_on
from agencies.refusals import Reasons
from ledger.record import append


def members_on(group: DistributionList, day: date) -> list[Agency]:
    """Return the agencies that the list stands for that day, in Vietnamese order, each once.

    Lists inside lists are followed while they last, one query a level; one that contains itself by
    a round-about way ends there. An agency that has ended is named as long as nobody took it off:
    whoever sends must learn of it.
    """
    found: dict[int, Agency] = {}
    seen: set[int] = set()
    waiting = {group.pk} if group.is_live_on(day) else set()
    while waiting:
        seen |= waiting
        rows = (
            ListMember.objects.live_on(day)
            .filter(live_on(day, "list__"), list__in=waiting)
            .select_related("agency")
        )
        waiting = set()
        for row in rows:
            if row.agency is not None:
                found[row.agency.pk] = row.agency
            elif row.sublist_id is not None and row.sublist_id not in seen:
                waiting.add(row.sublist_id)
    return sorted(found.values(), key=lambda agency: (agency.sort_key, agency.pk))


@transaction.atomic
def create_list(
    *, owner: Agency, name: str, from_on: date, by: User | None, at: datetime
) -> DistributionList:
    """Found a list under the words that papers print. Raises: Refused."""
    owner = Agency.objects.select_for_update(no_key=True).get(pk=owner.pk)
    held = require_administrator(by, owner.pk, at=at)
    name = " ".join(name.split())
    reasons = Reasons()
    reasons.against(not name, "name", _("A list has a name."))
    same = DistributionList.objects.filter(owner=owner, name=name)
    reasons.against(
        same.overlapping(from_on, None).exists(), "name", _("There is a list of this name already.")
    )
    reasons.against(not owner.is_live_on(from_on), "from_on", _("The owner has ended by that day."))
    reasons.refuse()

    group = DistributionList.objects.create(owner=owner, name=name, from_on=from_on)
    append(
        "list.created",
        {
            "list": group.pk,
            "owner": owner.pk,
            "from": from_on.isoformat(),
            **signature(by, held),
        },
        at=at,
    )
    return group


@transaction.atomic
def add_member(
    *,
    group: DistributionList,
    agency: Agency | None = None,
    sublist: DistributionList | None = None,
    from_on: date,
    to_on: date | None = None,
    by: User | None,
    at: datetime,
) -> ListMember:
    """Put an agency, or another list, on a list from a day on. Raises: Refused."""
    group = DistributionList.objects.select_for_update(no_key=True).get(pk=group.pk)
    held = require_administrator(by, group.owner_id, at=at)
    reasons = Reasons()
    reasons.against(
        (agency is None) == (sublist is None), "agency", _("Name an agency or a list, not both.")
    )
    reasons.against(to_on and to_on < from_on, "to_on", _("The last day is before the first."))
    reasons.against(
        not group.is_live_on(from_on), "from_on", _("The list does not exist on that day.")
    )
    reasons.against(
        agency and not agency.is_live_on(from_on),
        "agency",
        _("The agency does not exist on that day."),
    )
    reasons.against(
        sublist and group.pk in _with_sublists(sublist.pk),
        "sublist",
        _("That list contains this one: it would stand in itself."),
    )
    same = ListMember.objects.filter(list=group, agency=agency, sublist=sublist)
    reasons.against(
        same.overlapping(from_on, to_on).exists(),
        "agency" if agency else "sublist",
        _("It is on the list already on some of these days."),
    )
    reasons.refuse()

    member = ListMember.objects.create(
        list=group, agency=agency, sublist=sublist, from_on=from_on, to_on=to_on
    )
    append(
        "list.member_added",
        {
            "member": member.pk,
            "list": group.pk,
            "agency": agency.pk if agency else None,
            "sublist": sublist.pk if sublist else None,
            "from": from_on.isoformat(),
            "to": to_on.isoformat() if to_on else None,
            **signature(by, held),
        },
        at=at,
    )
    return member


@transaction.atomic
def remove_member(*, member: ListMember, to_on: date, by: User | None, at: datetime) -> ListMember:
    """Take a member off a list after a day, its last on it. Raises: Refused."""
    group = DistributionList.objects.select_for_update(no_key=True).get(pk=member.list_id)
    member = ListMember.objects.select_for_update(no_key=True).get(pk=member.pk)
    held = require_administrator(by, group.owner_id, at=at)
    if ends_so_already(member, to_on):
        return member
    member.to_on = last_day(member, to_on, at=at)
    member.save(update_fields=["to_on"])
    append(
        "list.member_removed",
        {
            "member": member.pk,
            "list": group.pk,
            "to": member.to_on.isoformat(),
            **signature(by, held),
        },
        at=at,
    )
    return member


def _with_sublists(group: int) -> set[int]:
    """Return the list and all inside it, whatever the day (one query a level)."""
    found: set[int] = set()
    level = {group}
    while level:
        found |= level
        inner = ListMember.objects.filter(list__in=level, sublist__isnull=False)
        level = set(inner.values_list("sublist", flat=True)) - found
    return found
