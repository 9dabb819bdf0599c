"""Django's SQLite, with turns: whoever wants to write stands in a queue that the kernel keeps.

SQLite itself has no queue: who finds the file locked sleeps and tries again. A process that writes
without a pause frees the file for a millisecond or two in between, so others found it locked for
twenty seconds and gave up: measured with eight clerks drawing numbers, and a worker filling the
index is such a writer. Trying more often is no way out: a hundred who try every few milliseconds
leave the one who writes no processor. So only the first of the queue tries.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

#: Seconds between two tries of the first in the queue.
_PAUSE = 0.001
#: How statements begin that need the lock.
_WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "REPLAC"})


class _Cursor(base.SQLiteCursorWrapper):
    """Has a single statement that writes outside a transaction stand in the queue too."""

    wrapper: "DatabaseWrapper"

    def execute(self, query: str, params: Any = None) -> Any:
        run = partial(super().execute, query, params)
        return self.wrapper.in_turn(run) if self._writes_alone(query) else run()

    def executemany(self, query: str, param_list: Any) -> Any:
        rows = list(param_list)
        run = partial(super().executemany, query, rows)
        return self.wrapper.in_turn(run) if self._writes_alone(query) else run()

    def _writes_alone(self, query: str) -> bool:
        return not self.connection.in_transaction and query.lstrip()[:6].upper() in _WRITES


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name: str | None = None) -> base.SQLiteCursorWrapper:
        if not self._queues:
            return super().create_cursor(name)
        made: _Cursor = self.connection.cursor(factory=_Cursor)
        made.wrapper = self
        return made

    def _start_transaction_under_autocommit(self) -> None:
        """Begin when the file is free, or raise OperationalError after the `timeout` of OPTIONS."""
        begin = super()._start_transaction_under_autocommit  # type: ignore[misc]
        if self._queues:
            self.in_turn(begin)
        else:
            begin()

    @property
    def _queues(self) -> bool:
        return not self.is_in_memory_db() and self.transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]

    def in_turn(self, run: Callable[[], Any]) -> Any:
        """Run what needs the lock, as the first of the queue.

        Tried until the `timeout` of OPTIONS is over, once at least: whoever queued too long ends
        here, and the next is up.

        Raises: OperationalError when the file stayed locked.
        """
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        until = time.monotonic() + patience
        with self._turn():
            self.connection.execute("PRAGMA busy_timeout = 0")
            try:
                while True:
                    try:
                        return run()
                    except (OperationalError, sqlite3.OperationalError) as error:
                        if "locked" not in str(error) or time.monotonic() > until:
                            raise
                    time.sleep(_PAUSE)
            finally:
                # Whatever else meets the lock, the end of a transaction say, waits in SQLite's way.
                self.connection.execute(f"PRAGMA busy_timeout = {int(1000 * patience)}")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Be the first of the queue: a lock on a file beside, which ends with its process.

        Not on the database itself: closing that file anywhere in a process would drop the locks
        that SQLite holds on it there.
        """
        queue = os.open(f"{self.settings_dict['NAME']}-turn", os.O_RDONLY | os.O_CREAT, 0o644)
        try:
            fcntl.flock(queue, fcntl.LOCK_EX)
            yield
        finally:
            # Closing alone would leave it to a child that was forked meanwhile.
            fcntl.flock(queue, fcntl.LOCK_UN)
            os.close(queue)
