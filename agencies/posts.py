"""Who holds what: posts are opened and ended, accounts closed and opened again.

Every verb locks agency, person, post, in this order, then checks, then writes, the ledger last.
"""

from datetime import date, datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.administration import (
    administrator,
    not_administrator,
    require_administrator,
    signature,
)
from agencies.authority import Authority, authorities
from agencies.choices import Role
from agencies.clock import day_of
from agencies.deputies import appoint_deputy, end_mandate
from agencies.endings import ends_so_already, last_day
from agencies.models import Agency, Post, SignInLink, User
from agencies.refusals import Reasons, Refused
from ledger.record import append

__all__ = ["appoint_deputy", "deactivate", "end_mandate", "end_post", "open_post", "reactivate"]


@transaction.atomic
def open_post(
    *,
    user: User,
    agency: Agency,
    role: Role,
    from_on: date,
    title: str = "",
    to_on: date | None = None,
    by: User | None,
    at: datetime,
) -> Post:
    """Give a person a role in an agency for a time.

    `by` administers the agency or one above it; None is a command run on the machine itself.

    Raises: Refused.
    """
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = require_administrator(by, agency.pk, at=at)
    reasons = Reasons()
    reasons.against(not user.is_active, "user", _("The account of this person is closed."))
    if to_on and to_on < from_on:
        reasons.against(True, "to_on", _("The last day is before the first."))
    else:
        _check_days(reasons, user, agency, role, from_on, to_on)
    reasons.refuse()

    post = Post.objects.create(
        user=user, agency=agency, role=role, title=title.strip(), from_on=from_on, to_on=to_on
    )
    append(
        "post.opened",
        {
            "post": post.pk,
            "user": user.pk,
            "agency": agency.pk,
            "role": str(role),
            "from": from_on.isoformat(),
            "to": to_on.isoformat() if to_on else None,
            **signature(by, held),
        },
        at=at,
    )
    return post


@transaction.atomic
def end_post(*, post: Post, to_on: date, by: User | None, at: datetime) -> Post:
    """Let a post end after a day, its last; mandates for it are empty from then on.

    Yesterday as its last day ends it at once; one that begins later is taken back. Nothing changes
    when it ends on that day already.

    Raises: Refused.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=post.agency_id)
    post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    held = require_administrator(by, post.agency_id, at=at)
    if ends_so_already(post, to_on):
        return post
    post.to_on = last_day(post, to_on, at=at)
    post.save(update_fields=["to_on"])
    append(
        "post.ended", {"post": post.pk, "to": post.to_on.isoformat(), **signature(by, held)}, at=at
    )
    return post


@transaction.atomic
def deactivate(*, user: User, by: User | None, at: datetime) -> User:
    """Close an account at once, and end every session of it wherever it is open.

    `by` administers each agency where the person holds a post today or later. A second time only
    sessions are looked for again.

    Raises: Refused.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = _require_for_account(by, user, at=at)
    reasons = Reasons()
    reasons.against(by == user, "user", _("Nobody closes his own account: ask a colleague."))
    reasons.refuse()

    was_active, user.is_active = user.is_active, False
    user.save(update_fields=["is_active"])
    # So that it works no more once the account is opened again.
    SignInLink.objects.filter(user=user).unspent().update(withdrawn_at=at)
    end_sessions(user)
    if was_active:
        append("user.deactivated", {"user": user.pk, **signature(by, held)}, at=at)
    return user


@transaction.atomic
def reactivate(*, user: User, by: User | None, at: datetime) -> User:
    """Open an account again; its posts count again, those whose days have not passed.

    Raises: Refused.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = _require_for_account(by, user, at=at)
    if user.is_active:
        return user

    user.is_active = True
    user.save(update_fields=["is_active"])
    append("user.reactivated", {"user": user.pk, **signature(by, held)}, at=at)
    return user


def account_keeper(by: User, user: User, *, on: date) -> Authority | None:
    """Return on what post the person may close or open that account, if there is one.

    He administers each agency where the account holds a post that day or later; where it holds
    none any more, each where it once did.
    """
    rows = Post.objects.filter(user=user)
    agencies = set(rows.lasting(on).values_list("agency", flat=True)) or set(
        rows.values_list("agency", flat=True)
    )
    found = [administrator(by, agency, on=on) for agency in sorted(agencies)]
    if agencies:
        return found[0] if all(found) else None
    # Somebody who never held a post has no rights to lose or gain.
    held = authorities(by, on=on)
    return next(
        (each for each in held if each.role == Role.ADMINISTRATOR and not each.deputy), None
    )


def _require_for_account(by: User | None, user: User, *, at: datetime) -> Authority | None:
    if by is None:
        return None
    found = account_keeper(by, user, on=day_of(at))
    if found is None:
        raise Refused([not_administrator()])
    return found


def _check_days(
    reasons: Reasons, user: User, agency: Agency, role: Role, from_on: date, to_on: date | None
) -> None:
    ends = f"{agency.to_on:%d/%m/%Y}" if agency.to_on else ""
    reasons.against(
        from_on < agency.from_on, "from_on", _("The agency did not exist yet on that day.")
    )
    reasons.against(
        agency.to_on and (to_on is None or to_on > agency.to_on),
        "to_on",
        _("The agency ends on %(day)s: no post there lasts longer.") % {"day": ends},
    )
    same = Post.objects.filter(user=user, agency=agency, role=role)
    reasons.against(
        same.overlapping(from_on, to_on).exists(),
        "from_on",
        _("The person holds this role in this agency already on some of these days."),
    )


def end_sessions(user: User) -> None:
    """Delete every session that is signed in as the person, tracked or not."""
    keys = [
        session.session_key
        for session in Session.objects.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    tracked = UserSession.objects.filter(user=user)
    keys += tracked.values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=keys).delete()
    tracked.delete()
