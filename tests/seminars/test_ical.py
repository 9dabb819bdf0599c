"""Calendars that other programs understand: read back by two parsers, checked by libical."""

import os
import random
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seminars.ical import Answer, Attendee, Event, Method, Organiser, Role, Status, calendar
from tests.seminars import calendar_parsers
from tests.seminars.calendar_parsers import READERS, Reader, Seen

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")
CHANGED = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)
MORNING: dict[str, Any] = {
    "starts": datetime(2026, 11, 27, 7, 30, tzinfo=VIETNAM),
    "ends": datetime(2026, 11, 27, 10, 30, tzinfo=VIETNAM),
}
WHOLE_DAY: dict[str, Any] = {"starts": None, "ends": None, "day": date(2026, 11, 27)}
OFFICE = Organiser("Sở Thử nghiệm", "vanthu@so.example.vn")
COMMUNE = Attendee("UBND xã Mẫu", "vanthu@xamau.example.vn")
DISTRICT = Attendee(
    "Phòng Mẫu", "phong@mau.example.vn", role=Role.OPTIONAL, partstat=Answer.ACCEPTED, rsvp=False
)
INVITED: dict[str, Any] = {"organiser": OFFICE, "attendees": (COMMUNE, DISTRICT)}


def event(**changes: Any) -> Event:
    fields: dict[str, Any] = {
        "uid": "7c1e@hoithao.example.vn",
        "sequence": 1,
        "changed_at": CHANGED,
        "summary": "Hội thảo chuyển đổi số cấp xã",
        **MORNING,
    }
    return Event(**(fields | changes))


def feed(*events: Event) -> bytes:
    return calendar(events, name="Lịch công tác")


def invitation(**changes: Any) -> bytes:
    return calendar([event(**(INVITED | changes))], method=Method.REQUEST)


def cancellation(**changes: Any) -> bytes:
    cancelled: dict[str, Any] = {"status": Status.CANCELLED, **INVITED}
    return calendar([event(**(cancelled | changes))], method=Method.CANCEL)


def lines(written: bytes) -> list[str]:
    """The content lines, put together again."""
    return written.decode().replace("\r\n ", "").split("\r\n")


def plain(text: str) -> str:
    """A text as it may arrive: composed, its line ends all alike, without control characters."""
    for end in ("\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"):
        text = text.replace(end, "\n")
    kept = [char for char in text if char in "\t\n" or unicodedata.category(char) not in "Cc Cs"]
    return unicodedata.normalize("NFC", "".join(kept))


def shown(text: str) -> str:
    return plain(text) if plain(text).strip() else ""


def as_read(event: Event) -> Seen:
    """What a reader of a feed has to see."""
    starts: Any = event.starts and event.starts.astimezone(UTC)
    ends: Any = event.ends and event.ends.astimezone(UTC)
    if event.day:
        starts = event.day
        ends = (event.last_day or event.day) + timedelta(days=1)
    return Seen(
        uid=event.uid,
        sequence=event.sequence,
        status=event.status.value,
        changed_at=event.changed_at.astimezone(UTC).replace(microsecond=0),
        starts=starts,
        ends=ends,
        free=event.transparent or event.status is Status.CANCELLED,
        summary=plain(event.summary),
        location=shown(event.location),
        description=shown("\n".join(part for part in (event.chair, event.description) if part)),
        categories=tuple(shown(name) for name in event.categories if shown(name)),
        url=event.url,
        organiser=f"mailto:{event.organiser.mail}" if event.organiser else "",
        attendees=(),
    )


