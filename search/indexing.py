"""The worker's side of the index: take what is waiting, read it as it is now, write it, say so.

A worker may be killed at any line and several may run. The order is the promise: the version is
read before the row it stands for, the index shows the write before `done_version` says so, and an
engine never lets an older version replace a newer one. So nothing is lost, and nothing goes back.
"""

import logging
import random
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Least

from agencies import clock
from search import marking
from search.engine import Building, Engine, EngineDown, NotBuilt, RebuildRunning, Record
from search.engines import chosen
from search.models import IndexState, packed
from search.registry import Kind, by_kind, key_of, kind_of, kinds

log = logging.getLogger(__name__)

#: Longer than a parcel and every time-out of an engine together, and shorter than the 60 seconds
#: for which Elasticsearch remembers the version of what was deleted.
LEASE = timedelta(seconds=45)
#: Seconds after which no further parcel of a lease is begun.
_ENOUGH = 15.0
ATTEMPTS = 8
#: Rows of one lease; papers and characters of one parcel, which is one commit of the index.
CLAIMED = 200
_PARCEL, _PARCEL_CHARACTERS = 100, 3_000_000
#: Rows read at once when everything is read.
_READ = 200
#: Seconds between two looks whether the index is there at all.
_LOOK = 10.0
#: Longest pause, in seconds, before an engine that is down is tried again.
_LONGEST_PAUSE = 60.0


class Drain:
    """Called by a worker again and again; knows when an engine that was down may be tried again."""

    def __init__(self) -> None:
        self._failures = 0
        self._resume = 0.0
        self._day: date | None = None
        self._looked = False
        self._look_again = 0.0

    def __call__(self, at: datetime) -> bool:
        """Bring some of what waits into the index; return whether anything was done.

        Never raises for an engine that is down: everything else goes on, and the rows wait.
        """
        if time.monotonic() < self._resume:
            return False
        if self._day != clock.day_of(at):
            marking.mark_what_turned()
            self._day = clock.day_of(at)
        engine = chosen()
        try:
            if not self._looked and not IndexState.objects.exists():
                # The first day, or another database than the one that the index was filled from.
                begin_anew(engine, at=at)
            self._looked = True
            if time.monotonic() >= self._look_again:
                # Where nothing waits, nobody else would notice that the index is gone.
                engine.ready()
                self._look_again = time.monotonic() + _LOOK
            done = drain(engine, at=at)
        except NotBuilt:
            return self._built(engine, at)
        except RebuildRunning:
            return self._paused("the index is being rebuilt")
        except EngineDown as down:
            return self._paused(str(down))
        self._failures = 0
        return done > 0

    def _built(self, engine: Engine, at: datetime) -> bool:
        try:
            begin_anew(engine, at=at)
        except RebuildRunning:
            return self._paused("the index is being rebuilt")
        except EngineDown as down:
            return self._paused(str(down))
        return True

    def _paused(self, why: str) -> bool:
        self._failures += 1
        pause = min(_LONGEST_PAUSE, 2.0**self._failures)
        # Jitter: several workers must not come back at one moment.
        self._resume = time.monotonic() + pause * random.uniform(0.5, 1.0)  # noqa: S311
        log.warning("search engine down, trying again within %.0f s: %s", pause, why)
        return False


def begin_anew(engine: Engine, *, at: datetime) -> int:
    """Put an empty index in place of a missing or foreign one, and let everything wait for it.

    Returns how many rows wait. Raises: RebuildRunning, EngineDown.
    """
    with engine.rebuild():
        # Inside: what is written from here on is in the new index too. A new version, so that a
        # worker that wrote into the old one cannot settle it. A crash leaves the old one in its
        # place and everything waiting, which is more work and no harm.
        IndexState.objects.update(version=F("version") + 1, dirty_since=at)
        for kind in kinds():
            after = 0
            while ids := kind.ids(after=after, most=_READ):
                ensure(key_of(kind, pk) for pk in ids)
                after = ids[-1]
    return IndexState.objects.waiting().count()


