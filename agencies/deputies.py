"""Who stands in for whom: written, limited in time and scope, never handed on.

Every verb locks agency, person, post, mandate, in this order, then checks, then writes, the ledger
last. Source: Decree 30/2020, article 13.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.administration import below, chain_of, signature
from agencies.authority import Authority, authorities
from agencies.choices import DeputyScope, Role
from agencies.clock import day_of
from agencies.endings import ends_so_already, last_day
from agencies.models import Agency, Deputy, Post, User
from agencies.models.periods import live_on
from agencies.refusals import Reason, Reasons, Refused
from ledger.record import append


@transaction.atomic
def appoint_deputy(
    *,
    of: Post,
    deputy: User,
    scope: DeputyScope,
    from_on: date,
    to_on: date | None,
    basis: str = "",
    by: User | None,
    at: datetime,
) -> Deputy:
    """Let somebody act in the place of the holder of a post, within a scope, for some days.

    `by` is the holder himself, the head of the agency, or an administrator of it or of one above,
    each by a post of his own: what was lent is not lent on. The deputy holds, all the while, a
    post in the agency, one of its units or a body above it.

    Raises: Refused.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=of.agency_id)
    people = User.objects.select_for_update(no_key=True).filter(pk__in={of.user_id, deputy.pk})
    found = {person.pk: person for person in people.order_by("pk")}
    of = Post.objects.select_for_update(no_key=True).get(pk=of.pk)
    deputy = found[deputy.pk]
    held = _require(by, of, at=at)
    reasons = Reasons()
    reasons.against(deputy.pk == of.user_id, "deputy", _("Nobody is his own deputy."))
    reasons.against(not deputy.is_active, "deputy", _("The account of this person is closed."))
    reasons.against(
        not found[of.user_id].is_active,
        "of",
        _("The account of the person who is to be stood in for is closed."),
    )
    reasons.against(
        from_on < day_of(at), "from_on", _("Nobody is made a deputy for days that have passed.")
    )
    if to_on is None:
        reasons.against(True, "to_on", _("A mandate has a last day."))
    else:
        _check_days(reasons, of, deputy, scope, from_on, to_on)
    reasons.refuse()

    mandate = Deputy.objects.create(
        of=of, deputy=deputy, scope=scope, from_on=from_on, to_on=to_on, basis=basis.strip()
    )
    append(
        "deputy.appointed",
        {
            "mandate": mandate.pk,
            "post": of.pk,
            "deputy": deputy.pk,
            "scope": str(scope),
            "from": from_on.isoformat(),
            "to": to_on.isoformat() if to_on else None,
            **signature(by, held),
        },
        at=at,
    )
    return mandate


@transaction.atomic
def end_mandate(*, mandate: Deputy, to_on: date, by: User | None, at: datetime) -> Deputy:
    """Let a mandate end earlier; yesterday as its last day ends it at once, or takes it back.

    Whoever may appoint may end it, and the deputy may lay it down. Nothing changes when it ends on
    that day already.

    Raises: Refused.
    """
    of = Post.objects.get(pk=mandate.of_id)
    Agency.objects.select_for_update(no_key=True).get(pk=of.agency_id)
    of = Post.objects.select_for_update(no_key=True).get(pk=of.pk)
    mandate = Deputy.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    laid_down = by is not None and by.is_active and by.pk == mandate.deputy_id
    held = None if laid_down else _require(by, of, at=at)
    if ends_so_already(mandate, to_on):
        return mandate
    mandate.to_on = last_day(mandate, to_on, at=at)
    mandate.save(update_fields=["to_on"])
    append(
        "deputy.ended",
        {"mandate": mandate.pk, "to": mandate.to_on.isoformat(), **signature(by, held)},
        at=at,
    )
    return mandate


def appointer(user: User, of: Post, *, on: date) -> Authority | None:
    """Return the post of his own on which the person may name a deputy there, if there is one."""
    chain: set[int] | None = None
    for held in authorities(user, on=on):
        if held.deputy is not None:
            continue
        if held.post.pk == of.pk or (held.role == Role.HEAD and held.agency.pk == of.agency_id):
            return held
        if held.role == Role.ADMINISTRATOR:
            chain = chain or set(chain_of(of.agency_id))
            if held.agency.pk in chain:
                return held
    return None


def _require(by: User | None, of: Post, *, at: datetime) -> Authority | None:
    if by is None:
        return None
    found = appointer(by, of, on=day_of(at))
    if found is None:
        message = _(
            "This is for the holder of the post, the head of the agency and its administrators."
        )
        raise Refused([Reason("permission", message)])
    return found


def _check_days(
    reasons: Reasons, of: Post, deputy: User, scope: DeputyScope, from_on: date, to_on: date
) -> None:
    if to_on < from_on:
        reasons.against(True, "to_on", _("The last day is before the first."))
        return
    reasons.against(
        not of.holds(from_on, to_on),
        "to_on",
        _("The post itself is not held on all of these days."),
    )
    reasons.against(
        not _has_post_near(deputy, of.agency_id, from_on, to_on),
        "deputy",
        _(
            "This person holds no post, on all of these days, in the agency, its units or a body"
            " above it."
        ),
    )
    same = Deputy.objects.filter(of=of, deputy=deputy, scope=scope)
    reasons.against(
        same.overlapping(from_on, to_on).exists(),
        "from_on",
        _("The person has this mandate already on some of these days."),
    )


def _has_post_near(user: User, agency: int, from_on: date, to_on: date) -> bool:
    return candidates_near(agency, from_on, to_on).filter(user=user).exists()


def candidates_near(agency: int, from_on: date, to_on: date) -> QuerySet[Post]:
    """Return the posts whose holders may be made deputies in an agency for these days."""
    return Post.objects.filter(
        live_on(from_on), live_on(to_on), agency__in=below([agency]) | set(chain_of(agency))
    )
