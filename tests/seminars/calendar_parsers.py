"""What programs that are not ours read in a calendar: two parsers, and libical's check."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import icalendar
import vobject

from tests.seminars import libical_check

#: The Python that Debian's packages install into; no virtual environment has libical.
SYSTEM_PYTHON = Path("/usr/bin/python3")


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as a parser understood it. Times in UTC; the end of whole days as in the file."""

    uid: str
    sequence: int
    status: str
    changed_at: datetime
    starts: datetime | date
    ends: datetime | date
    free: bool
    summary: str
    location: str
    description: str
    categories: tuple[str, ...]
    url: str
    organiser: str
    attendees: tuple[str, ...]


def with_icalendar(calendar: bytes) -> list[Seen]:
    return [_by_icalendar(event) for event in icalendar.Calendar.from_ical(calendar).walk("VEVENT")]


def with_vobject(calendar: bytes) -> list[Seen]:
    read = vobject.readOne(calendar.decode())
    return [_by_vobject(event) for event in read.contents.get("vevent", [])]


Reader = Callable[[bytes], list[Seen]]
READERS: list[Reader] = [with_icalendar, with_vobject]


def name_by_icalendar(calendar: bytes) -> str:
    """The organiser's name; without backslashes, which it takes for escapes (its issue 1497)."""
    event = icalendar.Calendar.from_ical(calendar).walk("VEVENT")[0]
    return str(event["ORGANIZER"].params.get("CN", ""))


def name_by_vobject(calendar: bytes) -> str:
    """The organiser's name, with what RFC 6868 encodes left encoded."""
    organiser = vobject.readOne(calendar.decode()).vevent.organizer
    return str(organiser.params.get("CN", [""])[0])


def calendar_names(calendar: bytes) -> list[str]:
    """NAME and X-WR-CALNAME. By vobject alone: icalendar hands both over undecoded."""
    read = vobject.readOne(calendar.decode())
    return [line.value for key in ("name", "x-wr-calname") for line in read.contents[key]]


def zone_alone(calendar: bytes) -> Any:
    """The time zone as its VTIMEZONE states it, whatever the parser knows of that name."""
    zone: Any = icalendar.Calendar.from_ical(calendar).walk("VTIMEZONE")[0]
    return zone.to_tz(lookup_tzid=False)


def libical_problems(calendar: bytes) -> list[str] | None:
    """What libical objects to, by the rules for the METHOD; None where there is no libical."""
    if not SYSTEM_PYTHON.exists():
        return None
    run = subprocess.run(
        [SYSTEM_PYTHON, libical_check.__file__], input=calendar, capture_output=True, check=False
    )
    if run.returncode == libical_check.NOT_HERE:
        return None
    assert run.returncode in (0, 1), run.stderr.decode()
    assert not run.stderr, run.stderr.decode()
    return run.stdout.decode().splitlines()


def _by_icalendar(event: Any) -> Seen:
    attendees = event.get("ATTENDEE", [])
    return Seen(
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        status=str(event["STATUS"]),
        changed_at=event.decoded("DTSTAMP"),
        starts=_in_utc(event.decoded("DTSTART")),
        ends=_in_utc(event.decoded("DTEND")),
        free=str(event["TRANSP"]) == "TRANSPARENT",
        summary=str(event["SUMMARY"]),
        location=str(event.get("LOCATION", "")),
        description=str(event.get("DESCRIPTION", "")),
        categories=tuple(map(str, event["CATEGORIES"].cats)) if "CATEGORIES" in event else (),
        url=str(event.get("URL", "")),
        organiser=str(event.get("ORGANIZER", "")),
        attendees=tuple(map(str, attendees if isinstance(attendees, list) else [attendees])),
    )


def _by_vobject(event: Any) -> Seen:
    def value(key: str, otherwise: Any = "") -> Any:
        return event.contents[key][0].value if key in event.contents else otherwise

    return Seen(
        uid=value("uid"),
        sequence=int(value("sequence")),
        status=value("status"),
        changed_at=_in_utc(value("dtstamp")),
        starts=_in_utc(value("dtstart")),
        ends=_in_utc(value("dtend")),
        free=value("transp") == "TRANSPARENT",
        summary=value("summary"),
        location=value("location"),
        description=value("description"),
        categories=tuple(value("categories", ())),
        url=value("url"),
        organiser=value("organizer"),
        attendees=tuple(line.value for line in event.contents.get("attendee", [])),
    )


def _in_utc(when: Any) -> Any:
    return when.astimezone(UTC) if isinstance(when, datetime) else when
