"""The abbreviations of this installation: each question is read with them."""

from search.cached import Cached
from search.models import Abbreviation


def _read() -> dict[str, str]:
    return dict(Abbreviation.objects.values_list("short", "long"))


#: Each abbreviation with what it stands for (one query a minute).
known: Cached[dict[str, str]] = Cached(_read)


def connect() -> None:
    known.connect(Abbreviation)