AWKWARD = "\\;,:^\"'\n\r\t \x00\x0b\x0c\x1c\x7f\x85\u2028\u2029\u037e\ud800\ufeff"
MARKED = "ẠặĐđơƯữỹ\u0301\u0302\u0309\u0323👩‍🌾"
short = st.text(st.sampled_from(AWKWARD + MARKED) | st.characters(), max_size=40)
#: Long ones fill several lines.
anything = short | st.builds(lambda text, times: text * times, short, st.integers(10, 20))
titles = anything.filter(lambda text: plain(text).strip())
moments = st.datetimes(
    datetime(1975, 6, 14),  # noqa: DTZ001 - its zone is drawn
    datetime(9999, 12, 28),  # noqa: DTZ001
    timezones=st.sampled_from(
        [UTC, VIETNAM, BERLIN, ZoneInfo("America/New_York"), timezone(timedelta(hours=-11))]
    ),
)
days = st.dates(date(1975, 6, 13), date(9999, 12, 30))


@st.composite
def spans(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.booleans()):
        first, last = sorted((draw(days), draw(days)))
        return {"day": first, "last_day": draw(st.sampled_from([first, last, None]))}
    starts = draw(moments).replace(microsecond=0)
    length = timedelta(seconds=draw(st.integers(1, 80_000)))
    return {"starts": starts, "ends": starts.astimezone(UTC) + length}


@st.composite
def events(draw: st.DrawFn) -> Event:
    return Event(
        uid=draw(st.from_regex(r"[!-~]{1,60}", fullmatch=True)),
        sequence=draw(st.integers(0, 1000)),
        changed_at=draw(moments),
        summary=draw(titles),
        location=draw(anything),
        chair=draw(anything),
        description=draw(anything),
        url=draw(st.sampled_from(["", "https://noibo.example.vn/hoi-thao/1?a=1,2;b=%C4%91#x"])),
        organiser=draw(st.sampled_from([None, OFFICE])),
        attendees=draw(st.sampled_from([(), (COMMUNE, DISTRICT)])),
        status=draw(st.sampled_from(Status)),
        transparent=draw(st.booleans()),
        categories=tuple(draw(st.lists(anything, max_size=3))),
        **draw(spans()),
    )


# -- What arrives ------------------------------------------------------------------------------


@pytest.mark.parametrize("read", READERS)
@given(events())
def test_every_event_arrives_as_it_was(read: Reader, event: Event) -> None:
    assert read(feed(event)) == [as_read(event)]


@given(anything.map(lambda text: text.replace("\\", "")))
@example('Ông "Thử" ^n; phòng A: 1,\r\nphòng B')
def test_any_name_arrives_in_a_parameter(name: str) -> None:
    written = feed(event(organiser=Organiser(name, "a@example.vn")))

    assert calendar_parsers.name_by_icalendar(written) == shown(name)


@given(anything.map(lambda text: re.sub('[\\^"]', "", " ".join(plain(text).split("\n")))))
@example("Phòng A\\; B\\: C\\, D\\n")
def test_a_backslash_in_a_parameter_is_a_backslash(name: str) -> None:
    written = feed(event(organiser=Organiser(name, "a@example.vn")))

    assert calendar_parsers.name_by_vobject(written) == shown(name)


@given(titles)
def test_any_name_of_a_calendar_arrives(name: str) -> None:
    written = calendar([event()], name=name)

    assert calendar_parsers.calendar_names(written) == [plain(name), plain(name)]


def test_a_mark_that_composes_to_a_semicolon_is_escaped() -> None:
    """U+037E is canonically a semicolon: composing after escaping would leave it bare."""
    assert "SUMMARY:A\\; B" in lines(feed(event(summary="A\u037e B")))


def test_a_mark_behind_a_removed_character_is_composed_too() -> None:
    assert "SUMMARY:é" in lines(feed(event(summary="e\x00\u0301")))


@pytest.mark.parametrize("read", READERS)
def test_one_whole_day_is_one_day(read: Reader) -> None:
    [seen] = read(feed(event(**WHOLE_DAY)))

    assert (seen.starts, seen.ends) == (date(2026, 11, 27), date(2026, 11, 28))


