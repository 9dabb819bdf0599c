"""Does the index show what the database holds? Compare, and mark what differs to be written anew."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from search import indexing, marking
from search.engine import Engine, Stamp, audience_digest
from search.models import IndexState
from search.registry import by_kind, key_of, kind_of, kinds

#: A change that waits no longer than this is on its way, not adrift.
ON_ITS_WAY = timedelta(seconds=60)
SORTS = ("missing", "extra", "older", "newer", "wrong audience")
#: Rows compared at once.
_MANY = 500


@dataclass(slots=True)
class Drift:
    """The keys at which the index and the database disagree, sorted by how."""

    #: Can be read by somebody, and is not in the index.
    missing: list[str] = field(default_factory=list)
    #: Is in the index, and nobody can read it or it is no longer there.
    extra: list[str] = field(default_factory=list)
    #: The index shows an earlier version than it should by now.
    older: list[str] = field(default_factory=list)
    #: The index shows a version that was never given: it is of another database, or this one was
    #: restored from a copy.
    newer: list[str] = field(default_factory=list)
    #: The index would show it to others than those who may read it.
    wrong_audience: list[str] = field(default_factory=list)
    #: Changed within the last minute: the worker will write them.
    on_their_way: int = 0
    compared: int = 0

    def of(self, sort: str) -> list[str]:
        found: list[str] = getattr(self, sort.replace(" ", "_"))
        return found

    @property
    def counts(self) -> dict[str, int]:
        return {sort: len(self.of(sort)) for sort in SORTS}

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def check(engine: Engine, *, at: datetime, progress: Callable[[int], None] | None = None) -> Drift:
    """Compare every row that somebody can read with what the index holds. Raises: EngineDown."""
    engine.flush()
    held = {stamp.key: stamp for stamp in engine.stamps()}
    drift = Drift()
    for keys in _all_keys():
        _compare_some(keys, {key: held.pop(key, None) for key in keys}, drift, at=at)
        drift.compared += len(keys)
        if progress:
            progress(drift.compared)
    # What no kind named: gone, or made since its kind was read.
    leftover = sorted(held)
    for start in range(0, len(leftover), _MANY):
        some = leftover[start : start + _MANY]
        _compare_some(some, {key: held[key] for key in some}, drift, at=at)
    return drift


def repair(engine: Engine, drift: Drift, *, at: datetime) -> None:
    """Mark all that differs, withhold what is seen by the wrong people, and write it.

    What was parked is tried again. Raises: EngineDown.
    """
    _catch_up(engine, drift)
    marking.mark_keys([*drift.missing, *drift.older, *drift.newer])
    marking.mark_keys([*drift.extra, *drift.wrong_audience], withhold=True)
    while indexing.drain(engine, at=at):
        pass


def _compare_some(
    keys: Sequence[str], stamps: Mapping[str, Stamp | None], drift: Drift, *, at: datetime
) -> None:
    audiences: dict[str, frozenset[str]] = {}
    for name, ids in by_kind(keys).items():
        kind = kind_of(f"{name}:")
        assert kind is not None
        audiences |= {key_of(kind, pk): found for pk, found in kind.audiences(ids).items()}
    # Read last: a change that came in between is seen as one that is on its way.
    states = IndexState.objects.in_bulk(keys)
    for key in keys:
        state = states.get(key)
        since = state.dirty_since if state else None
        if since and since > at - ON_ITS_WAY:
            drift.on_their_way += 1
            continue
        sort = _differs(stamps[key], state, audiences.get(key, frozenset()))
        if sort:
            drift.of(sort).append(key)


def _differs(stamp: Stamp | None, state: IndexState | None, audience: frozenset[str]) -> str:
    """Return how they disagree, empty where they agree."""
    if stamp is None:
        return "missing" if audience else ""
    if not audience:
        return "extra"
    if state is None or stamp.version > state.version:
        return "newer"
    if stamp.audience != audience_digest(audience):
        return "wrong audience"
    return "older" if stamp.version < state.version else ""


def _catch_up(engine: Engine, drift: Drift) -> None:
    """Lift versions above those of an index that has seen more than this database."""
    wanted = set(drift.newer) | set(drift.extra)
    ahead = {stamp.key: stamp.version for stamp in engine.stamps() if stamp.key in wanted}
    marking.mark_keys(ahead)
    for key, version in ahead.items():
        IndexState.objects.filter(pk=key, version__lt=version).update(version=version)


def _all_keys() -> Iterator[list[str]]:
    for kind in kinds():
        after = 0
        while ids := kind.ids(after=after, most=_MANY):
            yield [key_of(kind, pk) for pk in ids]
            after = ids[-1]
