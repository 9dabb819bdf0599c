"""The abbreviations of this installation, kept for a minute: every query asks for them."""

import time
from typing import Any

from django.db.models.signals import post_delete, post_save

from search.models import Abbreviation

#: Seconds until another process's change is seen; one of this process is seen at once.
_KEPT = 60.0

_kept: tuple[float, dict[str, str]] | None = None


def known() -> dict[str, str]:
    """Return each abbreviation with what it stands for (one query a minute)."""
    global _kept
    kept = _kept
    if kept is None or kept[0] < time.monotonic():
        kept = time.monotonic() + _KEPT, dict(Abbreviation.objects.values_list("short", "long"))
        _kept = kept
    return kept[1]


def forget(**_kwargs: Any) -> None:
    """Read them anew at the next query."""
    global _kept
    _kept = None


def connect() -> None:
    for signal in (post_save, post_delete):
        signal.connect(forget, sender=Abbreviation, dispatch_uid="search.abbreviations")
