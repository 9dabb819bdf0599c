"""The hours of an agenda: each line begins where the one before it ends."""

from collections.abc import Iterable
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]


def hours(starts_at: datetime, minutes: Iterable[int]) -> list[Span]:
    """Return from when to when each line lasts, in order; the first begins with the seminar."""
    spans = []
    for each in minutes:
        ends_at = starts_at + timedelta(minutes=each)
        spans.append((starts_at, ends_at))
        starts_at = ends_at
    return spans


def too_long(starts_at: datetime, ends_at: datetime, minutes: Iterable[int]) -> int:
    """Return how many minutes the lines take beyond the seminar; 0 where they fit."""
    there = (ends_at - starts_at) // timedelta(minutes=1)
    return max(0, sum(minutes) - there)
