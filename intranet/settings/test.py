"""What the tests run with: the desk's settings, quick passwords, files in a folder of their own."""

import tempfile

from intranet.settings.base import *  # noqa: F403

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
STORAGES["attachments"]["OPTIONS"]["location"] = tempfile.mkdtemp(prefix="kinh-gui-test-")  # noqa: F405
SEARCH_DIR = tempfile.mkdtemp(prefix="kinh-gui-test-search-")
# Nodes of one's own are for work; tests use those of TEST_ELASTICSEARCH_URL alone.
ELASTICSEARCH["hosts"] = []  # noqa: F405
MEDIA_ROOT = tempfile.mkdtemp(prefix="kinh-gui-test-media-")
STATIC_ROOT = tempfile.mkdtemp(prefix="kinh-gui-test-static-")
WHITENOISE_USE_FINDERS = True
# Found when asked for: else every client of every test lists all static files first.
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_RATE_LIMITS = {"login": "10000/m/ip", "answer_by_link": "10000/m/ip"}
