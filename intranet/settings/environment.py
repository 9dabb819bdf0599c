"""Every setting that an installation may make, read from the environment here and nowhere else.

`docs/operations.md` describes each one; a test fails for a setting that it leaves out.
"""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"

#: Known to everybody, so good for a desk and refused by production.
DEFAULT_SECRET_KEY = "not-a-secret-only-for-a-desk-or-the-demo-change-me-in-production"  # noqa: S105

env = environ.Env(
    SECRET_KEY=(str, DEFAULT_SECRET_KEY),
    DATABASE_URL=(str, f"sqlite:///{VAR_DIR / 'kinhgui.sqlite3'}"),
    ALLOWED_HOSTS=(list, []),
    CSRF_TRUSTED_ORIGINS=(list, []),
    FILES_DIR=(str, str(VAR_DIR / "files")),
    MEDIA_DIR=(str, str(VAR_DIR / "media")),
    STATIC_DIR=(str, str(VAR_DIR / "static")),
    SEARCH_DIR=(str, str(VAR_DIR / "search")),
    ELASTICSEARCH_URL=(list, []),
    ELASTICSEARCH_API_KEY=(str, ""),
    ELASTICSEARCH_USER=(str, ""),
    ELASTICSEARCH_PASSWORD=(str, ""),
    ELASTICSEARCH_CA=(str, ""),
    ELASTICSEARCH_INDEX=(str, "archive"),
    ELASTICSEARCH_REPLICAS=(int, 1),
    CACHE_URL=(str, "locmemcache://"),
    EMAIL_URL=(str, "consolemail://"),
    MAIL_FROM=(str, "kinh-gui@localhost"),
    PUBLIC_ADDRESS=(str, "http://127.0.0.1:8000"),
    BEHIND_TLS=(bool, True),
    MFA_REQUIRED=(bool, False),
    DEMO=(bool, False),
    DEMO_DAY=(str, ""),
)
