"""What the ledger says of papers for seminars, held against their rows and files."""

from collections.abc import Iterable, Sequence
from typing import Any

from documents.witnesses import stored
from ledger.witnesses import file_witness, witness
from seminars.models import PaperVersion

Entries = Sequence[tuple[int, dict[str, Any]]]
Problems = Iterable[tuple[int, str]]


@witness("seminar.paper_submitted")
def papers_kept(entries: Entries) -> Problems:
    """Every version is there as it was handed in."""
    rows = PaperVersion.objects.in_bulk([data["version"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["version"])
        if row is None or (row.sha256, row.no) != (data["sha256"], data["no"]):
            yield seq, f"version {data['version']} of a paper is not what was handed in"


@file_witness("seminar.paper_submitted")
def files_of_papers_kept(entries: Entries) -> Problems:
    """The file of every version is in the store and still has its hash and size."""
    for seq, data in entries:
        if stored(data["sha256"]) != (data["sha256"], data["size"]):
            yield seq, f"file {data['sha256']} is missing or changed"


def is_of_a_paper(sha256: str) -> bool:
    """Say whether a paper was handed in with this file, so that a sweep leaves it."""
    return PaperVersion.objects.filter(sha256=sha256).exists()
