"""The one door of archive search: what comes out of it, for whom, and at what cost."""

from datetime import date, timedelta
from unittest import mock

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agencies.choices import Role
from documents import access, lifecycle
from documents.choices import CitationKind
from documents.lifecycle.drafting import CitationDraft
from documents.models import Attachment, Circulation, Dispatch
from search import archive, indexing
from search.engine import Engine, EngineDown, Facet, Filters, Order, Page
from search.models import Abbreviation
from tests.documents.factories import outside_paper, world
from tests.documents.random_worlds import DAYS, MOMENT, random_world
from tests.documents.world import World, acknowledged, at, person
from tests.examples import a_share
from tests.search import elasticsearch
from tests.search.conftest import nodes
from tests.search.house import drain, numbers

NOW = at(5)


def who(user: object) -> access.Standing:
    return access.standing(user, at=NOW)  # type: ignore[arg-type]


def ask(user: object, text: str, **how: object) -> archive.Answer:
    return archive.ask(who(user), text, **how)  # type: ignore[arg-type]


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed",
    ["chống hạn", "chong han", "1502", "UBND tỉnh", "công văn nội dung"],
)
def test_a_paper_is_found_by_subject_number_issuer_and_type(engine: Engine, typed: str) -> None:
    small = World()
    paper = small.issued(subject="phòng, chống hạn hán")
    drain(engine)

    answer = ask(small.home_officer, typed)

    assert paper.pk in [*numbers(answer), *([_pk(answer.direct)] if answer.direct else [])]


def _pk(shown: archive.Shown | None) -> int:
    assert shown
    return int(shown.key.partition(":")[2])


def test_the_text_of_its_files_and_what_it_cites_are_found(engine: Engine) -> None:
    small = World()
    paper = small.issued(
        citations=[
            CitationDraft(
                kind=CitationKind.CITES, code="30/2020/NĐ-CP", title="về công tác văn thư"
            )
        ]
    )
    Attachment.objects.create(
        version=paper.current_version, name="a.pdf", sha256="0" * 64, size=1,
        media_type="application/pdf", text="danh mục hồ chứa thủy lợi", added_at=at(2),
        added_by=small.drafter,
    )  # fmt: skip
    drain(engine)

    for typed in ("hồ chứa thuỷ lợi", "30/2020/NĐ-CP", "cong tac van thu"):
        assert numbers(ask(small.home_officer, typed)) == [paper.pk]
    answer = ask(small.home_officer, "hồ chứa")
    pieces = archive.passage(answer.found[0], answer.query)
    assert [piece.text for piece in pieces if piece.marked] == ["hồ chứa"]


def test_a_number_typed_alone_answers_with_its_paper_and_where_it_stands(engine: Engine) -> None:
    small = World()
    paper = small.issued()
    other = small.issued(subject="nhắc lại công văn số 1502")
    row = small.at_home(paper)
    lifecycle.receive(circulation=row, by=small.home_clerk, at=at(3))
    row.refresh_from_db()
    acknowledged(row, small.home_clerk, at(3))
    drain(engine)

    for typed in ("1502", "số 1502", "Công văn số 1502/UBND-NC", "1502/ubnd-nc"):
        answer = ask(small.home_officer, typed)
        assert answer.direct
        assert _pk(answer.direct) == paper.pk
        assert paper.pk not in numbers(answer)
        [mine] = answer.direct.mine
        assert (mine.agency, mine.acknowledged, mine.owes) == (small.home.pk, True, False)
    assert _pk(ask(small.home_officer, other.code).direct) == other.pk


def test_an_arrival_number_is_known_in_its_own_agency_alone(engine: Engine) -> None:
    small = World()
    paper = small.issued(to=[small.home, small.finance])
    Circulation.objects.filter(dispatch=paper, agency=small.home).update(
        state="received", arrival_number=4711, arrived_on=date(2016, 6, 3)
    )
    drain(engine)

    assert _pk(ask(small.home_clerk, "4711").direct) == paper.pk
    answer = ask(small.finance_clerk, "4711")
    assert answer.direct is None
    assert answer.total == 0


def test_a_number_that_two_papers_bear_gives_both(engine: Engine) -> None:
    small = world()
    one = outside_paper(small).dispatch
    two = outside_paper(small, subject="khác").dispatch
    drain(engine)

    answer = ask(small.home_clerk, "77/BNV-VP")

    assert answer.direct is None
    assert set(numbers(answer)) == {one.pk, two.pk}


