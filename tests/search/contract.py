"""What every engine must do. Each engine's test module subclasses Contract and gives `engine`."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from search.engine import (
    Engine,
    Facet,
    Filters,
    Order,
    Page,
    RebuildRunning,
    Record,
    audience_digest,
)
from search.text import read_query
from tests.search.test_text import ABBREVIATIONS, nfd

ME = ("agency:1", "user:7")
YOU = ("agency:2",)
NOBODY: tuple[str, ...] = ()
DAY = date(2016, 6, 1)


def paper(number: int, title: str = "Về việc chung", **values: Any) -> Record:
    values = {"audience": frozenset(ME[:1]), "version": 1, "kind": "dispatch", "day": DAY} | values
    return Record(key=f"dispatch:{number}", title=title, **values)


def fill(engine: Engine, records: Iterable[Record]) -> None:
    assert engine.put(records) == {}
    engine.flush()


def found(engine: Engine, typed: str, tokens: Sequence[str] = ME, **how: Any) -> list[int]:
    query = read_query(typed, abbreviations=ABBREVIATIONS)
    answer = engine.search(query, tokens=tokens, **how)
    return [int(hit.key.partition(":")[2]) for hit in answer.hits]


class Contract:
    """`engine` is built and empty."""

    # -- Words ---------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "typed",
        [
            "an ninh trật tự",
            "an ninh trat tu",
            "AN NINH TRẬT TỰ",
            nfd("an ninh trật tự"),
            '"an ninh" AND (trật tự)',
            "an-ninh *trật* tự:~2^9 [",
        ],
    )
    def test_spellings_and_signs_find_the_same(self, engine: Engine, typed: str) -> None:
        fill(engine, [paper(1, nfd("Bảo đảm an ninh trật tự")), paper(2, "Về đất đai")])

        # The third has a word more, which no paper holds: it is found as half of the words are.
        assert found(engine, typed) == [1]

    def test_a_paper_that_holds_every_word_is_found_alone(self, engine: Engine) -> None:
        fill(engine, [paper(n, "Báo cáo an toàn giao thông") for n in range(30)])
        fill(engine, [paper(90, "Báo cáo an ninh")])

        answer = engine.search(read_query("bao cao an toan"), tokens=ME)

        assert answer.total == 30
        assert not answer.relaxed

    def test_too_few_papers_with_every_word_give_way_to_half_and_say_so(
        self, engine: Engine
    ) -> None:
        fill(engine, [paper(1, "Kế hoạch phòng chống thiên tai"), paper(2, "Kế hoạch phòng cháy")])

        answer = engine.search(read_query("kế hoạch phòng chống thiên"), tokens=ME)

        assert [hit.key for hit in answer.hits] == ["dispatch:1", "dispatch:2"]
        assert answer.relaxed

    def test_typed_accents_put_the_exact_word_first(self, engine: Engine) -> None:
        fill(engine, [paper(1, "Họp bạn", day=DAY + timedelta(1)), paper(2, "Họp bàn")])

        assert found(engine, "hop ban") == [1, 2]
        assert found(engine, "họp bàn") == [2, 1]

    def test_neighbours_rank_above_scattered_words(self, engine: Engine) -> None:
        fill(
            engine,
            [
                paper(1, "Ninh Bình và an toàn", day=DAY + timedelta(1)),
                paper(2, "Tỉnh ta và an ninh"),
            ],
        )

        assert found(engine, "an ninh") == [2, 1]

    def test_an_abbreviation_and_its_long_form_find_each_other(self, engine: Engine) -> None:
        fill(
            engine,
            [
                paper(1, "Ngày hội an ninh Tổ quốc"),
                paper(2, "Ngày hội ANTQ"),
                paper(3, "An toàn, ninh hương, tổ dân phố, quốc lộ"),
            ],
        )

        assert set(found(engine, "ANTQ")) == {1, 2}
        assert set(found(engine, "ngày hội an ninh tổ quốc")) >= {1, 2}

    def test_names_and_body_are_searched(self, engine: Engine) -> None:
        fill(engine, [paper(1, body="Kính gửi: Sở Nội vụ", names="Công văn UBND tỉnh")])

        assert found(engine, "kinh gui so noi vu") == [1]
        assert found(engine, "cong van ubnd tinh") == [1]

    def test_signs_alone_find_nothing_and_a_blank_query_everything(self, engine: Engine) -> None:
        fill(engine, [paper(1), paper(2, day=DAY + timedelta(1))])

        assert found(engine, "") == [2, 1]
        assert found(engine, "*:*") == []

    # -- Numbers -------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "typed",
        [
            "06/2008/CT-TTg",
            "6/2008/ct-ttg",
            "06-2008-ct-ttg",
            "06 2008 ct ttg",
            "06/2008",
            "chỉ thị số 06/2008/CT-TTg",
            "6/CT-TTg",
            "số 6",
        ],
    )
    def test_a_paper_is_found_by_its_number_however_it_is_typed(
        self, engine: Engine, typed: str
    ) -> None:
        number = "06/2008/CT-TTg"
        fill(
            engine,
            [
                paper(1, names="Chỉ thị", numbers=(number,), day=date(2008, 2, 1)),
                paper(2, f"Thực hiện chỉ thị số {number}", body=f"{number} " * 9),
                paper(3, "Điều 6 năm 2008", numbers=("60/2008/CT-TTg",)),
            ],
        )

        assert found(engine, typed)[0] == 1

    # -- Rights --------------------------------------------------------------------------------

    def test_no_token_finds_nothing_of_any_kind(self, engine: Engine) -> None:
        fill(engine, [paper(1, "An ninh"), paper(2, "An ninh trật tự")])
        query = read_query("an ninh")

        assert found(engine, "an ninh", ME)
        assert found(engine, "an ninh", NOBODY) == []
        assert engine.search(query, tokens=NOBODY, facets=[Facet.KIND]).total == 0
        assert engine.count(query, tokens=NOBODY) == 0
        assert engine.suggest("an", tokens=NOBODY) == []
        assert engine.did_you_mean(read_query("an nimh"), tokens=NOBODY) is None
        assert engine.similar("dispatch:1", tokens=NOBODY) == []

    def test_hits_totals_and_facets_are_the_readers(self, engine: Engine) -> None:
        fill(engine, [paper(1, "An ninh", type="CV"), paper(2, "An ninh", type="CV")])
        fill(engine, [paper(3, "An ninh", type="QD", audience=frozenset(YOU))])

        mine = engine.search(read_query("an ninh"), tokens=ME, facets=[Facet.TYPE])
        yours = engine.search(read_query("an ninh"), tokens=YOU, facets=[Facet.TYPE])

        assert (mine.total, mine.facets) == (2, {Facet.TYPE: [("CV", 2)]})
        assert (yours.total, yours.facets) == (1, {Facet.TYPE: [("QD", 1)]})

    def test_any_one_token_is_enough(self, engine: Engine) -> None:
        fill(engine, [paper(1, "An ninh", audience=frozenset({"agency:9", "user:7"}))])

        assert found(engine, "an ninh", ME) == [1]

    def test_suggestions_come_from_papers_that_the_reader_may_see(self, engine: Engine) -> None:
        fill(engine, [paper(1, "Về bảo đảm an ninh trật tự")])
        fill(engine, [paper(2, "An ninh mạng tối mật", audience=frozenset(YOU))])

        assert [one.text for one in engine.suggest("an ni", tokens=ME)] == ["an ninh trật tự"]
        assert "mạng" in engine.suggest("an ni", tokens=YOU)[0].text

    def test_what_was_meant_comes_from_papers_that_the_reader_may_see(self, engine: Engine) -> None:
        fill(engine, [paper(1, "Về bảo đảm an ninh trật tự"), paper(2, "Họp an ninh")])
        fill(engine, [paper(3, "Chiến dịch Bạch Đằng", audience=frozenset(YOU))])

        mended = engine.did_you_mean(read_query("an nimh trat tu"), tokens=ME)

        assert mended is not None
        assert mended.text == "an ninh trật tự"
        assert engine.did_you_mean(read_query("bach dang"), tokens=YOU)
        assert engine.did_you_mean(read_query("bach dang"), tokens=ME) is None

    def test_similar_papers_are_the_readers_and_need_a_visible_one(self, engine: Engine) -> None:
        title = "Tăng cường phòng chống cháy rừng mùa khô"
        fill(engine, [paper(1, title), paper(2, title), paper(4, "Họp giao ban")])
        fill(engine, [paper(3, title, audience=frozenset(YOU))])

        assert [hit.key for hit in engine.similar("dispatch:1", tokens=ME)] == ["dispatch:2"]
        assert engine.similar("dispatch:3", tokens=ME) == []
        assert engine.similar("dispatch:99", tokens=ME) == []

    def test_an_excluded_key_is_in_no_answer(self, engine: Engine) -> None:
        title = "Tăng cường phòng chống cháy rừng mùa khô"
        fill(engine, [paper(1, title), paper(2, title, type="MAT")])
        query = read_query("cháy rừng")
        out = ["dispatch:2"]
        assert found(engine, "cháy rừng") == [2, 1]

        answer = engine.search(query, tokens=ME, excluded=out, facets=[Facet.TYPE])

        assert [hit.key for hit in answer.hits] == ["dispatch:1"]
        assert (answer.total, answer.facets) == (1, {Facet.TYPE: []})
        assert engine.count(query, tokens=ME, excluded=out) == 1
        assert engine.similar("dispatch:1", tokens=ME, excluded=out) == []
        assert engine.similar("dispatch:2", tokens=ME, excluded=out) == []
        every = ["dispatch:1", "dispatch:2"]
        assert engine.suggest("chay", tokens=ME, excluded=every) == []
        assert engine.did_you_mean(read_query("chay rung"), tokens=ME, excluded=every) is None

    # -- Filters, facets, order, pages ---------------------------------------------------------

    def test_filters_narrow_and_days_are_included(self, engine: Engine) -> None:
        fill(
            engine,
            [
                paper(1, type="CV", issuers=("10", "11"), field="nc", state="issued"),
                paper(2, type="QD", issuers=("11",), day=DAY + timedelta(1)),
                paper(3, type="QD", day=date(2017, 1, 1), kind="seminar"),
                paper(4, type="QD", day=None),
            ],
        )

        def left(**values: Any) -> list[int]:
            return found(engine, "", filters=Filters(**values))

        assert left(type=("QD",)) == [3, 2, 4]
        assert left(type=("QD", "CV"), issuer=("11",)) == [2, 1]
        assert left(issuer=("10",)) == left(field=("nc",)) == left(state=("issued",)) == [1]
        assert left(year=("2016",)) == left(since=DAY, until=DAY + timedelta(1)) == [2, 1]
        assert left(until=DAY) == [1]
        assert left(since=date(2017, 1, 1)) == left(kind=("seminar",)) == [3]
        assert left(type=("",)) == []

    def test_facets_count_all_that_was_found_most_first(self, engine: Engine) -> None:
        fill(engine, [paper(n, issuers=("b", "a") if n % 2 else ("a",)) for n in range(40)])

        answer = engine.search(
            read_query("chung"),
            tokens=ME,
            page=Page(size=5),
            facets=[Facet.ISSUER, Facet.YEAR, Facet.FIELD],
        )

        assert answer.facets == {
            Facet.ISSUER: [("a", 40), ("b", 20)],
            Facet.YEAR: [("2016", 40)],
            Facet.FIELD: [],
        }

    @pytest.mark.parametrize("order", list(Order))
    def test_pages_neither_repeat_nor_lose_one_among_equals(
        self, engine: Engine, order: Order
    ) -> None:
        for start in (0, 35, 70):
            fill(engine, [paper(n, day=DAY + timedelta(n % 3)) for n in range(start, start + 35)])

        pages = [found(engine, "việc chung", page=Page(n, 20), order=order) for n in range(1, 8)]

        newest = sorted(range(105), key=lambda n: (n % 3, n), reverse=True)
        expected = newest[::-1] if order is Order.OLDEST else newest
        assert [number for page in pages for number in page] == expected

    def test_what_is_no_longer_in_force_ranks_below(self, engine: Engine) -> None:
        fill(engine, [paper(1, "Quy chế"), paper(2, "Quy chế", day=DAY + timedelta(9))])
        assert found(engine, "quy chế") == [2, 1]

        fill(engine, [paper(2, "Quy chế", day=DAY + timedelta(9), in_force=False, version=2)])

        assert found(engine, "quy chế") == [1, 2]

    @pytest.mark.slow
    def test_the_total_is_exact_above_ten_thousand(self, engine: Engine) -> None:
        fill(engine, [paper(n) for n in range(10_005)])

        answer = engine.search(read_query("chung"), tokens=ME, page=Page(401, 25))

        assert answer.total == engine.count(read_query("chung"), tokens=ME) == 10_005
        assert answer.hits == []
        assert len(found(engine, "chung", page=Page(400, 25))) == 25

    # -- Writing -------------------------------------------------------------------------------

    def test_a_newer_version_replaces_and_an_older_one_does_not(self, engine: Engine) -> None:
        fill(engine, [paper(1, "Bản mới", version=5)])
        assert found(engine, "bản mới") == [1]

        fill(engine, [paper(1, "Thứ cũ", version=4), paper(2, "Thứ khác", version=1)])

        assert found(engine, "bản mới") == [1]
        assert found(engine, "thứ cũ") == [2]
        assert engine.count(read_query(""), tokens=ME) == 2

    def test_the_same_version_may_be_written_again(self, engine: Engine) -> None:
        fill(engine, [paper(1, "Một", version=5)])
        fill(engine, [paper(1, "Hai", version=5)])

        assert found(engine, "hai") == [1]
        assert found(engine, "một") == []

    def test_the_newest_of_one_batch_stays(self, engine: Engine) -> None:
        fill(engine, [paper(1, "Hai", version=2), paper(1, "Một", version=1)])

        assert found(engine, "hai") == [1]
        assert engine.count(read_query(""), tokens=ME) == 1

    def test_a_dropped_paper_is_gone_and_nothing_older_brings_it_back(self, engine: Engine) -> None:
        fill(engine, [paper(1), paper(2)])
        assert engine.count(read_query(""), tokens=ME) == 2

        engine.drop({"dispatch:1": 2, "dispatch:77": 1})
        fill(engine, [paper(1, version=1)])

        assert found(engine, "") == [2]
        assert [stamp.key for stamp in engine.stamps()] == ["dispatch:2"]

    def test_a_drop_older_than_the_paper_does_nothing(self, engine: Engine) -> None:
        fill(engine, [paper(1, version=3)])

        engine.drop({"dispatch:1": 2})
        engine.flush()

        assert found(engine, "") == [1]

    def test_a_smaller_audience_takes_effect(self, engine: Engine) -> None:
        fill(engine, [paper(1, audience=frozenset({*ME, *YOU}))])
        assert found(engine, "chung", YOU) == [1]

        fill(engine, [paper(1, version=2)])

        assert found(engine, "chung", YOU) == []
        assert found(engine, "chung", ME) == [1]

    def test_stamps_tell_version_and_audience_of_every_paper(self, engine: Engine) -> None:
        fill(engine, [paper(n, version=n + 1) for n in range(1_200)])
        fill(engine, [paper(5, version=9, audience=frozenset())])

        stamps = {stamp.key: stamp for stamp in engine.stamps()}

        assert len(stamps) == 1_200
        assert stamps["dispatch:7"] == ("dispatch:7", 8, audience_digest(ME[:1]))
        assert stamps["dispatch:5"] == ("dispatch:5", 9, audience_digest([]))

    def test_a_text_of_megabytes_and_odd_signs_is_taken(self, engine: Engine) -> None:
        odd = "chữ\x00 \ud7ff ١٢ 漢字 \U0001f600 " + "x" * 70_000

        fill(engine, [paper(1, "Phụ lục", body=odd + " mục tiêu" * 300_000)])

        assert found(engine, "mục tiêu") == [1]

    # -- Rebuilding ----------------------------------------------------------------------------

    def test_the_old_index_serves_until_the_new_one_is_whole(self, engine: Engine) -> None:
        fill(engine, [paper(1, "Cũ")])

        with engine.rebuild() as building:
            building.put([paper(2, "Mới")])
            assert found(engine, "") == [1]

        assert found(engine, "") == [2]
        assert [stamp.key for stamp in engine.stamps()] == ["dispatch:2"]

    def test_what_changes_during_a_rebuild_is_in_the_new_index(self, engine: Engine) -> None:
        fill(engine, [paper(n) for n in (1, 2, 3)])

        with engine.rebuild() as building:
            fill(engine, [paper(1, "Đã sửa", version=2), paper(4)])
            engine.drop({"dispatch:3": 2})
            building.put([paper(n) for n in (1, 2, 3)])
            engine.put([paper(2, "Cũng sửa", version=2)])

        engine.flush()
        assert set(found(engine, "")) == {1, 2, 4}
        assert set(found(engine, "sửa")) == {1, 2}

    def test_a_rebuild_that_fails_changes_nothing(self, engine: Engine) -> None:
        fill(engine, [paper(1)])

        def records() -> Iterable[Record]:
            yield paper(2)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError), engine.rebuild() as building:
            building.put(records())

        assert found(engine, "") == [1]
        with engine.rebuild() as building:
            building.put([paper(3)])
        assert found(engine, "") == [3]

    def test_two_rebuilds_at_once_are_refused(self, engine: Engine) -> None:
        with engine.rebuild(), pytest.raises(RebuildRunning), engine.rebuild():
            pass
        engine.ready()
