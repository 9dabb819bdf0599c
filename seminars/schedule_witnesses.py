"""What the ledger's entries about schedules are held against."""

from collections.abc import Iterable, Sequence
from typing import Any

from ledger.witnesses import witness
from seminars.models import ScheduleVersion
from seminars.weekly.snapshot import digest_of

Entries = Sequence[tuple[int, dict[str, Any]]]
Problems = Iterable[tuple[int, str]]


@witness("schedule.issued")
def schedules_issued(entries: Entries) -> Problems:
    """The stored snapshot still gives the digest that was recorded."""
    rows = ScheduleVersion.objects.in_bulk([data["version"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["version"])
        if (
            row is None
            or (row.schedule_id, row.no) != (data["schedule"], data["no"])
            or digest_of(row.snapshot) != data["digest"]
        ):
            yield seq, f"schedule version {data['version']} is not what was issued"