def test_facets_have_words_and_keep_what_was_chosen(engine: Engine) -> None:
    small = world()
    mine = small.issued()
    outside_paper(small)
    drain(engine)

    answer = ask(small.home_clerk, "")
    labels = {facet: [choice.label for choice in found] for facet, found in answer.facets.items()}
    assert set(labels[Facet.ISSUER]) == {"UBND tỉnh", "Bộ Nội vụ"}
    assert labels[Facet.TYPE] == ["Công văn"]
    assert labels[Facet.YEAR] == ["2016"]
    assert answer.total == 2

    chosen = (f"agency:{small.province.pk}", "agency:999999", "\x00'\"")
    answer = ask(small.home_clerk, "", filters=Filters(issuer=chosen))

    assert numbers(answer) == [mine.pk]
    picked = {each.value: each.papers for each in answer.facets[Facet.ISSUER] if each.chosen}
    assert picked == {chosen[0]: 1, chosen[1]: 0, chosen[2]: 0}


def test_what_my_agency_sent_or_received_can_be_asked_for_alone(engine: Engine) -> None:
    small = World()
    both = small.issued(to=[small.home, small.finance])
    officer = person("two", (small.home, Role.OFFICER), (small.finance, Role.CLERK))
    finance = small.issued(to=[small.finance])
    drain(engine)

    assert set(numbers(ask(officer, ""))) == {both.pk, finance.pk}
    assert numbers(ask(officer, "", at_agency=small.home.pk)) == [both.pk]
    assert numbers(ask(officer, "", at_agency=small.province.pk)) == []


def test_a_replacement_is_named_to_those_who_may_read_it(engine: Engine) -> None:
    small = World()
    old = small.issued(to=[small.home, small.finance])
    new = small.issued(to=[small.home], subject="thay thế kiểm tra công vụ")
    Dispatch.objects.filter(pk=old.pk).update(replaced_by=new)
    drain(engine)

    shown = {
        user.username: next(
            each for each in ask(user, "kiểm tra công vụ").found if each.state == "replaced"
        )
        for user in (small.home_clerk, small.finance_clerk)
    }

    assert shown["a_clerk"].successor
    assert shown["a_clerk"].successor.text == new.code
    assert shown["b_clerk"].successor is None
    assert shown["b_clerk"].state_label


def test_the_gate_has_the_last_word_on_hits_and_count(engine: Engine) -> None:
    """The index is wrong, nobody has noticed yet, and nothing was marked."""
    small = World()
    paper, other = small.issued(), small.issued()
    drain(engine)
    assert ask(small.home_clerk, "").total == 2

    Circulation.objects.filter(dispatch=paper).update(state="returned")

    answer = ask(small.home_clerk, "")
    assert numbers(answer) == [other.pk]
    assert answer.total == 1
    assert [each.papers for each in answer.facets[Facet.TYPE]] == [1]


def test_suggestions_did_you_mean_and_similar_tell_of_nothing_else(engine: Engine) -> None:
    small = World()
    open_paper = small.issued(subject="quản lý hồ chứa nước ngọt")
    closed = small.issued(subject="quản lý hồ chứa bí ẩn", to=[small.finance])
    drain(engine)
    inside, outside = who(small.finance_clerk), who(small.home_officer)

    assert any("bí" in each for each in archive.suggest(inside, "ho chua"))
    assert archive.suggest(outside, "ho chua")
    assert not any("bí" in each for each in archive.suggest(outside, "ho chua"))
    assert archive.did_you_mean(inside, "ho chua bi an") == "hồ chứa bí ẩn"
    assert "bí" not in (archive.did_you_mean(outside, "ho chua bi an") or "")
    assert _keys(archive.similar(inside, f"dispatch:{open_paper.pk}")) == [closed.pk]
    assert _keys(archive.similar(outside, f"dispatch:{open_paper.pk}")) == []
    assert archive.similar(outside, f"dispatch:{closed.pk}") == []
    assert archive.count(inside, "hồ chứa") == 2
    assert archive.count(outside, "hồ chứa") == 1


def _keys(found: list[archive.Shown]) -> list[int]:
    return [int(each.key.partition(":")[2]) for each in found]


def test_an_administrators_abbreviation_works_at_once_and_both_ways(engine: Engine) -> None:
    small = World()
    one = small.issued(subject="kế hoạch phòng chống lụt bão")
    two = small.issued(subject="kế hoạch PCLB")
    drain(engine)
    assert numbers(ask(small.home_officer, "kế hoạch pclb")) != [one.pk, two.pk]

    Abbreviation.objects.create(short="PCLB", long="phòng chống lụt bão")

    assert set(numbers(ask(small.home_officer, "PCLB"))) == {one.pk, two.pk}
    assert set(numbers(ask(small.home_officer, "phong chong lut bao"))) == {one.pk, two.pk}
    Abbreviation.objects.filter(short="PCLB").delete()


