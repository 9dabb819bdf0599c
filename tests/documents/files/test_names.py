import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.files import FileRefused
from documents.files.names import MAX_NAME_BYTES, extension_of, shown_name

#: Letters with marks composed and apart, path signs, and what hides a name.
WRITTEN = st.text(
    st.one_of(st.sampled_from("aĐđễ\u0302\u0301/\\. \xa0\u202e\x00\u200b"), st.characters())
)


@given(WRITTEN, st.sampled_from(["", ".pdf", ".DOCX", ".edxml"]))
def test_a_shown_name_is_composed_short_and_free_of_paths_and_unseen_signs(
    stem: str, ending: str
) -> None:
    try:
        name = shown_name(stem + ending)
    except FileRefused:
        return

    assert name == unicodedata.normalize("NFC", name)
    assert 0 < len(name.encode()) <= MAX_NAME_BYTES
    assert not set("/\\") & set(name)
    assert not {unicodedata.category(sign) for sign in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert name == shown_name(name)


@given(st.text("ễđa \u0323", min_size=200, max_size=400))
def test_a_long_name_is_cut_and_keeps_its_extension(stem: str) -> None:
    name = shown_name(f"a{stem}.docx")

    assert extension_of(name) == "docx"
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert name == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Đề nghị.pdf", "Đề nghị.pdf"),
        ("C:\\Users\\an\\Đơn.pdf", "Đơn.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\xa0 b.pdf. ", "a b.pdf"),
        ("1502/UBND.pdf", "UBND.pdf"),
    ],
)
def test_only_the_last_part_of_a_path_is_the_name(raw: str, shown: str) -> None:
    assert shown_name(raw) == shown


@pytest.mark.parametrize("raw", ["", "/", "..", ".pdf", "a/", " . "])
def test_a_name_without_a_stem_is_refused(raw: str) -> None:
    with pytest.raises(FileRefused) as caught:
        shown_name(raw)

    assert caught.value.code == "name_empty"


@pytest.mark.parametrize("sign", ["\u202e", "\x00", "\n", "\u200b", "\u2066", "\u2028"])
def test_an_unseen_sign_is_refused_and_shown_to_the_sender(sign: str) -> None:
    with pytest.raises(FileRefused) as caught:
        shown_name(f"a{sign}fdp.exe")

    assert caught.value.code == "name_signs"
    assert "a�fdp.exe" in str(caught.value)
