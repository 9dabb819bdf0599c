"""What a schedule says at one moment, as it is kept, compared and printed; its digest.

An item is known across versions by its key: "s12" follows seminar 12, "t7" was typed and is row 7.
Times are units of five minutes (seminars.instants).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from seminars.weekly.weeks import Week

#: In which order half-days stand; an item of the whole day stands first.
HALVES = ("whole", "morning", "afternoon", "evening")


@dataclass(frozen=True)
class Item:
    """One line of a schedule. Names of people and places are words as they are printed."""

    key: str
    day: date
    half: str
    content: str
    #: None: the hour is to be set, or it takes the whole half-day.
    start5: int | None = None
    end5: int | None = None
    chair: str = ""
    #: Leaders of the agency who attend, each by name.
    leaders: tuple[str, ...] = ()
    #: Who else comes, in words.
    joint: str = ""
    place: str = ""
    #: Who prepares it.
    unit: str = ""
    staff: str = ""
    #: "(Giấy mời riêng)": an invitation of its own is sent.
    separate: bool = False
    #: The seminar that it follows; whether this agency is invited to it by another.
    seminar: int | None = None
    invited: bool = False
    #: The agencies and units that are told of it, by id.
    agencies: tuple[int, ...] = ()

    @property
    def when(self) -> tuple[date, str, int | None, int | None]:
        return self.day, self.half, self.start5, self.end5

    @property
    def order(self) -> tuple[Any, ...]:
        start = self.start5
        half, typed = HALVES.index(self.half), self.key[0] == "t"
        return self.day, half, start is not None, start or 0, typed, int(self.key[1:])


@dataclass(frozen=True)
class Snapshot:
    """A schedule as it is issued. Nothing in it changes when agency, people or seminars do."""

    year: int
    week: int
    agency: str
    parent: str = ""
    #: Where papers of the agency are dated.
    place: str = ""
    #: "Lịch này thay giấy mời": units named in items are invited by it.
    replaces_invitations: bool = False
    recipients: tuple[str, ...] = ()
    #: The lines above the signature: "TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG".
    signed_as: tuple[str, ...] = ()
    signer: str = ""
    #: The leaders whose columns stand first, head before others.
    leaders: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    #: Why items of the version before are gone: key to one of differences.Gone.
    gone: dict[str, str] = field(default_factory=dict)
    #: The agencies that are units of this one, among those that items name.
    units: tuple[int, ...] = ()

    @property
    def of_week(self) -> Week:
        return Week(self.year, self.week)

    def only(self, items: Iterable[Item]) -> "Snapshot":
        """Return it with these items alone."""
        return replace(self, items=tuple(items))


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda each: each.order))


def as_json(snapshot: Snapshot) -> dict[str, Any]:
    """Return what the column holds: strings, numbers, lists."""
    values = asdict(snapshot)
    values["items"] = [each | {"day": each["day"].isoformat()} for each in values["items"]]
    # Lists where there are tuples, as they come back from the database.
    plain: dict[str, Any] = json.loads(json.dumps(values))
    return plain


def from_json(values: dict[str, Any]) -> Snapshot:
    """Return the snapshot that `as_json` wrote."""
    items = tuple(
        Item(
            **each
            | {
                "day": date.fromisoformat(each["day"]),
                "leaders": tuple(each["leaders"]),
                "agencies": tuple(each["agencies"]),
            }
        )
        for each in values["items"]
    )
    lists = {name: tuple(values[name]) for name in ("recipients", "signed_as", "leaders", "units")}
    return Snapshot(**values | lists | {"items": items})


def digest_of(values: dict[str, Any]) -> str:
    """Return the SHA-256 (hex) of what the column holds; the order of its keys does not count."""
    written = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


# -- What another agency is shown ---------------------------------------------------------------


def for_agency(items: Iterable[Item], agency: int) -> tuple[Item, ...]:
    """Return the items that name this agency, without what concerns the schedule's own people."""
    return tuple(
        replace(each, leaders=(), joint="", staff="", agencies=(agency,))
        for each in items
        if agency in each.agencies
    )


def inviting(snapshot: Snapshot, agency: int) -> tuple[str, ...]:
    """Return the keys of items to which the schedule itself invites this unit of the agency."""
    if not snapshot.replaces_invitations or agency not in snapshot.units:
        return ()
    return tuple(
        each.key for each in snapshot.items if agency in each.agencies and not each.separate
    )


def to_be_told(before: Snapshot | None, after: Snapshot) -> list[int]:
    """Return the agencies for which something changed in what they are shown, ascending."""
    olds = before.items if before else ()
    named = {agency for each in (*olds, *after.items) for agency in each.agencies}
    return sorted(
        agency
        for agency in named
        if for_agency(olds, agency) != for_agency(after.items, agency)
        or (inviting(before, agency) if before else ()) != inviting(after, agency)
    )
