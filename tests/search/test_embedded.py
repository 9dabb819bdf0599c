"""The embedded engine keeps the contract, and what is its own: folder, locks, processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from search.engine import EngineDown, NotBuilt
from search.engines import embedded
from search.engines.embedded import Embedded
from search.text import read_query
from tests.search.contract import ME, Contract, fill, found, paper

WRITER = """
import sys
from pathlib import Path
from search.engines.embedded import Embedded
from tests.search.contract import paper
engine = Embedded(Path(sys.argv[1]))
for version in range(1, 10_000):
    engine.put([paper(n, version=version) for n in range(20)])
    print(version, flush=True)
"""


@pytest.fixture
def engine(tmp_path: Path) -> Embedded:
    made = Embedded(tmp_path / "archive")
    with made.rebuild():
        pass
    return made


class TestEmbedded(Contract):
    pass


def test_an_index_that_was_never_built_is_said_to_be_missing(tmp_path: Path) -> None:
    empty = Embedded(tmp_path)

    for ask in (empty.ready, lambda: found(empty, "a"), lambda: empty.put([paper(1)])):
        with pytest.raises(NotBuilt):
            ask()


def test_an_index_of_another_version_asks_for_a_rebuild(
    engine: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.ready()
    monkeypatch.setattr(embedded, "SCHEMA", embedded.SCHEMA + 1)

    with pytest.raises(NotBuilt):
        engine.ready()
    with engine.rebuild() as building:
        building.put([paper(1)])
    assert found(engine, "") == [1]


def test_a_damaged_index_is_down_and_a_rebuild_mends_it(engine: Embedded) -> None:
    fill(engine, [paper(1)])
    folder = engine.folder / (engine.folder / "current").read_text()
    (folder / "meta.json").write_text("{")

    with pytest.raises(EngineDown):
        found(Embedded(engine.folder), "")
    with engine.rebuild() as building:
        building.put([paper(1)])
    assert found(engine, "") == [1]


def test_another_object_sees_what_was_written_and_switched(engine: Embedded) -> None:
    other = Embedded(engine.folder)
    fill(engine, [paper(1)])
    assert found(other, "") == [1]
    fill(engine, [paper(2)])
    assert found(other, "") == [2, 1]

    with engine.rebuild() as building:
        building.put([paper(3)])

    assert found(other, "") == [3]


def test_only_the_index_in_use_stays_in_the_folder(engine: Embedded) -> None:
    for number in range(3):
        with engine.rebuild() as building:
            building.put([paper(number)])

    assert [path for path in engine.folder.iterdir() if path.is_dir()] == [
        engine.folder / (engine.folder / "current").read_text()
    ]
    assert not list(engine.folder.glob("*.journal"))


def test_a_writer_that_cannot_get_the_lock_says_so(
    engine: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "PATIENCE", 0.1)

    with engine._writing(), pytest.raises(EngineDown, match="another writer"):
        engine.put([paper(1)])

    assert engine.put([paper(1)]) == {}


def test_a_journal_whose_rebuild_died_is_nobodys(engine: Embedded) -> None:
    (engine.folder / "1-dead.journal").touch()

    fill(engine, [paper(1)])

    assert (engine.folder / "1-dead.journal").read_text() == ""
    with engine.rebuild():
        pass
    assert not (engine.folder / "1-dead.journal").exists()


@pytest.mark.slow
def test_a_writer_that_is_killed_leaves_the_last_commit(engine: Embedded) -> None:
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(engine.folder)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.getcwd()},
        )
        assert writer.stdout
        confirmed = int(writer.stdout.readline())
        time.sleep(0.15)
        writer.send_signal(signal.SIGKILL)
        confirmed = max([confirmed, *map(int, writer.stdout.read().split())])
        writer.wait()
        writer.stdout.close()

        stamps = list(Embedded(engine.folder).stamps())

        assert len({stamp.key for stamp in stamps}) == len(stamps) == 20
        assert len({stamp.version for stamp in stamps}) == 1
        assert stamps[0].version >= confirmed
        with engine.rebuild():
            pass


def test_a_deleted_document_is_counted_no_more(engine: Embedded) -> None:
    """`delete_documents_by_term` on an unsigned field deletes nothing and says nothing."""
    fill(engine, [paper(n) for n in range(10)])
    fill(engine, [paper(n, version=2) for n in range(10)])

    assert engine._searcher().num_docs == 10
    assert engine.count(read_query(""), tokens=ME) == 10
