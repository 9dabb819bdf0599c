"""What the ledger's entries on people and agencies are held against."""

from collections.abc import Iterable, Sequence
from typing import Any

from agencies.choices import DayKind
from agencies.models import AgencyName, DayRule, Deputy, Post
from ledger.witnesses import witness

Entries = Sequence[tuple[int, dict[str, Any]]]
Problems = Iterable[tuple[int, str]]


@witness("post.opened")
def posts_opened(entries: Entries) -> Problems:
    """A post still is of that person, agency, role and first day, and nobody made it longer."""
    rows = Post.objects.in_bulk([data["post"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["post"])
        kept = row and (row.user_id, row.agency_id, row.role, row.from_on.isoformat())
        recorded = (data["user"], data["agency"], data["role"], data["from"])
        if kept != recorded or (row and _longer(row, data["to"])):
            yield seq, f"post {data['post']} is not what was opened"


@witness("post.ended")
def posts_ended(entries: Entries) -> Problems:
    rows = Post.objects.in_bulk([data["post"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["post"])
        if row is None or _longer(row, data["to"]):
            yield seq, f"post {data['post']} did not end on {data['to']}"


@witness("deputy.appointed")
def mandates_given(entries: Entries) -> Problems:
    rows = Deputy.objects.in_bulk([data["mandate"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["mandate"])
        kept = row and (row.of_id, row.deputy_id, row.scope, row.from_on.isoformat())
        recorded = (data["post"], data["deputy"], data["scope"], data["from"])
        if kept != recorded or (row and _longer(row, data["to"])):
            yield seq, f"mandate {data['mandate']} is not what was given"


@witness("deputy.ended")
def mandates_ended(entries: Entries) -> Problems:
    rows = Deputy.objects.in_bulk([data["mandate"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["mandate"])
        if row is None or _longer(row, data["to"]):
            yield seq, f"mandate {data['mandate']} did not end on {data['to']}"


@witness("agency.founded", "agency.renamed")
def names_given(entries: Entries) -> Problems:
    rows = AgencyName.objects.in_bulk([data["name"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["name"])
        kept = row and (row.agency_id, row.from_on.isoformat())
        if kept != (data["agency"], data["from"]):
            yield seq, f"name {data['name']} of agency {data['agency']} is not what was entered"


@witness("days.ruled", "day.restored")
def days_ruled(entries: Entries) -> Problems:
    """A day that was ruled still is, unless it was taken back later.

    One batch holds all of them: a decree or two come a year.
    """
    spoken: dict[str, tuple[int, str | None]] = {}
    for seq, data in entries:
        if "day" in data:
            spoken[data["day"]] = (seq, None)
        else:
            spoken[data["off"]] = (seq, DayKind.OFF)
            if data["worked"] is not None:
                spoken[data["worked"]] = (seq, DayKind.WORKING)
    kept = {
        day.isoformat(): kind
        for day, kind in DayRule.objects.filter(day__in=spoken).values_list("day", "kind")
    }
    for day, (seq, kind) in spoken.items():
        if kind is not None and kept.get(day) != kind:
            yield seq, f"day {day} is not what was ruled"


def _longer(row: Post | Deputy, recorded: str | None) -> bool:
    """Say whether the row lasts beyond the last day that the ledger knows."""
    if recorded is None:
        return False
    return row.to_on is None or row.to_on.isoformat() > recorded
