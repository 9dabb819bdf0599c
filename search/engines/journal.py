"""What is written while the next index is being filled, kept to be written there as well."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from search.engine import Record


def note(journal: Path, records: Iterable[Record], gone: Mapping[str, int]) -> None:
    lines = [_line(record) for record in records]
    lines += [json.dumps({"gone": key, "version": gone[key]}) for key in gone]
    with journal.open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))


def read(journal: Path) -> tuple[list[Record], dict[str, int]]:
    """Return the newest of each key: what is to be written, and what is gone, with its version."""
    records: dict[str, Record] = {}
    gone: dict[str, int] = {}
    for line in journal.read_text(encoding="utf-8").splitlines():
        values = json.loads(line)
        key = values.get("gone") or values["key"]
        version = values["version"]
        newer = max(records[key].version if key in records else -1, gone.get(key, -1))
        if version < newer:
            continue
        records.pop(key, None)
        gone.pop(key, None)
        if "gone" in values:
            gone[key] = version
        else:
            records[key] = _record(values)
    return list(records.values()), gone


def _line(record: Record) -> str:
    values = asdict(record) | {
        "audience": sorted(record.audience),
        "day": record.day.isoformat() if record.day else None,
    }
    return json.dumps(values, ensure_ascii=True)


def _record(values: dict[str, Any]) -> Record:
    day = values["day"]
    return Record(
        **values
        | {
            "audience": frozenset(values["audience"]),
            "numbers": tuple(values["numbers"]),
            "issuers": tuple(values["issuers"]),
            "day": date.fromisoformat(day) if day else None,
        }
    )
