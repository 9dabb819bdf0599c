"""Real nodes that stop and die in the middle of writes: what was confirmed stays, the rest follows."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.urls import reverse

from agencies import clock
from documents import lifecycle
from search import checking, engines, indexing
from search.engine import EngineDown, Page
from search.engines.connection import Connection
from search.engines.elastic import Elastic
from search.models import IndexState
from search.text import read_query
from tests.documents.factories import client_of
from tests.documents.world import World, at
from tests.search.contract import ME, paper
from tests.search.house import drain

pytestmark = [pytest.mark.prove, pytest.mark.elastic, pytest.mark.once]

ROOT = Path(__file__).parents[2]
COMMAND = ROOT / ".ci" / "elasticsearch"
#: Beside the node of the other tests.
PORT = 9333
PAPERS, BATCH = 6_000, 100
#: `.ci/elasticsearch` says so when it cannot have one.
NOT_HERE = 77


@dataclass
class Cluster:
    hosts: tuple[str, ...]
    #: Process ids, in the order of the hosts.
    nodes: list[int]

    def signal(self, what: signal.Signals, *nodes: int) -> None:
        for node in nodes or range(len(self.nodes)):
            os.kill(self.nodes[node], what)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Three nodes of one cluster, ended afterwards."""
    environment = os.environ | {"ES_HTTP_PORT": str(PORT)}
    begun = subprocess.run(
        [COMMAND, "cluster"], env=environment, capture_output=True, text=True, check=False
    )
    if begun.returncode == NOT_HERE and os.environ.get("CI") != "true":
        pytest.skip(begun.stderr)
    assert begun.returncode == 0, begun.stderr
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"kinh-gui-elasticsearch-{PORT}"  # noqa: S108
    nodes = [int((folder / str(number) / "pid").read_text()) for number in (1, 2, 3)]
    started = Cluster(tuple(begun.stdout.strip().split(",")), nodes)
    try:
        yield started
    finally:
        for node in nodes:
            # A stopped process hears no other signal.
            try:
                os.kill(node, signal.SIGCONT)
            except ProcessLookupError:
                continue
        subprocess.run([COMMAND, "stop"], env=environment, check=True)


def test_a_node_killed_in_the_middle_of_writes_loses_nothing_confirmed(cluster: Cluster) -> None:
    connection = Connection(hosts=cluster.hosts, timeout=5.0, retries=2)
    engine = Elastic(connection, alias="cluster", settings={"number_of_replicas": 2})
    with engine.rebuild():
        pass
    confirmed: set[str] = set()
    failures = 0
    for start in range(0, PAPERS, BATCH):
        if start == PAPERS // 3:
            cluster.signal(signal.SIGKILL, 0)
        batch = [paper(number) for number in range(start, start + BATCH)]
        until = time.monotonic() + 120
        while True:
            try:
                assert engine.put(batch) == {}
                break
            except EngineDown:
                # Whoever was told of an error writes again, as the worker does.
                failures += 1
                assert time.monotonic() < until
                time.sleep(0.5)
        confirmed |= {each.key for each in batch}

    engine.flush()
    held = {stamp.key: stamp.version for stamp in engine.stamps()}
    assert held == dict.fromkeys(confirmed, 1)
    assert engine.search(read_query(""), tokens=ME, page=Page()).total == PAPERS


@pytest.mark.django_db
def test_nodes_that_stop_answering_hold_up_search_alone(
    cluster: Cluster, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped, not ended: connections hang, which is worse than being refused."""
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))
    settings.ELASTICSEARCH = settings.ELASTICSEARCH | {
        "hosts": list(cluster.hosts), "index": "stopped", "replicas": 1,
    }  # fmt: skip
    engine = engines.chosen()
    assert isinstance(engine, Elastic)
    with engine.rebuild():
        pass
    small = World()
    before = small.issued()
    drain(engine)
    engine.client = engine.client.options(request_timeout=3.0, max_retries=0)
    cluster.signal(signal.SIGSTOP)
    awake = threading.Timer(20, cluster.signal, [signal.SIGCONT])
    awake.start()
    try:
        # In the middle of writes: these are made while no node answers.
        rows = [small.at_home(small.issued()) for _ in range(20)]
        with pytest.raises(EngineDown):
            indexing.drain(engine, at=clock.now())
        browser = client_of(small.home_clerk)
        begun = time.monotonic()
        assert browser.get("/").status_code == 200
        version = rows[0].dispatch.current_version
        lifecycle.receive(circulation=rows[0], by=small.home_clerk, at=at(3))
        answer = browser.post(
            reverse("documents:acknowledge", args=[rows[0].pk]),
            {"version": version.no, "digest": version.digest},
        )
        assert answer.status_code == 302
        assert time.monotonic() - begun < 20
        assert browser.get(reverse("search"), {"q": "kiểm tra"}).status_code == 503
        assert IndexState.objects.waiting().count() >= len(rows)
    finally:
        awake.join()

    until = time.monotonic() + 120
    while IndexState.objects.waiting().exists():
        assert time.monotonic() < until
        try:
            # Later: leases of the try that hung have run out, and so has their patience.
            indexing.drain(engine, at=clock.now() + 2 * indexing.LEASE)
        except EngineDown:
            time.sleep(0.5)
    drift = checking.check(engine, at=clock.now() + 3 * indexing.LEASE)
    assert (drift.total, drift.compared) == (0, 21)
    assert before.pk
