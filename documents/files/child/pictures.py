"""Pictures: their size is read from the headers, nothing is decoded."""

import struct
from typing import BinaryIO

from documents.files.child.problem import Problem

MAX_MEGAPIXELS = 100
MAX_PAGES = 2_000

#: Markers of JPEG that carry no length.
_BARE = {0x01, *range(0xD0, 0xD8)}
#: Start of frame, of whatever coding; C4, C8 and CC are something else.
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WIDTH, _HEIGHT = 256, 257


def check(stream: BinaryIO, kind: str) -> int | None:
    """Return the number of pages of a TIFF, None for the others. Raises: Problem (pixels, broken).

    A page over the limit would take a viewer's memory: 100 megapixels are A2 at 600 dpi.
    """
    try:
        sizes = {"png": _png, "jpeg": _jpeg, "tiff": _tiff}[kind](stream)
    except struct.error as error:
        raise Problem("broken") from error
    for width, height in sizes:
        if not width or not height:
            raise Problem("broken")
        if width * height > MAX_MEGAPIXELS * 1_000_000:
            raise Problem("pixels", MAX_MEGAPIXELS)
    return len(sizes) if kind == "tiff" else None


def _png(stream: BinaryIO) -> list[tuple[int, int]]:
    stream.seek(8)
    length, name, width, height = struct.unpack(">L4s2L", stream.read(16))
    if name != b"IHDR" or length != 13:
        raise Problem("broken")
    return [(width, height)]


def _jpeg(stream: BinaryIO) -> list[tuple[int, int]]:
    stream.seek(2)
    while True:
        mark, code = struct.unpack("2B", stream.read(2))
        if mark != 0xFF:
            raise Problem("broken")
        if code == 0xFF:
            stream.seek(-1, 1)
        elif code not in _BARE:
            (length,) = struct.unpack(">H", stream.read(2))
            if code in _FRAMES:
                _depth, height, width = struct.unpack(">B2H", stream.read(5))
                return [(width, height)]
            if code in {0xD9, 0xDA} or length < 2:
                raise Problem("broken")
            stream.seek(length - 2, 1)


def _tiff(stream: BinaryIO) -> list[tuple[int, int]]:
    stream.seek(0)
    order = "<" if stream.read(4)[:2] == b"II" else ">"
    (at,) = struct.unpack(order + "L", stream.read(4))
    sizes: list[tuple[int, int]] = []
    seen: set[int] = set()
    while at:
        # Directories that point back at each other would never end.
        if at in seen:
            raise Problem("broken")
        if len(sizes) >= MAX_PAGES:
            raise Problem("pages", MAX_PAGES)
        seen.add(at)
        stream.seek(at)
        (count,) = struct.unpack(order + "H", stream.read(2))
        found = {_WIDTH: 0, _HEIGHT: 0}
        for _each in range(count):
            field = stream.read(12)
            tag, kind = struct.unpack_from(order + "2H", field)
            if tag in found:
                found[tag] = struct.unpack_from(order + ("H" if kind == 3 else "L"), field, 8)[0]
        sizes.append((found[_WIDTH], found[_HEIGHT]))
        (at,) = struct.unpack(order + "L", stream.read(4))
    if not sizes:
        raise Problem("broken")
    return sizes
