"""A developer's desk and the demonstration."""

from intranet.settings.base import *  # noqa: F403
from intranet.settings.environment import env

DEBUG = not env("DEMO")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
# No manifest to build before a page shows.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
