"""The passage shown under a hit: the right letters marked, nothing added, nothing torn."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from search.highlight import Piece, snippet
from search.text import read_query
from tests.search.test_text import ABBREVIATIONS, anything, nfd


def marked(original: str, typed: str, width: int = 200) -> list[str]:
    query = read_query(typed, abbreviations=ABBREVIATIONS)
    return [piece.text for piece in snippet(original, query, width) if piece.marked]


@given(anything, anything, st.integers(1, 60))
def test_pieces_join_to_a_slice_of_the_original(original: str, typed: str, width: int) -> None:
    pieces = snippet(original, read_query(typed), width)

    joined = "".join(piece.text for piece in pieces)
    assert joined in original
    assert len(joined) <= width
    assert all(piece.text for piece in pieces)


@given(anything, st.integers(1, 60))
def test_no_letter_is_torn_from_its_marks(original: str, width: int) -> None:
    original = nfd(original).lstrip("".join(map(chr, range(0x300, 0x370))))

    pieces = snippet(original, read_query(original[5:20]), width)

    joined = "".join(piece.text for piece in pieces)
    at = original.find(joined)
    assert not joined or not unicodedata.combining(joined[0])
    assert any(
        original.startswith(joined, place)
        and not unicodedata.combining((original + " ")[place + len(joined)])
        for place in range(at, len(original) + 1)
    )


@given(anything, anything)
def test_only_words_of_the_query_are_marked(original: str, typed: str) -> None:
    query = read_query(typed)

    for piece in snippet(original, query, 50):
        if piece.marked:
            assert set(read_query(piece.text).terms) <= set(query.terms) | {"so"}


def test_words_are_marked_without_regard_to_accents() -> None:
    text = "Về bảo đảm an ninh trật tự"

    assert marked(text, "an ninh") == ["an ninh"]
    assert marked(text, "trat bao") == ["bảo", "trật"]


def test_decomposed_text_is_marked_on_its_own_letters() -> None:
    text = nfd("Phong trào bảo vệ an ninh Tổ quốc ở tỉnh")

    assert marked(text, "tổ quốc") == [nfd("Tổ quốc")]


def test_the_long_form_of_a_typed_abbreviation_is_marked() -> None:
    assert marked("Ngày hội an ninh Tổ quốc năm 2016", "ANTQ") == ["an ninh Tổ quốc"]
    assert marked("Ngày hội ANTQ năm 2016", "an ninh tổ quốc") == ["ANTQ"]


def test_half_of_a_long_form_is_not_marked() -> None:
    assert marked("Ngày hội an ninh quốc gia", "ANTQ") == []


def test_the_densest_passage_is_cut() -> None:
    text = "an " + "dài " * 80 + "an ninh trật tự " + "khác " * 80

    pieces = snippet(text, read_query("an ninh trật tự"), 100)

    assert Piece("an ninh trật tự", True) in pieces
    assert len("".join(piece.text for piece in pieces)) <= 100


def test_a_passage_begins_and_ends_with_whole_words() -> None:
    text = "nghiêng " * 40 + "mục tiêu " + "nghiêng " * 40

    shown = "".join(piece.text for piece in snippet(text, read_query("mục tiêu"), 90))

    assert set(shown.split()) == {"nghiêng", "mục", "tiêu"}


def test_a_text_without_the_words_shows_its_beginning() -> None:
    assert snippet("Kính gửi các sở", read_query("không có"), 8) == [Piece("Kính gửi", False)]
    assert snippet("", read_query("a"), 8) == []


def test_a_tag_in_the_text_stays_text() -> None:
    pieces = snippet("<b>an</b>", read_query("an"), 80)

    assert pieces == [Piece("<b>", False), Piece("an", True), Piece("</b>", False)]
