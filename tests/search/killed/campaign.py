"""The campaign: kill, change, kill again, and count what is there."""

import random
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from agencies import clock
from documents.models import Dispatch
from search import checking, engines, indexing, marking
from search.models import IndexState
from tests.documents.world import World
from tests.races import crews
from tests.races.outcome import Outcome

#: Seconds of a lease here: who was killed is taken over so soon.
LEASE = 0.6


def index_killed(*, folder: str, papers: int, kills: int, seed: int = 1) -> Outcome:
    """Kill workers, one or two at a time, while papers change; then let one finish.

    At the end the index holds every paper at its last version, for its own audience, and no row
    waits. A change that was rolled back is nowhere.
    """
    chance = random.Random(seed)
    settings.SEARCH_DIR = folder
    world = World()
    made = [world.draft(subject=f"bản thảo {number}") for number in range(papers)]
    outcome = Outcome()
    settled = []
    for kill in range(kills):
        crew = [crews.Victim(_work, folder) for _ in range(1 + kill % 2)]
        for victim in crew:
            victim.wait_until_ready()
        until = time.monotonic() + chance.uniform(0.02, 0.8)
        while time.monotonic() < until:
            _change(chance.sample(made, 5), kept=chance.random() < 0.7)
            time.sleep(0.02)
        for victim in crew:
            victim.kill()
        settled.append(papers - IndexState.objects.waiting().count())
        time.sleep(LEASE)
    waiting = IndexState.objects.waiting().count()
    engine = engines.chosen()
    drift = checking.check(engine, at=clock.now() + timedelta(hours=1)).total
    last = crews.Victim(_work, folder)
    until = time.monotonic() + 60
    while IndexState.objects.waiting().exists() and time.monotonic() < until:
        time.sleep(0.05)
    last.kill()
    after = checking.check(engine, at=clock.now() + timedelta(hours=1))
    held = {stamp.key: stamp.version for stamp in engine.stamps()}
    wanted = dict(IndexState.objects.values_list("key", "version"))
    outcome.expect(after.total == 0, f"drift afterwards: {after.counts}")
    outcome.expect(held == wanted, f"{len(held)} of {len(wanted)} papers, or other versions")
    outcome.expect(not IndexState.objects.waiting().exists(), "rows wait for ever")
    outcome.expect(not IndexState.objects.exclude(error="").exists(), "rows were blamed")
    outcome.facts |= {"waiting_before": waiting, "drift_before": drift, "least": min(settled)}
    return outcome


def _change(papers: list[Dispatch], *, kept: bool) -> None:
    with transaction.atomic():
        marking.mark_keys(f"dispatch:{paper.pk}" for paper in papers)
        transaction.set_rollback(not kept)


def _work(ready: crews.Ready, folder: str) -> None:
    settings.SEARCH_DIR = folder
    indexing.LEASE = timedelta(seconds=LEASE)
    indexing.CLAIMED = 40
    work = indexing.Drain()
    ready()
    while True:
        if not work(clock.now()):
            time.sleep(0.01)
