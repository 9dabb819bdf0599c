"""Files made in code: good ones, and those that an attacker would send."""

import io
import struct
import zipfile
from collections.abc import Iterator

from documents.files.child import archive

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Override PartName="/{part}" ContentType="{kind}"/></Types>'
)
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCUMENT = OFFICE + "wordprocessingml.document.main+xml"
SHEET = OFFICE + "spreadsheetml.sheet.main+xml"
SLIDES = OFFICE + "presentationml.presentation.main+xml"
WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"><w:body>{}</w:body></w:document>'
)
RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{}" Target="https://example.org/x" TargetMode="External"/></Relationships>'
)


class Upload:
    """What the door needs of an uploaded file."""

    def __init__(self, name: str, content: bytes, size: int | None = None) -> None:
        self.name = name
        self.size = len(content) if size is None else size
        self._content = content

    def chunks(self) -> Iterator[bytes]:
        yield from (self._content[at : at + 65536] for at in range(0, len(self._content), 65536))


class Endless(Upload):
    """Megabytes that exist one at a time, and how many of them were asked for."""

    def __init__(self, name: str, megabytes: int) -> None:
        super().__init__(name, b"", megabytes << 20)
        self.megabytes = megabytes
        self.given = 0

    def chunks(self) -> Iterator[bytes]:
        block = b"%PDF-1.7\n".ljust(1 << 20, b" ")
        for _each in range(self.megabytes):
            self.given += 1
            yield block


def zipped(parts: dict[str, str | bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            made.writestr(name, content, how)
    return target.getvalue()


def docx(body: str = "<w:p><w:r><w:t>Kính gửi</w:t></w:r></w:p>", **more: str | bytes) -> bytes:
    return office(DOCUMENT, "word/document.xml", WORD.format(body), more)


def office(kind: str, part: str, content: str, more: dict[str, str | bytes]) -> bytes:
    types = TYPES.format(part=part, kind=kind)
    return zipped({"[Content_Types].xml": types, part: content, **more})


def odt(
    body: str = "<text:p>Kính gửi</text:p>", more: dict[str, str | bytes] | None = None
) -> bytes:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
        'xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    parts: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": content,
    }
    return zipped({**parts, **(more or {})}, stored=("mimetype",))


def pdf(text: str = "Kinh gui", *, catalog: str = "", pages: int = 1, extra: bytes = b"") -> bytes:
    """Return a PDF of pages with one line of text each; `catalog` goes into its root."""
    drawn = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode()
    kids = " ".join(f"{5 + number} 0 R" for number in range(pages))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        *[
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>"
        ]
        * pages,
    ]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    out += extra
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def png(width: int, height: int) -> bytes:
    header = struct.pack(">L4s2L5B", 13, b"IHDR", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + header + b"\0\0\0\0" + b"\0\0\0\0IEND\xaeB`\x82"


def jpeg(width: int, height: int) -> bytes:
    comment = b"\xff\xe0\x00\x04ab"
    return b"\xff\xd8" + comment + struct.pack(">BBHB2H", 255, 0xC2, 8, 8, height, width)


def tiff(*sizes: tuple[int, int], loop: bool = False) -> bytes:
    out = b"II*\x00" + struct.pack("<L", 8)
    for number, (width, height) in enumerate(sizes):
        after = len(out) + 2 + 24 + 4
        if number == len(sizes) - 1:
            after = 8 if loop else 0
        out += struct.pack("<H", 2) + struct.pack("<2H2L", 256, 4, 1, width)
        out += struct.pack("<2H2L", 257, 4, 1, height) + struct.pack("<L", after)
    return out


def declaring(content: bytes, part: str, size: int) -> bytes:
    """Return the archive with another unpacked size of `part` in its directory."""
    entry = _entry_at(content, part)
    return content[: entry + 24] + struct.pack("<L", size) + content[entry + 28 :]


def flagged(content: bytes, part: str, flags: int) -> bytes:
    entry = _entry_at(content, part)
    return content[: entry + 8] + struct.pack("<H", flags) + content[entry + 10 :]


def _entry_at(content: bytes, part: str) -> int:
    at = content.index(b"PK\x01\x02")
    while True:
        length = struct.unpack_from("<H", content, at + 28)[0]
        if content[at + 46 : at + 46 + length] == part.encode():
            return at
        at = content.index(b"PK\x01\x02", at + 4)


def opened(content: bytes) -> archive.Archive:
    return archive.Archive(io.BytesIO(content))
