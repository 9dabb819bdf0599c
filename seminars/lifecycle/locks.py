"""The one lock under which a seminar, its places and its seats change."""

from seminars.models import Seminar


def locked(seminar: Seminar) -> Seminar:
    """Return it as it is now, its row locked until the transaction ends."""
    rows = Seminar.objects.select_for_update(of=("self",)).select_related("agency", "programme")
    return rows.get(pk=seminar.pk)
