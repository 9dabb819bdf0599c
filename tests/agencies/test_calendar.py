"""Working days: the general calendar, and what is decreed over it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agencies.calendar import (
    add_working_days,
    end_of_working_day,
    is_working_day,
    next_working_day,
    working_days_between,
)
from agencies.choices import DayKind
from agencies.models import DayRule

days = st.dates(date(2014, 1, 1), date(2031, 12, 31))


def rule(day: date, kind: DayKind) -> DayRule:
    return DayRule.objects.create(day=day, kind=kind, name="theo quyết định")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tet", "chinese_new_year"),
    [
        (date(1985, 1, 21), date(1985, 2, 20)),
        (date(2007, 2, 17), date(2007, 2, 18)),
        (date(2030, 2, 2), date(2030, 2, 3)),
        (date(2053, 2, 18), date(2053, 2, 19)),
    ],
)
def test_tet_is_by_the_vietnamese_moon(tet: date, chinese_new_year: date) -> None:
    eve = tet - timedelta(days=1)

    assert not any(is_working_day(tet + timedelta(days=n)) for n in (-1, 0, 1, 2))
    # The eve is a day off where the Chinese calendar would still have it worked.
    assert eve < chinese_new_year - timedelta(days=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2007, 2, 15), True),
        (date(2007, 2, 16), False),
        (date(2016, 1, 1), False),
        (date(2016, 2, 5), True),
        (date(2016, 2, 12), False),
        (date(2016, 2, 15), True),
        (date(2016, 4, 18), False),
        (date(2016, 5, 2), False),
        (date(2016, 5, 3), False),
        (date(2016, 5, 4), True),
        (date(2016, 6, 2), True),
        (date(2016, 6, 4), False),
        (date(2016, 9, 2), False),
        (date(2024, 4, 29), False),
        (date(2024, 5, 4), True),
    ],
)
def test_known_days(day: date, working: bool) -> None:
    assert is_working_day(day) is working


@pytest.mark.django_db
def test_a_decreed_swap_overrides_both_ways() -> None:
    monday, saturday = date(2016, 6, 6), date(2016, 6, 11)
    assert is_working_day(monday)
    assert not is_working_day(saturday)

    rule(monday, DayKind.OFF)
    rule(saturday, DayKind.WORKING)

    assert not is_working_day(monday)
    assert is_working_day(saturday)
    assert next_working_day(date(2016, 6, 3)) == date(2016, 6, 7)
    assert next_working_day(date(2016, 6, 10)) == saturday


@pytest.mark.django_db
def test_a_decree_may_make_a_holiday_a_working_day() -> None:
    rule(date(2016, 9, 2), DayKind.WORKING)

    assert is_working_day(date(2016, 9, 2))


@pytest.mark.django_db
def test_three_working_days_after_a_thursday_are_the_tuesday() -> None:
    assert add_working_days(date(2016, 6, 2), 3) == date(2016, 6, 7)
    assert add_working_days(date(2016, 6, 2), 0) == date(2016, 6, 2)


@pytest.mark.django_db
def test_tet_is_jumped_over() -> None:
    assert next_working_day(date(2016, 2, 5)) == date(2016, 2, 15)


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(date(2016, 6, 2), -1)


def test_an_office_closes_at_five_in_vietnam() -> None:
    assert end_of_working_day(date(2016, 6, 7)) == datetime(2016, 6, 7, 10, 0, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3, 60, 250])
def test_any_number_of_days_costs_one_query(number: int, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        add_working_days(date(2016, 1, 4), number)


@pytest.mark.django_db
def test_a_look_ahead_goes_on_when_everything_is_decreed_off() -> None:
    day = date(2016, 6, 2)
    DayRule.objects.bulk_create(
        DayRule(day=day + timedelta(days=n), kind=DayKind.OFF, name="nghỉ") for n in range(1, 101)
    )

    assert next_working_day(day) == date(2016, 9, 12)


class CountingTest(TestCase):
    @given(days, st.integers(0, 40), st.sets(st.integers(-5, 60)), st.booleans())
    def test_counting_back_gives_what_was_added(
        self, start: date, number: int, ruled: set[int], working: bool
    ) -> None:
        kind = DayKind.WORKING if working else DayKind.OFF
        DayRule.objects.bulk_create(
            DayRule(day=start + timedelta(days=n), kind=kind, name="x") for n in ruled
        )

        end = add_working_days(start, number)

        assert working_days_between(start, end) == number
        assert number == 0 or is_working_day(end)
        assert working_days_between(end, start) == 0 or end == start
