"""ZIP, as far as office files use it: the directory is judged first, then real bytes are counted.

Written out instead of taken from `zipfile`, which reads a directory of any length into memory,
believes the declared sizes, and tolerates overlapping parts.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from documents.files.child.problem import Problem

MAX_ENTRIES = 2_000
MAX_TOTAL_BYTES = 300 * 1024 * 1024
#: Unpacked to packed; asked of parts and wholes above RATIO_FROM_BYTES, since tiny XML packs well.
MAX_RATIO = 100
RATIO_FROM_BYTES = 1024 * 1024
#: 2,000 entries with names and extra fields of ordinary length.
MAX_DIRECTORY_BYTES = 2 * 1024 * 1024
CHUNK_BYTES = 64 * 1024

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _UTF8 = 0x1, 0x800
_ZIP64 = 0xFFFFFFFF

_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".jar", ".cab", ".iso")
_BEGINNINGS = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")


@dataclass(frozen=True)
class Entry:
    """A part, as the directory declares it. Sizes in bytes."""

    name: str
    raw_name: bytes
    method: int
    crc: int
    packed: int
    size: int
    offset: int


class Archive:
    """An open archive whose directory is within the budget.

    Raises, when made: Problem (archive_entries, archive_size, archive_nested, locked, broken).
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        count, start, length = self._end()
        if count > MAX_ENTRIES or length > MAX_DIRECTORY_BYTES:
            raise Problem("archive_entries")
        stream.seek(start)
        entries = list(_entries(stream.read(length)))
        if len(entries) != count:
            raise Problem("broken")
        _within_budget(entries)
        _side_by_side(entries, start)
        self.parts = {entry.name: entry for entry in entries}
        if len(self.parts) != len(entries):
            raise Problem("broken")

    def prove(self) -> None:
        """Unpack every part once, count its real bytes, and look at how it begins.

        Raises: Problem (archive_lies, archive_nested, broken).
        """
        for entry in self.parts.values():
            beginning = b""
            for chunk in self.chunks(entry.name):
                beginning = beginning or chunk[:8]
            if beginning.startswith(_BEGINNINGS) and not is_embedded(entry.name):
                raise Problem("archive_nested")

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part piece by piece; no more is ever unpacked than the directory declares.

        Raises: Problem (archive_lies, broken).
        """
        entry = self.parts[name]
        crc = seen = 0
        for chunk in self._unpacked(entry):
            seen += len(chunk)
            if seen > entry.size:
                raise Problem("archive_lies")
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if seen != entry.size or crc != entry.crc:
            raise Problem("broken")

    def _end(self) -> tuple[int, int, int]:
        """Return the number of entries, and where the directory starts and how long it is."""
        size = self._stream.seek(0, 2)
        base = max(0, size - _END.size - 0xFFFF)
        self._stream.seek(base)
        tail = self._stream.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) - at < _END.size:
            raise Problem("broken")
        _, disk, first, here, count, length, start, comment = _END.unpack_from(tail, at)
        # Anything before, between or behind would be a second file for another reader.
        whole = at + _END.size + comment == len(tail) and start + length == base + at
        if disk or first or here != count or not whole:
            raise Problem("broken")
        return count, start, length

    def _unpacked(self, entry: Entry) -> Iterator[bytes]:
        stream = self._stream
        stream.seek(entry.offset)
        header = stream.read(_LOCAL.size)
        if len(header) < _LOCAL.size:
            raise Problem("broken")
        mark, _, flags, method, *_, name_length, extra = _LOCAL.unpack(header)
        if mark != b"PK\x03\x04" or stream.read(name_length) != entry.raw_name:
            raise Problem("broken")
        if flags & _ENCRYPTED:
            raise Problem("locked")
        if method != entry.method:
            raise Problem("broken")
        start = entry.offset + _LOCAL.size + name_length + extra
        packed = self._packed(start, entry.packed)
        return packed if method == _STORED else _inflated(packed)

    def _packed(self, start: int, left: int) -> Iterator[bytes]:
        while left:
            self._stream.seek(start)
            chunk = self._stream.read(min(left, CHUNK_BYTES))
            if not chunk:
                raise Problem("broken")
            start, left = start + len(chunk), left - len(chunk)
            yield chunk


def is_embedded(name: str) -> bool:
    """Tell whether a part is a document inside the document, as behind a chart in a report."""
    return "/embeddings/" in name.lower()


def _entries(directory: bytes) -> Iterator[Entry]:
    at = 0
    while at < len(directory):
        if len(directory) - at < _ENTRY.size:
            raise Problem("broken")
        (mark, _, _, flags, method, _, _, crc, packed, size, name_length, extra, comment,
         disk, _, _, offset) = _ENTRY.unpack_from(directory, at)  # fmt: skip
        if mark != b"PK\x01\x02" or disk:
            raise Problem("broken")
        if flags & _ENCRYPTED:
            raise Problem("locked")
        if method not in (_STORED, _DEFLATED):
            raise Problem("broken")
        at += _ENTRY.size
        raw = directory[at : at + name_length]
        name = raw.decode("utf-8" if flags & _UTF8 else "cp437", errors="replace")
        at += name_length + extra + comment
        yield Entry(name, raw, method, crc, packed, size, offset)


def _within_budget(entries: list[Entry]) -> None:
    total, packed = sum(each.size for each in entries), sum(each.packed for each in entries)
    # A ZIP64 mark stands for more than 4 GiB and is over the total by itself.
    if total > MAX_TOTAL_BYTES or any(each.offset == _ZIP64 for each in entries):
        raise Problem("archive_size")
    for size, squeezed in [(total, packed), *((each.size, each.packed) for each in entries)]:
        if size > RATIO_FROM_BYTES and size > MAX_RATIO * squeezed:
            raise Problem("archive_size")
    for entry in entries:
        if entry.name.lower().endswith(_ARCHIVES) and not is_embedded(entry.name):
            raise Problem("archive_nested")


def _side_by_side(entries: list[Entry], directory: int) -> None:
    """Refuse parts that share bytes: a few kilobytes could then unpack to terabytes."""
    at = 0
    for entry in sorted(entries, key=lambda each: each.offset):
        if entry.offset < at or (at == 0 and entry.offset != 0):
            raise Problem("broken")
        at = entry.offset + _LOCAL.size + len(entry.raw_name) + entry.packed
    if at > directory:
        raise Problem("broken")


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in packed:
            while piece and not engine.eof:
                if chunk := engine.decompress(piece, CHUNK_BYTES):
                    yield chunk
                piece = engine.unconsumed_tail
        while not engine.eof:
            chunk = engine.decompress(b"", CHUNK_BYTES)
            if not chunk:
                raise Problem("broken")
            yield chunk
    except zlib.error as error:
        raise Problem("broken") from error
