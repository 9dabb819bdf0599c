"""The one lock under which a seminar, its places and its seats change; and how it is kept."""

from datetime import datetime

from seminars.models import Seminar


def locked(seminar: Seminar) -> Seminar:
    """Return it as it is now, its row locked until the transaction ends."""
    rows = Seminar.objects.select_for_update(of=("self",)).select_related("agency", "programme")
    return rows.get(pk=seminar.pk)


def raise_sequence(seminar: Seminar) -> None:
    """Count a change of time, place or standing, by which calendars know the newer version."""
    seminar.sequence += 1


def keep(seminar: Seminar, *, at: datetime) -> None:
    """Save it, counted as one more edit of that moment."""
    seminar.edits += 1
    seminar.changed_at = at
    seminar.save()
