"""Django's SQLite, with turns: whoever wants to write tries again every few milliseconds.

SQLite itself sleeps a tenth of a second between two tries. A process that writes without a pause
frees the file for a millisecond or two in between, so others found it locked for twenty seconds and
gave up: measured with eight clerks drawing numbers, and a worker filling the index is such a writer.
"""

import random
import time

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

#: Seconds between two tries, at least and at most: not in step with anybody.
_SOON, _LATER = 0.001, 0.005


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        """Begin when the file is free, or raise OperationalError after the `timeout` of OPTIONS."""
        if self.is_in_memory_db() or self.transaction_mode != "IMMEDIATE":  # type: ignore[attr-defined]
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        until = time.monotonic() + patience
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    super()._start_transaction_under_autocommit()  # type: ignore[misc]
                    return
                except OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > until:
                        raise
                time.sleep(random.uniform(_SOON, _LATER))  # noqa: S311 - no secret
        finally:
            # A single statement outside a transaction waits as before.
            self.connection.execute(f"PRAGMA busy_timeout = {int(1000 * patience)}")
