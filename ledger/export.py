"""The ledger as files that can be checked without this program.

`entries.jsonl`: one entry a line, in order, UTF-8, lines end in one line feed:

    {"entry":<the canonical text, byte for byte>,"hash":"<64 hex digits>"}

Each line is RFC 8785 JSON itself. The text of the entry is what stands between the first 9 and the
last 75 bytes of the line; its SHA-256, after one zero byte, is the hash.

`head.json`: `{"hash":"..","seq":..,"v":1}`, the hash and number of the last entry (of an empty
ledger: 64 zeros and 0). Written last: without it the export is not whole.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import rfc8785

from ledger import chain
from ledger.links import Chain, rows
from ledger.models import LedgerHead

ENTRIES = "entries.jsonl"
HEAD = "head.json"
BEFORE, BETWEEN, AFTER = b'{"entry":', b',"hash":"', b'"}\n'


class NotEmpty(Exception):
    """The folder to export into holds something already."""


class Broken(Exception):
    """The ledger is damaged; nothing was exported."""

    def __init__(self, seq: int | None, text: str) -> None:
        super().__init__(text)
        self.seq = seq


def export(folder: Path) -> int:
    """Write the ledger as of now into the folder, made if need be. Returns how many entries.

    Raises: NotEmpty, Broken, OSError, DatabaseError. Then no file is left under its final name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise NotEmpty(f"{folder} is not empty")
    head = LedgerHead.objects.filter(pk=LedgerHead.THE).first()
    if head is None:
        raise Broken(None, "the head is missing")
    with _complete(folder / HEAD) as head_file, _complete(folder / ENTRIES) as entries_file:
        for line in _lines(head):
            entries_file.write(line)
        head_file.write(rfc8785.dumps({"hash": head.hash, "seq": head.seq, "v": chain.VERSION}))
        head_file.write(b"\n")
    return head.seq


def _lines(head: LedgerHead) -> Iterator[bytes]:
    """Yield the lines up to the head; entries that came in since are the next export's."""
    read = Chain()
    for row in rows():
        if read.seq >= head.seq:
            break
        _entry, problems = read.take(row)
        for problem in problems:
            raise Broken(*problem)
        yield BEFORE + row.entry_bytes + BETWEEN + read.hash.encode() + AFTER
    if read.seq < head.seq:
        raise Broken(read.seq + 1, f"the head names entry {head.seq}: the end is missing")
    if read.hash != head.hash:
        raise Broken(read.seq, "the head does not name the hash of the last entry")


@contextmanager
def _complete(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that has its name only once it is whole and on the disk."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
