"""Hours of offices and rooms: dated rows, read in one place."""

from datetime import date, time

import pytest

from seminars import hours
from seminars.instants import to5
from seminars.models import RoomHours, WorkingHours
from tests.seminars.world import at

WEDNESDAY = date(2016, 6, 15)


def row(opens: time, closes: time, *, weekday: int = 2, **period: date) -> WorkingHours:
    period.setdefault("from_on", date(2016, 1, 1))
    return WorkingHours(weekday=weekday, opens=opens, closes=closes, **period)


def test_where_nothing_is_said_offices_keep_office_hours_and_a_room_says_nothing():
    over = row(time(8), time(12), to_on=date(2016, 5, 31))

    assert hours.working(WEDNESDAY, []) == [(time(7), time(11, 30)), (time(13), time(17))]
    assert hours.working(WEDNESDAY, [over]) == hours.OFFICE_HOURS
    assert hours.said_for(WEDNESDAY, []) is None


def test_rows_that_live_and_none_for_the_weekday_mean_shut_all_day():
    thursdays = row(time(8), time(12), weekday=3)

    assert hours.working(WEDNESDAY, [thursdays]) == []
    assert not hours.enclose(WEDNESDAY, [], to5(at(15, 8)), to5(at(15, 9)))


def test_summer_and_winter_are_two_rows_of_which_one_lives():
    summer = row(time(6, 30), time(11), from_on=date(2016, 4, 16), to_on=date(2016, 10, 15))
    winter = row(time(7, 30), time(12), from_on=date(2016, 10, 16))

    assert hours.working(date(2016, 10, 12), [winter, summer]) == [(time(6, 30), time(11))]
    assert hours.working(date(2016, 10, 19), [winter, summer]) == [(time(7, 30), time(12))]


def test_an_interval_lies_within_from_the_first_opening_to_the_last_closing():
    said = [(time(7), time(11, 30)), (time(13), time(17))]

    assert hours.enclose(WEDNESDAY, said, to5(at(15, 7)), to5(at(15, 17)))
    assert not hours.enclose(WEDNESDAY, said, to5(at(15, 6, 45)), to5(at(15, 9)))
    assert not hours.enclose(WEDNESDAY, said, to5(at(15, 16)), to5(at(15, 17, 15)))


def test_a_room_is_read_as_an_office_is():
    opens = RoomHours(
        weekday=2, opens=time(8), closes=time(10), from_on=date(2016, 6, 15), to_on=WEDNESDAY
    )

    assert hours.said_for(WEDNESDAY, [opens]) == [(time(8), time(10))]
    assert hours.spans(WEDNESDAY, [(time(8), time(10))]) == [(to5(at(15, 8)), to5(at(15, 10)))]


@pytest.mark.parametrize(
    ("begins", "ends", "half"),
    [
        (at(15, 7, 30), at(15, 11, 30), "morning"),
        (at(15, 11), at(15, 13, 30), "morning"),
        (at(15, 11), at(15, 13, 45), "whole"),
        (at(15, 11), None, "morning"),
        (at(15, 12), at(15, 21), "afternoon"),
        (at(15, 17, 45), at(15, 19), "afternoon"),
        (at(15, 18), at(16, 0), "evening"),
        (at(15, 18), at(16, 0, 15), "whole"),
        (at(15, 7), at(16, 11), "whole"),
    ],
)
def test_a_half_day_is_told_by_the_hours(begins, ends, half) -> None:
    assert hours.half_of(begins, ends) == half
