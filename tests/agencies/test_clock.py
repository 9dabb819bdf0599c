"""The clock: Vietnamese days, and the demonstration's shift."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from agencies import clock
from agencies.models import DemoClock


@pytest.fixture
def _clock_not_read_yet() -> Iterator[None]:
    clock._stored_demo_shift.cache_clear()
    yield
    clock._stored_demo_shift.cache_clear()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2015, 12, 31, 16, 59, 59, tzinfo=UTC), date(2015, 12, 31)),
        (datetime(2015, 12, 31, 17, 0, tzinfo=UTC), date(2016, 1, 1)),
        (clock.at(date(2016, 1, 1)), date(2016, 1, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_vietnam(moment: datetime, day: date) -> None:
    assert clock.day_of(moment) == day


def test_a_stated_hour_is_the_hour_in_vietnam() -> None:
    assert clock.at(date(2016, 6, 2), 15, 4) == datetime(2016, 6, 2, 8, 4, tzinfo=UTC)


def test_without_a_demonstration_the_clock_is_the_real_one(settings) -> None:
    settings.DEMO_DAY = ""

    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)


@pytest.mark.django_db
@pytest.mark.usefixtures("_clock_not_read_yet")
def test_the_demonstration_begins_at_a_quarter_past_eight_of_its_day(settings) -> None:
    settings.DEMO_DAY = "2016-06-06"

    assert clock.today() == date(2016, 6, 6)
    assert abs(clock.now() - clock.at(date(2016, 6, 6), 8, 15)) < timedelta(seconds=5)


@pytest.mark.django_db
@pytest.mark.usefixtures("_clock_not_read_yet")
def test_a_demonstration_started_again_goes_on_from_where_it_was(settings) -> None:
    settings.DEMO_DAY = "2016-06-06"
    clock.now()
    DemoClock.objects.update(shift_seconds=-3600)
    clock._stored_demo_shift.cache_clear()

    assert abs(clock.now() - (timezone.now() - timedelta(hours=1))) < timedelta(seconds=5)
    assert DemoClock.objects.count() == 1