def ensure(keys: Iterable[str]) -> dict[str, int]:
    """Return the version of each, after giving a waiting row to those that have none."""
    wanted = list(keys)
    versions = _versions(wanted)
    missing = [key for key in wanted if key not in versions]
    if missing:
        marking.mark_keys(missing)
        versions |= _versions(missing)
    return versions


def _versions(keys: Sequence[str]) -> dict[str, int]:
    return dict(IndexState.objects.filter(pk__in=keys).values_list("pk", "version"))


# -- One lease ---------------------------------------------------------------------------------


def drain(engine: Engine, *, at: datetime) -> int:
    """Work through one lease; return how many rows were taken.

    Raises: EngineDown, after giving back what was not written. A row is never blamed for it.
    """
    versions = claim(at=at)
    begun = time.monotonic()
    left = dict(versions)
    try:
        for parcel in _parcels(versions, at=at):
            _send(engine, parcel, at=at)
            for key in parcel:
                left.pop(key, None)
            if time.monotonic() - begun > _ENOUGH:
                break
    finally:
        # What another worker holds by now has another lease.
        _give_back(left, leased_until=at + LEASE)
    return len(versions)


@transaction.atomic
def claim(*, at: datetime, most: int = CLAIMED) -> dict[str, int]:
    """Lease what waits, and return the version that each has now; no two workers get one row."""
    free = IndexState.objects.claimable(at).select_for_update(skip_locked=True)
    rows = list(free.only("key", "version")[:most])
    keys = [row.key for row in rows]
    IndexState.objects.filter(pk__in=keys).update(
        leased_until=at + LEASE, attempts=Least(F("attempts") + 1, Value(1000))
    )
    return {row.key: row.version for row in rows}


#: A version, and what is to be written at it; None for what is to be taken away.
Parcel = dict[str, tuple[int, Record | None]]


def _parcels(versions: Mapping[str, int], *, at: datetime) -> Iterator[Parcel]:
    """Read what was leased, in parcels that are not too large; rows that cannot be read are failed."""
    parcel: Parcel = {}
    characters = 0
    keys = list(versions)
    for start in range(0, len(keys), _PARCEL):
        some = keys[start : start + _PARCEL]
        # Read again: it may have changed since it was leased.
        current = _versions(some)
        for key, record in read(some, at=at):
            version = current.get(key, versions[key])
            parcel[key] = (version, replace(record, version=version) if record else None)
            characters += len(record.body) if record else 0
            if len(parcel) >= _PARCEL or characters >= _PARCEL_CHARACTERS:
                yield parcel
                parcel, characters = {}, 0
    if parcel:
        yield parcel


def read(keys: Sequence[str], *, at: datetime) -> Iterator[tuple[str, Record | None]]:
    """Read what is to be kept under each key, None where nothing is.

    One that cannot be read is left out, with the error on its row.
    """
    for name, ids in by_kind(keys).items():
        kind = kind_of(f"{name}:")
        assert kind is not None
        try:
            yield from _read(kind, ids)
        except Exception:  # noqa: BLE001 - one of them; which, is found out below
            for pk in ids:
                try:
                    yield from _read(kind, [pk])
                except Exception as error:  # noqa: BLE001 - kept, for a person to look at
                    fail(key_of(kind, pk), f"{type(error).__name__}: {error}", at=at)
    yield from ((key, None) for key in keys if kind_of(key) is None)


def _read(kind: Kind, ids: Sequence[int]) -> list[tuple[str, Record | None]]:
    records = {record.key: record for record in kind.records(ids)}
    return [(key, records.get(key)) for key in (key_of(kind, pk) for pk in ids)]


