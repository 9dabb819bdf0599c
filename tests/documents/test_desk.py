"""A person's own desk: what waits, in which list, with which next act."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import User
from documents import lifecycle
from documents.choices import Expectation, Urgency
from documents.desk import Desk, Section, desk_for
from documents.models import Circulation
from tests.documents.factories import (
    acknowledged,
    at,
    client_of,
    issued,
    outside_paper,
    returned,
    world,
)

pytestmark = pytest.mark.django_db

NOW = at(3, 12)


@pytest.fixture(autouse=True)
def _noon_of_3_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: NOW)


def section(user: User, name: str) -> Section:
    return next(each for each in desk_for(user, at=NOW).sections if each.name == name)


def acts(user: User, name: str) -> list[str]:
    return [line.act.url for line in section(user, name).lines]


def test_a_paper_not_yet_received_is_due_when_the_law_wants_it():
    small = world()
    row = small.at_home(issued(small))

    line = section(small.home_clerk, "today").lines[0]

    assert (line.act.url, line.act.post) == (reverse("documents:receive", args=[row.pk]), True)
    assert line.due.by == at(3, 17)
    assert line.due.word == "today"


def test_an_urgent_paper_is_due_at_once_and_its_minutes_are_counted():
    small = world()
    issued(small, urgency=Urgency.EXPRESS, moment=at(3, 11, 32))

    line = section(small.home_clerk, "today").lines[0]

    assert line.due.word == "at_once"
    assert (line.due.days, line.due.hours, line.due.minutes) == (0, 0, 28)


def test_a_received_paper_is_to_be_acknowledged_by_its_deadline():
    small = world()
    row = small.received(due_at=at(4, 17), due_source="sender")

    line = section(small.home_clerk, "week").lines[0]

    assert line.act.url == reverse("documents:dispatch", args=[row.dispatch_id])
    assert line.act.post is False
    assert line.due.by == at(4, 17)


def test_a_deadline_that_nobody_gave_is_not_invented():
    small = world()
    small.received()

    line = section(small.home_clerk, "week").lines[0]

    assert (line.due.word, line.due.by) == ("none", None)


def test_an_overdue_acknowledgement_is_late():
    small = world()
    small.received(due_at=at(3, 10), due_source="sender")

    line = section(small.home_clerk, "today").lines[0]

    assert (line.due.word, line.due.hours) == ("late", 2)


def test_what_was_acknowledged_leaves_the_desk():
    small = world()
    row = small.received(due_at=at(3, 17), due_source="sender")
    assert section(small.home_clerk, "today").count == 1

    acknowledged(row, small.home_clerk, at(3, 9))

    assert desk_for(small.home_clerk, at=NOW).filled == []


def test_a_paper_to_act_on_is_assigned_after_it_was_acknowledged():
    small = world()
    row = small.received(expectation=Expectation.ACT)
    acknowledged(row, small.home_clerk, at(3, 9))

    assert acts(small.home_head, "week") == [reverse("documents:assign", args=[row.pk])]


def test_an_officer_owes_nothing_for_the_office():
    small = world()
    issued(small)
    assert section(small.home_clerk, "today").count == 1

    assert desk_for(small.home_officer, at=NOW).filled == []


def test_what_was_assigned_to_me_lies_on_my_desk():
    small = world()
    row = small.received()
    lifecycle.assign(
        circulation=row,
        assignee=small.home_officer,
        role="lead",
        due_at=at(6, 17),
        note="",
        by=small.home_head,
        at=at(3, 9),
    )

    line = section(small.home_officer, "mine").lines[0]

    assert line.due.by == at(6, 17)


def test_for_information_is_there_until_i_opened_it():
    small = world()
    paper = issued(small, expectation=Expectation.INFORM)
    row = small.at_home(paper)
    assert acts(small.home_officer, "unread") == [reverse("documents:dispatch", args=[paper.pk])]

    lifecycle.open_text(circulation=row, by=small.home_officer, at=at(3))

    assert section(small.home_officer, "unread").count == 0
    assert section(small.home_head, "unread").count == 1


def test_a_returned_paper_comes_back_to_the_senders_desk_with_its_reason():
    small = world()
    row = returned(small)

    line = section(small.clerk, "returned").lines[0]

    assert line.act.url == reverse("documents:circulate", args=[row.dispatch_id])
    assert line.returned.reason == "Không thuộc thẩm quyền"


def test_a_returned_paper_that_was_sent_again_is_no_longer_there():
    small = world()
    row = returned(small)
    assert section(small.clerk, "returned").count == 1

    lifecycle.circulate(
        dispatch=row.dispatch, agencies=[small.home.pk], by=small.clerk, at=at(3, 11)
    )

    assert section(small.clerk, "returned").count == 0


def test_drafts_wait_for_whose_act_is_next():
    small = world()
    waiting = small.submitted()
    signed = small.signed()
    back = small.submitted()
    lifecycle.send_back(dispatch=back, reason="Sửa câu 2", by=small.leader, at=at(3))

    assert acts(small.leader, "drafts") == [reverse("documents:sign", args=[waiting.pk])]
    assert acts(small.clerk, "drafts") == [reverse("documents:issue", args=[signed.pk])]
    assert acts(small.drafter, "drafts") == [reverse("documents:draft", args=[back.pk])]
    assert section(small.home_clerk, "drafts").count == 0


def test_a_recall_asks_the_office_and_stands_in_one_list_only():
    small = world()
    row = small.received(due_at=at(3, 17), due_source="sender")
    lifecycle.recall(dispatch=row.dispatch, reason="Sai", by=small.clerk, at=at(3, 10))

    filled = desk_for(small.home_clerk, at=NOW).filled

    assert [each.name for each in filled] == ["recall"]


def test_a_long_list_is_cut_and_its_count_is_not():
    small = world()
    for _place in range(11):
        issued(small, to=[small.home])

    today = section(small.home_clerk, "today")
    page = client_of(small.home_clerk).get(today.all_url)

    assert (len(today.lines), today.count, today.cut) == (10, 11, True)
    assert page.context["page"].paginator.count == 11


def test_counting_ends_at_its_bound_and_says_so(monkeypatch):
    small = world()
    for _place in range(3):
        issued(small, to=[small.home])
    monkeypatch.setattr("documents.desk.MOST_COUNTED", 2)
    monkeypatch.setattr("documents.desk.SHOWN", 1)

    page = client_of(small.home_clerk).get("/").content.decode()

    assert "<b>2+</b> phải xong hôm nay" in page
    assert "1 trong 2+ văn bản" in page


def test_every_count_of_the_desk_is_the_count_of_its_list():
    small = world()
    issued(small)
    small.received(due_at=at(4, 17), due_source="sender")
    issued(small, expectation=Expectation.INFORM)
    asked = small.received()
    lifecycle.recall(dispatch=asked.dispatch, reason="Sai", by=small.clerk, at=at(3, 10))
    client = client_of(small.home_clerk)

    for counter in desk_for(small.home_clerk, at=NOW).counters:
        page = client.get(counter["url"])
        assert page.context["page"].paginator.count == counter["count"].number


@pytest.mark.once
def test_the_number_of_queries_is_the_same_for_one_and_three_rows():
    small = world()
    user = small.home_clerk

    def fill() -> None:
        issued(small)
        small.received(due_at=at(4, 17), due_source="sender")
        outside_paper(small)
        returned(small)

    def measured() -> int:
        with CaptureQueriesContext(connection) as caught:
            _render(desk_for(user, at=NOW), user)
        return len(caught)

    fill()
    with_one = measured()
    fill()
    fill()

    assert measured() == with_one


def _render(desk: Desk, user: User) -> str:
    request = RequestFactory().get("/")
    request.user = user
    return render_to_string("documents/desk.html", {"desk": desk, "user": user}, request)


def test_the_desk_shows_one_button_a_line_and_no_filled_one_but_the_register():
    small = world()
    issued(small)
    small.received()

    page = _render(desk_for(small.home_clerk, at=NOW), small.home_clerk)

    assert page.count('class="btn quiet s"') == 2
    assert page.count('class="btn"') == 1


def test_an_empty_desk_says_so():
    small = world()

    page = _render(desk_for(small.home_officer, at=NOW), small.home_officer)

    assert 'class="empty"' in page
    assert Circulation.objects.count() == 0