@pytest.mark.parametrize("read", READERS)
def test_the_last_day_is_included(read: Reader) -> None:
    [seen] = read(feed(event(**WHOLE_DAY, last_day=date(2026, 12, 1))))

    assert isinstance(seen.starts, date)
    assert isinstance(seen.ends, date)
    assert (seen.ends - seen.starts).days == 5


@pytest.mark.parametrize("read", READERS)
def test_who_is_invited_arrives_in_a_request(read: Reader) -> None:
    [seen] = read(invitation())

    assert seen.organiser == "mailto:vanthu@so.example.vn"
    assert seen.attendees == ("mailto:vanthu@xamau.example.vn", "mailto:phong@mau.example.vn")


def test_a_mail_address_is_written_as_a_mailto_address() -> None:
    """RFC 6068: what has a meaning in an address is encoded."""
    written = feed(event(organiser=Organiser("", "a+b%c?d@example.vn")))

    assert "ORGANIZER:mailto:a+b%25c%3Fd@example.vn" in lines(written)


def test_an_attendee_has_a_role_an_answer_and_is_asked_or_not() -> None:
    written = [line for line in lines(invitation()) if line.startswith("ATTENDEE")]

    assert written == [
        'ATTENDEE;CN="UBND xã Mẫu";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE'
        ":mailto:vanthu@xamau.example.vn",
        'ATTENDEE;CN="Phòng Mẫu";ROLE=OPT-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE'
        ":mailto:phong@mau.example.vn",
    ]


def test_stamps_are_of_the_state() -> None:
    created = datetime(2026, 11, 1, 23, 0, 0, 999_999, tzinfo=VIETNAM)

    written = lines(feed(event(changed_at=CHANGED, created_at=created)))

    assert "DTSTAMP:20261120T030405Z" in written
    assert "LAST-MODIFIED:20261120T030405Z" in written
    assert "CREATED:20261101T160000Z" in written


def test_the_chair_stands_above_the_description() -> None:
    written = feed(event(chair="Chủ trì: bà Lê Thị Thử", description="Mang theo máy tính"))

    assert "DESCRIPTION:Chủ trì: bà Lê Thị Thử\\nMang theo máy tính" in lines(written)


def test_a_cancelled_event_leaves_its_time_free() -> None:
    assert "TRANSP:OPAQUE" in lines(feed(event()))
    assert "TRANSP:TRANSPARENT" in lines(feed(event(transparent=True)))
    assert "TRANSP:TRANSPARENT" in lines(feed(event(status=Status.CANCELLED)))


# -- Octets ------------------------------------------------------------------------------------

many_events = st.lists(events(), max_size=3, unique_by=lambda event: event.uid)


@given(many_events, titles)
def test_lines_end_in_crlf_and_nothing_else_ends_one(events: list[Event], name: str) -> None:
    written = calendar(events, name=name)

    assert written.endswith(b"END:VCALENDAR\r\n")
    for line in written.split(b"\r\n"):
        assert len(line.decode().splitlines()) <= 1


@given(many_events, titles)
def test_no_line_is_over_75_octets_and_none_breaks_a_character(
    events: list[Event], name: str
) -> None:
    for line in calendar(events, name=name).split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


@given(st.integers(0, 300), st.sampled_from("aăạ👩"))
def test_a_line_is_cut_only_where_it_has_to_be(length: int, char: str) -> None:
    """Each piece but the last has no room for another character."""
    written = feed(event(location=char * length))
    pieces = re.search(rb"(?:LOCATION.*\r\n(?: .*\r\n)*)?", written[written.find(b"LOCATION") :])
    assert pieces

    for piece in pieces.group().split(b"\r\n")[:-2]:
        assert 75 - len(char.encode()) < len(piece) <= 75


@given(many_events, st.randoms())
def test_the_same_events_in_any_order_are_the_same_octets(
    events: list[Event], chance: random.Random
) -> None:
    shuffled = chance.sample(events, len(events))

    assert feed(*shuffled) == feed(*events)


