"""Vietnamese order and folding, whatever the database's own collation."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.letters import KEY_LENGTH, fold, sort_key
from agencies.models import User

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
#: ngang, huyền, hỏi, ngã, sắc, nặng
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
MARKED = "aàáâãạảấầẩẫậắằẳẵặăbcdđeèéẹêếềểễệghiìíịklmnoòóôốồổỗộơớờởỡợpqrstuùúủũụưứừửữựvxyýỳỵỷỹ"

words = st.text(alphabet=MARKED + MARKED.upper(), min_size=1, max_size=12)


def test_letters_follow_the_vietnamese_alphabet() -> None:
    jumbled = LETTERS[::-1]

    assert sorted(jumbled, key=sort_key) == list(LETTERS)


def test_tones_follow_the_dictionary() -> None:
    ma = [unicodedata.normalize("NFC", f"ma{tone}") for tone in TONES]

    assert ma == ["ma", "mà", "mả", "mã", "má", "mạ"]
    jumbled = ma[::-1]
    assert sorted(jumbled, key=sort_key) == ma


def test_letters_weigh_more_than_tones_and_words_end_before_they_go_on() -> None:
    names = ["Bá", "Bà Rịa", "Ba Vì", "Bạc", "Bắc", "Dầu", "Dương", "Đà", "Đức"]

    assert sorted(names, key=sort_key) == [
        "Bá", "Bà Rịa", "Ba Vì", "Bạc", "Bắc", "Dầu", "Dương", "Đà", "Đức",
    ]  # fmt: skip


@given(words, words)
def test_tones_decide_only_between_equal_letters(one: str, other: str) -> None:
    if _toneless(one) != _toneless(other):
        assert (sort_key(one) < sort_key(other)) == (
            sort_key(_toneless(one)) < sort_key(_toneless(other))
        )


@given(st.text(max_size=400))
def test_a_key_is_digits_only_and_fits_its_column(text: str) -> None:
    key = sort_key(text)

    assert key.isascii()
    assert key.isdigit()
    assert len(key) <= KEY_LENGTH


@given(words)
def test_order_and_folding_do_not_depend_on_case_or_unicode_form(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)

    assert sort_key(decomposed) == sort_key(text) == sort_key(text.upper())
    assert fold(decomposed) == fold(text) == fold(text.upper())


@given(st.lists(words, max_size=4))
def test_folding_leaves_plain_letters_and_is_done_once(parts: list[str]) -> None:
    folded = fold("  ".join(parts))

    assert folded.isascii()
    assert folded == folded.lower() == fold(folded)
    assert folded == " ".join(fold(part) for part in parts)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Sở  Nội vụ", "so noi vu"),
        ("ĐẶNG", "dang"),
        ("Ðặng", "dang"),
        ("Thừa\nThiên", "thua thien"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.django_db
def test_the_longest_name_of_a_person_fits_its_key() -> None:
    user = User.objects.create(username="u", first_name="ấ" * 150, last_name="ễ" * 150)

    user.refresh_from_db()

    assert len(user.sort_key) == KEY_LENGTH


@pytest.mark.django_db
def test_the_database_sorts_people_by_given_name() -> None:
    for last, first in (
        ("Trần", "Ân"),
        ("Lê", "Anh"),
        ("Đỗ", "Đan"),
        ("Bùi", "Dung"),
        ("Võ", "Ánh"),
    ):
        User.objects.create(username=first, first_name=first, last_name=last)

    assert [user.first_name for user in User.objects.all()] == ["Anh", "Ánh", "Ân", "Dung", "Đan"]


def _toneless(text: str) -> str:
    kept = (char for char in unicodedata.normalize("NFD", text) if char not in TONES[1:])
    return unicodedata.normalize("NFC", "".join(kept)).lower()
