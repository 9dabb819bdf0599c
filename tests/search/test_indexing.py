"""Nothing is lost and nothing goes back in time, whoever is killed and whatever is down."""

import threading
from collections.abc import Iterable, Mapping
from datetime import timedelta

import pytest
from django.db import connection, transaction

from agencies import clock
from documents import lifecycle
from search import dispatches, engines, indexing
from search.engine import Engine, EngineDown, Record
from search.indexing import ATTEMPTS, LEASE, Drain
from search.models import IndexState
from search.text import read_query
from tests.documents.world import World, at
from tests.search.house import drain, keys, lend, state, waiting

pytestmark = pytest.mark.django_db


def in_index(engine: Engine) -> dict[str, int]:
    return {stamp.key: stamp.version for stamp in engine.stamps()}


def test_a_leased_row_is_nobody_elses_until_the_lease_ends(engine: Engine) -> None:
    world = World()
    paper = world.issued()
    now = clock.now()
    assert set(indexing.claim(at=now)) == keys([paper])

    assert indexing.claim(at=now) == {}
    assert indexing.claim(at=now + LEASE) == {}

    assert set(indexing.claim(at=now + LEASE + timedelta(seconds=1))) == keys([paper])


def test_two_workers_share_what_waits(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    papers = [world.draft(subject=f"bản {number}") for number in range(4)]
    now = clock.now()

    one, two = indexing.claim(at=now, most=2), indexing.claim(at=now, most=3)

    assert set(one) | set(two) == keys(papers)
    assert not set(one) & set(two)


class Killed(BaseException):
    """What no `except Exception` sees."""


@pytest.mark.parametrize("moment", ["put", "flush", "settle"])
def test_a_worker_killed_before_it_said_so_loses_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    world = World()
    paper = world.issued()
    where = indexing if moment == "settle" else engine

    def die(*_args: object, **_kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(where, moment, die)
        patched.setattr(indexing, "_give_back", lambda *_args, **_kwargs: None)
        with pytest.raises(Killed):
            indexing.drain(engine, at=clock.now())

    assert waiting() == keys([paper])
    assert indexing.drain(engine, at=clock.now()) == 0
    later = clock.now() + LEASE + timedelta(seconds=1)
    assert indexing.drain(engine, at=later) == 1
    assert waiting() == set()
    assert in_index(engine) == {state(paper).key: state(paper).version}


def test_a_change_during_the_write_is_written_by_the_next_lease(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    paper = world.issued()
    put = engine.put

    def change_meanwhile(records: Iterable[Record]) -> dict[str, str]:
        monkeypatch.setattr(engine, "put", put)
        lend(world, paper)
        return put(records)

    monkeypatch.setattr(engine, "put", change_meanwhile)
    indexing.drain(engine, at=clock.now())
    assert waiting() == keys([paper])
    assert state(paper).done_version == state(paper).version - 1

    indexing.drain(engine, at=clock.now())

    assert waiting() == set()
    assert in_index(engine)[state(paper).key] == state(paper).version


def test_a_worker_that_slept_does_not_bring_an_older_version_back(engine: Engine) -> None:
    world = World()
    paper = world.draft(subject="bản cũ")
    kind = dispatches.Dispatches()
    old_version = state(paper).version
    [old] = kind.records([paper.pk])
    lifecycle.save_draft(
        dispatch=paper, by=world.drafter, at=at(3), seen_edits=1, values={"subject": "bản mới"},
        text="Mới.", lines=[],
    )  # fmt: skip
    drain(engine)
    new_version = state(paper).version
    assert new_version > old_version

    indexing._send(
        engine, {old.key: (old_version, indexing.replace(old, version=old_version))}, at=clock.now()
    )

    assert in_index(engine) == {old.key: new_version}
    assert state(paper).done_version == new_version
    tokens = [f"member:{world.province.pk}:{world.drafter.pk}"]
    assert engine.count(read_query("bản mới"), tokens=tokens) == 1


def test_what_is_no_longer_there_is_counted_no_more(engine: Engine) -> None:
    world = World()
    papers = [world.draft(subject=f"thử {number}") for number in range(3)]
    drain(engine)
    tokens = [f"member:{world.province.pk}:{world.drafter.pk}"]
    assert engine.count(read_query(""), tokens=tokens) == 3

    papers[0].citations.all().delete()
    papers[0].lines.all().delete()
    papers[0].versions.all().delete()
    gone = state(papers[0]).key
    papers[0].delete()
    indexing.marking.mark_keys([gone])
    drain(engine)

    assert engine.count(read_query(""), tokens=tokens) == 2
    assert set(in_index(engine)) == keys(papers[1:])
    assert waiting() == set()


# -- Poison ------------------------------------------------------------------------------------


def test_a_row_that_cannot_be_read_is_tried_later_and_then_parked_with_its_error(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    bad, *good = [world.draft(subject=f"bản {number}") for number in range(3)]
    records = dispatches.Dispatches.records

    def poisoned(self: object, ids: list[int]) -> Iterable[Record]:
        if bad.pk in ids:
            raise ZeroDivisionError("poison")
        return records(self, ids)  # type: ignore[arg-type]

    monkeypatch.setattr(dispatches.Dispatches, "records", poisoned)
    now = clock.now()
    indexing.drain(engine, at=now)
    assert set(in_index(engine)) == keys(good)
    assert waiting() == keys([bad])
    assert state(bad).error == "ZeroDivisionError: poison"
    assert indexing.claim(at=now) == {}

    for attempt in range(1, ATTEMPTS):
        now += timedelta(seconds=2**attempt)
        assert state(bad).parked_at is None
        assert indexing.drain(engine, at=now) == 1

    assert state(bad).parked_at == now
    assert indexing.drain(engine, at=now + timedelta(days=1)) == 0


def test_what_breaks_the_writer_is_found_among_the_others(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    bad, *good = [world.draft(subject=f"bản {number}") for number in range(5)]
    put = engine.put

    def breaks(found: Iterable[Record]) -> dict[str, str]:
        found = list(found)
        if any(record.key in keys([bad]) for record in found):
            raise OverflowError("too odd")
        return put(found)

    monkeypatch.setattr(engine, "put", breaks)
    indexing.drain(engine, at=clock.now())

    assert set(in_index(engine)) == keys(good)
    assert state(bad).error == "OverflowError: too odd"
    assert state(bad).parked_at


# -- The engine is down ------------------------------------------------------------------------


def test_an_engine_that_is_down_blames_no_row_and_all_of_them_drain_afterwards(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    paper = world.issued()

    def down(*_args: object) -> dict[str, str]:
        raise EngineDown("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(engine, "put", down)
        for _ in range(ATTEMPTS + 2):
            with pytest.raises(EngineDown):
                indexing.drain(engine, at=clock.now())
        lend(world, paper)

    assert (state(paper).attempts, state(paper).parked_at) == (0, None)
    drain(engine)
    assert waiting() == set()


def test_the_worker_goes_on_and_asks_again_after_a_pause(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    world.issued()
    work = Drain()
    asked = []

    def down(records: Iterable[Record]) -> Mapping[str, str]:
        asked.append(records)
        raise EngineDown("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(engine, "put", down)
        assert work(clock.now()) is False
        assert work(clock.now()) is False
        assert len(asked) == 1
    monkeypatch.setattr(work, "_resume", 0.0)

    assert work(clock.now()) is True
    assert waiting() == set()


def test_a_missing_index_is_made_and_everything_is_written_into_it(
    engine: Engine, request: pytest.FixtureRequest
) -> None:
    world = World()
    papers = [world.issued(), world.draft(subject="nháp")]
    drain(engine)
    IndexState.objects.filter(pk=state(papers[1]).pk).delete()
    request.getfixturevalue("elsewhere")
    work = Drain()

    while work(clock.now()):
        pass

    assert waiting() == set()
    assert set(in_index(engines.chosen())) == keys(papers)


def test_an_index_of_another_database_is_thrown_away(engine: Engine) -> None:
    engine.put([Record("dispatch:999999", 77, "directive", "lạ", frozenset({"agency:1"}))])
    world = World()
    paper = world.draft()
    IndexState.objects.all().delete()
    work = Drain()

    while work(clock.now()):
        pass

    assert set(in_index(engine)) == keys([paper])


def test_a_worker_that_wrote_into_the_old_index_cannot_settle_the_new_one(engine: Engine) -> None:
    world = World()
    paper = world.issued()
    held = indexing.claim(at=clock.now())

    indexing.begin_anew(engine, at=clock.now())
    indexing.settle({key: (version, b"") for key, version in held.items()})

    assert waiting() == keys([paper])


@pytest.mark.django_db(transaction=True)
def test_the_worker_waits_for_no_row_that_somebody_is_changing() -> None:
    """Else a verb that marks two papers and the worker could wait for one another for ever."""
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time: nobody else holds a row")
    now = clock.now()
    for key in ("dispatch:1", "dispatch:2"):
        IndexState.objects.create(key=key, version=1, dirty_since=now, leased_until=now + LEASE)
    holds, goes_on = threading.Event(), threading.Event()

    def change_both() -> None:
        try:
            with transaction.atomic():
                rows = IndexState.objects.select_for_update()
                rows.get(pk="dispatch:2")
                holds.set()
                assert goes_on.wait(20)
                rows.get(pk="dispatch:1")
        finally:
            connection.close()

    verb = threading.Thread(target=change_both)
    verb.start()
    assert holds.wait(20)

    indexing.settle({"dispatch:1": (1, b""), "dispatch:2": (1, b"")})

    goes_on.set()
    verb.join(20)
    assert not verb.is_alive()
    settled = dict(IndexState.objects.values_list("key", "done_version"))
    assert settled == {"dispatch:1": 1, "dispatch:2": 0}
