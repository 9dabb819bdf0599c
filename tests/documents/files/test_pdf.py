import random
import zlib
from pathlib import Path

import pytest

from documents.files.child.pdf import Pdf, active_names
from documents.files.child.problem import Problem
from tests.documents.files import samples


def stream(content: bytes, kind: bytes = b"/Type /ObjStm") -> bytes:
    packed = zlib.compress(content)
    head = b"9 0 obj\n<< %s /N 1 /First 4 /Length %d /Filter /FlateDecode >>\n"
    return head % (kind, len(packed)) + b"stream\n" + packed + b"\nendstream\nendobj\n"


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        (b"<< /S /JavaScript /JS (x) >>", {"javascript"}),
        (b"<< /S /J#61vaScript >>", {"javascript"}),
        (b"<< /#4a#53 (x) >>", {"javascript"}),
        (b"<</S/Launch/F(x)>>", {"launch"}),
        (b"<< /Type /EmbeddedFile >>", {"embedded"}),
        (stream(b"9 0 << /S /JavaScript >>"), {"javascript"}),
        (stream(b"9 0 << /S /Launch >>", b"/Type /Obj#53tm"), {"launch"}),
        (b"<< /Title (JavaScript) /JSON 1 /Launcher 2 >>", set()),
    ],
)
def test_names_of_active_content_are_found_however_they_are_written(
    raw: bytes, codes: set[str]
) -> None:
    assert set(active_names(raw)) == codes


def test_the_short_name_is_not_taken_from_the_noise_of_a_picture() -> None:
    noise = random.Random(4).randbytes(1000) + b"/JS " + random.Random(5).randbytes(1000)

    assert set(active_names(b"/JS (x)")) == {"javascript"}
    assert set(active_names(b"1 0 obj << >>\nstream\n" + noise + b"\nendstream")) == set()


def test_objects_that_unpack_without_end_are_refused() -> None:
    with pytest.raises(Problem) as caught:
        list(active_names(stream(b" " * (65 << 20))))

    assert caught.value.code == "archive_size"


def test_each_page_has_its_text(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(samples.pdf("MAT", pages=2))

    assert [text.strip() for text in Pdf(path).texts()] == ["MAT", "MAT"]
