"""`python -m tests.races.migrating FILE`: a migrated SQLite file, made in memory.

On disk the same migrations would wait for the disk after each statement.
"""

import sqlite3
import sys

from django.core.management import call_command
from django.db import connection


def main(file: str) -> None:
    call_command("migrate", verbosity=0, skip_checks=True)
    copy = sqlite3.connect(file)
    connection.connection.backup(copy)
    # As every connection of the house sets it; written into the file once.
    copy.execute("PRAGMA journal_mode=WAL")
    copy.close()


if __name__ == "__main__":
    main(sys.argv[1])
