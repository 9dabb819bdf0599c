import codecs
import errno
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from documents.files import FileRefused, limited, receive
from documents.files.child.problem import Problem
from documents.files.child.words import MAX_CHARACTERS
from documents.files.refusals import ACTIVE, REASONS, WARNINGS
from documents.storage import DurableStorage, NoRoom
from tests.documents.files import samples
from tests.documents.files.samples import Endless, Upload

XLSX_STRINGS = "<sst><si><t>Biên chế</t></si></sst>"


@pytest.fixture(autouse=True)
def desk(settings, tmp_path: Path) -> Path:
    """The folder of half-received files."""
    folder = tmp_path / "desk"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    return folder


def refused(name: str, content: bytes, *, inside: bool = False) -> str:
    with pytest.raises(FileRefused) as caught:
        receive(Upload(name, content), inside=inside)
    message = str(caught.value)
    assert "%(" not in message
    assert len(message) > 10
    return caught.value.code


GOOD = {
    "a.pdf": (samples.pdf("Kinh gui"), "application/pdf", "Kinh gui", 1),
    "a.docx": (samples.docx(), samples.OFFICE + "wordprocessingml.document", "Kính gửi", None),
    "a.xlsx": (
        samples.office(
            samples.SHEET, "xl/workbook.xml", "<workbook/>", {"xl/sharedStrings.xml": XLSX_STRINGS}
        ),
        samples.OFFICE + "spreadsheetml.sheet",
        "Biên chế",
        None,
    ),
    "a.pptx": (
        samples.office(
            samples.SLIDES,
            "ppt/presentation.xml",
            "<p/>",
            {
                "ppt/slides/slide2.xml": "<s><p><t>hai</t></p></s>",
                "ppt/slides/slide10.xml": "<s><p><t>mười</t></p></s>",
            },
        ),
        samples.OFFICE + "presentationml.presentation",
        "hai\n\fmười",
        None,
    ),
    "a.odt": (samples.odt(), "application/vnd.oasis.opendocument.text", "Kính gửi", None),
    "a.jpg": (samples.jpeg(2480, 3508), "image/jpeg", "", None),
    "a.png": (samples.png(2480, 3508), "image/png", "", None),
    "a.tif": (samples.tiff((2480, 3508), (2480, 3508)), "image/tiff", "", 2),
    "a.txt": ("Kính gửi".encode(), "text/plain; charset=utf-8", "Kính gửi", None),
    "wide.txt": (
        codecs.BOM_UTF16_LE + "Kính gửi".encode("utf-16-le"),
        "text/plain; charset=utf-8",
        "Kính gửi",
        None,
    ),
    "a.csv": ("\ufeffSố,Tên\n1,Đào".encode(), "text/csv; charset=utf-8", "Số,Tên\n1,Đào", None),
    "a.edxml": (
        f"<edXML><Subject>Họp</Subject><Data>{'QUJD' * 200}</Data></edXML>".encode(),
        "application/xml",
        "Họp",
        None,
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_every_allowed_kind_is_taken_and_read(name: str) -> None:
    content, media_type, text, pages = GOOD[name]

    with receive(Upload(name, content), inside=False) as received:
        assert (received.media_type, received.text, received.pages) == (media_type, text, pages)
        assert (received.name, received.size) == (name, len(content))
        assert bool(received.warnings) == (not text)


ZIP = samples.zipped({"a.txt": "x"})
DOCX = samples.docx()
NO_SPACE = "<w:p/>" * 300_000
REFUSED = {
    "empty": ("a.pdf", b""),
    "no_extension": ("vanban", b"x"),
    "kind": ("a.mp4", b"\0\0\0\x18ftypmp42"),
    "kind_macro": ("a.docm", DOCX),
    "kind_old": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "kind_archive": ("a.zip", ZIP),
    "kind_mail": ("a.eml", b"From: a@example.org"),
    "kind_web": ("a.svg", b"<svg/>"),
    "kind_program": ("a.pdf", b"MZ\x90\x00" + b"\0" * 100),
    "mislabelled": ("a.jpg", samples.png(10, 10)),
    "encoding": ("a.txt", b"C\xedng v\xb5n"),
    "archive_size": ("a.docx", samples.docx(NO_SPACE)),
    "archive_nested": ("a.docx", samples.docx(**{"word/media/x.zip": ZIP})),
    "archive_lies": ("a.docx", samples.declaring(DOCX, "word/document.xml", 20)),
    "locked": ("a.docx", samples.flagged(DOCX, "word/document.xml", 1)),
    "pixels": ("a.png", samples.png(20_000, 10_000)),
    "dtd": ("a.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
    "depth": ("a.xml", b"<x>" * 300 + b"</x>" * 300),
    "broken": ("a.pdf", b"%PDF-1.7\nnothing here\n%%EOF"),
    "active": ("a.pdf", samples.pdf(catalog="/OpenAction << /S /J#61vaScript /JS (x) >>")),
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_hostile_file_is_refused_with_a_reason_of_its_own(code: str, desk: Path) -> None:
    name, content = REFUSED[code]

    assert refused(name, content) == code
    assert list(desk.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.docx", b"<!DOCTYPE html><html></html>", "kind_web"),
        ("a.txt", b"  <HTML><script>alert(1)</script>", "kind_web"),
        (
            "a.xml",
            b"<?xml version='1.0'?><x:svg xmlns:x='http://www.w3.org/2000/svg'/>",
            "kind_web",
        ),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "locked"),
        ("a.docx", ZIP, "mislabelled"),
        ("a.xlsx", DOCX, "mislabelled"),
        ("a.odt", DOCX, "mislabelled"),
        ("a.ods", samples.odt(), "mislabelled"),
        ("a.txt", b"Cong\x00van", "encoding"),
        ("a.pdf", samples.pdf() + ZIP.ljust(4000, b"\0"), "broken"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "broken"),
        ("a.jpg", samples.jpeg(20_000, 10_000), "pixels"),
        ("a.tif", samples.tiff((100, 100), (20_000, 10_000)), "pixels"),
        ("a.tif", samples.tiff((100, 100), (100, 100), loop=True), "broken"),
        ("a\u202efdp.txt", b"x", "name_signs"),
        ("a\x00.txt", b"x", "name_signs"),
        (".txt", b"x", "name_empty"),
    ],
)
def test_what_the_name_hides_is_seen(name: str, content: bytes, code: str) -> None:
    assert refused(name, content, inside=True) == code


def test_a_macro_document_renamed_to_docx_is_refused_even_inside() -> None:
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml"

    content = samples.office(kind, "word/document.xml", samples.WORD.format(""), {})

    assert refused("a.docx", content, inside=True) == "kind_macro"


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.docx", samples.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        (
            "a.docx",
            samples.docx(
                **{"word/_rels/settings.xml.rels": samples.RELATION.format("attachedTemplate")}
            ),
            "external",
        ),
        ("a.docx", samples.docx(**{"word/embeddings/b.xlsx": ZIP}), "embedded"),
        ("a.odt", samples.odt(more={"Basic/Standard/Module1.xml": "<x/>"}), "macros"),
        ("a.odt", samples.odt("<draw:image xlink:href='https://example.org/x'/>"), "external"),
        ("a.pdf", samples.pdf(catalog="/OpenAction << /S /JavaScript /JS (x) >>"), "javascript"),
        ("a.pdf", samples.pdf(catalog="/OpenAction << /S /Launch /F (x.exe) >>"), "launch"),
        ("a.pdf", samples.pdf(catalog="/Names << /Embedded#46iles 9 0 R >>"), "embedded"),
    ],
)
def test_active_content_is_refused_from_outside_and_warned_about_inside(
    name: str, content: bytes, word: str
) -> None:
    with receive(Upload(name, content), inside=True) as received:
        assert any(str(ACTIVE[word]) in each for each in received.warnings)

    assert refused(name, content, inside=False) == "active"