def test_nobody_at_all_finds_nothing(engine: Engine) -> None:
    small = World()
    small.issued()
    drain(engine)
    assert ask(small.home_clerk, "").total == 1

    for nobody in (AnonymousUser(), person("closed", (small.home, Role.CLERK), is_active=False)):
        assert ask(nobody, "").total == 0
        assert archive.suggest(who(nobody), "kiểm") == []
        assert archive.count(who(nobody), "") == 0
    assert ask(person("root", is_superuser=True), "").total == 0


def test_an_engine_that_is_down_says_so(unreachable: None) -> None:
    small = World()

    with pytest.raises(EngineDown):
        ask(small.home_clerk, "a")
    with pytest.raises(EngineDown):
        archive.suggest(who(small.home_clerk), "a")


@pytest.mark.parametrize("number", [1, 10])
def test_an_answer_costs_four_queries(  # type: ignore[no-untyped-def]
    engine: Engine, django_assert_max_num_queries, number: int
) -> None:
    small = World()
    papers = [small.issued() for _ in range(number)]
    Dispatch.objects.filter(pk=papers[-1].pk).update(replaced_by=papers[0])
    drain(engine)
    reader = who(small.home_officer)
    # What is resolved once a request, and what is asked once a minute.
    archive.ask(reader, "")

    for typed in ("kiểm tra công vụ", "1502", "kiem tra xyz"):
        with django_assert_max_num_queries(4):
            answer = archive.ask(reader, typed)
        assert answer.found or answer.direct


ODD = [
    "", " ", "\x00", "?!.,;", '"chưa đóng', "(((", "a" * 10_000, "kiểm " * 3_000, "\U0001f600",
    "9" * 400, "số", "1502/" * 200, "\u202e\u200b", "số 00000", "*:*", "-kiểm", "\ud800",
]  # fmt: skip


def test_whatever_is_typed_there_is_an_answer(engine: Engine) -> None:
    small = World()
    small.issued()
    drain(engine)
    reader = who(small.home_officer)
    nonsense = Filters(year=("x" * 500,), since=date.max)

    for typed in ODD:
        for order in Order:
            archive.ask(reader, typed, order=order, page=Page(10**6))
            archive.ask(reader, typed, order=order, filters=nonsense)
        archive.suggest(reader, typed)
        archive.did_you_mean(reader, typed)


# -- Equality with the gate ---------------------------------------------------------------------


class RandomWorlds(TestCase):
    """Whatever posts, mandates, audiences, exceptions and states: the engine says what SQL says."""

    @a_share(20)
    @given(data=st.data())
    def test_the_embedded_engine_answers_what_the_gate_lets_through(
        self, data: st.DataObject
    ) -> None:
        equal(indexing.chosen(), data)

    @pytest.mark.once
    @pytest.mark.elastic
    @a_share(20)
    @given(data=st.data())
    def test_elasticsearch_answers_what_the_gate_lets_through(self, data: st.DataObject) -> None:
        nodes()
        with elasticsearch.engines() as make:
            equal(make("worlds"), data)


@pytest.mark.prove
class ManyRandomWorlds(RandomWorlds):
    """The same with as many worlds as `make prove` wants."""


def equal(engine: Engine, data: st.DataObject) -> None:
    with engine.rebuild():
        pass
    people, papers = random_world(data)
    indexing.marking.mark_keys(f"dispatch:{paper.pk}" for paper in papers)
    drain(engine)
    for user in people:
        for moment in (MOMENT, MOMENT + timedelta(days=data.draw(DAYS))):
            reader = access.standing(user, at=moment)
            visible = set(access.visible_to(reader).values_list("pk", flat=True))
            found = engine.search(
                archive.read(""), tokens=archive.tokens_of(reader), facets=[Facet.KIND]
            )
            assert {int(hit.key.partition(":")[2]) for hit in found.hits} == visible
            assert found.total == len(visible)
            assert engine.count(archive.read(""), tokens=archive.tokens_of(reader)) == len(visible)
            assert _told(engine, reader, papers) <= visible
            assert sum(each.papers for each in found.facets.get(Facet.KIND, [])) == len(visible)


def _told(engine: Engine, reader: access.Standing, papers: list[Dispatch]) -> set[int]:
    """Every paper that suggestions, guesses and likeness name or are taken from."""
    tokens = archive.tokens_of(reader)
    keys = set()
    for paper in papers:
        keys |= {each.key for each in engine.suggest(paper.subject[:3], tokens=tokens)}
        guess = engine.did_you_mean(archive.read(paper.subject), tokens=tokens)
        keys |= {guess.key} if guess else set()
        keys |= {hit.key for hit in engine.similar(f"dispatch:{paper.pk}", tokens=tokens)}
    with mock.patch("search.archive.chosen", return_value=engine):
        new = archive.matching(reader, "", among={f"dispatch:{paper.pk}" for paper in papers})
    return {int(key.partition(":")[2]) for key in keys | set(new)}
