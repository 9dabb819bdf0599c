"""Checks at start: what would make an installation unsafe."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection


@register(Tags.database)
def sqlite_locks_at_once(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """SQLite must begin each transaction IMMEDIATE, or concurrent acknowledgements fail."""
    database = settings.DATABASES["default"]
    if connection.vendor != "sqlite":
        return []
    if database.get("OPTIONS", {}).get("transaction_mode") == "IMMEDIATE":
        return []
    return [
        Error(
            "SQLite must run with transaction_mode IMMEDIATE.",
            hint="In DEFERRED mode writers fail with 'database is locked' whatever the timeout.",
            id="kinhgui.E001",
        )
    ]
