"""The one analysis of archive search, for every engine, for papers and for what is typed.

Everything here is a pure function of its text. NFC and NFD, capitals, `hoà` and `hòa`, `quý` and
`quí` come out the same; an engine only compares what this module wrote.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from agencies import letters

#: A longer run of letters is no word of any language; engines split or drop what is longer still.
LONGEST = 64
#: More distinct words than anybody types: the rest of a pasted page is ignored.
MOST_WORDS = 80
#: Characters of one text that are analysed; what follows is not found by its words.
MOST_TEXT = 1_000_000
#: Up to so many words a bare number is taken for the number of a paper.
SHORT = 4

# All marks that follow a letter: `\w` knows none of them, and NFD text is full of them.
_MARKS = "".join(char for char in map(chr, range(0x300, 0x10000)) if unicodedata.combining(char))
_MARK = f"[{re.escape(_MARKS)}]"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|{_MARK})*")
#: huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_FINAL_Y = re.compile(r"(?<=[hklmstv])y$|(?<=qu)y$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BETWEEN_PARTS = re.compile(r"\s?[/.\-\u2010-\u2014]\s?|\s+")
#: A number behind one of these is a day, a year, an article, an age: not the number of a paper.
_COUNTED = frozenset(
    ("ngay", "thang", "nam", "dieu", "khoan", "chuong", "muc", "tuoi", "qui", "ki", "thu")
)
#: Parts of the longest numbers: 04/2014/TTLT-BVHTTDL-BTC-BNV.
_MOST_PARTS = 8


class Token(NamedTuple):
    """A run of letters and digits; `text[start:end]` of the text it was found in, unchanged."""

    text: str
    start: int
    end: int


class Swap(NamedTuple):
    """What was typed (folded), and an abbreviation or long form that means the same."""

    said: tuple[str, ...]
    meant: tuple[str, ...]


@dataclass(frozen=True)
class Analysed:
    """A paper as engines index it: each a text of tokens with single spaces between them."""

    f: str
    fb: str
    x: str
    tf: str
    tfb: str
    num: str


@dataclass(frozen=True)
class Query:
    """What a reader typed. Blank when nothing was; hopeless when it holds no letter or digit."""

    text: str
    terms: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    #: Empty when what was typed carries no accents.
    exact: tuple[str, ...] = ()
    #: Forms of document numbers, each to be looked up whole.
    numbers: tuple[str, ...] = ()
    swaps: tuple[Swap, ...] = ()

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def hopeless(self) -> bool:
        return not self.blank and not self.terms


def tokens(text: str) -> Iterator[Token]:
    """Find the words of a text, each with its place in the text as it was given."""
    for match in _WORD.finditer(text):
        if fold(match.group()):
            yield Token(match.group(), match.start(), match.end())


def words(text: str) -> list[str]:
    """Return the same words without their places."""
    return [word for word in _WORD.findall(text) if fold(word)]


@lru_cache(maxsize=1 << 17)
def fold(word: str) -> str:
    """Return the bare letters of one word: "Quý" becomes "qui", "Đ" becomes "d", "06" becomes "6".

    Letters a to z, digits and letters of other scripts only; empty when nothing is left.
    """
    bare = _letters_only(letters.fold(unicodedata.normalize("NFKC", word)))
    return _one_spelling(bare)


@lru_cache(maxsize=1 << 17)
def exact(word: str) -> str:
    """Return one word with its tone taken out and written behind it: "hoà", "hòa" become "hoa2"."""
    lower = unicodedata.normalize("NFKC", word).lower().replace("\u00f0", "đ")
    parts = unicodedata.normalize("NFD", lower)
    tone = next((_TONES[part] for part in parts if part in _TONES), "")
    rest = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    return _one_spelling(_letters_only(rest)) + tone


def pairs(folded: Sequence[str]) -> list[str]:
    """Return each two neighbours as one token: "an_ninh"."""
    return [f"{one}_{two}" for one, two in zip(folded, folded[1:], strict=False)]


def number_forms(number: str) -> list[str]:
    """Return every form under which a document number is found.

    06/2008/CT-TTg is found as 6_2008_ct_ttg and each beginning of it down to 6, and the same
    without its year: 6_ct_ttg, 6_ct.
    """
    parts = [fold(word) for word in words(number)][:_MOST_PARTS]
    starts = {0, next((at for at, part in enumerate(parts) if part[0].isdigit()), 0)}
    forms: list[str] = []
    for start in sorted(starts):
        rest = parts[start:]
        forms += ["_".join(rest[:length]) for length in range(len(rest), 0, -1)]
        if len(rest) > 2 and _YEAR.fullmatch(rest[1]):
            short = [rest[0], *rest[2:]]
            forms += ["_".join(short[:length]) for length in range(len(short), 1, -1)]
    return list(dict.fromkeys(forms))


def analyse(
    *, title: str, body: str = "", names: str = "", numbers: Iterable[str] = ()
) -> Analysed:
    """Analyse a paper. `names` (its type, its issuer) and numbers count as words, unshown."""
    numbers = list(numbers)
    in_title = words(title[:MOST_TEXT])
    blocks = [in_title, words(body[:MOST_TEXT]), words(names), *map(words, numbers)]
    folded = [[fold(word) for word in block] for block in blocks]
    return Analysed(
        f=" ".join(word for block in folded for word in block),
        fb=" ".join(pair for block in folded for pair in pairs(block)),
        x=" ".join(exact(word) for block in blocks for word in block),
        tf=" ".join(folded[0]),
        tfb=" ".join(pairs(folded[0])),
        num=" ".join(dict.fromkeys(form for number in numbers for form in number_forms(number))),
    )


def read_query(text: str, *, abbreviations: Mapping[str, str] | None = None) -> Query:
    """Analyse what was typed. No sign in it is syntax.

    `abbreviations` maps each abbreviation to its long form; either finds the other.
    """
    found = list(tokens(text[:MOST_TEXT]))[: 2 * MOST_WORDS]
    said = [fold(token.text) for token in found]
    numbers, dull = _numbers(text, found, said)
    terms = [word for at, word in enumerate(said) if at not in dull]
    precise = [exact(token.text) for at, token in enumerate(found) if at not in dull]
    return Query(
        text=text,
        terms=_distinct(terms),
        pairs=_distinct(pairs(said)),
        exact=_distinct(precise) if precise != terms else (),
        numbers=numbers,
        swaps=_swaps(said, abbreviations or {}),
    )


def _numbers(
    text: str, found: Sequence[Token], said: Sequence[str]
) -> tuple[tuple[str, ...], set[int]]:
    """Find what may be document numbers; and the places of the word "số" before one."""
    forms: list[str] = []
    dull: set[int] = set()
    at = 0
    while at < len(found):
        if not said[at][0].isdigit() or (at and said[at - 1] in _COUNTED):
            at += 1
            continue
        end = at + 1
        while (
            end < len(found)
            and end - at < _MOST_PARTS
            and _BETWEEN_PARTS.fullmatch(text, found[end - 1].end, found[end].start)
        ):
            end += 1
        least = 1 if len(found) <= SHORT else 2
        forms += ["_".join(said[at : at + length]) for length in range(end - at, least - 1, -1)]
        if at and said[at - 1] == "so" and end - at >= least:
            dull.add(at - 1)
        # What follows on a space may itself be a number: "thay thế 5/2019, 6/2020".
        at += 1
        while at < end and text[found[at - 1].end : found[at].start].strip():
            at += 1
    return _distinct(forms), dull


def _swaps(said: Sequence[str], abbreviations: Mapping[str, str]) -> tuple[Swap, ...]:
    swaps: list[Swap] = []
    typed = f" {' '.join(said)} "
    for short, long in abbreviations.items():
        two = (tuple(map(fold, words(short))), tuple(map(fold, words(long))))
        if not all(two) or two[0] == two[1]:
            continue
        for one, other in (two, two[::-1]):
            if f" {' '.join(one)} " in typed:
                swaps.append(Swap(one, other))
    return tuple(dict.fromkeys(swaps))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))[:MOST_WORDS]


def _letters_only(text: str) -> str:
    return "".join(char for char in text if char.isalnum())[:LONGEST]


def _one_spelling(word: str) -> str:
    """Write i for y where both are written (quý, quí), and a number without its leading zeros."""
    if word.isdecimal() and word.isascii():
        return word.lstrip("0") or "0"
    return _FINAL_Y.sub("i", word)