def test_events_are_ordered_by_start_and_then_by_uid() -> None:
    """A whole day starts at its midnight in Vietnam, which is 17:00 in UTC."""

    def at(uid: str, day: int, hour: int) -> Event:
        starts = datetime(2026, 11, day, hour, tzinfo=VIETNAM)
        return event(uid=uid, starts=starts, ends=starts + timedelta(hours=1))

    written = feed(
        at("4", 27, 6), at("3", 27, 0), event(uid="2", **WHOLE_DAY), at("1", 27, 0), at("5", 26, 23)
    )

    assert [seen.uid for seen in calendar_parsers.with_icalendar(written)] == list("51234")


def test_events_are_ordered_by_the_moment_not_by_the_clock() -> None:
    """On 25 October 2026 the clocks of Berlin show 2:15 after 2:45."""
    earlier = datetime(2026, 10, 25, 2, 45, tzinfo=BERLIN)
    later = datetime(2026, 10, 25, 2, 15, tzinfo=BERLIN, fold=1)
    hour = timedelta(hours=1)

    written = feed(
        event(uid="1@example.vn", starts=later, ends=later.astimezone(UTC) + hour),
        event(uid="2@example.vn", starts=earlier, ends=earlier.astimezone(UTC) + hour),
    )

    assert written.index(b"UID:2@") < written.index(b"UID:1@")


def test_the_time_in_another_zone_is_the_same_octets() -> None:
    at_home = event()
    abroad = event(
        starts=datetime(2026, 11, 27, 0, 30, tzinfo=UTC),
        ends=datetime(2026, 11, 27, 4, 30, tzinfo=BERLIN),
    )

    assert feed(abroad) == feed(at_home)


# -- The zone ----------------------------------------------------------------------------------


def test_the_zone_is_one_rule_without_repetition() -> None:
    written = lines(feed(event(), event(uid="2@example.vn")))

    assert written.count("BEGIN:VTIMEZONE") == 1
    assert written.count("BEGIN:STANDARD") == 1
    assert not [line for line in written if line.startswith(("RRULE", "BEGIN:DAYLIGHT"))]
    assert written.index("END:VTIMEZONE") < written.index("BEGIN:VEVENT")


@given(st.datetimes(datetime(1975, 6, 13), datetime(2500, 1, 1)))  # noqa: DTZ001
def test_the_zone_as_written_agrees_with_the_zone_database(clock: datetime) -> None:
    zone = calendar_parsers.zone_alone(feed(event()))

    assert clock.replace(tzinfo=zone).utcoffset() == clock.replace(tzinfo=VIETNAM).utcoffset()


def test_whole_days_need_no_zone() -> None:
    assert "BEGIN:VTIMEZONE" not in lines(feed(event(**WHOLE_DAY)))
    assert "BEGIN:VTIMEZONE" in lines(feed(event(**WHOLE_DAY), event(uid="2@example.vn")))


@pytest.mark.parametrize("read", READERS)
def test_an_empty_feed_has_a_component_all_the_same(read: Reader) -> None:
    assert read(feed()) == []
    assert "BEGIN:VTIMEZONE" in lines(feed())


# -- Feeds and messages ------------------------------------------------------------------------


