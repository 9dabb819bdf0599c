"""The kinds of file that are taken, and what each looks like from outside."""

from dataclasses import dataclass

from documents.files.names import extension_of
from documents.files.refusals import FileRefused

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is called, served as, and must begin with."""

    name: str
    media_type: str
    #: As `sniff` answers; a file of another look is mislabelled.
    looks: str


_PDF = Kind("pdf", "application/pdf", "pdf")
_JPEG = Kind("jpeg", "image/jpeg", "jpeg")
_TIFF = Kind("tiff", "image/tiff", "tiff")
_XML = Kind("xml", "application/xml", "xml")

#: By extension.
KINDS = {
    "pdf": _PDF,
    "docx": Kind("docx", _OFFICE + "wordprocessingml.document", "zip"),
    "xlsx": Kind("xlsx", _OFFICE + "spreadsheetml.sheet", "zip"),
    "pptx": Kind("pptx", _OFFICE + "presentationml.presentation", "zip"),
    "odt": Kind("odt", _OPEN + "text", "zip"),
    "ods": Kind("ods", _OPEN + "spreadsheet", "zip"),
    "odp": Kind("odp", _OPEN + "presentation", "zip"),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": Kind("png", "image/png", "png"),
    "tif": _TIFF,
    "tiff": _TIFF,
    "txt": Kind("txt", "text/plain; charset=utf-8", "text"),
    "csv": Kind("csv", "text/csv; charset=utf-8", "text"),
    "xml": _XML,
    "edxml": _XML,
}
TAKEN = "PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, JPEG, PNG, TIFF, TXT, CSV, edXML"

_REFUSED = {
    "kind_macro": "docm dotm xlsm xltm xlam xlsb pptm potm ppsm ppam",
    "kind_old": "doc dot xls xlt ppt pps rtf wps",
    "kind_archive": "zip rar 7z gz tgz tar bz2 xz zst cab iso img arj lzh",
    "kind_mail": "eml msg mbox pst ost",
    "kind_web": "svg svgz html htm xhtml xht shtml mht mhtml swf hta",
    "kind_program": "exe dll com scr msi bat cmd ps1 vbs vbe js jse wsf jar apk sh lnk reg cpl",
}
_REASON_OF = {ending: code for code, endings in _REFUSED.items() for ending in endings.split()}

#: Longest beginning first where one is the beginning of another.
_BEGINNINGS = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"#!", "program"),
    (b"{\\rtf", "old"),
    (b"GIF8", "other"),
)
_WEB = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<!doctype svg")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
HEAD_BYTES = 4096


def kind_of(name: str, head: bytes) -> Kind:
    """Return the kind that the name says, if the first bytes (`HEAD_BYTES` of them) agree.

    Raises: FileRefused with the reason of its own for each family that is never taken.
    """
    extension = extension_of(name)
    if not extension:
        raise FileRefused("no_extension", name=name)
    if extension in _REASON_OF:
        raise FileRefused(_REASON_OF[extension], name=name)
    if extension not in KINDS:
        raise FileRefused("kind", name=name, kinds=TAKEN)
    kind = KINDS[extension]
    looks = sniff(head)
    if looks == kind.looks:
        return kind
    if looks in {"program", "web"}:
        raise FileRefused(f"kind_{looks}", name=name)
    if looks == "old" and kind.looks == "zip":
        # Office wraps what it encrypts in its old container.
        raise FileRefused("locked", name=name)
    if kind.looks == "text" and looks == "binary":
        raise FileRefused("encoding", name=name)
    # A CSV or a text that begins with "<" is text all the same.
    if kind.looks == "text" and looks == "xml":
        return kind
    raise FileRefused("mislabelled", name=name)


def sniff(head: bytes) -> str:
    """Say what the first bytes of a file look like, whatever its name.

    Pure Python: a fresh machine has no libmagic, and the answer must not depend on it.
    """
    for beginning, looks in _BEGINNINGS:
        if head.startswith(beginning):
            return looks
    wide = head.startswith(_UTF16)
    plain = head.replace(b"\x00", b"") if wide else head
    start = plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(_WEB) or (start.startswith(b"<?xml") and _holds_web(start)):
        return "web"
    if not wide and plain.translate(None, _CONTROLS) != plain:
        return "binary"
    return "xml" if start.startswith(b"<") else "text"


def _holds_web(start: bytes) -> bool:
    return any(mark in start for mark in (b"<html", b"<svg", b"<!doctype html", b"<!doctype svg"))
