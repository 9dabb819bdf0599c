"""Where a dispatch orders something to be held: the passages of its text that say so."""

import re
from collections.abc import Iterator

from agencies.letters import fold

#: What an order to hold something speaks of, folded.
_HOLDING = re.compile(r"\b(hoi thao|toa dam|hoi nghi|tap huan|hoi thi|le phat dong)\b")
#: A passage ends with its sentence, or with the part of it that a semicolon closes.
_PASSAGE = re.compile(r"[^.;\n]+[.;]?")


def passages(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans, in signs of the text, of each passage that speaks of holding something.

    A passage is a sentence or a part between semicolons, without the signs of the list around it.
    """
    for match in _PASSAGE.finditer(text):
        if not _HOLDING.search(fold(match[0])):
            continue
        words = match[0].rstrip(" ;.")
        lead = len(words) - len(words.lstrip(" -–•+*\t"))
        yield match.start() + lead, match.start() + len(words)
