"""The passage of a stored text that answers a query, with the words that do so marked.

Cut from the original in Python, so that both engines show the same and nothing is shown that did
not come through the gate.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from search.text import Query, Token, fold, tokens

#: Characters of a text in which the best passage is looked for.
LOOKED_AT = 200_000
#: Two words of the query side by side are worth so many single ones.
_PAIR = 3.0
#: Characters shown before the first marked word, where there is room.
_LEAD = 40
_GAP = re.compile(r"[\s/.\-\u2010-\u2014]+")


class Piece(NamedTuple):
    """A part of the passage. Escaping is the template's."""

    text: str
    marked: bool


class _Mark(NamedTuple):
    start: int
    end: int
    weight: float
    word: str


def snippet(original: str, query: Query, width: int) -> list[Piece]:
    """Cut the best passage of about `width` characters, at most; the beginning where none is.

    The pieces join to a slice of the original that begins and ends between two letters with
    their marks; an abbreviation's long form is marked as what was typed is.
    """
    found = list(tokens(original[:LOOKED_AT]))
    marks = _marks(original, found, query)
    start, end = _window(original, found, marks, width)
    pieces: list[Piece] = []
    at = start
    for mark in marks:
        if mark.end <= at or mark.start >= end:
            continue
        left, right = max(mark.start, at), min(mark.end, end)
        if left > at:
            pieces.append(Piece(original[at:left], False))
        pieces.append(Piece(original[left:right], True))
        at = right
    if at < end:
        pieces.append(Piece(original[at:end], False))
    return pieces


def _marks(original: str, found: Sequence[Token], query: Query) -> list[_Mark]:
    """Find what is to be marked, in order; neighbours that the query has side by side are one."""
    folded = [fold(token.text) for token in found]
    terms, side_by_side = set(query.terms), set(query.pairs)
    meant = {swap.meant[0]: swap.meant for swap in query.swaps}
    marked: dict[int, float] = {at: 1.0 for at, word in enumerate(folded) if word in terms}
    joined: set[int] = set()
    for at, word in enumerate(folded):
        long = meant.get(word)
        if long and tuple(folded[at : at + len(long)]) == long:
            marked.update(dict.fromkeys(range(at, at + len(long)), _PAIR))
            joined.update(range(at, at + len(long) - 1))
        if at in marked and at + 1 in marked and f"{word}_{folded[at + 1]}" in side_by_side:
            joined.add(at)
    result: list[_Mark] = []
    for at in sorted(marked):
        token = found[at]
        last = result[-1] if result else None
        if (
            last
            and at - 1 in joined
            and last.end == found[at - 1].end
            and _GAP.fullmatch(original, last.end, token.start)
        ):
            word = f"{last.word}_{folded[at]}"
            result[-1] = _Mark(last.start, token.end, last.weight + _PAIR, word)
        else:
            result.append(_Mark(token.start, token.end, marked[at], folded[at]))
    return result


def _window(
    original: str, found: Sequence[Token], marks: Sequence[_Mark], width: int
) -> tuple[int, int]:
    """Choose where to cut: the densest stretch, a little before it, on the borders of words."""
    if len(original) <= width:
        return 0, len(original)
    first, until = 0, 0
    best = 0.0
    worth = 0.0
    inside: dict[str, int] = {}
    left = 0
    # Two fingers along the marks; a word counts once in a passage.
    for mark in marks:
        inside[mark.word] = inside.get(mark.word, 0) + 1
        worth += mark.weight if inside[mark.word] == 1 else 0
        while left < len(marks) and mark.end - marks[left].start > width and marks[left] != mark:
            gone = marks[left]
            inside[gone.word] -= 1
            worth -= gone.weight if inside[gone.word] == 0 else 0
            left += 1
        if worth > best:
            best, first, until = worth, marks[left].start, mark.end
    spare = max(0, width - (until - first))
    start = max(0, min(first - min(_LEAD, spare), len(original) - width))
    start = _start(original, found, start)
    return start, _end(original, found, start, min(len(original), start + width))


def _start(original: str, found: Sequence[Token], at: int) -> int:
    """Move on to the next word, past the comma before it; the beginning stays the beginning."""
    if at:
        at = next((token.start for token in found if token.start >= at), at)
    while at < len(original) and unicodedata.combining(original[at]):
        at += 1
    return at


def _end(original: str, found: Sequence[Token], start: int, end: int) -> int:
    for token in found:
        if start < token.start < end < token.end:
            return start + len(original[start : token.start].rstrip())
    # One word longer than the whole passage: cut it, though never between a letter and its marks.
    while start < end < len(original) and unicodedata.combining(original[end]):
        end -= 1
    return end
