"""XML, read as a stream: no DTD, no entities of its own, no tree in memory, a bounded depth."""

from collections.abc import Iterable, Mapping
from typing import Protocol
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from documents.files.child.problem import Problem

MAX_DEPTH = 200


class Reader(Protocol):
    """What is told, in the order of the file. Names come without their namespace."""

    def start(self, name: str, attributes: Mapping[str, str], /) -> None: ...
    def data(self, text: str, /) -> None: ...
    def end(self, name: str, /) -> None: ...


def read(chunks: Iterable[bytes], reader: Reader) -> None:
    """Read a whole XML file to `reader`. Raises: Problem (dtd, depth, broken)."""
    parser = XMLParser(target=_Target(reader), forbid_dtd=True)
    try:
        for chunk in chunks:
            parser.feed(chunk)
        parser.close()
    except DefusedXmlException as error:
        raise Problem("dtd") from error
    # LookupError, ValueError: an encoding that does not exist or is not for bytes.
    except (ParseError, LookupError, ValueError) as error:
        raise Problem("broken") from error


def local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]


class _Target:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Problem("depth", MAX_DEPTH)
        self._reader.start(local(tag), {local(key): val for key, val in attributes.items()})

    def data(self, text: str) -> None:
        self._reader.data(text)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._reader.end(local(tag))

    def close(self) -> None:
        pass
