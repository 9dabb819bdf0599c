"""The store of attachments: each file under its own SHA-256, outside every public folder."""

import contextlib
import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Protocol

from django.core.files.storage import FileSystemStorage, storages
from django.utils.translation import gettext_lazy as _

#: Kept free for the database, its log and the mail queue, in bytes.
RESERVE_BYTES = 256 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024

#: What other apps say of a SHA-256: whether a row of theirs speaks of that file.
spoken_for: list[Callable[[str], bool]] = []

_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = ".unfinished-"
_FULL = {errno.ENOSPC, errno.EDQUOT}


class Readable(Protocol):
    """An open binary stream that stands at its beginning."""

    def read(self, size: int = ..., /) -> bytes: ...


class NoRoom(OSError):
    """The disk of the store is full, or nearly. Nothing was kept and nothing was lost."""

    def __str__(self) -> str:
        return str(_("The server has no room for another file. Tell the administrator."))


@contextlib.contextmanager
def saying_when_full() -> Iterator[None]:
    """Raises: NoRoom in place of what the system says when a disk or a quota is full."""
    try:
        yield
    except OSError as failure:
        if failure.errno in _FULL:
            raise NoRoom(*failure.args) from failure
        raise


class Altered(ValueError):
    """The bytes are not those that the SHA-256 was taken of. Nothing was kept."""


class DurableStorage(FileSystemStorage):
    """Keeps files by content: a name that exists holds whole bytes with that hash, always.

    Whoever writes a row about a file calls `keep` first: when `keep` has returned, a power cut
    loses neither the file nor its name.
    """

    def name_of(self, sha256: str) -> str:
        """Return the name under which a file is stored. Raises: ValueError if it is no SHA-256."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"{sha256!r} is not a SHA-256 in lower-case hexadecimal")
        return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def keep(self, stream: Readable, sha256: str, *, size: int) -> str:
        """Store the `size` bytes of `stream` for good and return their name.

        The order matters: written beside the store's files, forced to disk, renamed, and the
        folder forced to disk. Bytes that are stored already are checked instead of written; a
        damaged file is replaced by the good copy.

        Raises: NoRoom before or while writing; Altered if the bytes do not give `sha256`.
        """
        name = self.name_of(sha256)
        final = Path(self.path(name))
        if final.exists() and _digest(final) == (sha256, size):
            os.utime(final)  # young again: a sweep must not take it before its row is written
            return name
        self._require_room(size)
        with saying_when_full():
            _make_folders(final.parent, above=Path(self.location))
            self._write(stream, final, sha256, size)
        return name

    def sweep(
        self, keep: Collection[str] | Callable[[str], bool], *, older_than: timedelta
    ) -> list[str]:
        """Remove files that no row speaks of, and unfinished ones; return the names removed.

        `keep` holds, or says of each, the SHA-256 values still in use. `older_than` leaves alone
        what was stored a moment ago and waits for its row; it is measured by the clock of the file
        system, which stamped the files.
        """
        wanted = keep if callable(keep) else keep.__contains__
        root = Path(self.location)
        if not root.is_dir():
            return []
        limit = _file_system_time(root) - older_than.total_seconds()
        removed = []
        for path in _files_under(root):
            unfinished = path.name.startswith(_UNFINISHED)
            if not unfinished and (not _SHA256.fullmatch(path.name) or wanted(path.name)):
                continue
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < limit:
                    path.unlink()
                    removed.append(path.relative_to(root).as_posix())
        return removed

    def url(self, name: str | None) -> str:
        """Refuse: a file is reached through the view that asks the gate, never by an address."""
        raise ValueError("files of this store have no address")

    def save(self, name: str | None, content: object, max_length: int | None = None) -> str:
        """Refuse: files are kept under their hash, with `keep`."""
        raise TypeError("files of this store are kept with keep()")

    def _require_room(self, size: int) -> None:
        folder = Path(self.location)
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < size + RESERVE_BYTES:
            raise NoRoom

    def _write(self, stream: Readable, final: Path, sha256: str, size: int) -> None:
        handle, unfinished = tempfile.mkstemp(prefix=_UNFINISHED, dir=final.parent)
        try:
            with os.fdopen(handle, "wb") as target:
                if _copy(stream, target) != (sha256, size):
                    raise Altered(sha256)
                target.flush()
                os.fchmod(target.fileno(), 0o440)
                os.fsync(target.fileno())
            Path(unfinished).replace(final)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        _force(final.parent)


def attachments() -> DurableStorage:
    """Return the store of the attachments, as settings name it."""
    store = storages["attachments"]
    assert isinstance(store, DurableStorage)
    return store


def _copy(stream: Readable, target: IO[bytes] | None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    return digest.hexdigest(), size


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as stream:
        return _copy(stream, None)


def _make_folders(folder: Path, *, above: Path) -> None:
    """Create what is missing below `above`, each new folder forced to disk in its parent."""
    missing = [each for each in (folder, *folder.parents) if above in each.parents]
    for each in reversed(missing):
        if not each.is_dir():
            each.mkdir(exist_ok=True)
            _force(each.parent)


def _force(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _files_under(root: Path) -> Iterator[Path]:
    for folder, _folders, files in os.walk(root):
        for name in files:
            yield Path(folder, name)


def _file_system_time(root: Path) -> float:
    with tempfile.NamedTemporaryFile(prefix=_UNFINISHED, dir=root) as probe:
        return os.fstat(probe.fileno()).st_mtime
