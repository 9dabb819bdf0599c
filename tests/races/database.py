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


@contextmanager
def migrated(folder: Path) -> Iterator[str]:
    """Yield the URL of a fresh migrated database, of the kind that DATABASE_URL names."""
    with _removed_again(folder, copy_of=None) as url:
        if vendor() == "sqlite":
            made_in_memory(Path(urlsplit(url).path[1:]))
        else:
            _run(["manage.py", "migrate", "-v0", "--skip-checks"], url)
        yield url


def made_in_memory(file: Path, *, root: Path = ROOT) -> None:
    """Write a migrated SQLite file, from the sources under `root`."""
    _run(["-m", "tests.races.migrating", str(file)], "sqlite://:memory:", root=root)


def _run(command: list[str], url: str, *, root: Path = ROOT) -> None:
    named = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "intranet.settings.test"}
    subprocess.run([sys.executable, *command], cwd=root, env=os.environ | named, check=True)


@contextmanager
def copied(template: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a copy of a database to which nobody is connected."""
    with _removed_again(folder, copy_of=template) as url:
        yield url


@contextmanager
def _removed_again(folder: Path, *, copy_of: str | None) -> Iterator[str]:
    name = f"kg_{uuid.uuid4().hex[:12]}"
    if vendor() == "sqlite":
        file = folder / f"{name}.sqlite3"
        if copy_of:
            shutil.copy(urlsplit(copy_of).path[1:], file)
        try:
            yield f"sqlite:///{file}"
        finally:
            for left in folder.glob(f"{name}*"):
                left.unlink()
        return
    server = os.environ["DATABASE_URL"]
    _on(server, "CREATE DATABASE {} TEMPLATE {}", name, _name(copy_of) or "template1")
    try:
        yield on_the_server(name)
    finally:
        _on(server, "DROP DATABASE {} WITH (FORCE)", name)


def on_the_server(name: str) -> str:
    """Return the URL of a database beside the one that DATABASE_URL names."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _name(url: str | None) -> str:
    return urlsplit(url).path[1:] if url else ""


def _on(server: str, statement: str, *names: str) -> None:
    address = server.replace("postgres:", "postgresql:", 1)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
