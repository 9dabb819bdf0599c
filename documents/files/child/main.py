"""The child itself: limits first, then the checks, then the text; one line of JSON for each.

Read from standard input: `{"path": ..., "kind": ...}`. If the text takes too long or too much
memory, the first line has been written already and stands.
"""

import codecs
import json
import resource
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from documents.files.child import office, pictures, words
from documents.files.child.archive import CHUNK_BYTES, Archive
from documents.files.child.markup import read
from documents.files.child.problem import Problem

CPU_SECONDS = 20
MEMORY_BYTES = 512 * 1024 * 1024

OOXML = {"docx", "xlsx", "pptx"}
ODF = {"odt", "ods", "odp"}
PICTURES = {"jpeg", "png", "tiff"}


def main() -> None:
    """Examine the file that standard input names and answer on standard output."""
    _limit()
    asked = json.load(sys.stdin)
    path, kind = Path(asked["path"]), asked["kind"]
    try:
        checked, texts = examine(path, kind)
        _answer(checked)
    except Problem as problem:
        _answer({"problem": problem.code, "limit": problem.limit})
        return
    gathered, cut = words.Words(), False
    try:
        for add in texts:
            add(gathered)
    except words.Enough:
        cut = True
    except Problem as problem:
        _answer({"problem": problem.code, "limit": problem.limit})
        return
    _answer({"text": gathered.text(), "cut": cut})


def examine(path: Path, kind: str) -> tuple[dict[str, Any], Iterator[Any]]:
    """Return what the checks found, and what will add the words. Raises: Problem."""
    if kind == "pdf":
        return _pdf(path)
    if kind in PICTURES:
        with path.open("rb") as stream:
            return {"pages": pictures.check(stream, kind), "active": []}, iter(())
    if kind in OOXML | ODF:
        archive = Archive(path.open("rb"))
        check = office.check_ooxml if kind in OOXML else office.check_odf
        return {"pages": None, "active": check(archive, kind)}, words.of_office(archive, kind)
    if kind == "xml":
        read(_chunks(path), _Packet())
        return {"pages": None, "active": []}, iter(
            [lambda gathered: words.of_xml(_chunks(path), gathered)]
        )
    text = decoded(path.read_bytes())
    return {"pages": None, "active": []}, iter([lambda gathered: gathered.add(text)])


def decoded(raw: bytes) -> str:
    """Return the text of UTF-8, or of UTF-16 with its mark. Raises: Problem (encoding).

    Legacy Vietnamese encodings are refused and not guessed: TCVN3 read as Latin-1 looks like text
    and loses every marked letter for good.
    """
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem("encoding") from error
    if "\x00" in text:
        raise Problem("encoding")
    return text


class _Packet(office.Start):
    """Refuses what a browser would show or run; only packets of data are taken."""

    def __init__(self) -> None:
        super().__init__()
        self._root = True

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._root and name.lower() in {"html", "svg", "stylesheet"}:
            raise Problem("kind_web")
        self._root = False


def _pdf(path: Path) -> tuple[dict[str, Any], Iterator[Any]]:
    from documents.files.child.pdf import Pdf  # noqa: PLC0415 - 0.1 s that other kinds save

    pdf = Pdf(path)

    def pages() -> Iterator[Any]:
        for page in pdf.texts():
            yield lambda gathered, page=page: gathered.add(page + words.PAGE_END)

    return {"pages": pdf.pages, "active": pdf.active()}, pages()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def _limit() -> None:
    """Bound this process for good: neither it nor what it runs can raise a hard limit again."""
    for what, limit in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        _soft, hard = resource.getrlimit(what)
        most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (most, most))


def _answer(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")
    sys.stdout.flush()
