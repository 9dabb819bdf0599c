"""A real office. Refuses to start on anything that is only good for a desk or the demo."""

from django.core.exceptions import ImproperlyConfigured

from intranet.settings.base import *  # noqa: F403
from intranet.settings.environment import DEFAULT_SECRET_KEY, env

if env("SECRET_KEY") == DEFAULT_SECRET_KEY or len(env("SECRET_KEY")) < 50:
    raise ImproperlyConfigured("SECRET_KEY: set one of your own, at least 50 characters")
if env("DEMO"):
    raise ImproperlyConfigured("DEMO: sample people are not for a real office")
if env("DEMO_DAY"):
    raise ImproperlyConfigured("DEMO_DAY: the clock of a real office is the real one")
if not ALLOWED_HOSTS:  # noqa: F405
    raise ImproperlyConfigured("ALLOWED_HOSTS: name the host that people type")

SECURE_SSL_REDIRECT = env("BEHIND_TLS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
