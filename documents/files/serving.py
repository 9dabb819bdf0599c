"""Sending a stored file. Whoever calls this has asked the gate: here is no permission."""

import io
import logging
import re
from typing import Any, Protocol

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
)
from django.utils.cache import get_conditional_response

from documents import storage

logger = logging.getLogger(__name__)

#: What a browser may show by itself; all else is downloaded.
SHOWN = {"application/pdf", "image/jpeg", "image/png"}
SANDBOX = "sandbox; default-src 'none'"

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class StoredFile(Protocol):
    """What is known of a file: an Attachment, or anything like it."""

    name: str
    sha256: str
    media_type: str


def serve(request: HttpRequest, file: StoredFile, *, inline: bool = False) -> HttpResponseBase:
    """Answer GET or HEAD with a file of the store, whole or one range of it.

    The ETag is its SHA-256 and is compared only here, behind the gate: a stranger could otherwise
    learn by it which files exist. `inline` counts for PDF, JPEG and PNG; the rest is downloaded.

    Raises: Http404 if the store has lost the file; `ledger verify --files` names it.
    """
    etag = f'"{file.sha256}"'
    # The answers of `get_conditional_response` for "send it" are None or what it was given.
    unchanged = get_conditional_response(request, etag=etag, response=None)
    shown = inline and file.media_type in SHOWN
    response = unchanged or _content(request, file, etag=etag, shown=shown)
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if not shown:
        response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _content(request: HttpRequest, file: StoredFile, *, etag: str, shown: bool) -> HttpResponseBase:
    store = storage.attachments()
    try:
        stream = store.open(store.name_of(file.sha256))
    except FileNotFoundError as error:
        logger.error("the store has lost file %s", file.sha256)
        raise Http404 from error
    size = stream.size
    wanted = _range(request, size, etag)
    if wanted == _UNSATISFIABLE:
        stream.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = wanted or (0, size - 1)
    response = FileResponse(
        _Part(stream, first, last - first + 1),
        status=206 if wanted else 200,
        as_attachment=not shown,
        filename=file.name,
        content_type=file.media_type,
    )
    response.headers["Content-Length"] = str(last - first + 1)
    if wanted:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


_UNSATISFIABLE = (-1, -1)


def _range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """Return the first and last byte wanted; None for all of them (also for several ranges)."""
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not match or request.method != "GET" or match[0] == "bytes=-":
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match[1], match[2]
    if not first:
        if int(last) == 0:
            return _UNSATISFIABLE
        return max(0, size - int(last)), size - 1
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        return _UNSATISFIABLE
    return int(first), min(int(last), size - 1) if last else size - 1


class _Part(io.RawIOBase):
    """`length` bytes of an open file from `start`, closed with it."""

    def __init__(self, stream: Any, start: int, length: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = length
        stream.seek(start)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        piece: bytes = self._stream.read(wanted)
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        self._stream.close()
        super().close()
