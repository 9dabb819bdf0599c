"""What agencies are and were called: an answer names the issuer as it was on the paper's day."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from agencies.models import Agency, AgencyName
from search.cached import Cached

Names = dict[int, list[AgencyName]]


def _read() -> Names:
    names: Names = defaultdict(list)
    for name in AgencyName.objects.order_by("-from_on"):
        names[name.agency_id].append(name)
    return dict(names)


_kept: Cached[Names] = Cached(_read)


def give_names(agencies: Collection[Agency]) -> None:
    """Give each agency its names, newest first; no query within a minute of the last one."""
    names = _of({agency.pk for agency in agencies})
    for agency in agencies:
        agency.newest_first = names.get(agency.pk, [])


def names_today(pks: Collection[int]) -> dict[int, str]:
    """Return the short names that agencies bear now; an id that is no agency's is left out."""
    names = _of(pks)
    return {pk: names[pk][0].short_name or names[pk][0].name for pk in pks if pk in names}


def _of(pks: Collection[int]) -> Mapping[int, list[AgencyName]]:
    if any(pk not in _kept() for pk in pks):
        # Founded meanwhile, perhaps in another process.
        _kept.forget()
    return _kept()


def connect() -> None:
    _kept.connect(AgencyName)
