"""`manage.py worker`: do what is owed after commits. Safe to kill, and to run several."""

import os
import signal
import socket
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections

from agencies import clock
from documents import jobs
from documents.models import WorkerBeat

#: Seconds between two looks at an empty outbox, and between two signs of life.
IDLE = 0.5
BEAT = 5.0


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
            jobs.work_one(at=clock.now())
        elif options["until_empty"]:
            while not self.stopping and jobs.work_one(at=clock.now()):
                pass
            jobs.deliver_waiting(at=clock.now())
        else:
            self._run()

    def _stop(self, *_args: Any) -> None:
        self.stopping = True

    def _run(self) -> None:
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