def test_a_feed_is_written_like_this() -> None:
    written = feed(event(organiser=OFFICE, location="Phòng 301, tầng 3", categories=("Hội thảo",)))

    assert lines(written) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Kinh gui//Seminars//VI",
        "CALSCALE:GREGORIAN",
        "NAME:Lịch công tác",
        "X-WR-CALNAME:Lịch công tác",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Ho_Chi_Minh",
        "BEGIN:STANDARD",
        "DTSTART:19750613T000000",
        "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0700",
        "TZNAME:+07",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "UID:7c1e@hoithao.example.vn",
        "DTSTAMP:20261120T030405Z",
        "LAST-MODIFIED:20261120T030405Z",
        "SEQUENCE:1",
        "STATUS:CONFIRMED",
        "DTSTART;TZID=Asia/Ho_Chi_Minh:20261127T073000",
        "DTEND;TZID=Asia/Ho_Chi_Minh:20261127T103000",
        "TRANSP:OPAQUE",
        "SUMMARY:Hội thảo chuyển đổi số cấp xã",
        "LOCATION:Phòng 301\\, tầng 3",
        "CATEGORIES:Hội thảo",
        'ORGANIZER;CN="Sở Thử nghiệm":mailto:vanthu@so.example.vn',
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize("method", [None, Method.PUBLISH])
def test_no_feed_tells_who_is_invited(method: Method | None) -> None:
    invited = event(**INVITED)
    assert b"vanthu@xamau.example.vn" in calendar([invited], method=Method.REQUEST)

    written = calendar([invited], name="Lịch", method=method)

    assert b"ATTENDEE" not in written
    assert b"xamau" not in written


def test_only_a_feed_has_a_name_and_is_fetched_again() -> None:
    for key in ("NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        for method in (None, Method.PUBLISH):
            written = calendar([event(**INVITED)], name="Lịch", method=method)
            assert any(line.startswith(key) for line in lines(written))
        for written in (invitation(), cancellation()):
            assert not any(line.startswith(key) for line in lines(written))


@pytest.mark.parametrize(
    ("refresh", "written"),
    [
        (timedelta(minutes=15), "PT15M"),
        (timedelta(minutes=90), "PT90M"),
        (timedelta(days=1), "PT24H"),
    ],
)
def test_a_feed_says_when_to_fetch_it_again(refresh: timedelta, written: str) -> None:
    found = lines(calendar([event()], name="Lịch", refresh=refresh))

    assert f"REFRESH-INTERVAL;VALUE=DURATION:{written}" in found
    assert f"X-PUBLISHED-TTL:{written}" in found


@pytest.mark.parametrize("refresh", [timedelta(0), timedelta(hours=-1), timedelta(seconds=90)])
def test_a_feed_is_fetched_again_after_whole_minutes(refresh: timedelta) -> None:
    with pytest.raises(ValueError, match="whole minutes"):
        calendar([event()], name="Lịch", refresh=refresh)


@pytest.mark.parametrize("name", ["", " ", "\x00"])
def test_a_feed_without_a_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        calendar([event()], name=name)


def test_one_uid_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="same uid"):
        feed(event(), event(summary="Khác"))


def test_a_method_is_written_where_there_is_one() -> None:
    assert "METHOD:REQUEST" in lines(invitation())
    assert "METHOD:CANCEL" in lines(cancellation())
    assert not [line for line in lines(feed(event())) if line.startswith("METHOD")]


