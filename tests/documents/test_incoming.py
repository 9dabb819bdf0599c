"""The incoming register: what it lists, what it withholds, how it prints; and the notices."""

from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import User
from documents import lifecycle
from documents.choices import Expectation, ReceiptKind, Urgency
from documents.models import Notice, Receipt
from tests.documents.factories import (
    acknowledged,
    at,
    client_of,
    issued,
    outside_paper,
    returned,
    work,
    world,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon_of_3_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))


def incoming(user: User, **values: object):
    return client_of(user).get(reverse("documents:incoming"), values)


def codes(answer) -> list[str]:
    return [each["row"].dispatch.code for each in answer.context["rows"]]


def test_the_list_holds_what_reached_my_agency_and_nothing_else():
    small = world()
    mine = issued(small, to=[small.home])
    issued(small, to=[small.finance])

    answer = incoming(small.home_officer)

    assert codes(answer) == [mine.code]


def test_an_officer_of_a_closed_office_sees_only_what_was_assigned_to_him():
    small = world()
    paper = issued(small, to=[small.finance])
    assert codes(incoming(small.finance_clerk)) == [paper.code]

    assert codes(incoming(small.finance_officer)) == []


def test_a_returned_paper_keeps_number_and_reason_but_no_content():
    small = world()
    row = returned(small, subject="kiểm tra kho lúa")

    page = incoming(small.home_clerk).content.decode()

    assert row.dispatch.code in page
    assert "Không thuộc thẩm quyền" in page
    assert "kiểm tra kho lúa" not in page
    assert reverse("documents:dispatch", args=[row.dispatch_id]) not in page


def test_the_words_of_a_closed_paper_do_not_find_it():
    small = world()
    row = returned(small, subject="kiểm tra kho lúa")
    open_one = issued(small, subject="kiểm tra kho lúa")

    by_words = incoming(small.home_clerk, words="kho lúa")
    by_code = incoming(small.home_clerk, words=row.dispatch.code)

    assert codes(by_words) == [open_one.code]
    assert codes(by_code) == [row.dispatch.code]


def test_words_are_found_without_marks_and_case():
    small = world()
    paper = issued(small, subject="Đẩy mạnh phong trào")
    issued(small, subject="việc khác")

    assert codes(incoming(small.home_officer, words="DAY MANH phong tr")) == [paper.code]


def test_the_arrival_number_finds_its_paper():
    small = world()
    row = small.received(subject="a")
    issued(small, subject="b")

    assert row.dispatch.code in codes(incoming(small.home_clerk, words="1"))
    assert codes(incoming(small.home_clerk, words="99999999999999")) == []


def test_the_last_day_is_within_the_range():
    small = world()
    paper = issued(small, moment=at(2, 23, 50))

    assert codes(incoming(small.home_clerk, to_on="02/06/2016")) == [paper.code]
    assert codes(incoming(small.home_clerk, to_on="01/06/2016")) == []
    assert codes(incoming(small.home_clerk, from_on="03/06/2016")) == []


def test_a_day_that_is_none_is_told_and_filters_nothing():
    small = world()
    paper = issued(small)

    answer = incoming(small.home_clerk, from_on="31/06/2016")

    assert answer.status_code == 200
    assert codes(answer) == [paper.code]


def test_each_tab_counts_what_it_lists():
    small = world()
    issued(small, subject="chưa nhận")
    small.received(subject="chưa xác nhận", due_at=at(7, 17), due_source="sender")
    acknowledged(small.received(subject="xong"), small.home_clerk, at(3, 9))
    returned(small, subject="trả")
    issued(small, expectation=Expectation.INFORM, subject="để biết")

    answer = incoming(small.home_clerk)

    for tab in answer.context["tabs"]:
        page = client_of(small.home_clerk).get(reverse("documents:incoming") + tab["url"])
        assert page.context["page"].paginator.count == tab["count"].number
    assert [str(tab["count"]) for tab in answer.context["tabs"]] == ["5", "2", "1", "0", "1", "1"]


def test_counting_ends_at_a_bound_and_says_so(monkeypatch: pytest.MonkeyPatch):
    small = world()
    for number in range(5):
        issued(small, subject=f"giấy {number}")
    monkeypatch.setattr("documents.filters.MOST_COUNTED", 2)
    monkeypatch.setattr("documents.filters.MOST_LISTED", 3)
    monkeypatch.setattr("documents.views.incoming.PAGE", 2)

    answer = incoming(small.home_clerk, page="2")

    assert [str(tab["count"]) for tab in answer.context["tabs"]] == ["3+", "2+", "0", "0", "0", "0"]
    assert "3 đến 3 trong số hơn 3" in answer.content.decode()
    assert len(codes(incoming(small.home_clerk, page="1"))) == 2
    # Whoever narrows the list reaches the rest of it.
    assert len(codes(incoming(small.home_clerk, words="1504"))) == 1


def test_urgent_papers_stand_first_where_something_is_owed():
    small = world()
    plain = issued(small, moment=at(2, 8))
    urgent = issued(small, urgency=Urgency.EXPRESS, moment=at(2, 9))

    assert codes(incoming(small.home_clerk, state="receive")) == [urgent.code, plain.code]


