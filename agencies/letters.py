"""Vietnamese letters: order and folding.

Neither SQLite nor a plain PostgreSQL sorts Vietnamese or compares marked letters without regard
to case, so both are done here and stored in columns.
"""

import re
import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_ALPHABET, start=36)}
_DIGIT = {str(digit): f"{digit + 10:02d}" for digit in range(10)}
#: ngang, huyền, hỏi, ngã, sắc, nặng: the order of the dictionary.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPES = {"\u0306", "\u0302", "\u031b"}
#: Where letters end and tones begin, and what stands between words: before every letter.
_END, _GAP = "00", "01"
#: The columns that hold a key are so long; what two texts share up to here counts as equal.
KEY_LENGTH = 600


def sort_key(text: str) -> str:
    """Return a key whose plain order is the Vietnamese one: letters first, tones second.

    Digits only: a database whose collation skips punctuation sorts it like any other.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in _one_d(unicodedata.normalize("NFC", text).lower()).strip():
        if unicodedata.combining(char):
            continue
        parts = unicodedata.normalize("NFD", char)
        base = unicodedata.normalize(
            "NFC", parts[0] + "".join(p for p in parts[1:] if p in _SHAPES)
        )
        if base in _RANK:
            letters.append(_RANK[base])
            tones.append(next((_TONES[p] for p in parts[1:] if p in _TONES), "0"))
        elif base in _DIGIT:
            letters.append(_DIGIT[base])
        elif letters and letters[-1] != _GAP:
            letters.append(_GAP)
    if letters and letters[-1] == _GAP:
        letters.pop()
    return ("".join(letters) + _END + "".join(tones))[:KEY_LENGTH]


def fold(text: str) -> str:
    """Return the text without case, marks and doubled spaces: "Sở  Nội vụ" becomes "so noi vu"."""
    stripped = "".join(
        char
        for char in unicodedata.normalize("NFD", _one_d(text.lower()).replace("đ", "d"))
        if not unicodedata.combining(char)
    )
    return re.sub(r"\s+", " ", stripped).strip()


def _one_d(text: str) -> str:
    """Old fonts wrote Đ with the Icelandic letter Ð, which looks the same."""
    return text.replace("\u00f0", "đ")
