"""Small tables that every question needs, kept for a minute by each process."""

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models.signals import post_delete, post_save

#: Seconds until another process's change is seen; one of this process is seen at once.
_KEPT = 60.0

T = TypeVar("T")


class Cached(Generic[T]):
    """What `load` returns, read anew after a minute or when a row of its table changes here."""

    def __init__(self, load: Callable[[], T]) -> None:
        self._load = load
        self._kept: tuple[float, T] | None = None

    def __call__(self) -> T:
        kept = self._kept
        if kept is None or kept[0] < time.monotonic():
            kept = self._kept = time.monotonic() + _KEPT, self._load()
        return kept[1]

    def forget(self, **_kwargs: Any) -> None:
        """Read it anew at the next question."""
        self._kept = None

    def connect(self, model: type[models.Model]) -> None:
        """Forget whenever a row of that table is saved or deleted here."""
        for signal in (post_save, post_delete):
            signal.connect(self.forget, sender=model, weak=False, dispatch_uid=f"cached.{id(self)}")