def test_an_agency_is_chosen_by_who_has_posts_in_several():
    small = world()
    issued(small, to=[small.home])
    other = issued(small, to=[small.finance])
    small.home_clerk.posts.create(agency=small.finance, role="clerk", from_on=at(1).date())

    assert len(codes(incoming(small.home_clerk))) == 2
    assert codes(incoming(small.home_clerk, agency=small.finance.pk)) == [other.code]
    assert codes(incoming(small.home_clerk, agency=small.province.pk)) != []


def test_listing_printing_and_exporting_open_nothing():
    small = world()
    issued(small)
    client = client_of(small.home_clerk)

    for name in ("incoming", "incoming_print", "incoming_xlsx"):
        assert client.get(reverse(f"documents:{name}")).status_code == 200

    assert not Receipt.objects.filter(kind=ReceiptKind.OPENED).exists()


def test_the_print_has_the_ten_columns_and_says_who_printed():
    small = world()
    row = small.received(subject="in sổ")
    issued(small, subject="chưa vào sổ")

    page = client_of(small.home_clerk).get(reverse("documents:incoming_print"))

    assert len(page.context["heading"]) == 10
    assert [cells[3] for cells in page.context["rows"]] == [row.dispatch.code]
    assert [cells[0] for cells in page.context["rows"]] == ["03/06/2016"]
    assert str(small.home_clerk) in page.content.decode()


def test_the_export_holds_typed_strings_and_no_closed_content():
    small = world()
    returned(small, subject="kho lúa kín")
    issued(small, subject='=HYPERLINK("http://example.org")')

    answer = client_of(small.home_clerk).get(reverse("documents:incoming_xlsx"))

    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any("=HYPERLINK" in cell.value for cell in cells)
    assert not any("kho lúa kín" in cell.value for cell in cells)


@pytest.mark.once
@pytest.mark.parametrize("name", ["incoming", "incoming_print", "incoming_xlsx", "notices"])
def test_the_number_of_queries_is_the_same_for_one_and_three_rows(name: str):
    small = world()
    rows = [small.received()]
    returned(small)
    work(at(3, 8))
    client = client_of(small.home_clerk)

    with CaptureQueriesContext(connection) as with_one:
        client.get(reverse(f"documents:{name}"))
    rows += [small.received(), small.received(), outside_paper(small)]
    returned(small)
    for row in rows:
        lifecycle.assign(
            circulation=row,
            assignee=small.home_officer,
            role="lead",
            due_at=None,
            note="",
            by=small.home_head,
            at=at(3, 10),
        )
    work(at(3, 11))
    with CaptureQueriesContext(connection) as with_more:
        client.get(reverse(f"documents:{name}"))

    assert len(with_more) == len(with_one)


# -- Notices ----------------------------------------------------------------------------------


def test_notices_are_marked_by_post_and_open_nothing():
    small = world()
    issued(small)
    issued(small)
    work(at(2, 10))
    client = client_of(small.home_clerk)
    page = client.get(reverse("documents:notices"))
    first, _second = Notice.objects.filter(person=small.home_clerk).order_by("pk")

    client.post(reverse("documents:read_notices"), {"notice": first.pk})
    one = Notice.objects.filter(person=small.home_clerk, read_at__isnull=False).count()
    client.post(reverse("documents:read_notices"), {"until": page.context["newest"]})

    assert one == 1
    assert not Notice.objects.filter(person=small.home_clerk, read_at__isnull=True).exists()
    assert not Receipt.objects.filter(kind=ReceiptKind.OPENED).exists()


def test_what_came_after_the_page_stays_unread():
    small = world()
    issued(small)
    work(at(2, 10))
    client = client_of(small.home_clerk)
    newest = client.get(reverse("documents:notices")).context["newest"]
    issued(small)
    work(at(2, 11))

    client.post(reverse("documents:read_notices"), {"until": newest})

    assert Notice.objects.filter(person=small.home_clerk, read_at__isnull=True).count() == 1


def test_a_notice_of_somebody_else_is_not_marked():
    small = world()
    issued(small)
    work(at(2, 10))
    foreign = Notice.objects.get(person=small.home_clerk)

    client_of(small.finance_clerk).post(reverse("documents:read_notices"), {"notice": foreign.pk})

    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_marking_by_get_is_not_allowed():
    small = world()

    answer = client_of(small.home_clerk).get(reverse("documents:read_notices"))

    assert answer.status_code == 405


def test_a_notice_does_not_name_a_paper_that_is_no_longer_mine():
    small = world()
    paper = issued(small, subject="kho lúa kín")
    work(at(2, 10))
    client = client_of(small.home_clerk)
    assert "kho lúa kín" in client.get(reverse("documents:notices")).content.decode()

    lifecycle.recall(dispatch=paper, reason="Sai", by=small.clerk, at=at(3))
    recalled = client.get(reverse("documents:notices")).content.decode()
    small.home_clerk.posts.update(to_on=at(2).date())
    left = client.get(reverse("documents:notices")).content.decode()

    assert paper.code in recalled
    assert "kho lúa kín" not in recalled
    assert paper.code not in left
