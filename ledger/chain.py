"""The form of an entry: what is hashed, byte for byte. No database, no clock.

An entry is the object `{"v":1,"seq":..,"at":..,"type":..,"prev":..,"data":{..}}`, written as RFC
8785 canonical JSON; its hash is SHA-256 over one zero byte and that text. `prev` is the hash of the
entry before it, so that no entry can be changed, removed or moved without a break further on.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, NoReturn

import rfc8785

VERSION = 1
#: What the first entry names as the one before it.
GENESIS = "0" * 64
#: JSON numbers are exact below this and only below this.
INTEGER_LIMIT = 2**53
TYPE_LENGTH = 60
TYPE_PATTERN = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")

KEYS = {"v", "seq", "at", "type", "prev", "data"}


class NotCanonical(ValueError):
    """The bytes are not what `encode` writes for any entry."""


class Entry(NamedTuple):
    """One entry as its bytes say it; `at` is the text that `moment` gives."""

    seq: int
    at: str
    type: str
    prev: str
    data: dict[str, Any]


def moment(at: datetime) -> str:
    """Return the instant as text: UTC, six decimals, `Z`. Equal instants give equal text.

    Raises: ValueError for a moment without a time zone.
    """
    if at.utcoffset() is None:
        raise ValueError("a moment in the ledger needs a time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def plain(value: object) -> Any:
    """Return the value with every string in NFC, made of exact JSON types only.

    Vietnamese typed on a Mac and on Windows differs in bytes, not in meaning: here it becomes one.

    Raises: TypeError for what the ledger does not hold (floats, dates, tuples, ...); ValueError for
    an integer that JSON cannot carry exactly, a lone surrogate, or keys that NFC makes equal.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        if abs(value) >= INTEGER_LIMIT:
            raise ValueError(f"{value} is too large for the ledger: write it as text")
        return int(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return _object(value)
    raise TypeError(f"the ledger does not hold {type(value).__name__}: write it as text")


def encode(*, seq: int, at: datetime, type: str, prev: str, data: Mapping[str, object]) -> bytes:
    """Return the canonical bytes of one entry.

    Raises: what `moment` and `plain` raise; ValueError for a type that is not like `paper.signed`.
    """
    if len(type) > TYPE_LENGTH or not TYPE_PATTERN.fullmatch(type):
        raise ValueError(f"not a type of entry: {type!r}")
    return _canonical(Entry(seq, moment(at), type, prev, plain(data)))


def decode(entry_bytes: bytes) -> Entry:
    """Read an entry back.

    Raises: NotCanonical unless these are exactly the bytes that `encode` would write.
    """
    try:
        body = json.loads(entry_bytes.decode(), parse_float=_refuse, parse_constant=_refuse)
        entry = _entry(body)
        canonical = _canonical(entry._replace(data=plain(entry.data)))
    except (ValueError, TypeError, RecursionError) as error:
        raise NotCanonical(str(error)) from error
    if canonical != entry_bytes:
        raise NotCanonical("not in canonical form")
    return entry


def digest(entry_bytes: bytes) -> str:
    """Return the hash of an entry: SHA-256 over a zero byte and the entry, in hex.

    The zero byte keeps an entry apart from whatever else is hashed, as leaves are in RFC 6962.
    """
    return hashlib.sha256(b"\x00" + entry_bytes).hexdigest()


def _canonical(entry: Entry) -> bytes:
    return rfc8785.dumps({"v": VERSION, **entry._asdict()})


def _entry(body: Any) -> Entry:
    if not isinstance(body, dict) or body.keys() != KEYS:
        raise NotCanonical("not the members of an entry")
    version = body.pop("v")
    entry = Entry(**body)
    if type(version) is not int or version != VERSION or type(entry.seq) is not int:
        raise NotCanonical("not an entry of version 1")
    if not all(isinstance(text, str) for text in (entry.at, entry.type, entry.prev)):
        raise NotCanonical("a member of the entry is not text")
    if not isinstance(entry.data, dict):
        raise NotCanonical("the data are not an object")
    return entry


def _object(value: Mapping[Any, object]) -> dict[str, Any]:
    if not all(isinstance(key, str) for key in value):
        raise TypeError("the ledger holds only text as keys")
    result = {_text(key): plain(item) for key, item in value.items()}
    if len(result) != len(value):
        raise ValueError("two keys are the same text")
    return result


def _text(value: str) -> str:
    # str.__str__: of a TextChoices member its value, whatever it shows as.
    text = unicodedata.normalize("NFC", str.__str__(value))
    text.encode()
    return text


def _refuse(number: str) -> NoReturn:
    raise NotCanonical(f"{number} is not an integer")
