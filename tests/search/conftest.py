"""Each test of the archive has an index of its own, and the settings choose it: on both engines."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search import engines
from search.engine import Engine
from tests.search import elasticsearch


def nodes() -> tuple[str, ...]:
    """The nodes for tests; skips the test where there are none, and fails it where CI=true."""
    found = elasticsearch.hosts()
    if not found:
        said = "no Elasticsearch: TEST_ELASTICSEARCH_URL=$(.ci/elasticsearch start)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{said}; CI=true lets nothing be skipped")
        pytest.skip(said)
    return found


#: Every engine with the first database, one engine with every database.
ENGINES = ["embedded", pytest.param("elastic", marks=[pytest.mark.elastic, pytest.mark.once])]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[Engine]:
    """An engine, built and empty, as `engines.chosen()` gives it."""
    settings.SEARCH_DIR = str(tmp_path / "archive")
    if request.param == "elastic":
        index = f"kgtest-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        settings.ELASTICSEARCH = settings.ELASTICSEARCH | {
            "hosts": list(nodes()),
            "index": index,
            "replicas": 0,
        }
    made = engines.chosen()
    with made.rebuild():
        pass
    yield made
    if request.param == "elastic":
        elasticsearch.take_away(f"{settings.ELASTICSEARCH['index']}*", f"{index}*")


@pytest.fixture
def elsewhere(engine: Engine, settings: Any, tmp_path: Path) -> None:
    """The settings name an index that was never built."""
    settings.SEARCH_DIR = str(tmp_path / "another")
    index = settings.ELASTICSEARCH["index"]
    settings.ELASTICSEARCH = settings.ELASTICSEARCH | {"index": f"{index}-other"}


@pytest.fixture
def unreachable(engine: Engine, settings: Any, tmp_path: Path) -> None:
    """The settings name an engine that does not answer."""
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    settings.SEARCH_DIR = str(in_the_way / "archive")
    if settings.ELASTICSEARCH["hosts"]:
        settings.ELASTICSEARCH = settings.ELASTICSEARCH | {"hosts": ["http://127.0.0.1:9"]}
