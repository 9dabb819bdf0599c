"""The door: an uploaded file passes every check, or nothing of it remains."""

import contextlib
import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from django.conf import settings

from documents.files import limited
from documents.files.kinds import HEAD_BYTES, kind_of
from documents.files.names import shown_name
from documents.files.refusals import FileRefused, called, warning
from documents.storage import DurableStorage, saying_when_full


class Uploaded(Protocol):
    """What Django's UploadedFile is to us."""

    @property
    def name(self) -> str | None: ...
    @property
    def size(self) -> int | None: ...
    def chunks(self) -> Iterator[bytes]: ...


@dataclass
class ReceivedFile:
    """A file that passed. Leave its `with` block without `commit` and nothing remains.

    `text` is in NFC without controls, pages ending in a form feed where the format knows pages;
    "" where there is none. `warnings` are sentences for the sender, in the reader's language.
    """

    name: str
    sha256: str
    #: Bytes.
    size: int
    media_type: str
    #: As `documents.files.kinds.Kind.name`.
    kind: str
    pages: int | None
    text: str = field(repr=False)
    warnings: list[str]
    _bytes: IO[bytes] = field(repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def commit(self, storage: DurableStorage) -> str:
        """Put the bytes, unchanged, into the store and return their name there.

        Raises: documents.storage.NoRoom.
        """
        self._bytes.seek(0)
        return storage.keep(self._bytes, self.sha256, size=self.size)

    def close(self) -> None:
        """Remove the temporary file."""
        self._bytes.close()


def receive(uploaded: Uploaded, *, inside: bool) -> ReceivedFile:
    """Check an uploaded file, in an order in which each step protects the next.

    Real size while streaming, name, kind by name and first bytes; then, in the limited child:
    archive budget, real unpacked bytes, structure, active content, pages and pixels, text.
    Active content refuses a paper from outside and warns about one of the house's own.

    Raises: FileRefused; documents.storage.NoRoom if the temporary folder is full.
    """
    raw_name = uploaded.name or ""
    with contextlib.ExitStack() as stack:
        # The file has a name, for the child, in a folder that only this process opens.
        held = stack.enter_context(
            tempfile.NamedTemporaryFile(prefix="kinh-gui-", dir=settings.FILE_UPLOAD_TEMP_DIR)
        )
        with saying_when_full():
            sha256, size = _stream(uploaded, held, name=_short(raw_name))
        name = shown_name(raw_name)
        held.seek(0)
        kind = kind_of(name, held.read(HEAD_BYTES))
        found = limited.examine(Path(held.name), kind.name)
        _refuse(found, name=name, inside=inside)
        received = ReceivedFile(
            name=name,
            sha256=sha256,
            size=size,
            media_type=kind.media_type,
            kind=kind.name,
            pages=found.pages,
            text=found.text or "",
            warnings=_warnings(found, kind.name, name=name),
            _bytes=held,
        )
        stack.pop_all()
    return received


def _stream(uploaded: Uploaded, target: IO[bytes], *, name: str) -> tuple[str, int]:
    limit = settings.MAX_FILE_BYTES
    digest, size = hashlib.sha256(), 0
    for chunk in uploaded.chunks():
        size += len(chunk)
        if size > limit:
            raise FileRefused("too_large", name=name, limit=limit // (1024 * 1024))
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    if uploaded.size is not None and uploaded.size != size:
        raise FileRefused("incomplete", name=name)
    if not size:
        raise FileRefused("empty", name=name)
    return digest.hexdigest(), size


def _refuse(found: limited.Findings, *, name: str, inside: bool) -> None:
    if not found.checked:
        raise FileRefused("unreadable", name=name)
    if found.problem:
        raise FileRefused(found.problem, name=name, limit=found.limit)
    if found.active and not inside:
        raise FileRefused("active", name=name, found=called(found.active))


def _warnings(found: limited.Findings, kind: str, *, name: str) -> list[str]:
    warnings = []
    if found.active:
        warnings.append(warning("active", name=name, found=called(found.active)))
    if found.text is None:
        warnings.append(warning("text_unread", name=name))
    elif not found.text:
        warnings.append(warning("text_none", name=name))
    if found.cut:
        warnings.append(warning("text_cut", name=name))
    return warnings


def _short(raw: str) -> str:
    """Return a name that may stand in a sentence before it was judged."""
    return "".join(sign for sign in raw if sign.isprintable())[-80:]
