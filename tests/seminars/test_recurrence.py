"""On which days a seminar comes again: checked against a plain count of all days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seminars.choices import Repeats
from seminars.recurrence import following

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
APART = st.integers(1, 12)
COUNTS = st.integers(1, 52)


def months_between(first: date, day: date) -> int:
    return (day.year - first.year) * 12 + day.month - first.month


@given(DAYS, st.integers(1, 52), COUNTS)
def test_weeks_keep_the_weekday_and_the_distance(first, every, count):
    found = following(first, Repeats.WEEKS, every=every, count=count)

    assert found.days == [first + timedelta(days=7 * every * n) for n in range(1, count + 1)]
    assert found.short == []


@given(DAYS, APART, COUNTS)
def test_the_same_day_of_the_month_or_the_month_is_named(first, every, count):
    found = following(first, Repeats.MONTH_DAY, every=every, count=count)

    assert len(found.days) == count
    assert {day.day for day in found.days} == {first.day}
    met = sorted([*(day.replace(day=1) for day in found.days), *found.short])
    assert [months_between(first, month) for month in met] == [
        every * n for n in range(1, len(met) + 1)
    ]
    for month in found.short:
        with pytest.raises(ValueError, match="day is out of range"):
            month.replace(day=first.day)


@given(DAYS, APART, COUNTS)
def test_the_same_weekday_of_the_month_by_counting_all_days(first, every, count):
    found = following(first, Repeats.MONTH_WEEKDAY, every=every, count=count)

    def place(day: date) -> int:
        """Of which rank its weekday is in its month: third Wednesday, say."""
        before = (day.replace(day=n) for n in range(1, day.day + 1))
        return sum(each.weekday() == day.weekday() for each in before)

    assert len(found.days) == count
    for day in found.days:
        assert (day.weekday(), place(day)) == (first.weekday(), place(first))
        assert months_between(first, day) % every == 0
    for month in found.short:
        days = [month + timedelta(days=n) for n in range(31)]
        same = [each for each in days if each.month == month.month
                and each.weekday() == first.weekday()]  # fmt: skip
        assert len(same) < place(first) == 5


def test_the_31st_skips_short_months_and_says_so():
    found = following(date(2016, 1, 31), Repeats.MONTH_DAY, every=1, count=3)

    assert found.days == [date(2016, 3, 31), date(2016, 5, 31), date(2016, 7, 31)]
    assert found.short == [date(2016, 2, 1), date(2016, 4, 1), date(2016, 6, 1)]


def test_29_february_is_there_in_leap_years_only():
    found = following(date(2016, 2, 29), Repeats.MONTH_DAY, every=12, count=2)

    assert found.days == [date(2020, 2, 29), date(2024, 2, 29)]


@pytest.mark.parametrize(("every", "count"), [(0, 1), (53, 1), (1, 0), (1, 53), (-1, 1)])
def test_what_is_out_of_bounds_is_refused(every, count):
    with pytest.raises(ValueError, match="bounds"):
        following(date(2016, 6, 15), Repeats.WEEKS, every=every, count=count)
