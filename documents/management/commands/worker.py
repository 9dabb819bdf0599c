"""`manage.py worker`: do what is owed after commits. Safe to kill, and to run several."""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections, connection

from agencies import clock
from documents import jobs
from documents.models import WorkerBeat

log = logging.getLogger(__name__)

#: Seconds between two looks at an empty outbox, and between two signs of life.
IDLE = 0.5
BEAT = 5.0
#: Seconds in which what runs beside the outbox may come to an end.
FAREWELL = 5.0


class Command(BaseCommand):
    help = "Do what is owed after commits: deliveries, notices."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do one item and stop")
        parser.add_argument("--until-empty", action="store_true", help="stop when nothing waits")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = False
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._stop)
        if options["once"]:
            self._one()
        elif options["until_empty"]:
            while not self.stopping and self._one():
                pass
            jobs.deliver_waiting(at=clock.now())
        else:
            self._run()

    def _stop(self, *_args: Any) -> None:
        self.stopping = True

    def _one(self) -> bool:
        """Do one item of the outbox, or where it is empty some of what waits beside it."""
        if jobs.work_one(at=clock.now()):
            return True
        return any(work(clock.now()) for work in jobs.beside_the_outbox)

    def _run(self) -> None:
        # Beside: a search engine that hangs must not keep a dispatch from being delivered.
        beside = [
            threading.Thread(target=self._keep_at, args=[work], daemon=True)
            for work in jobs.beside_the_outbox
        ]
        for thread in beside:
            thread.start()
        try:
            self._serve()
        finally:
            self.stopping = True
            for thread in beside:
                thread.join(FAREWELL)

    def _keep_at(self, work: Callable[[datetime], bool]) -> None:
        while not self.stopping:
            try:
                if not work(clock.now()):
                    time.sleep(IDLE)
            except Exception as error:  # noqa: BLE001 - it is tried again; the outbox goes on
                log.warning("beside the outbox: %s: %s", type(error).__name__, error)
                close_old_connections()
                time.sleep(IDLE * 4)
        connection.close()

    def _serve(self) -> None:
        name = f"{socket.gethostname()}:{os.getpid()}"
        beat = 0.0
        try:
            while not self.stopping:
                try:
                    if time.monotonic() - beat > BEAT:
                        WorkerBeat.objects.update_or_create(name=name, defaults={"at": clock.now()})
                        jobs.deliver_waiting(at=clock.now())
                        beat = time.monotonic()
                    if not jobs.work_one(at=clock.now()):
                        time.sleep(IDLE)
                except OperationalError as error:
                    # The database is away: wait for it, the rows are not lost.
                    self.stderr.write(f"database: {error}")
                    close_old_connections()
                    time.sleep(IDLE * 4)
        finally:
            WorkerBeat.objects.filter(name=name).delete()
