"""PDF: what acts by itself in it, its pages, its text layer."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]

from documents.files.child.problem import Problem

MAX_PAGES = 2_000
#: All that compressed object streams may unpack to while they are searched.
MAX_OBJECTS_BYTES = 64 * 1024 * 1024
_END_WITHIN = 1024
_PIECE = 64 * 1024

_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
#: A name: the sign `/` and what follows up to a delimiter.
_NAME = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]{1,127})")
_STREAM = re.compile(rb"stream\r?\n")
_BODIES = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_FOUND = {
    b"JavaScript": "javascript",
    b"JS": "javascript",
    b"Launch": "launch",
    b"EmbeddedFile": "embedded",
    b"EmbeddedFiles": "embedded",
    b"RichMedia": "embedded",
}


class Pdf:
    """An open PDF within the limits. Raises, when made: Problem (broken, locked, pages)."""

    def __init__(self, path: Path) -> None:
        self._raw = path.read_bytes()
        # A reader looks for the end here; an archive glued behind would push it away.
        if b"%%EOF" not in self._raw[-_END_WITHIN:]:
            raise Problem("broken")
        try:
            self._document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            raise Problem("locked" if "password" in str(error).lower() else "broken") from error
        self.pages = len(self._document)
        if not self.pages:
            raise Problem("broken")
        if self.pages > MAX_PAGES:
            raise Problem("pages", MAX_PAGES)

    def active(self) -> list[str]:
        """Return the codes of active content, by the names in the file and by what PDFium counts.

        Raises: Problem (archive_size) if the objects unpack to more than is searched.
        """
        found = set(active_names(self._raw))
        if pypdfium2.raw.FPDFDoc_GetJavaScriptActionCount(self._document) > 0:
            found.add("javascript")
        if self._document.count_attachments() > 0:
            found.add("embedded")
        return sorted(found)

    def texts(self) -> Iterator[str]:
        """Yield the text of each page, "" for one without a text layer."""
        for number in range(self.pages):
            try:
                page = self._document[number]
                layer = page.get_textpage()
                yield layer.get_text_bounded()
            except pypdfium2.PdfiumError:
                # One damaged page does not cost the text of the others.
                yield ""
                continue
            layer.close()
            page.close()


def active_names(raw: bytes) -> Iterator[str]:
    """Yield the codes of active content that names in the file speak of, `#4a` read as `J`.

    Long names are looked for everywhere, also in what looks like picture data, since a reader can
    be led there. `/JS` is looked for outside of it only: in 50 MB of noise it stands by chance.
    """
    for name in _names(raw):
        if name != b"JS" and name in _FOUND:
            yield _FOUND[name]
    for part in (_BODIES.sub(b"", raw), *_object_streams(raw)):
        for name in _names(part):
            if name in _FOUND:
                yield _FOUND[name]


def _names(raw: bytes) -> Iterator[bytes]:
    for match in _NAME.finditer(raw):
        name = match[1]
        yield _ESCAPE.sub(_sign, name) if b"#" in name else name


def _sign(match: re.Match[bytes]) -> bytes:
    return bytes.fromhex(match[1].decode())


def _object_streams(raw: bytes) -> Iterator[bytes]:
    """Yield the contents of compressed object streams, where most writers put their actions."""
    room = MAX_OBJECTS_BYTES
    for match in _STREAM.finditer(raw):
        head = raw[max(0, match.start() - 1024) : match.start()]
        if b"ObjStm" not in _names(head[head.rfind(b"obj") :]):
            continue
        objects = b"".join(_inflated(raw, match.end(), room))
        room -= len(objects)
        if room <= 0:
            raise Problem("archive_size")
        yield objects


def _inflated(raw: bytes, at: int, room: int) -> Iterator[bytes]:
    """Yield what unpacks from `at`, `room` bytes at most; nothing if it is packed otherwise.

    An encrypted file does not unpack: there PDFium's own counts remain.
    """
    engine = zlib.decompressobj()
    while at < len(raw) and room > 0 and not engine.eof:
        try:
            objects = engine.decompress(engine.unconsumed_tail or raw[at : at + _PIECE], room)
        except zlib.error:
            return
        if not engine.unconsumed_tail:
            at += _PIECE
        room -= len(objects)
        yield objects
