"""The abbreviations of this installation: each question is read with them."""

from search.kept import Kept
from search.models import Abbreviation


def _read() -> dict[str, str]:
    return dict(Abbreviation.objects.values_list("short", "long"))


#: Each abbreviation with what it stands for (one query a minute).
known: Kept[dict[str, str]] = Kept(_read)


def connect() -> None:
    known.connect(Abbreviation)
