"""Who is on a distribution list on a day."""

from datetime import date

from agencies.models import Agency, DistributionList, ListMember


def members_on(group: DistributionList, day: date) -> list[Agency]:
    """Return the agencies that the list stood for that day, in Vietnamese order, each once.

    Lists inside lists are followed; one that contains itself by a round-about way ends there.
    """
    found: dict[int, Agency] = {}
    seen: set[int] = set()
    waiting = {group.pk}
    while waiting:
        seen |= waiting
        rows = ListMember.objects.live_on(day).filter(list__in=waiting).select_related("agency")
        waiting = set()
        for row in rows:
            if row.agency is not None:
                found[row.agency.pk] = row.agency
            elif row.sublist_id not in seen:
                waiting.add(row.sublist_id)
    return sorted(found.values(), key=lambda agency: (agency.sort_key, agency.pk))
