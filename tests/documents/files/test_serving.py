import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from django.core.files.storage import storages
from django.http import Http404, HttpResponseBase
from django.test import RequestFactory

from documents.files.serving import serve

CONTENT = bytes(range(256)) * 4


@dataclass
class Stored:
    name: str = "Đơn đề nghị.pdf"
    sha256: str = hashlib.sha256(CONTENT).hexdigest()
    media_type: str = "application/pdf"


# Closing a response lets go of the database, where there is one.
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path) -> Iterator[None]:
    settings.STORAGES = {
        **settings.STORAGES,
        "attachments": {
            "BACKEND": "documents.storage.DurableStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    storages["attachments"].keep(io.BytesIO(CONTENT), Stored.sha256, size=len(CONTENT))
    return None


def ask(
    *, file: Stored | None = None, inline: bool = False, method: str = "GET", **headers: str
) -> tuple[HttpResponseBase, bytes]:
    request = RequestFactory().generic(method, "/", headers=headers)
    response = serve(request, file or Stored(), inline=inline)
    body = response.getvalue() if response.streaming else response.content
    response.close()
    return response, body


def test_a_file_is_downloaded_whole_under_its_own_name() -> None:
    response, body = ask()

    assert (response.status_code, body) == (200, CONTENT)
    assert response["Content-Disposition"] == (
        f"attachment; filename*=utf-8''{quote('Đơn đề nghị.pdf')}"
    )
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == "1024"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["ETag"] == f'"{Stored.sha256}"'


@pytest.mark.parametrize("media_type", ["application/pdf", "image/jpeg", "image/png"])
def test_pdf_and_pictures_are_shown_when_asked(media_type: str) -> None:
    response, _ = ask(file=Stored(media_type=media_type), inline=True)

    assert response["Content-Disposition"].startswith("inline")
    assert "Content-Security-Policy" not in response


@pytest.mark.parametrize(
    "media_type", ["application/xml", "text/plain; charset=utf-8", "text/html"]
)
def test_other_kinds_are_downloaded_even_when_asked_to_be_shown(media_type: str) -> None:
    response, _ = ask(file=Stored(media_type=media_type), inline=True)

    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Content-Type"] == media_type


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=1000-", 1000, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=1000-9999", 1000, 1023),
        ("bytes=-9999", 0, 1023),
    ],
)
def test_one_range_is_sent(wanted: str, first: int, last: int) -> None:
    response, body = ask(Range=wanted)

    assert (response.status_code, body) == (206, CONTENT[first : last + 1])
    assert response["Content-Range"] == f"bytes {first}-{last}/1024"
    assert response["Content-Length"] == str(len(body))


@pytest.mark.parametrize("wanted", ["bytes=1024-", "bytes=-0"])
def test_a_range_beyond_the_end_is_said_to_be(wanted: str) -> None:
    response, body = ask(Range=wanted)

    assert (response.status_code, body) == (416, b"")
    assert response["Content-Range"] == "bytes */1024"


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-1,5-6"},
        {"Range": "lines=0-1"},
        {"Range": "bytes=5-2"},
        {"Range": "bytes=-"},
        {"Range": "bytes=0-1", "If-Range": '"another"'},
    ],
)
def test_a_range_that_is_not_understood_gives_the_whole_file(headers: dict[str, str]) -> None:
    response, body = ask(**headers)

    assert (response.status_code, body) == (200, CONTENT)


def test_the_copy_that_the_reader_holds_is_not_sent_again() -> None:
    assert ask(**{"If-None-Match": '"another"'})[0].status_code == 200

    response, body = ask(**{"If-None-Match": f'"{Stored.sha256}"'})

    assert (response.status_code, body) == (304, b"")
    assert response["Cache-Control"] == "private, no-store"


def test_head_tells_the_length() -> None:
    response, _ = ask(method="HEAD")

    assert (response.status_code, response["Content-Length"]) == (200, "1024")


def test_a_file_that_the_store_has_lost_is_not_found_and_logged_by_its_hash(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(Http404):
        ask(file=Stored(sha256="0" * 64))

    assert "0" * 64 in caplog.text
    assert "Đơn" not in caplog.text
