"""Days off and days worked for them: both or none, by whoever keeps the calendar, as proof."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from agencies import calendar, decrees
from agencies.choices import DayKind, Role
from agencies.marked_days import marks
from agencies.models import DayRule
from agencies.refusals import Refused
from ledger import verification
from ledger.models import LedgerEntry
from tests.documents.world import World, at, person

pytestmark = pytest.mark.django_db

FRIDAY, SATURDAY = date(2016, 6, 17), date(2016, 6, 18)


@pytest.fixture
def small() -> World:
    return World()


def keeper(small: World):
    return person("keeper", (small.province, Role.ADMINISTRATOR))


def swap(by, **changes):
    values = {
        "off_on": FRIDAY, "worked_on": SATURDAY, "name": "Hoán đổi", "basis": "123/VPCP-KGVX",
    } | changes  # fmt: skip
    return decrees.rule_days(**values, by=by, at=at(2))


def test_a_swap_is_one_act_and_overrides_the_general_calendar(small: World):
    swap(keeper(small))

    assert not calendar.is_working_day(FRIDAY)
    assert calendar.is_working_day(SATURDAY)
    entry = LedgerEntry.objects.latest("seq")
    assert entry.type == "days.ruled"
    assert verification.verify().problems == []


def test_a_day_off_may_stand_alone_and_our_row_wins_over_the_librarys(small: World):
    by = keeper(small)
    swap(by, worked_on=None)
    assert DayRule.objects.get().kind == DayKind.OFF

    # 22 August 2026 is worked in exchange by the library.
    swap(by, off_on=date(2026, 8, 22), worked_on=date(2026, 9, 2))
    assert not calendar.is_working_day(date(2026, 8, 22))
    assert calendar.is_working_day(date(2026, 9, 2))


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"worked_on": FRIDAY}, "worked_on", "không đổi cho chính nó"),
        ({"off_on": SATURDAY, "worked_on": date(2016, 6, 19)}, "off_on", "đã là ngày nghỉ"),
        ({"worked_on": date(2016, 6, 16)}, "worked_on", "đã là ngày làm việc"),
        ({"off_on": date(2016, 9, 2)}, "off_on", "02/09/2016"),
        ({"name": " "}, "name", "lý do"),
        ({"basis": ""}, "basis", "văn bản"),
        ({"name": "x" * 121}, "name", "120"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(small, changes, code, said):
    with pytest.raises(Refused) as refused:
        swap(keeper(small), **changes)

    assert [each.code for each in refused.value.reasons] == [code]
    assert said in str(refused.value.reasons[0].message)
    assert not DayRule.objects.exists()
    assert not LedgerEntry.objects.filter(type="days.ruled").exists()


def test_a_day_that_is_ruled_already_is_named_and_the_other_is_not_written(small: World):
    by = keeper(small)
    swap(by)

    with pytest.raises(Refused) as refused:
        swap(by, off_on=date(2016, 6, 20))

    assert "18/06/2016" in str(refused.value.reasons[0].message)
    assert DayRule.objects.count() == 2


def test_the_key_refuses_what_was_entered_meanwhile(small: World, monkeypatch):
    by = keeper(small)
    DayRule.objects.create(day=SATURDAY, kind=DayKind.WORKING, name="x")
    monkeypatch.setattr(decrees, "against", lambda **_values: decrees.Reasons())

    with pytest.raises(Refused):
        swap(by)

    assert [rule.day for rule in DayRule.objects.all()] == [SATURDAY]
    with pytest.raises(IntegrityError):
        DayRule.objects.create(day=SATURDAY, kind=DayKind.OFF, name="y")


def test_only_administrators_of_a_body_under_no_other_keep_the_calendar(small: World):
    below = small.home
    below.parent = small.province
    below.save()
    lower = person("lower", (below, Role.ADMINISTRATOR))

    for by in (small.clerk, small.leader, lower):
        with pytest.raises(Refused):
            swap(by)
        with pytest.raises(Refused):
            decrees.take_back(days=[FRIDAY], reason="x", by=by, at=at(2))
    assert not DayRule.objects.exists()


def test_rules_are_taken_back_together_with_a_reason_and_the_ledger_knows(small: World):
    by = keeper(small)
    swap(by)

    for days, reason in (([FRIDAY], " "), ([], "nhầm"), ([FRIDAY, date(2016, 6, 20)], "nhầm")):
        with pytest.raises(Refused):
            decrees.take_back(days=days, reason=reason, by=by, at=at(3))
    decrees.take_back(days=[FRIDAY, SATURDAY], reason="nhầm năm", by=by, at=at(3))

    assert not DayRule.objects.exists()
    assert verification.verify().problems == []
    swap(by)
    assert verification.verify().problems == []


def test_a_rule_that_vanished_without_an_act_is_found_by_the_ledger(small: World):
    swap(keeper(small))
    DayRule.objects.filter(day=FRIDAY).delete()

    assert "2016-06-17" in str(verification.verify().problems)


def test_many_questions_to_one_reading_are_answered_as_one_by_one():
    DayRule.objects.create(day=FRIDAY, kind=DayKind.OFF, name="x")
    days = calendar.Days(FRIDAY, FRIDAY)

    for n in range(-60, 60):
        day = FRIDAY + timedelta(days=n)
        assert days.works(day) == calendar.is_working_day(day)
        assert days.before(day, 3) == calendar.subtract_working_days(day, 3)
        assert days.after(day, 3) == calendar.add_working_days(day, 3)
        assert days.count(FRIDAY, day) == calendar.working_days_between(FRIDAY, day)


def test_marks_name_what_is_off_as_the_calendar_counts_it():
    first, last = date(2016, 1, 1), date(2016, 12, 31)

    named = marks(first, last)

    assert list(named) == sorted(named)
    for n in range(366):
        day = first + timedelta(days=n)
        off = named[day].is_off if day in named else day.weekday() >= 5
        assert calendar.is_working_day(day) is not off
