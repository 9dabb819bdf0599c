"""The search page: what it finds for whom, in words and by number, and when the engine is away."""

import io

import openpyxl
import pytest
from django.urls import reverse

from documents import lifecycle
from search.engine import Engine
from tests.documents.factories import at, client_of, issued, world
from tests.search.house import drain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon_of_3_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))


def found(user, **params):
    return client_of(user).get(reverse("search"), params)


def numbers(response) -> list[str]:
    return [each["shown"].number for each in response.context["hits"]]


def text_of(response) -> str:
    return response.content.decode()


def test_words_without_marks_find_the_paper_and_are_marked(engine: Engine) -> None:
    small = world()
    paper = issued(small, subject="Tăng cường kiểm tra công vụ")
    drain(engine)

    page = found(small.home_clerk, q="kiem tra cong vu")

    assert numbers(page) == [paper.code]
    assert "<mark>kiểm tra công vụ</mark>" in text_of(page)
    assert f'href="{reverse("documents:dispatch", args=[paper.pk])}"' in text_of(page)


def test_a_number_typed_alone_answers_with_its_paper(engine: Engine) -> None:
    small = world()
    paper = issued(small)
    issued(small, subject="nhắc lại số 1502 của năm trước")
    drain(engine)

    page = found(small.home_clerk, q="1502")

    assert page.context["direct"]["shown"].number == paper.code
    assert paper.code not in numbers(page)


def test_who_may_not_read_a_paper_meets_it_nowhere(engine: Engine) -> None:
    small = world()
    paper = issued(small, to=[small.home], subject="Đề án tuyệt đối riêng biệt")
    drain(engine)
    assert numbers(found(small.home_clerk, q="riêng biệt")) == [paper.code]

    page = found(small.finance_clerk, q="riêng biệt")
    offered = client_of(small.finance_clerk).get(reverse("search_suggestions"), {"q": "de an"})
    taken = client_of(small.finance_clerk).get(reverse("search_xlsx"), {"q": "riêng biệt"})

    assert (numbers(page), page.context["facets"], page.context["direct"]) == ([], [], None)
    assert "option" not in text_of(offered)
    assert len(list(openpyxl.load_workbook(io.BytesIO(taken.content)).active.rows)) == 1


def test_a_recalled_paper_is_gone_on_the_next_request_though_the_index_was_not_written(
    engine: Engine,
) -> None:
    small = world()
    paper = issued(small, to=[small.home])
    drain(engine)
    assert numbers(found(small.home_clerk, q="kiểm tra")) == [paper.code]

    lifecycle.recall(dispatch=paper, reason="Nhầm", by=small.leader, at=at(3))

    assert numbers(found(small.home_clerk, q="kiểm tra")) == []


def test_a_facet_narrows_the_list_and_is_taken_away_again(engine: Engine) -> None:
    small = world()
    one = issued(small)
    drain(engine)
    whole = found(small.home_clerk, q="kiểm tra")
    choices = {
        (facet["title"], each["choice"].value): each["url"]
        for facet in whole.context["facets"]
        for each in facet["choices"]
    }
    year = next(url for (title, value), url in choices.items() if value == "2016")

    narrowed = client_of(small.home_clerk).get(reverse("search") + year)
    other = found(small.home_clerk, q="kiểm tra", year="2015")
    again = next(
        each["url"]
        for facet in narrowed.context["facets"]
        for each in facet["choices"]
        if each["choice"].value == "2016"
    )

    assert numbers(narrowed) == [one.code]
    assert numbers(other) == []
    assert "year=" not in again


def test_the_engine_away_is_said_and_nothing_else_stops(unreachable: None) -> None:
    small = world()
    issued(small)

    page = found(small.home_clerk, q="kiểm tra")

    assert page.status_code == 503
    assert "Tìm kiếm đang tạm ngừng" in text_of(page)
    assert client_of(small.home_clerk).get(reverse("documents:incoming")).status_code == 200
    offered = client_of(small.home_clerk).get(reverse("search_suggestions"), {"q": "kiểm"})
    assert offered.status_code == 200


def test_a_page_that_is_not_there_shows_one_that_is(engine: Engine) -> None:
    small = world()
    paper = issued(small)
    drain(engine)

    for page in ("0", "-1", "abc", "9" * 30, "²", "999"):
        response = found(small.home_clerk, q="kiểm tra", page=page)
        assert response.status_code == 200, page
        assert numbers(response) == [paper.code], page


JUNK = ("agency:", "agency:abc", "agency:²", "agency:" + "9" * 30, "\x00", "a" * 3000, "9" * 30)


def test_a_filter_that_nobody_offers_finds_nothing_and_is_no_error_page(engine: Engine) -> None:
    small = world()
    issued(small)
    drain(engine)

    for junk in JUNK:
        # Each filter alone where a number is looked up, all others together.
        alone = {"issuer": junk}, {"own": junk}
        others = dict.fromkeys(("kind", "state", "type", "year", "field", "since", "order"), junk)
        for narrowed in (*alone, others):
            answer = found(small.home_clerk, q="kiểm tra", **narrowed)
            assert answer.status_code == 200, narrowed


def test_the_spreadsheet_holds_what_the_page_lists(engine: Engine) -> None:
    small = world()
    paper = issued(small)
    drain(engine)

    answer = client_of(small.home_clerk).get(reverse("search_xlsx"), {"q": "kiểm tra"})

    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[1][0] == paper.code
    assert len(rows) == 2
    assert rows[1][6].endswith(reverse("documents:dispatch", args=[paper.pk]))


def test_an_empty_page_asks_and_lists_nothing(unreachable: None) -> None:
    small = world()

    page = found(small.home_clerk)

    assert page.status_code == 200
    assert "answer" not in page.context