def test_a_hyperlink_and_the_lists_of_empty_libraries_are_no_active_content() -> None:
    link = samples.docx(**{"word/_rels/document.xml.rels": samples.RELATION.format("hyperlink")})
    lists = samples.odt(
        "<text:a xlink:href='https://example.org'>x</text:a>",
        {"Basic/script-lc.xml": "<x/>", "Basic/Standard/script-lb.xml": "<x/>"},
    )

    for name, content in (("a.docx", link), ("a.odt", lists)):
        receive(Upload(name, content), inside=False).close()


def test_51_megabytes_are_refused_while_they_stream(desk: Path) -> None:
    upload = Endless("to.pdf", 500)

    with pytest.raises(FileRefused) as caught:
        receive(upload, inside=False)

    assert caught.value.code == "too_large"
    assert upload.given == 51
    assert list(desk.iterdir()) == []


def test_a_file_that_did_not_arrive_whole_is_refused() -> None:
    with pytest.raises(FileRefused) as caught:
        receive(Upload("a.txt", b"half", size=8), inside=True)

    assert caught.value.code == "incomplete"


def test_a_full_temporary_folder_is_said_to_be_full(desk: Path) -> None:
    class Full(Upload):
        def chunks(self) -> Iterator[bytes]:
            yield b"first"
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(NoRoom):
        receive(Full("a.txt", b"first"), inside=True)

    assert list(desk.iterdir()) == []


