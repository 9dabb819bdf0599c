"""The text of a file, for search and for the fields that are read out of it."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from documents.files.child.archive import Archive
from documents.files.child.markup import read
from documents.files.child.office import main_part

#: Characters; some 700 pages.
MAX_CHARACTERS = 2_000_000
#: Between pages and slides, where the format knows them.
PAGE_END = "\f"

_UNWANTED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
#: Base64 in a packet is not text: no word of any language has so many letters.
_PAYLOAD = re.compile(r"\S{500,}")


class Enough(Exception):
    """As much text was found as is kept."""


@dataclass
class Words:
    """Text as it is gathered, up to MAX_CHARACTERS; then `add` raises Enough."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, piece: str) -> None:
        kept = piece[: MAX_CHARACTERS - self.length]
        self.pieces.append(kept)
        self.length += len(kept)
        if len(kept) < len(piece):
            raise Enough

    def text(self) -> str:
        return clean("".join(self.pieces))


def clean(text: str) -> str:
    """Return text in NFC without NUL, controls and halves of signs; tab and page end are kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", lines)).strip()[:MAX_CHARACTERS]


@dataclass(frozen=True)
class Grammar:
    """Which elements of a format hold text, end a line, stand for a sign, or are not read."""

    holding: frozenset[str]
    ending: frozenset[str]
    skipped: frozenset[str] = frozenset()
    signs: Mapping[str, str] = field(default_factory=dict)
    #: Indentation in the XML is not text (ODF); in the others it is, inside `holding`.
    squeezed: bool = False


#: Deleted words of tracked changes are left out, inserted ones read; a text box is read once, not
#: again in the fallback for old programs. `pPr` holds tab stops, which are no tabs.
WORD = Grammar(
    holding=frozenset({"t"}),
    ending=frozenset({"p"}),
    skipped=frozenset({"del", "moveFrom", "Fallback", "pPr"}),
    signs={"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "txbxContent": "\n"},
)
SLIDE = Grammar(holding=frozenset({"t"}), ending=frozenset({"p"}), signs={"br": "\n"})
#: `rPh` repeats how a word is pronounced.
SHEET = Grammar(
    holding=frozenset({"t"}), ending=frozenset({"si", "is"}), skipped=frozenset({"rPh"})
)
OPEN = Grammar(
    holding=frozenset({"p", "h"}),
    ending=frozenset({"p", "h"}),
    skipped=frozenset({"tracked-changes", "annotation", "note-citation"}),
    signs={"tab": "\t", "line-break": "\n", "s": " "},
    squeezed=True,
)


class Gathering:
    """A reader of XML that gathers the words by a grammar."""

    def __init__(self, grammar: Grammar, words: Words) -> None:
        self._grammar = grammar
        self._words = words
        self._holding = 0
        self._skipped = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in self._grammar.skipped:
            self._skipped += 1
        elif not self._skipped:
            if name in self._grammar.holding:
                self._holding += 1
            if name in self._grammar.signs:
                page = name == "br" and attributes.get("type") == "page"
                self._words.add(PAGE_END if page else self._grammar.signs[name])

    def data(self, text: str) -> None:
        if self._holding and not self._skipped:
            self._words.add(re.sub(r"\s+", " ", text) if self._grammar.squeezed else text)

    def end(self, name: str) -> None:
        if name in self._grammar.skipped:
            self._skipped -= 1
        elif not self._skipped:
            if name in self._grammar.holding:
                self._holding -= 1
            if name in self._grammar.ending:
                self._words.add("\n")


class _Everything:
    """A reader that takes all text but payloads: a packet's fields have no common grammar."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._pieces: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._flush()

    def data(self, text: str) -> None:
        self._pieces.append(text)

    def end(self, name: str) -> None:
        self._flush()

    def _flush(self) -> None:
        piece = _PAYLOAD.sub(" ", "".join(self._pieces)).strip()
        self._pieces.clear()
        if piece:
            self._words.add(piece + "\n")


def of_office(archive: Archive, kind: str) -> Iterator[Callable[[Words], None]]:
    """Yield, in reading order, what adds the words of each part that has any."""
    for name, grammar in _parts(archive, kind):
        yield lambda words, name=name, grammar=grammar: read(  # type: ignore[misc]
            archive.chunks(name), Gathering(grammar, words)
        )
        if kind == "pptx":
            yield lambda words: words.add(PAGE_END)


def of_xml(chunks: Iterator[bytes], words: Words) -> None:
    """Add the words of an XML file. Raises: Problem (dtd, depth, broken)."""
    read(chunks, _Everything(words))


def _parts(archive: Archive, kind: str) -> Iterator[tuple[str, Grammar]]:
    def named(pattern: str) -> list[str]:
        found = [name for name in archive.parts if re.fullmatch(pattern, name)]
        return sorted(found, key=lambda name: (len(name), name))

    if kind == "docx":
        # Headers first: a stamp may stand there.
        yield from ((name, WORD) for name in named(r"word/header\d*\.xml"))
        yield main_part(archive, kind), WORD
        yield from ((name, WORD) for name in named(r"word/(?:footnotes|endnotes|footer\d*)\.xml"))
    elif kind == "xlsx":
        yield from ((name, SHEET) for name in named(r"xl/sharedStrings\.xml"))
        yield from ((name, SHEET) for name in named(r"xl/worksheets/sheet\d+\.xml"))
    elif kind == "pptx":
        yield from ((name, SLIDE) for name in named(r"ppt/slides/slide\d+\.xml"))
        yield from ((name, SLIDE) for name in named(r"ppt/notesSlides/notesSlide\d+\.xml"))
    else:
        yield from ((name, OPEN) for name in named(r"styles\.xml"))
        yield from ((name, OPEN) for name in named(r"content\.xml"))
