"""The second step at sign-in, where it is required (the setting MFA_REQUIRED)."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from agencies import clock
from agencies.authority import authorities
from agencies.choices import Role
from agencies.models import User

#: By their acts papers go out, come in and are read by others; a borrowed post counts like one's own.
ROLES = frozenset({Role.CLERK, Role.HEAD, Role.ADMINISTRATOR})
#: Recovery codes alone are no factor: they stand in for one.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
#: Names of routes that somebody who owes a second factor may reach: to set it up, or to leave.
OPEN = frozenset(
    {
        "mfa_index", "mfa_activate_totp", "mfa_reauthenticate", "account_reauthenticate",
        "account_logout", "set_language", "healthz", "readyz",
    }
)  # fmt: skip


def is_owed(user: Any) -> bool:
    """Say whether the person must set up a second factor before anything else.

    Asked at each request, so that a post that begins today, or a factor that was turned off,
    counts at once: one query for who has a factor, three for who has none.
    """
    if not settings.MFA_REQUIRED or settings.DEMO or not user.is_authenticated:
        return False
    return not is_mfa_enabled(user, FACTORS) and _must(user)


def _must(user: User) -> bool:
    held = authorities(user, on=clock.today())
    return user.is_superuser or any(each.role in ROLES for each in held)


class SecondFactor:
    """Lead whoever owes a second factor to where it is set up, whatever was asked for.

    Stands after the middleware that asks for a sign-in. What is no route of Django's (static
    files) does not come here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, *_view: Any) -> HttpResponse | None:
        request.second_factor_owed = is_owed(request.user)
        if not request.second_factor_owed or request.resolver_match.view_name in OPEN:
            return None
        return redirect("mfa_index")
