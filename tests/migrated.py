"""A migrated database, made once and copied: Wagtail's migrations take half a minute.

`python -m tests.migrated` makes the one of DATABASE_URL, for those who will ask for it later.

On SQLite it is a file under var/, named by what it was made from, that later runs use again. On
PostgreSQL it is a database of the server, from which others are created.
"""

import fcntl
import hashlib
from pathlib import Path

import psycopg
from psycopg import sql

from tests.races import database

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "var" / "test-templates"
#: What decides how a migrated database looks.
SOURCES = (
    "requirements/base.txt", "*/migrations/*.py", "*/apps.py", "ledger/*.py", "intranet/settings/*.py",
)  # fmt: skip
#: Any number, the same in all processes.
LOCK = 1502


def fingerprint() -> str:
    """Name the state of all migrations and of what they import."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def file() -> Path:
    """Return a migrated SQLite file, which nobody may write to; made if it is not there."""
    KEPT.mkdir(parents=True, exist_ok=True)
    wanted = KEPT / f"{fingerprint()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.exists():
            for old in KEPT.glob("*.sqlite3*"):
                old.unlink()
            half = wanted.with_suffix(".half")
            half.unlink(missing_ok=True)
            database.made_in_memory(half)
            half.rename(wanted)
    return wanted


def template() -> str:
    """Return the URL of a migrated database of the kind that DATABASE_URL names."""
    if database.vendor() == "sqlite":
        return f"sqlite:///{file()}"
    name = f"kg_template_{fingerprint()}"
    server = database.server()
    with psycopg.connect(server, autocommit=True) as connection:
        # Held until the connection ends: the first makes it, the others wait.
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            half = f"{name}_half"
            for statement in ("DROP DATABASE IF EXISTS {}", "CREATE DATABASE {}"):
                connection.execute(sql.SQL(statement).format(sql.Identifier(half)))
            database.migrate(database.on_the_server(half))
            renamed = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(renamed.format(*map(sql.Identifier, (half, name))))
    return database.on_the_server(name)


if __name__ == "__main__":
    template()