def _send(engine: Engine, parcel: Parcel, *, at: datetime) -> None:
    records = [record for _version, record in parcel.values() if record and record.audience]
    kept = {record.key for record in records}
    refused = put(engine, records) if records else {}
    gone = {key: version for key, (version, _record) in parcel.items() if key not in kept}
    if gone:
        engine.drop(gone)
    # Before the rows say so: from then on nothing is withheld any more.
    engine.flush()
    for key, error in refused.items():
        fail(key, error, at=at, for_good=True)
    settle(
        {
            key: (version, packed(record.audience if record else ()))
            for key, (version, record) in parcel.items()
            if key not in refused
        }
    )
    _end_lease(parcel, at + LEASE)


def put(to: Engine | Building, records: Sequence[Record]) -> dict[str, str]:
    """Write them, and return why each refused one was; a record that breaks the writer is one.

    Raises: EngineDown.
    """
    try:
        return to.put(records)
    except EngineDown:
        raise
    except Exception as error:  # noqa: BLE001 - one of them; which, is found by halves
        if len(records) == 1:
            return {records[0].key: f"{type(error).__name__}: {error}"}
    half = len(records) // 2
    return put(to, records[:half]) | put(to, records[half:])


#: What the index shows now: at which version, for which audience (packed).
Written = dict[str, tuple[int, bytes]]


@transaction.atomic
def settle(written: Written) -> None:
    """Say that the index shows these at these versions, or newer ones.

    A row that somebody is changing at this moment is left: it is written once more.
    """
    at_version: dict[int, list[str]] = {}
    for key in _locked(written):
        at_version.setdefault(written[key][0], []).append(key)
    for version, keys in at_version.items():
        current = When(version=version, then=Value(None))
        IndexState.objects.filter(pk__in=keys, done_version__lte=version).update(
            done_version=version,
            dirty_since=Case(current, default=F("dirty_since")),
            tightened=Case(When(version=version, then=Value(value=False)), default=F("tightened")),
            attempts=0,
            not_before=None,
            parked_at=None,
            error="",
        )
        # These rows are locked now, so their audience is still the one that was written.
        unknown = IndexState.objects.filter(pk__in=keys, version=version, audience=None)
        rows = list(unknown.only("key"))
        for row in rows:
            row.audience = written[row.key][1]
        IndexState.objects.bulk_update(rows, ["audience"], batch_size=200)


def fail(key: str, error: str, *, at: datetime, for_good: bool = False) -> None:
    """Keep the error on the row: try again later, ever more slowly, and in the end no more."""
    state = IndexState.objects.filter(pk=key).first()
    if state is None:
        return
    log.warning("search cannot take in %s: %s", key, error[:200])
    late = for_good or state.attempts >= ATTEMPTS
    # Unless it was changed meanwhile: that is another try.
    IndexState.objects.filter(pk=key, version=state.version).update(
        error=error[:2000],
        leased_until=None,
        not_before=at + timedelta(seconds=2 ** min(state.attempts, 12)),
        parked_at=at if late else None,
    )


def _give_back(left: Mapping[str, int], *, leased_until: datetime) -> None:
    fewer = Case(When(attempts__gt=0, then=F("attempts") - 1), default=Value(0))
    # Not those that failed by themselves: they hold no lease any more.
    _end_lease(left, leased_until, attempts=fewer)


def _end_lease(keys: Collection[str], leased_until: datetime, **more: Any) -> None:
    """Give the lease of these rows up, where it is still this one."""
    held = IndexState.objects.filter(leased_until=leased_until)
    with transaction.atomic():
        free = _locked(keys)
        held.filter(pk__in=free).update(leased_until=None, **more)
    # Of the others one at a time, holding none while waiting for it.
    for key in set(keys) - set(free):
        held.filter(pk=key).update(leased_until=None, **more)


def _locked(keys: Iterable[str]) -> list[str]:
    """Lock those of these rows that nobody else holds, in the open transaction.

    The worker never waits for one row while it holds another: a verb that changes two papers marks
    them in an order of its own, and the two would wait for one another.
    """
    free = IndexState.objects.select_for_update(skip_locked=True).filter(pk__in=list(keys))
    return list(free.order_by("pk").values_list("pk", flat=True))
