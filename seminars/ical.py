"""iCalendar (RFC 5545, 7986): feeds that are subscribed to, and messages by mail (RFC 5546).

What is written depends on the arguments alone: the same state gives the same bytes, whatever the
clock shows and in whatever order a query returned the events.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from urllib.parse import quote

PRODUCT = "-//Kinh gui//Seminars//VI"
#: Octets of a line without its end (RFC 5545, 3.1).
LONGEST_LINE = 75

#: Vietnam since 13 June 1975: the one rule that the VTIMEZONE below states.
_VIETNAM = timezone(timedelta(hours=7))
_FIRST = datetime(1975, 6, 13, tzinfo=_VIETNAM)
_LAST = datetime(9999, 12, 31, tzinfo=_VIETNAM)
_TIMEZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Ho_Chi_Minh",
    "BEGIN:STANDARD",
    "DTSTART:19750613T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0700",
    "TZNAME:+07",
    "END:STANDARD",
    "END:VTIMEZONE",
)

#: What some program takes for the end of a line; word processors and web pages paste them all.
_LINE_END = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
#: No character of a text. The tab is one.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UID = re.compile(r"[!-~]{1,255}")
_MAIL = re.compile(r"[!-?A-~]+@[!-?A-~]+")
#: The characters of RFC 3986, behind a scheme.
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")


class Method(StrEnum):
    """What a calendar is sent for (RFC 5546, 1.4). A feed that is fetched has no method."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Status(StrEnum):
    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class Role(StrEnum):
    CHAIR = "CHAIR"
    REQUIRED = "REQ-PARTICIPANT"
    OPTIONAL = "OPT-PARTICIPANT"
    INFORMED = "NON-PARTICIPANT"


class Answer(StrEnum):
    """What an attendee said (PARTSTAT)."""

    NONE = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"


@dataclass(frozen=True, slots=True)
class Organiser:
    """Raises: ValueError for what is no mail address in ASCII."""

    name: str
    mail: str

    def __post_init__(self) -> None:
        _require_mail(self.mail)


