"""Saved searches: kept by name, watched by the worker, told of on their owner's desk.

The worker notes which papers that became readable to the owner are found by his search. What it
noted is asked of the gate again whenever it is shown or counted, so that a paper taken from him
since is in no alert.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from agencies.refusals import Reasons
from documents import access
from documents.standing import Standing
from search import archive, registry
from search.asked import Asked
from search.engine import EngineDown
from search.models import SavedSearch

log = logging.getLogger(__name__)

#: How many one person keeps, and how many new papers of one are told of.
MOST, TOLD = 20, 50
#: How many that were told of are remembered: more than come within the margin below.
REMEMBERED = 500
#: How often each is looked at, and how far back for what the index took in late.
EVERY, MARGIN = timedelta(minutes=5), timedelta(hours=1)


class Alert(NamedTuple):
    """What is new in a saved search: keys that its owner may see now, newest first."""

    saved: SavedSearch
    fresh: list[str]

    @property
    def many(self) -> bool:
        """Whether there may be more than are told of."""
        return len(self.saved.fresh) >= TOLD


def of(user: User) -> QuerySet[SavedSearch]:
    return SavedSearch.objects.filter(owner=user)


def own_agencies(who: Standing) -> list[Agency]:
    """Return the agencies of which the reader reads what was sent to all: he may ask by one."""
    return [held.agency for held in who.authorities if held.agency.pk in who.readers_of]


def asked_by(saved: SavedSearch, who: Standing) -> Asked:
    return Asked(QueryDict(saved.query), agencies=own_agencies(who))


@transaction.atomic
def save(*, owner: User, name: str, asked: Asked, at: datetime) -> SavedSearch:
    """Keep a search under a name; what is there already is not new.

    Raises: Refused with every reason: no name, the name or the search is kept already, too many.
    """
    name, query = " ".join(name.split()), asked.address
    # One of two windows in which he presses at once waits for the other.
    User.objects.select_for_update().get(pk=owner.pk)
    kept = list(of(owner))
    same = next((each for each in kept if each.query == query), None)
    reasons = Reasons()
    reasons.against(not name, "name", _("Give the search a name."))
    reasons.against(len(name) > 80, "name", _("A name has at most 80 signs."))
    reasons.against(
        name in {each.name for each in kept}, "name", _("You keep a search of this name already.")
    )
    reasons.against(not asked.anything, "query", _("Nothing is asked for yet."))
    reasons.against(len(query) > 1000, "query", _("There are too many words and filters to keep."))
    if same:
        known = _("You keep this search already, as “%(name)s”.") % {"name": same.name}
        reasons.against(True, "query", known)
    reasons.against(
        len(kept) >= MOST,
        "query",
        _("You keep %(most)s searches already. Let go of one first.") % {"most": MOST},
    )
    reasons.refuse()
    return SavedSearch.objects.create(
        owner=owner, name=name, query=query, created_at=at, last_seen_at=at
    )


def forget(*, owner: User, pk: int) -> bool:
    """Let go of a search; False if it is not this person's."""
    deleted, _by_model = of(owner).filter(pk=pk).delete()
    return bool(deleted)


@transaction.atomic
def mark_seen(*, owner: User, pk: int) -> bool:
    """Note that the owner has seen what is new; False if it is not this person's.

    Up to the moment at which the worker looked: what came later is still news.
    """
    saved = of(owner).select_for_update().filter(pk=pk).first()
    if saved is None:
        return False
    if saved.checked_at:
        saved.last_seen_at = max(saved.last_seen_at, saved.checked_at)
    saved.told, saved.fresh = [*saved.fresh, *saved.told][:REMEMBERED], []
    saved.save(update_fields=["last_seen_at", "told", "fresh"])
    return True


def alerts(who: Standing) -> list[Alert]:
    """Return what is new in the reader's own searches, as far as he may see it now.

    The engine is not asked. One query, and one a kind of what is new.
    """
    if not who.user.is_authenticated:
        return []
    return [alert for alert in _gated(who, of(who.user)) if alert.fresh]


def _gated(who: Standing, kept: Iterable[SavedSearch]) -> list[Alert]:
    noted = list(kept)
    seen = registry.visible(who, {key for each in noted for key in each.fresh})
    return [Alert(each, [key for key in each.fresh if key in seen]) for each in noted]


def watch(at: datetime) -> bool:
    """Look once for what is new in the search that was looked at longest ago.

    What a worker does beside the outbox; several may. Returns whether there was one to look at.
    """
    due = Q(checked_at__isnull=True) | Q(checked_at__lt=at - EVERY)
    waiting = SavedSearch.objects.filter(due, owner__is_active=True)
    saved = waiting.order_by(F("checked_at").asc(nulls_first=True), "pk").first()
    if saved is None:
        return False
    taken = SavedSearch.objects.filter(pk=saved.pk, checked_at=saved.checked_at)
    if not taken.update(checked_at=at):
        return True  # another worker's
    try:
        _look(saved, at=at)
    except EngineDown as down:
        log.warning("saved searches wait for the engine: %s", down)
        # It was not looked at: else its owner would be shown as told up to this moment.
        SavedSearch.objects.filter(pk=saved.pk, checked_at=at).update(checked_at=saved.checked_at)
        return False
    return True


def _look(saved: SavedSearch, *, at: datetime) -> None:
    who = access.standing(saved.owner, at=at)
    asked = asked_by(saved, who)
    since = max(saved.created_at, saved.last_seen_at - MARGIN)
    new = set(registry.new_to(who, since)) - set(saved.told)
    fresh = archive.matching(
        who, asked.text, among=new, filters=asked.filters, at_agency=asked.own, most=TOLD
    )
    # Unless its owner has marked it seen meanwhile.
    still = SavedSearch.objects.filter(pk=saved.pk, last_seen_at=saved.last_seen_at)
    still.update(fresh=fresh)


def alert_of(who: Standing, pk: int) -> Alert | None:
    """Return one of the reader's own searches with what is new in it; None if it is not his."""
    saved = of(who.user).filter(pk=pk).first()
    return _gated(who, [saved])[0] if saved else None
