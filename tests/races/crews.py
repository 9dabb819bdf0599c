"""Crews: processes that act at the same moment, each with a connection of its own."""

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, ForkServerContext
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from django.db import connections

#: Django stands ready here; a fork of one thread without a connection is as good as a new process.
_FORK = multiprocessing.get_context("fork")
#: Beside other threads, whose locks a fork would inherit: from a clean process made for it.
_CLEAN = multiprocessing.get_context("forkserver")
_CLEAN.set_forkserver_preload(["tests.races.campaigns"])

#: Seconds until a barrier or an answer is given up.
PATIENCE = 600

#: A crew member calls it when it is prepared; it returns when all are.
Ready = Callable[[], object]


class Answer:
    """What one member of a crew came to: a result, or the error that reached it."""

    def __init__(self, result: Any, error: str) -> None:
        self.result = result
        self.error = error


def _context() -> ForkContext | ForkServerContext:
    connections.close_all()
    threads = Path("/proc/self/task")
    return _FORK if threads.is_dir() and len(list(threads.iterdir())) == 1 else _CLEAN


def at_once(act: Callable[..., Any], shares: Iterable[tuple[Any, ...]]) -> list[Answer]:
    """Run `act(ready, *share)` in a process a share; all pass `ready()` at the same moment."""
    wanted = list(shares)
    context = _context()
    barrier = context.Barrier(len(wanted))
    crew = []
    for share in wanted:
        ours, theirs = context.Pipe()
        member = context.Process(target=_member, args=(theirs, barrier, act, share), daemon=True)
        member.start()
        theirs.close()
        crew.append((member, ours))
    answers = [_answer_of(ours) for _member, ours in crew]
    for member, ours in crew:
        ours.close()
        member.join()
    return answers


def errors(answers: Iterable[Answer]) -> list[str]:
    return [f"reached a caller: {each.error}" for each in answers if each.error]


def _member(pipe: Connection, barrier: Any, act: Callable[..., Any], share: Any) -> None:
    passed = False

    def ready() -> None:
        nonlocal passed
        barrier.wait(PATIENCE)
        passed = True

    try:
        pipe.send((act(ready, *share), ""))
    except Exception as error:  # noqa: BLE001 - whatever reaches a caller is what is looked for
        if not passed:
            barrier.abort()
        pipe.send((None, f"{type(error).__name__}: {error}"))


def _answer_of(pipe: Connection) -> Answer:
    if not pipe.poll(PATIENCE):
        return Answer(None, "no answer")
    try:
        return Answer(*pipe.recv())
    except EOFError:
        return Answer(None, "died")


class Victim:
    """A process that will be killed, or waited for."""

    def __init__(self, act: Callable[..., Any], *share: Any) -> None:
        context = _context()
        self._begun: Event = context.Event()
        self._body: BaseProcess = context.Process(
            target=act, args=(self._begun.set, *share), daemon=True
        )
        self._body.start()
        self._handle = _handle_of(self._body.pid)

    def wait_until_ready(self) -> None:
        if not self._begun.wait(PATIENCE):
            raise TimeoutError("the victim never became ready")

    def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed, its connection just ends."""
        if self._handle is None:
            self._body.kill()
        else:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        self.finish()

    def finish(self) -> int | None:
        self._body.join(PATIENCE)
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        return self._body.exitcode


def _handle_of(pid: int | None) -> int | None:
    """Return a handle that never means another process, should this one end and its id be reused.

    Only Linux has it; elsewhere the id must do.
    """
    if pid is None or not hasattr(os, "pidfd_open"):
        return None
    return os.pidfd_open(pid)