@dataclass(frozen=True, slots=True)
class Attendee:
    """Raises: ValueError for what is no mail address in ASCII."""

    name: str
    mail: str
    role: Role = Role.REQUIRED
    partstat: Answer = Answer.NONE
    rsvp: bool = True

    def __post_init__(self) -> None:
        _require_mail(self.mail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A meeting from `starts` until `ends`, or on the whole days `day` to `last_day`, both included.

    Without `last_day` it is one day. Moments are aware; those of the meeting are whole seconds.

    Raises: ValueError for what cannot be written truly. A time before 13 June 1975 is one, since
    Vietnam's clocks were an hour ahead then: nobody plans for it, so it is a slip, and written in
    UTC the slip would go out into calendars.
    """

    uid: str
    #: Grows with each change of time, place or status, never falls.
    sequence: int
    #: DTSTAMP and LAST-MODIFIED. From the stored state, never from the clock.
    changed_at: datetime
    summary: str
    starts: datetime | None = None
    ends: datetime | None = None
    day: date | None = None
    last_day: date | None = None
    location: str = ""
    description: str = ""
    url: str = ""
    organiser: Organiser | None = None
    #: A line of its own above the description: few programs show CONTACT.
    chair: str = ""
    #: Written into messages only; no feed tells who is invited.
    attendees: tuple[Attendee, ...] = ()
    status: Status = Status.CONFIRMED
    created_at: datetime | None = None
    #: Leaves its time free. A cancelled event does so anyway.
    transparent: bool = False
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _UID.fullmatch(self.uid):
            raise ValueError("a uid is 1 to 255 visible ASCII characters")
        if self.sequence < 0:
            raise ValueError("a sequence is counted from 0")
        if not _clean(self.summary).strip():
            raise ValueError("an event needs a summary")
        if self.url and not _URL.fullmatch(self.url):
            raise ValueError("a url is absolute and in ASCII")
        _require_moment(self.changed_at)
        if self.created_at is not None:
            _require_moment(self.created_at)
        if self.starts is not None and self.ends is not None:
            if self.day is not None or self.last_day is not None:
                raise ValueError("an event has times or whole days, not both")
            _require_times(self.starts, self.ends)
        elif self.starts is None and self.ends is None and self.day is not None:
            _require_days(self.day, self.last_day or self.day)
        else:
            raise ValueError("an event has a start and an end, or a day")


def calendar(
    events: Iterable[Event],
    *,
    name: str = "",
    method: Method | None = None,
    refresh: timedelta = timedelta(hours=1),
) -> bytes:
    """Write events, ordered by start and uid, as one calendar in UTF-8.

    Without a method, or to PUBLISH, it is a feed: it has the `name` that subscribers see, asks to
    be fetched again after `refresh` (whole minutes), and names no attendee. Only without a method
    may it be empty or hold events without an organiser.

    Raises: ValueError where RFC 5546, 3.2 forbids the message: PUBLISH without an event or an
    organiser; REQUEST or CANCEL of other than one event, without organiser or attendee; REQUEST of
    a cancelled event; CANCEL of one that is not cancelled or whose sequence was not raised. Also
    for a feed without a name and for two events with one uid.
    """
    ordered = sorted(events, key=_order)
    _require_unlike(ordered)
    if method is not None:
        _require_method(ordered, method)
    feed = method in (None, Method.PUBLISH)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    if method is not None:
        lines.append(f"METHOD:{method}")
    if feed:
        lines += _feed(name, refresh)
    # A calendar has at least one component (RFC 5545, 3.6): an empty feed has its time zone.
    if not ordered or any(event.starts for event in ordered):
        lines += _TIMEZONE
    for event in ordered:
        lines += _event(event, with_attendees=not feed)
    lines.append("END:VCALENDAR")
    return b"".join(map(_folded, lines))


# -- Rules -------------------------------------------------------------------------------------


def _require_mail(mail: str) -> None:
    if not _MAIL.fullmatch(mail):
        raise ValueError("a mail address is ASCII with one @")


def _require_moment(moment: datetime) -> None:
    if moment.utcoffset() is None:
        raise ValueError("a time needs its zone")
    if not _FIRST <= moment < _LAST:
        raise ValueError("a time is of 13 June 1975 or later, before the last day of 9999")


def _require_times(starts: datetime, ends: datetime) -> None:
    _require_moment(starts)
    _require_moment(ends)
    if starts.microsecond or ends.microsecond:
        raise ValueError("an event starts and ends on a whole second")
    # Python compares two times of one zone by what their clocks show, which goes back in autumn.
    if ends.astimezone(UTC) <= starts.astimezone(UTC):
        raise ValueError("an event ends after it starts")


def _require_days(day: date, last_day: date) -> None:
    # A datetime is a date to Python, and its day depends on a zone.
    if isinstance(day, datetime) or isinstance(last_day, datetime):
        raise ValueError("a whole day is a date, without a time")
    if not _FIRST.date() <= day <= last_day < _LAST.date():
        raise ValueError("the last day is not before the first, both from 13 June 1975 on")


def _require_unlike(events: Sequence[Event]) -> None:
    if len({event.uid for event in events}) < len(events):
        raise ValueError("two events have the same uid")


def _require_method(events: Sequence[Event], method: Method) -> None:
    if not events:
        raise ValueError(f"{method} needs an event")
    if any(event.organiser is None for event in events):
        raise ValueError(f"{method} needs an organiser")
    if method is Method.PUBLISH:
        return
    if len(events) > 1:
        raise ValueError(f"{method} is of one event")
    if not events[0].attendees:
        raise ValueError(f"{method} needs an attendee")
    if (method is Method.CANCEL) != (events[0].status is Status.CANCELLED):
        raise ValueError("CANCEL is of a cancelled event, REQUEST of any other")
    if method is Method.CANCEL and events[0].sequence == 0:
        raise ValueError("CANCEL needs a sequence above that of the invitation")


# -- Properties --------------------------------------------------------------------------------


def _order(event: Event) -> tuple[datetime, str]:
    if event.starts is not None:
        return event.starts.astimezone(UTC), event.uid
    assert event.day is not None
    return datetime.combine(event.day, time(), _VIETNAM), event.uid


def _feed(name: str, refresh: timedelta) -> Iterator[str]:
    title = _clean(name)
    if not title.strip():
        raise ValueError("a feed needs a name")
    minutes, rest = divmod(refresh, timedelta(minutes=1))
    if minutes < 1 or rest:
        raise ValueError("a feed is fetched again after whole minutes")
    every = f"PT{minutes // 60}H" if minutes % 60 == 0 else f"PT{minutes}M"
    yield f"NAME:{_escaped(title)}"
    yield f"X-WR-CALNAME:{_escaped(title)}"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{every}"
    yield f"X-PUBLISHED-TTL:{every}"


def _event(event: Event, *, with_attendees: bool) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(event.uid)}"
    changed = _utc(event.changed_at)
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    if event.created_at is not None:
        yield f"CREATED:{_utc(event.created_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"STATUS:{event.status}"
    yield from _when(event)
    free = event.transparent or event.status is Status.CANCELLED
    yield f"TRANSP:{'TRANSPARENT' if free else 'OPAQUE'}"
    yield from _text("SUMMARY", event.summary)
    yield from _text("LOCATION", event.location)
    yield from _text("DESCRIPTION", "\n".join(filter(None, (event.chair, event.description))))
    names = [_escaped(name) for name in map(_clean, event.categories) if name.strip()]
    if names:
        yield f"CATEGORIES:{','.join(names)}"
    if event.url:
        yield f"URL:{event.url}"
    if event.organiser is not None:
        yield f"ORGANIZER{_named(event.organiser.name)}:{_mailto(event.organiser.mail)}"
    if with_attendees:
        yield from map(_attendee, event.attendees)
    yield "END:VEVENT"


def _when(event: Event) -> Iterator[str]:
    if event.starts is not None and event.ends is not None:
        yield f"DTSTART;TZID=Asia/Ho_Chi_Minh:{_local(event.starts)}"
        yield f"DTEND;TZID=Asia/Ho_Chi_Minh:{_local(event.ends)}"
        return
    assert event.day is not None
    # The end is the first day that is free again (RFC 5545, 3.6.1).
    free = (event.last_day or event.day) + timedelta(days=1)
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{free:%Y%m%d}"


def _attendee(attendee: Attendee) -> str:
    return (
        f"ATTENDEE{_named(attendee.name)};ROLE={attendee.role};PARTSTAT={attendee.partstat}"
        f";RSVP={'TRUE' if attendee.rsvp else 'FALSE'}:{_mailto(attendee.mail)}"
    )


def _text(key: str, text: str) -> Iterator[str]:
    """Write nothing for a blank text: a property without a value is an error to some readers."""
    clean = _clean(text)
    if clean.strip():
        yield f"{key}:{_escaped(clean)}"


# -- Values ------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    """Compose letters with their marks (NFC), end lines with LF, drop other control characters."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _CONTROL.sub("", _LINE_END.sub("\n", text)))


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\n", "\\n")


def _named(name: str) -> str:
    """Write a name as a parameter, its quotes and line ends as RFC 6868 says."""
    clean = _clean(name)
    if not clean.strip():
        return ""
    clean = clean.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f';CN="{clean}"'


def _mailto(mail: str) -> str:
    return "mailto:" + quote(mail, safe="@!$'*+")


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(_VIETNAM):%Y%m%dT%H%M%S}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> bytes:
    """Cut a line into pieces of 75 octets at most, between characters, and end it."""
    octets = line.encode()
    if len(octets) <= LONGEST_LINE:
        return octets + b"\r\n"
    pieces = []
    start, end = 0, LONGEST_LINE
    while end < len(octets):
        while octets[end] & 0b1100_0000 == 0b1000_0000:
            end -= 1
        pieces.append(octets[start:end])
        # The space before each further piece is an octet of its line.
        start, end = end, end + LONGEST_LINE - 1
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces) + b"\r\n"
