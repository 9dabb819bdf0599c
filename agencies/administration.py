"""Who looks after the people, lists and names of an agency: its administrators, and those above."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from agencies.authority import Authority, authorities
from agencies.choices import DeputyScope, Role
from agencies.clock import day_of
from agencies.models import Agency, User
from agencies.refusals import Reason, Refused


def chain_of(agency: int | None) -> list[int]:
    """Return the agency and those above it, nearest first (one query a level)."""
    chain: list[int] = []
    while agency is not None and agency not in chain:
        chain.append(agency)
        agency = Agency.objects.values_list("parent", flat=True).get(pk=agency)
    return chain


def below(agencies: Iterable[int]) -> set[int]:
    """Return these agencies and all under them (one query a level)."""
    found: set[int] = set()
    level = set(agencies)
    while level:
        found |= level
        children = Agency.objects.filter(parent__in=level).values_list("pk", flat=True)
        level = set(children) - found
    return found


def administered_by(user: User, *, on: date) -> set[int]:
    """Return the agencies whose people the person may look after that day."""
    return below(held.agency.pk for held in authorities(user, on=on) if _administers(held))


def administrator(user: User, agency: int | None, *, on: date) -> Authority | None:
    """Return the post or mandate on which the person administers the agency, if there is one."""
    held = [each for each in authorities(user, on=on) if _administers(each)]
    chain = set(chain_of(agency)) if held else set()
    return next((each for each in held if each.agency.pk in chain), None)


def warden(user: User, *, on: date) -> Authority | None:
    """Return on what the person looks after what is the same for everybody, if he does.

    The calendar holds for all: its administrators are those of bodies that stand under no other.
    """
    held = authorities(user, on=on)
    return next((h for h in held if _administers(h) and h.agency.parent_id is None), None)


def require_administrator(by: User | None, agency: int | None, *, at: datetime) -> Authority | None:
    """Return on what the act stands; None for a command run on the machine itself.

    Nobody administers what stands under no agency: that is entered by a command.

    Raises: Refused.
    """
    if by is None:
        return None
    found = administrator(by, agency, on=day_of(at))
    if found is None:
        raise Refused([not_administrator()])
    return found


def not_administrator() -> Reason:
    return Reason(
        "permission", _("This is for the administrators of the agency, or of one above it.")
    )


def signature(by: User | None, held: Authority | None) -> dict[str, object]:
    """Return who acted, as the ledger holds it: ids only; nobody for a command."""
    return {
        "actor": by.pk if by else None,
        "actor_post": held.post.pk if held else None,
        "actor_mandate": held.deputy.pk if held and held.deputy else None,
    }


def _administers(held: Authority) -> bool:
    return held.role == Role.ADMINISTRATOR and held.covers(DeputyScope.ALL)
