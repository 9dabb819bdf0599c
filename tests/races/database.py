"""Databases for campaigns: one is migrated, the others are copies of it. All are removed again."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).parent.parent.parent


def vendor() -> str:
    """Say which database DATABASE_URL names, SQLite by default."""
    scheme = urlsplit(os.environ.get("DATABASE_URL", "sqlite:")).scheme
    return "postgresql" if scheme.startswith(("postgres", "pgsql")) else "sqlite"


def migrate(url: str) -> None:
    """Bring an empty database to the state of the sources."""
    _run(["manage.py", "migrate", "-v0", "--skip-checks"], url)


def made_in_memory(file: Path) -> None:
    """Write a migrated SQLite file."""
    _run(["-m", "tests.races.migrating", str(file)], "sqlite://:memory:")


def _run(command: list[str], url: str) -> None:
    named = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "intranet.settings.test"}
    subprocess.run([sys.executable, *command], cwd=ROOT, env=os.environ | named, check=True)


@contextmanager
def copied(template: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a copy of a database to which nobody is connected."""
    name = f"kg_{uuid.uuid4().hex[:12]}"
    if vendor() == "sqlite":
        file = folder / f"{name}.sqlite3"
        shutil.copyfile(urlsplit(template).path[1:], file)
        try:
            yield f"sqlite:///{file}"
        finally:
            for left in folder.glob(f"{name}*"):
                left.unlink()
        return
    _on_the_server("CREATE DATABASE {} TEMPLATE {}", name, urlsplit(template).path[1:])
    try:
        yield on_the_server(name)
    finally:
        _on_the_server("DROP DATABASE {} WITH (FORCE)", name)


def server() -> str:
    """Return the server of DATABASE_URL as libpq writes it."""
    return os.environ["DATABASE_URL"].replace("postgres:", "postgresql:", 1)


def on_the_server(name: str) -> str:
    """Return the URL of a database beside the one that DATABASE_URL names."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _on_the_server(statement: str, *names: str) -> None:
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
