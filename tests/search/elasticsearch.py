"""The Elasticsearch that tests may use: the nodes that TEST_ELASTICSEARCH_URL names.

`.ci/elasticsearch start` prints what to put there. Each process has indices of its own and takes
them away; nothing else on the nodes is touched.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from search.engines.connection import Connection
from search.engines.elastic import Elastic

#: Nothing written is visible without `flush`, so that one that was forgotten shows.
SETTINGS = {"refresh_interval": "-1", "number_of_replicas": 0}


def hosts() -> tuple[str, ...]:
    return tuple(filter(None, os.environ.get("TEST_ELASTICSEARCH_URL", "").split(",")))


def take_away(*patterns: str) -> None:
    """Delete the indices of these names."""
    client = Elastic(Connection(hosts=hosts())).client
    for pattern in patterns:
        for name in client.indices.get(index=pattern).body:
            client.indices.delete(index=name)
    client.close()


@contextmanager
def engines() -> Iterator[Callable[[str], Elastic]]:
    """Give a maker of engines, each with an alias that ends with the name given to it."""
    prefix = f"kgtest-{os.getpid()}"
    connection = Connection(hosts=hosts())
    try:
        yield lambda name: Elastic(connection, alias=f"{prefix}-{name}", settings=SETTINGS)
    finally:
        take_away(f"{prefix}-*")
