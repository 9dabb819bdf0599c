"""The worker fills the index beside its outbox, and one never waits for the other."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from agencies import clock
from documents import jobs
from documents.management.commands import worker
from documents.models import OutboxItem
from search import indexing, saved
from search.engine import Engine
from search.models import IndexState
from seminars.jobs import look_at_the_clock, mail_one
from tests.documents.world import World
from tests.search.house import waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drain that knows of no earlier test, as that of a new process."""
    assert [type(work) for work in jobs.beside_the_outbox[:1]] == [indexing.Drain]
    assert jobs.beside_the_outbox[1:] == [saved.watch, look_at_the_clock, mail_one]
    monkeypatch.setattr(jobs, "beside_the_outbox", [indexing.Drain()])


def test_a_worker_until_empty_leaves_neither_outbox_nor_index_behind(engine: Engine) -> None:
    world = World()
    paper = world.issued()
    assert waiting()

    call_command("worker", until_empty=True)

    assert waiting() == set()
    assert not OutboxItem.objects.filter(done_at=None).exists()
    assert [stamp.key for stamp in engine.stamps()] == [f"dispatch:{paper.pk}"]


def test_a_worker_makes_the_index_that_nobody_has_built(engine: Engine, elsewhere: None) -> None:
    world = World()
    world.issued()

    call_command("worker", until_empty=True)

    assert waiting() == set()
    call_command("search", "check")


def test_a_worker_whose_engine_is_down_does_the_outbox_and_ends(unreachable: None) -> None:
    world = World()
    world.issued()
    assert OutboxItem.objects.filter(done_at=None).exists()

    call_command("worker", until_empty=True)

    assert not OutboxItem.objects.filter(done_at=None).exists()
    assert IndexState.objects.waiting().exists()
    with pytest.raises(CommandError):
        call_command("search", "status")


def test_what_hangs_beside_the_outbox_does_not_hold_it_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    let_go = threading.Event()
    hanging = threading.Event()
    command = worker.Command()
    done: list[datetime] = []

    def hang(at: datetime) -> bool:
        hanging.set()
        let_go.wait(20)
        return False

    def work_one(*, at: datetime) -> bool:
        assert hanging.wait(20)
        done.append(at)
        command.stopping = len(done) == 3
        return True

    beside: list[Callable[[datetime], bool]] = [hang]
    monkeypatch.setattr(jobs, "beside_the_outbox", beside)
    monkeypatch.setattr(jobs, "work_one", work_one)
    monkeypatch.setattr(worker, "FAREWELL", 0.1)
    command.stopping = False

    command._run()

    assert len(done) == 3
    let_go.set()


def test_what_falls_over_beside_the_outbox_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    command = worker.Command()
    command.stopping = False
    calls: list[Any] = []

    def fall_over(at: datetime) -> bool:
        calls.append(at)
        command.stopping = len(calls) == 2
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "IDLE", 0.0)

    command._keep_at(fall_over)

    assert len(calls) == 2
    assert calls[0] <= calls[1] <= clock.now()