def test_a_path_in_the_name_is_dropped_and_the_letter_d_with_stroke_stays() -> None:
    with receive(Upload("..\\..\\etc/Đơn đề nghị.TXT", b"x"), inside=True) as received:
        assert received.name == "Đơn đề nghị.TXT"


def test_a_committed_file_is_in_the_store_and_the_desk_is_empty(desk: Path, tmp_path: Path) -> None:
    store = DurableStorage(location=tmp_path / "store")
    content = samples.pdf()

    with receive(Upload("a.pdf", content), inside=False) as received:
        assert len(list(desk.iterdir())) == 1
        name = received.commit(store)

    assert Path(store.path(name)).read_bytes() == content
    assert list(desk.iterdir()) == []


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    with receive(Upload("a.pdf", samples.pdf(pages=2000)), inside=False) as received:
        assert received.pages == 2000

    assert refused("a.pdf", samples.pdf(pages=2001)) == "pages"


def test_a_child_that_hangs_is_killed_and_the_file_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pipe = Path(tempfile.mkdtemp()) / "never-ends.txt"
    os.mkfifo(pipe)

    assert limited.examine(pipe, "txt", wall_seconds=1) == limited.Findings(checked=False)

    monkeypatch.setattr(limited, "examine", lambda *_: limited.Findings(checked=False))
    assert refused("a.txt", b"x") == "unreadable"


def test_text_that_cannot_be_read_in_time_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    found = limited.Findings(checked=True, pages=3)
    monkeypatch.setattr(limited, "examine", lambda *_: found)

    with receive(Upload("a.pdf", samples.pdf()), inside=False) as received:
        assert (received.text, received.pages) == ("", 3)
        assert received.warnings == [WARNINGS["text_unread"] % {"name": "a.pdf"}]


def test_the_child_may_not_take_more_memory_than_its_share() -> None:
    greedy = "bytearray(600 << 20); print('taken')"
    bounded = limited._START.replace("import main\nmain()", f"import _limit\n_limit(); {greedy}")

    def output_of(code: str) -> bytes:
        here = Path(limited.__file__).parent
        command = [sys.executable, "-I", "-c", code, str(here.parent.parent), str(here)]
        return subprocess.run(command, capture_output=True, check=False).stdout

    assert greedy in bounded
    assert output_of(greedy) == b"taken\n"
    assert output_of(bounded) == b""


def test_a_very_long_text_is_cut_and_said_to_be() -> None:
    with receive(Upload("a.txt", b"dai " * 1_000_000), inside=False) as received:
        assert len(received.text) <= MAX_CHARACTERS
        assert received.warnings == [WARNINGS["text_cut"] % {"name": "a.txt"}]


def test_a_dtd_inside_an_office_file_is_refused() -> None:
    body = '<!DOCTYPE x [<!ENTITY a "b">]>' + samples.WORD.format("")

    content = samples.office(samples.DOCUMENT, "word/document.xml", body, {})

    assert refused("a.docx", content, inside=True) == "dtd"


def test_every_reason_that_a_check_gives_has_words() -> None:
    source = Path(limited.__file__).parent
    given = {
        code
        for path in source.rglob("*.py")
        for code in re.findall(r'(?:Problem|FileRefused)\("(\w+)"', path.read_text())
    }

    assert given
    assert given <= REASONS.keys()
    assert Problem("dtd").code == "dtd"
