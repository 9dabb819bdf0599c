"""K10: no day is completed, corrected or borrowed; the year is the year of the act."""

from datetime import date

import pytest
from django.urls import reverse

from documents import lifecycle
from documents.models import Dispatch
from tests.documents.factories import at, client_of, issued, outside_paper, world

pytestmark = pytest.mark.django_db


def enter(small, day: str):
    values = {"agency": small.home.pk, "issuer": "Bộ Nội vụ", "type": small.type.pk,
              "code": "77/BNV-VP", "issued_on": day, "subject": "thử", "urgency": "ordinary",
              "text": "nội dung"}  # fmt: skip
    return client_of(small.home_clerk).post(reverse("documents:register_outside"), values)


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        ("29/02/2016", date(2016, 2, 29)),
        ("01/06/2016", date(2016, 6, 1)),
        ("03/06/2016", date(2016, 6, 3)),
    ],
)
def test_a_day_that_exists_is_kept_as_it_is_printed(day, kept):
    small = world()

    assert enter(small, day).status_code == 302
    assert Dispatch.objects.get().issued_on == kept


@pytest.mark.parametrize(
    "day",
    ["29/02/2015", "31/04/2016", "31/06/2016", "00/05/2016", "05/00/2016", "1/6/16", "16", "2016",
     "06/2016", "tháng 6 năm 2016", "06/13/2016", "04/06/2016"],
)  # fmt: skip
def test_a_day_that_is_impossible_incomplete_or_to_come_is_neither_mended_nor_taken(day):
    small = world()

    answer = enter(small, day)

    assert answer.status_code == 422
    assert not Dispatch.objects.exists()
    assert "thử" in answer.content.decode()


def test_a_paper_of_last_year_is_numbered_in_the_register_of_this_year():
    small = world()

    row = outside_paper(small, issued_on=date(2015, 12, 30))

    assert row.arrival_entry.register.year == 2016
    assert (row.dispatch.issued_on.year, row.arrived_on.year) == (2015, 2016)


def test_a_paper_signed_in_the_old_year_bears_number_and_year_of_its_numbering():
    small = world()
    paper = small.signed(moment=at(31, month=12))

    paper = lifecycle.number(dispatch=paper, by=small.clerk, at=at(1, 8, month=1, year=2017))

    assert (paper.number, paper.issued_on) == (1, date(2017, 1, 1))
    assert paper.entry.register.year == 2017


def test_a_number_voided_in_another_year_stays_in_the_year_that_gave_it():
    small = world()
    paper = small.numbered(moment=at(31, month=12))
    old = paper.entry

    lifecycle.void_number(
        dispatch=paper, reason="Sai", by=small.clerk, at=at(2, month=1, year=2017)
    )
    again = lifecycle.number(dispatch=paper, by=small.clerk, at=at(2, 9, month=1, year=2017))

    old.refresh_from_db()
    assert (old.register.year, old.number, old.state) == (2016, 1502, "voided")
    assert (again.entry.register.year, again.number) == (2017, 1)


def test_a_deadline_that_nobody_gave_stays_empty_from_draft_to_recipient():
    small = world()
    row = small.at_home(issued(small))

    assert (row.dispatch.due_at, row.due_at, row.due_source) == (None, None, "none")


def test_a_deadline_on_the_leap_day_is_the_leap_day(clock_at):
    small = world()
    clock_at(at(1, month=2))
    paper = small.draft(moment=at(1, month=2))
    browser = client_of(small.drafter)
    address = reverse("documents:draft", args=[paper.pk])
    from tests.documents.typed import typed  # noqa: PLC0415

    fields = typed(browser.get(address), due_source="sender", due_on="29/02/2016", due_time="")
    assert browser.post(address, fields).status_code == 302

    paper.refresh_from_db()
    assert paper.due_at == at(29, 17, month=2)
    shown = typed(browser.get(address))
    assert shown["due_on"] == ["29/02/2016"]
