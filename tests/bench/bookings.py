"""Rows B3 and B4 of the study of seminars: many write at once, each race on a database of its own."""

from pathlib import Path
from typing import Any

from tests import migrated
from tests.races import campaigns

Row = dict[str, Any]

WRITERS = 8
BOOKINGS = 12_000
A_SECOND = 300
AGENCIES, SEATS = 320, 50


def measure(folder: Path) -> list[Row]:
    """Return what the races found; a row is wrong when rooms or seats were given twice."""
    return [_rooms(folder), _seats(folder)]


def _rooms(folder: Path) -> Row:
    found = campaigns.run(
        "book_rooms", template=migrated.template(), folder=folder,
        processes=WRITERS, bookings=BOOKINGS,
    )  # fmt: skip
    rate = int(found.facts.get("a_second", 0))
    said = found.findings or [f"{found.facts.get('accepted'):,} had, none overlaps, no error"]
    return {
        "what": f"seminars: {WRITERS} writers, {BOOKINGS:,} bookings",
        "figure": f"{rate} a second; {'; '.join(said)}",
        "target": f"≥ {A_SECOND} a second, no overlap",
        "met": rate >= A_SECOND and not found.findings,
        "wrong": bool(found.findings),
    }


def _seats(folder: Path) -> Row:
    found = campaigns.run(
        "name_delegates", template=migrated.template(), folder=folder,
        processes=WRITERS, agencies=AGENCIES, seats=SEATS,
    )  # fmt: skip
    counted = f"{found.facts.get('had')} had, {found.facts.get('waiting')} wait in order"
    return {
        "what": f"seminars: {WRITERS} writers name {AGENCIES} for {SEATS} seats",
        "figure": "; ".join(found.findings) or counted,
        "target": f"{SEATS} had, {AGENCIES - SEATS} wait in order",
        "met": not found.findings,
        "wrong": bool(found.findings),
    }
