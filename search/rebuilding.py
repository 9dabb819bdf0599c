"""A new index from the database, while the old one serves."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from search import indexing
from search.engine import Engine
from search.models import packed
from search.registry import key_of, kinds

#: Papers read and written at once.
_PARCEL = 100

#: Told after each parcel: how many were read, and of which kind.
Progress = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    written: int
    #: Parked, each with its error on its row.
    refused: int


def rebuild(engine: Engine, *, at: datetime, progress: Progress | None = None) -> Rebuilt:
    """Fill a new index with everything and put it in the place of the old one.

    What changes meanwhile is marked as ever, and reaches both. Rows are settled only after the
    switch, so that a rebuild that is killed leaves everything as it was.

    Raises: RebuildRunning, EngineDown.
    """
    written: indexing.Written = {}
    failed: dict[str, str] = {}
    read = 0
    with engine.rebuild() as building:
        for kind in kinds():
            after = 0
            while ids := kind.ids(after=after, most=_PARCEL):
                after = ids[-1]
                # The version first: what is read after it is it, or newer.
                versions = indexing.ensure(key_of(kind, pk) for pk in ids)
                records = [
                    replace(record, version=versions[key])
                    for key, record in indexing.read(list(versions), at=at)
                    if record and record.audience
                ]
                refused = indexing.put(building, records) if records else {}
                failed |= refused
                written |= {
                    record.key: (record.version, packed(record.audience))
                    for record in records
                    if record.key not in refused
                }
                read += len(ids)
                if progress:
                    progress(read, kind.name)
    _settle(written)
    for key, error in failed.items():
        indexing.fail(key, error, at=at, for_good=True)
    return Rebuilt(len(written), len(failed))


def _settle(written: indexing.Written) -> None:
    keys = list(written)
    for start in range(0, len(keys), 500):
        indexing.settle({key: written[key] for key in keys[start : start + 500]})
