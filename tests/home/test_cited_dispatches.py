"""What a page that cites a dispatch tells to whom."""

import re
import unicodedata
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import clock
from documents.access import visible_to
from documents.choices import RecallState, State
from home.blocks import CitedDispatchBlock
from home.citations import as_code, look_up
from tests.home.world import CODE, SUBJECT, circulate, citing, dispatch, seen_by


def main_of(html: str) -> str:
    """Return the page between bar and foot, without what differs between persons and moments."""
    return re.search(r"<main.*</main>", html, re.DOTALL).group()


def test_the_reader_sees_subject_and_force(house):
    page = seen_by(house.reader, citing(CODE))

    assert SUBJECT in page
    assert f"/van-ban/{house.paper.pk}/" in page
    assert 'class="tag go"' in page


@pytest.mark.parametrize("who", ["outsider", "editor", "superuser"])
def test_others_see_the_code_and_nothing_else(house, who):
    page = citing(CODE)
    assert SUBJECT in seen_by(house.reader, page)

    seen = seen_by(getattr(house, who), page)

    assert CODE in seen
    assert SUBJECT not in seen
    assert f"/van-ban/{house.paper.pk}/" not in seen
    assert 'class="tag' not in seen


@pytest.mark.parametrize("who", ["outsider", "editor", "superuser"])
def test_a_code_of_others_looks_like_one_that_does_not_exist(house, who):
    real, invented = citing(CODE, slug="that"), citing("9876/UBND-NC", slug="gia")
    assert SUBJECT in seen_by(house.reader, real)

    of_others = main_of(seen_by(getattr(house, who), real))
    of_nobody = main_of(seen_by(getattr(house, who), invented))

    assert of_others.replace("that", "gia").replace(CODE, "9876/UBND-NC") == of_nobody


def test_a_code_of_others_costs_the_same_queries_as_one_that_does_not_exist(house):
    def cost(code):
        with CaptureQueriesContext(connection) as queries:
            look_up([(code, None)], reader=house.outsider, at=clock.now())
        return len(queries)

    assert cost(CODE) == cost("9876/UBND-NC")


@pytest.mark.parametrize("count", [1, 3, 30])
def test_all_codes_of_a_page_are_looked_up_in_one_query(house, count):
    codes = [f"{number}/UBND-NC" for number in range(1502, 1502 + count)]
    page = citing(*codes)

    with CaptureQueriesContext(connection) as queries:
        seen = seen_by(house.reader, page)

    look_ups = [q["sql"] for q in queries if '"documents_dispatch"."code" IN' in q["sql"]]
    assert SUBJECT in seen
    assert len(look_ups) == 1


def test_a_page_without_citations_looks_nothing_up(house):
    with CaptureQueriesContext(connection) as queries:
        seen_by(house.reader, citing())

    assert not [q for q in queries if '"documents_dispatch"."code" IN' in q["sql"]]


def test_the_year_tells_equal_codes_apart(house):
    older = dispatch(house.issuer, house.paper.drafter, code=CODE, subject="Về việc cũ",
                     issued_on=date(2015, 5, 5))  # fmt: skip
    circulate(older, house.recipient)

    both = seen_by(house.reader, citing(CODE, slug="ca-hai"))
    one = seen_by(house.reader, citing(CODE, year=2016, slug="mot"))

    assert SUBJECT in both
    assert "Về việc cũ" in both
    assert SUBJECT in one
    assert "Về việc cũ" not in one


def test_a_recipient_who_had_it_recalled_sees_the_code_alone(house):
    page = citing(CODE)
    assert SUBJECT in seen_by(house.reader, page)

    house.paper.circulations.update(recall_state=RecallState.AGREED, recall_reason="Gửi nhầm")

    seen = seen_by(house.reader, page)
    assert CODE in seen
    assert SUBJECT not in seen
    assert "Gửi nhầm" not in seen


def test_the_issuer_sees_that_it_was_recalled_and_why(house):
    house.paper.recalled_at, house.paper.recall_reason = clock.now(), "Sai phụ lục"
    house.paper.save()

    seen = seen_by(house.paper.drafter, citing(CODE))

    assert "Sai phụ lục" in seen
    assert 'class="tag late"' in seen


def test_the_replacing_paper_is_named_to_its_readers_alone(house):
    later = dispatch(house.issuer, house.paper.drafter, code="1600/UBND-NC", subject="Mới")
    house.paper.replaced_by = later
    house.paper.save()
    page = citing(CODE)

    issuer, reader = seen_by(house.paper.drafter, page), seen_by(house.reader, page)

    assert "1600/UBND-NC" in issuer
    assert "1600/UBND-NC" not in reader
    assert 'class="tag off"' in reader
    assert 'class="tag go"' not in reader


def test_a_paper_that_takes_effect_later_is_not_shown_as_in_force(house):
    house.paper.effective_on = clock.today() + timedelta(days=3)
    house.paper.save()

    seen = seen_by(house.reader, citing(CODE))

    assert 'class="tag due"' in seen
    assert 'class="tag go"' not in seen


def test_a_paper_that_is_not_issued_is_not_shown_even_to_its_office(house):
    numbered = dispatch(house.issuer, house.paper.drafter, code="1777/UBND-NC", subject="Chưa gửi",
                        state=State.NUMBERED, issued_at=None)  # fmt: skip
    page = citing("1777/UBND-NC")
    assert numbered in visible_to(house.paper.drafter, at=clock.now())

    seen = seen_by(house.paper.drafter, page)

    assert "Chưa gửi" not in seen


@pytest.mark.parametrize("typed", ["Số: 1502/UBND-NC", " 1502 / UBND-NC ", "số 1502/UBND-NC"])
def test_a_code_is_compared_without_spaces_and_the_word_number(typed):
    assert as_code(typed) == CODE


def test_a_code_with_composed_letters_meets_one_with_combining_marks(house):
    house.paper.code = "12/QĐ-UBNDTỈNH"
    house.paper.save()

    decomposed = unicodedata.normalize("NFD", house.paper.code)

    assert decomposed != house.paper.code
    assert SUBJECT in seen_by(house.reader, citing(decomposed))


def test_the_block_takes_any_well_formed_code_and_asks_nobody(house, django_assert_num_queries):
    block = CitedDispatchBlock()

    with django_assert_num_queries(0):
        real = block.clean(block.to_python({"code": CODE, "year": None}))
        invented = block.clean(block.to_python({"code": "9876/UBND-NC", "year": None}))

    assert (real["code"], invented["code"]) == (CODE, "9876/UBND-NC")
