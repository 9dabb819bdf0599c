"""Django's SQLite, with turns: whoever wants to write stands in a queue that the kernel keeps.

SQLite itself has no queue: who finds the file locked sleeps and tries again. A process that writes
without a pause frees the file for a millisecond or two in between, so others found it locked for
twenty seconds and gave up: measured with eight clerks drawing numbers, and a worker filling the
index is such a writer. Trying more often is no way out: a hundred who try every few milliseconds
leave the one who writes no processor. So only the first of the queue tries.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

#: Seconds between two tries of the first in the queue.
_PAUSE = 0.001


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        """Begin when the file is free, or raise OperationalError after the `timeout` of OPTIONS."""
        if self.is_in_memory_db() or self.transaction_mode != "IMMEDIATE":  # type: ignore[attr-defined]
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        until = time.monotonic() + patience
        with self._turn():
            self.connection.execute("PRAGMA busy_timeout = 0")
            try:
                self._begin(until)
            finally:
                # A single statement outside a transaction waits as before.
                self.connection.execute(f"PRAGMA busy_timeout = {int(1000 * patience)}")

    def _begin(self, until: float) -> None:
        """Try until then, once at least: whoever queued too long ends here, and the next is up."""
        while True:
            try:
                super()._start_transaction_under_autocommit()  # type: ignore[misc]
                return
            except OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
            time.sleep(_PAUSE)

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
