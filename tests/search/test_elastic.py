"""Elasticsearch keeps the contract, on the nodes that TEST_ELASTICSEARCH_URL names."""

import uuid
from collections.abc import Callable, Iterator

import pytest

from search.engine import EngineDown, NotBuilt, RebuildRunning
from search.engines import elastic, elastic_queries
from search.engines.connection import Connection
from search.engines.elastic import Elastic
from tests.search import elasticsearch
from tests.search.conftest import nodes
from tests.search.contract import Contract, fill, found, paper

pytestmark = pytest.mark.elastic

#: Tests of the contract that this engine does not pass, each with its reason.
SKIPPED: dict[str, str] = {}


@pytest.fixture(scope="module")
def make() -> Iterator[Callable[[str], Elastic]]:
    nodes()
    with elasticsearch.engines() as maker:
        yield maker


@pytest.fixture
def engine(make: Callable[[str], Elastic], request: pytest.FixtureRequest) -> Iterator[Elastic]:
    if reason := SKIPPED.get(request.node.originalname):
        pytest.skip(reason)
    made = make(uuid.uuid4().hex[:8])
    with made.rebuild():
        pass
    yield made
    for name in made.client.indices.get(index=f"{made.alias}-*").body:
        made.client.indices.delete(index=name)
    made.client.close()


class TestElastic(Contract):
    pass


def test_what_was_written_is_not_seen_before_a_flush(engine: Elastic) -> None:
    """So a test that forgets to flush fails."""
    engine.put([paper(1)])
    assert found(engine, "") == []

    engine.flush()

    assert found(engine, "") == [1]


def test_an_index_that_was_never_built_is_said_to_be_missing(
    make: Callable[[str], Elastic],
) -> None:
    empty = make("never")

    for ask in (empty.ready, lambda: found(empty, "a"), lambda: empty.put([paper(1)])):
        with pytest.raises(NotBuilt):
            ask()
    assert not empty.client.indices.exists(index=empty.alias)


def test_an_index_of_another_mapping_asks_for_a_rebuild(
    engine: Elastic, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.ready()
    monkeypatch.setattr(elastic_queries, "SCHEMA", elastic_queries.SCHEMA + 1)

    with pytest.raises(NotBuilt):
        engine.ready()
    with engine.rebuild():
        pass
    engine.ready()


def test_a_refused_paper_is_named_and_the_others_are_written(engine: Elastic) -> None:
    refused = engine.put([paper(1), paper(2, type="x" * 40_000), paper(3)])

    engine.flush()
    assert list(refused) == ["dispatch:2"]
    assert set(found(engine, "")) == {1, 3}


def test_a_rebuild_that_died_is_taken_over(
    engine: Elastic, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = engine.rebuild()
    dead.__enter__()
    with pytest.raises(RebuildRunning), engine.rebuild():
        pass

    monkeypatch.setattr(elastic, "_DEAD", -1.0)
    with engine.rebuild() as building:
        building.put([paper(1)])

    assert found(engine, "") == [1]
    with pytest.raises(EngineDown):
        dead.__exit__(None, None, None)
    assert found(engine, "") == [1]


def test_one_index_stays_behind_the_alias(engine: Elastic) -> None:
    for number in range(2):
        with engine.rebuild() as building:
            building.put([paper(number)])

    names = list(engine.client.indices.get(index=f"{engine.alias}-*").body)
    assert len(names) == 1
    assert list(engine.client.indices.get_alias(name=engine.alias).body) == names
    fill(engine, [paper(9)])


def test_a_node_that_does_not_answer_is_down() -> None:
    gone = Elastic(Connection(hosts=("http://127.0.0.1:9",), timeout=1, retries=0))

    for ask in (gone.ready, lambda: found(gone, "a"), lambda: gone.put([paper(1)]), gone.flush):
        with pytest.raises(EngineDown) as told:
            ask()
        assert not isinstance(told.value, NotBuilt)
