"""One analysis: what is written in different ways comes out the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text import (
    LONGEST,
    Swap,
    analyse,
    exact,
    fold,
    number_forms,
    pairs,
    read_query,
    tokens,
    words,
)

ABBREVIATIONS = {"ANTQ": "an ninh Tổ quốc", "UBND": "Ủy ban nhân dân"}
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĐƠƯQY" + "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
vietnamese = st.text(st.sampled_from(LETTERS + "áàảãạấầẩẫậứừửữựýỳỷỹỵ 0159/-.,_()\n"), max_size=80)
anything = vietnamese | st.text(max_size=40)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@given(anything)
def test_tokens_are_slices_of_the_original(text: str) -> None:
    for token in tokens(text):
        assert text[token.start : token.end] == token.text


@given(anything)
def test_tokens_are_the_words_in_order(text: str) -> None:
    found = list(tokens(text))

    assert [token.text for token in found] == words(text)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))


@given(anything)
def test_composed_and_decomposed_text_are_analysed_alike(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)

    assert analyse(title=composed) == analyse(title=nfd(text)) == analyse(title=text)


@given(anything)
def test_folding_twice_changes_nothing(text: str) -> None:
    for word in words(text):
        assert fold(fold(word)) == fold(word) != ""


@given(anything)
def test_tokens_hold_letters_and_digits_only(text: str) -> None:
    """Both engines keep such tokens whole; a space or a sign would split them."""
    done = analyse(title=text)

    for field in (done.f, done.x, done.tf):
        assert all(word.isalnum() and len(word) <= LONGEST + 1 for word in field.split())
    assert len(done.f.split()) == len(done.x.split()) == len(words(text))


@given(anything)
def test_a_query_never_fails_and_stays_small(text: str) -> None:
    query = read_query(text, abbreviations=ABBREVIATIONS)

    assert len(query.terms) <= 80
    assert query.hopeless == (bool(text.strip()) and not query.terms)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("thuỷ", "thủy"),
        ("quý", "quí"),
        ("kỹ", "kĩ"),
        ("Mỹ", "mĩ"),
        ("tỷ", "tỉ"),
        ("Đ", "đ"),
        ("Ð", "đ"),
        ("NGHỊ", "nghị"),
        ("06", "6"),
        (nfd("Quyết"), "quyết"),
    ],
)
def test_spellings_of_one_syllable_are_exactly_equal(one: str, other: str) -> None:
    assert exact(one) == exact(other)
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("bàn", "bạn"), ("ta", "tá"), ("thuý", "thúi"), ("đa", "da"), ("tay", "tai")]
)
def test_different_syllables_stay_different_with_accents(one: str, other: str) -> None:
    assert exact(one) != exact(other)


def test_folding_knows_every_mark() -> None:
    folded = [fold(word) for word in words("Sở Nội vụ, Đồng Xoài – ưỡn ẹo m²")]

    assert " ".join(folded) == "so noi vu dong xoai uon eo m2"


def test_pairs_are_neighbours() -> None:
    assert pairs(["an", "ninh", "to", "quoc"]) == ["an_ninh", "ninh_to", "to_quoc"]
    assert pairs(["an"]) == []


def test_pairs_do_not_reach_from_the_title_into_the_body() -> None:
    assert analyse(title="an ninh", body="trật tự").fb == "an_ninh trat_tu"


def test_a_number_is_found_by_each_of_its_beginnings() -> None:
    assert number_forms("06/2008/CT-TTg") == [
        "6_2008_ct_ttg",
        "6_2008_ct",
        "6_2008",
        "6",
        "6_ct_ttg",
        "6_ct",
    ]
    assert number_forms("1502/UBND-NC") == ["1502_ubnd_nc", "1502_ubnd", "1502"]
    assert number_forms("") == []


@pytest.mark.parametrize(
    "typed",
    [
        "06/2008/CT-TTg",
        "6/2008/ct-ttg",
        "06-2008-ct-ttg",
        "06 2008 ct ttg",
        "06 / 2008 / CT – TTg",
        "chỉ thị số 06/2008/CT-TTg",
        nfd("Chỉ thị 06/2008/CT-TTg"),
    ],
)
def test_a_number_is_recognised_however_it_is_typed(typed: str) -> None:
    assert "6_2008_ct_ttg" in read_query(typed).numbers


def test_a_bare_number_is_looked_up_in_a_short_query_only() -> None:
    assert read_query("công văn 1502").numbers == ("1502",)
    assert "1502" not in read_query("kinh phí cho 1502 hộ nghèo trong tỉnh").numbers


def test_a_month_or_an_article_is_no_document_number() -> None:
    assert read_query("báo cáo tháng 12/2020").numbers == ()
    assert read_query("điều 15").numbers == ()


def test_the_word_number_before_a_number_is_not_asked_for() -> None:
    assert "so" not in read_query("công văn số 426/VPCP-NC").terms
    assert "so" in read_query("số liệu").terms


def test_accents_count_only_when_they_were_typed() -> None:
    assert read_query("an ninh to quoc").exact == ()
    assert read_query("an ninh Tổ quốc").exact == ("an", "ninh", "tô3", "quôc5")


def test_an_abbreviation_means_its_long_form_and_the_reverse() -> None:
    short = read_query("phong trào antq", abbreviations=ABBREVIATIONS)
    long = read_query("phong trao an ninh to quoc", abbreviations=ABBREVIATIONS)

    assert short.swaps == (Swap(("antq",), ("an", "ninh", "to", "quoc")),)
    assert long.swaps == (Swap(("an", "ninh", "to", "quoc"), ("antq",)),)


@pytest.mark.parametrize("typed", ["", "  \n", "\x00"])
def test_nothing_typed(typed: str) -> None:
    assert read_query(typed).terms == ()


def test_signs_alone_are_hopeless_not_blank() -> None:
    assert read_query("*:*").hopeless
    assert read_query("  ").blank
