"""Signed-in sessions without the sign-in: its cost is another figure."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from agencies.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(agency: int) -> str:
    """Return the session key of the clerk of an agency of the crowd."""
    clerk = User.objects.get(username=f"crowd_{agency}_0")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(clerk.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = clerk.get_session_auth_hash()
    session.create()
    return str(session.session_key)
