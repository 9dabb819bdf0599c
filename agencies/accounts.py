"""Accounts: made by those who administer, opened by a link that works once.

Nobody chooses a password for somebody else. Every verb locks agency, person, link, in this order,
then checks, then writes, the ledger last.
"""

import hashlib
import re
import secrets
import unicodedata
from datetime import date, datetime, timedelta
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies.administration import (
    administrator,
    not_administrator,
    require_administrator,
    signature,
)
from agencies.authority import Authority
from agencies.choices import Role
from agencies.clock import day_of
from agencies.models import Agency, Deputy, Post, SignInLink, User
from agencies.posts import end_sessions, open_post
from agencies.refusals import Reason, Reasons, Refused
from ledger.record import append

#: Friday afternoon to Monday afternoon.
LIFETIME = timedelta(days=3)
TOKEN_BYTES = 32
#: Small letters only: two names that differ in case alone would be one at the sign-in page.
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,49}")


class Given(NamedTuple):
    """A link, and the token that opens it: shown to the giver now and never again."""

    link: SignInLink
    token: str


class LinkGone(Refused):
    """No link of that token works: there never was one, or it is used, withdrawn or expired."""


@transaction.atomic
def create_account(
    *,
    username: str,
    last_name: str,
    first_name: str,
    agency: Agency,
    role: Role,
    title: str = "",
    email: str = "",
    by: User | None,
    at: datetime,
) -> Given:
    """Make an account with its first post, from today, and a link to choose its password.

    The post comes with it so that the account is in somebody's care from its first moment. `by`
    administers the agency or one above it; None is a command run on the machine itself.

    Raises: Refused.
    """
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    held = require_administrator(by, agency.pk, at=at)
    username, first_name = username.strip().lower(), _plain(first_name)
    reasons = Reasons()
    reasons.against(
        not USERNAME.fullmatch(username),
        "username",
        _("3 to 50 of a to z, 0 to 9, dot, hyphen and underscore, a letter or digit first."),
    )
    reasons.against(not first_name, "first_name", _("Everybody has a given name."))
    reasons.against(User.objects.filter(username__iexact=username).exists(), *_taken())
    reasons.refuse()

    user = User(username=username, first_name=first_name, last_name=_plain(last_name), email=email)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        # Somebody made the same name between the look and the write.
        raise Refused([Reason(*_taken())]) from error
    append("user.created", {"user": user.pk, **signature(by, held)}, at=at)
    open_post(user=user, agency=agency, role=role, title=title, from_on=day_of(at), by=by, at=at)
    return _give(user, by, held, at=at)


@transaction.atomic
def give_link(*, user: User, by: User | None, at: datetime) -> Given:
    """Let a person choose a password anew, by a link that works once; an older one stops working.

    The present password and the second factor stay as they are until then. `by`: see `link_giver`.

    Raises: Refused.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = link_giver(by, user, on=day_of(at)) if by else None
    if by and held is None:
        raise Refused([not_administrator()])
    reasons = Reasons()
    reasons.against(by == user, "user", _("For your own account, change the password on its page."))
    reasons.against(not user.is_active, "user", _("The account of this person is closed."))
    reasons.refuse()

    return _give(user, by, held, at=at)


@transaction.atomic
def choose_password(*, token: str, password: str, at: datetime) -> User:
    """Set the password that the holder of the link chose, use the link up, end older sessions.

    It signs nobody in: the sign-in page asks for the password and for the second factor. A
    password that is too weak leaves the link as it was.

    Raises: LinkGone; Refused.
    """
    found = usable_link(token, at=at)
    if found is None:
        raise LinkGone([_gone()])
    user = User.objects.select_for_update(no_key=True).get(pk=found.user_id)
    links = SignInLink.objects.select_for_update(no_key=True, of=("self",)).usable_at(at)
    link = links.filter(pk=found.pk).first()
    if link is None:
        raise LinkGone([_gone()])
    _check_password(password, user)

    user.set_password(password)
    user.save(update_fields=["password"])
    link.used_at = at
    link.save(update_fields=["used_at"])
    # A session carries a hash of the password and is dead by now; this takes it off the list.
    end_sessions(user)
    append("user.password_chosen", {"user": user.pk, "link": link.pk}, at=at)
    return user


@transaction.atomic
def forget_factor(*, user: User, at: datetime) -> int:
    """Remove the second factor and the recovery codes of an account, and end its sessions.

    Run by a command on the machine itself, for who lost them. Returns how many were removed.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    removed: int = Authenticator.objects.filter(user=user).delete()[0]
    if removed:
        end_sessions(user)
        append("user.factor_forgotten", {"user": user.pk, **signature(None, None)}, at=at)
    return removed


def usable_link(token: str, *, at: datetime) -> SignInLink | None:
    """Return the link that this token opens at that moment, with its person, if there is one."""
    rows = SignInLink.objects.usable_at(at).select_related("user")
    return rows.filter(token_hash=_hash(token)).first()


def link_giver(by: User, user: User, *, on: date) -> Authority | None:
    """Return on what post the person may give that account a link, if there is one.

    Whoever sees the link can act as its person. So he administers each agency where the account
    acts that day or later, by a post or in somebody's place; where it acts nowhere any more, each
    where it once held a post. Accounts with rights of Wagtail or Django are left to commands.
    """
    if user.is_superuser or user.groups.exists() or user.user_permissions.exists():
        return None
    held = Post.objects.filter(user=user)
    lasting = held.lasting(on)
    lent = Deputy.objects.lasting(on).filter(deputy=user)
    agencies = set(lasting.values_list("agency", flat=True)) | set(
        lent.values_list("of__agency", flat=True)
    )
    agencies = agencies or set(held.values_list("agency", flat=True))
    found = [administrator(by, agency, on=on) for agency in sorted(agencies)]
    return found[0] if found and all(found) else None


def _give(user: User, by: User | None, held: Authority | None, *, at: datetime) -> Given:
    SignInLink.objects.filter(user=user).unspent().update(withdrawn_at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = SignInLink.objects.create(
        user=user, token_hash=_hash(token), given_by=by, given_at=at, expires_at=at + LIFETIME
    )
    entry = {"user": user.pk, "link": link.pk, **signature(by, held)}
    append("user.link_given", entry, at=at)
    return Given(link, token)


def _hash(token: str) -> str:
    """No salt and one pass: the token is 256 random bits, not something a person thought of."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused([Reason("password", message) for message in error.messages]) from error


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _taken() -> tuple[str, str]:
    return "username", _("This user name is taken.")


def _gone() -> Reason:
    return Reason("link", _("This link does not work any more."))