@pytest.mark.parametrize(
    ("method", "changes", "said"),
    [
        (Method.PUBLISH, {"organiser": None}, "organiser"),
        (Method.REQUEST, {"organiser": None}, "organiser"),
        (Method.REQUEST, {"attendees": ()}, "attendee"),
        (Method.REQUEST, {"status": Status.CANCELLED}, "cancelled"),
        (Method.CANCEL, {"status": Status.CANCELLED, "organiser": None}, "organiser"),
        (Method.CANCEL, {"status": Status.CANCELLED, "attendees": ()}, "attendee"),
        (Method.CANCEL, {"status": Status.CANCELLED, "sequence": 0}, "sequence"),
        (Method.CANCEL, {"status": Status.TENTATIVE}, "cancelled"),
    ],
)
def test_a_message_without_what_its_method_needs_is_refused(
    method: Method, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        calendar([event(**(INVITED | changes))], name="Lịch", method=method)


@pytest.mark.parametrize("method", Method)
def test_a_message_without_an_event_is_refused(method: Method) -> None:
    with pytest.raises(ValueError, match="needs an event"):
        calendar([], name="Lịch", method=method)


@pytest.mark.parametrize(
    ("method", "status"),
    [(Method.REQUEST, Status.CONFIRMED), (Method.CANCEL, Status.CANCELLED)],
)
def test_an_invitation_or_its_cancellation_is_of_one_event(method: Method, status: Status) -> None:
    two = [event(uid=uid, status=status, **INVITED) for uid in ("1@example.vn", "2@example.vn")]

    with pytest.raises(ValueError, match="one event"):
        calendar(two, method=method)


# -- Events that cannot be ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"uid": ""}, "uid"),
        ({"uid": "a b"}, "uid"),
        ({"uid": "a\r\nATTENDEE:mailto:x@example.vn"}, "uid"),
        ({"uid": "a\n"}, "uid"),
        ({"uid": "x" * 256}, "uid"),
        ({"sequence": -1}, "sequence"),
        ({"summary": ""}, "summary"),
        ({"summary": "\x00 \n"}, "summary"),
        ({"url": "hoi-thao/1"}, "url"),
        ({"url": "https://example.vn/\r\nATTENDEE:mailto:x@example.vn"}, "url"),
        ({"url": "https://example.vn/đ"}, "url"),
        ({"url": "https://example.vn/\n"}, "url"),
        ({"changed_at": datetime(2026, 11, 20)}, "zone"),  # noqa: DTZ001
        ({"created_at": datetime(2026, 11, 20)}, "zone"),  # noqa: DTZ001
        ({"starts": datetime(2026, 11, 27, 7, 30)}, "zone"),  # noqa: DTZ001
        ({"ends": datetime(2026, 11, 27, 10, 30)}, "zone"),  # noqa: DTZ001
        ({"ends": MORNING["starts"]}, "after"),
        ({"ends": MORNING["starts"] - timedelta(seconds=1)}, "after"),
        ({"starts": MORNING["starts"].replace(microsecond=1)}, "second"),
        ({"ends": MORNING["ends"].replace(microsecond=1)}, "second"),
        ({"starts": datetime(1975, 6, 12, 23, 59, 59, tzinfo=VIETNAM)}, "1975"),
        ({"starts": datetime(1926, 11, 27, 7, 30, tzinfo=VIETNAM)}, "1975"),
        ({"ends": datetime.max.replace(tzinfo=UTC)}, "9999"),
        ({"changed_at": datetime.min.replace(tzinfo=UTC)}, "1975"),
        ({"ends": None}, "start and an end"),
        ({"starts": None}, "start and an end"),
        ({"starts": None, "ends": None}, "or a day"),
        ({"starts": None, "ends": None, "last_day": date(2026, 11, 27)}, "or a day"),
        ({"day": date(2026, 11, 27)}, "both"),
        ({"last_day": date(2026, 11, 27)}, "both"),
        ({**WHOLE_DAY, "starts": MORNING["starts"]}, "start and an end"),
        ({**WHOLE_DAY, "last_day": date(2026, 11, 26)}, "before the first"),
        ({**WHOLE_DAY, "day": date(1975, 6, 12)}, "1975"),
        ({**WHOLE_DAY, "last_day": date.max}, "last day"),
        ({**WHOLE_DAY, "day": MORNING["starts"]}, "date"),
        ({**WHOLE_DAY, "last_day": MORNING["starts"]}, "date"),
    ],
)
def test_an_event_that_cannot_be_written_truly_is_refused(
    changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        event(**changes)


def test_the_first_moment_and_the_first_day_can_be_written() -> None:
    first = datetime(1975, 6, 13, tzinfo=VIETNAM)

    by_hour = feed(event(starts=first, ends=first + timedelta(hours=1)))
    by_day = feed(event(**(WHOLE_DAY | {"day": first.date()})))

    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:19750613T000000" in lines(by_hour)
    assert "DTSTART;VALUE=DATE:19750613" in lines(by_day)


def test_an_end_is_after_the_start_by_the_moment_not_by_the_clock() -> None:
    """On 25 October 2026 the clocks of Berlin show 2:30 twice."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    second = first.replace(fold=1)

    written = feed(event(starts=first, ends=second))

    assert "DTEND;TZID=Asia/Ho_Chi_Minh:20261025T083000" in lines(written)
    with pytest.raises(ValueError, match="after"):
        event(starts=second, ends=first.replace(minute=45))


@pytest.mark.parametrize(
    "mail", ["", "a", "a@", "@b.vn", "a@b@c.vn", "a b@c.vn", "đ@c.vn", "a@b.vn\r\nX:1", "a@b.vn\n"]
)
@pytest.mark.parametrize("who", [Organiser, Attendee])
def test_what_is_no_mail_address_is_refused(who: Callable[[str, str], object], mail: str) -> None:
    with pytest.raises(ValueError, match="mail"):
        who("Sở Thử nghiệm", mail)


# -- By libical --------------------------------------------------------------------------------


@pytest.fixture
def problems(request: pytest.FixtureRequest) -> Callable[[bytes], list[str]]:
    """libical's check; skips the test by its name where there is none, and fails it where CI=true."""

    def check(written: bytes) -> list[str]:
        found = calendar_parsers.libical_problems(written)
        if found is None:
            said = "no libical for the system's Python: install gir1.2-ical-3.0 and python3-gi"
            if os.environ.get("CI") == "true":
                pytest.fail(f"{said}; CI=true lets nothing be skipped")
            pytest.skip(f"{request.node.name}: {said}")
        return found

    return check


def drawn_events(number: int) -> list[Event]:
    """Events with all kinds of texts; the same on every run."""
    chance = random.Random(5545)

    def text(least: int) -> str:
        return "".join(chance.choices(AWKWARD + MARKED + "abc", k=chance.randint(least, 90)))

    return [
        event(
            uid=f"{at}@example.vn",
            summary=f"Số {at} {text(0)}",
            location=text(0),
            chair=text(0),
            description=text(0),
            categories=(text(0), text(1)),
            organiser=Organiser(text(0), "a+b@example.vn"),
            status=chance.choice(list(Status)),
            **chance.choice([MORNING, WHOLE_DAY]),
        )
        for at in range(number)
    ]


@pytest.mark.parametrize("span", [MORNING, WHOLE_DAY])
@pytest.mark.parametrize("write", [invitation, cancellation])
def test_libical_accepts_a_message(
    problems: Callable[[bytes], list[str]], write: Callable[..., bytes], span: dict[str, Any]
) -> None:
    organiser = Organiser('Sở "Thử; nghiệm", ^n', "a+b@example.vn")

    assert problems(write(organiser=organiser, chair="Chủ trì:\nbà A", **span)) == []


@pytest.mark.parametrize("method", [None, Method.PUBLISH])
def test_libical_accepts_a_feed(
    problems: Callable[[bytes], list[str]], method: Method | None
) -> None:
    assert problems(calendar(drawn_events(200), name="Lịch, công; tác", method=method)) == []


def test_libical_accepts_an_empty_feed(problems: Callable[[bytes], list[str]]) -> None:
    assert problems(feed()) == []


@pytest.mark.parametrize(
    ("written", "taken_out", "said"),
    [
        (invitation(), "ORGANIZER", "ORGANIZER"),
        (invitation(), "ATTENDEE", "ATTENDEE"),
        (invitation(), "SUMMARY", "SUMMARY"),
        (invitation(), "UID", "UID"),
        (cancellation(), "SEQUENCE", "SEQUENCE"),
        (cancellation(), "ORGANIZER", "ORGANIZER"),
    ],
)
def test_libical_would_object(
    problems: Callable[[bytes], list[str]], written: bytes, taken_out: str, said: str
) -> None:
    """What the tests above rely on: without the property there is a problem, with it none."""
    rest = [line for line in lines(written) if not line.startswith(taken_out)]

    assert problems(written) == []
    assert any(said in problem for problem in problems("\r\n".join(rest).encode()))
