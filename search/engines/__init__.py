"""The engine that this installation has chosen."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from search.engine import Engine
from search.engines.connection import Connection
from search.engines.embedded import Embedded


def chosen() -> Engine:
    """Return the engine of the settings: the nodes of ELASTICSEARCH_URL, else the one in SEARCH_DIR.

    One object for the whole process; nothing is connected or opened yet.
    """
    nodes = settings.ELASTICSEARCH
    if nodes["hosts"]:
        return _elastic(tuple(sorted((name, _frozen(value)) for name, value in nodes.items())))
    return _embedded(Path(settings.SEARCH_DIR))


@lru_cache(maxsize=8)
def _embedded(folder: Path) -> Engine:
    return Embedded(folder)


@lru_cache(maxsize=8)
def _elastic(nodes: tuple[tuple[str, Any], ...]) -> Engine:
    # A second of start-up that only those pay who use it.
    from search.engines.elastic import Elastic  # noqa: PLC0415

    given = dict(nodes)
    connection = Connection(
        hosts=given["hosts"],
        api_key=given["api_key"] or None,
        user=given["user"] or None,
        password=given["password"] or None,
        ca_certs=given["ca_certs"] or None,
    )
    return Elastic(
        connection, alias=given["index"], settings={"number_of_replicas": given["replicas"]}
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
