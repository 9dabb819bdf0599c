"""The SQL of append-only triggers, for SQLite and for PostgreSQL."""

import re
from collections.abc import Iterator
from typing import Any

from django.db import NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper

#: TRUNCATE slips past row triggers on PostgreSQL; SQLite has no such statement.
EVENTS = {"sqlite": ("UPDATE", "DELETE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}

REFUSAL = "append_only_refuse"
REFUSAL_BODY = (
    "BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME "
    "USING ERRCODE = 'integrity_constraint_violation'; END"
)


def creation(connection: BaseDatabaseWrapper, table: str, when: str | None) -> Iterator[str]:
    """Yield the statements that put up the triggers of a table, replacing those that stand."""
    if connection.vendor == "postgresql":
        yield (
            f"CREATE OR REPLACE FUNCTION {REFUSAL}() RETURNS trigger LANGUAGE plpgsql "
            f"AS $${REFUSAL_BODY}$$"
        )
    yield from removal(connection, table)
    for event in _events(connection):
        yield _definition(connection, table, event, when)


def removal(connection: BaseDatabaseWrapper, table: str) -> Iterator[str]:
    """Yield the statements that take them down."""
    quote = connection.ops.quote_name
    for event in _events(connection):
        name = quote(_name(connection, table, event))
        on = f" ON {quote(table)}" if connection.vendor == "postgresql" else ""
        yield f"DROP TRIGGER IF EXISTS {name}{on}"


def absent(
    connection: BaseDatabaseWrapper, cursor: Any, table: str, when: str | None
) -> Iterator[str]:
    """Yield the events against which the table has no trigger of ours that works."""
    read = _standing_on_postgresql if connection.vendor == "postgresql" else _standing_on_sqlite
    standing = read(connection, cursor, table)
    for event in _events(connection):
        if standing.get(_name(connection, table, event)) != _definition(
            connection, table, event, when
        ):
            yield event.lower()


def _events(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    try:
        return EVENTS[connection.vendor]
    except KeyError:
        raise NotSupportedError(f"no append-only triggers for {connection.vendor}") from None


def _name(connection: BaseDatabaseWrapper, table: str, event: str) -> str:
    """Name a trigger: within its table on PostgreSQL, within the whole database on SQLite."""
    of = "" if connection.vendor == "postgresql" else f"{table}_"
    return f"append_only_{of}{event.lower()}"


def _definition(connection: BaseDatabaseWrapper, table: str, event: str, when: str | None) -> str:
    """Return the statement as the database will show it again, so that `absent` can compare."""
    quote = connection.ops.quote_name
    name = _name(connection, table, event)
    if connection.vendor == "sqlite":
        only = f"WHEN OLD.{quote(when)} IS NOT NULL " if when else ""
        return (
            f"CREATE TRIGGER {quote(name)} BEFORE {event} ON {quote(table)} {only}"
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
        )
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    only = f"WHEN ((old.{quote(when)} IS NOT NULL)) " if when and each == "ROW" else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {quote(table)} "
        f"FOR EACH {each} {only}EXECUTE FUNCTION {REFUSAL}()"
    )


def _standing_on_sqlite(connection: BaseDatabaseWrapper, cursor: Any, table: str) -> dict[str, str]:
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
    )
    return dict(cursor.fetchall())


def _standing_on_postgresql(
    connection: BaseDatabaseWrapper, cursor: Any, table: str
) -> dict[str, str]:
    """Read the triggers that are enabled and call our function, with the body that we gave it."""
    cursor.execute(
        "SELECT tgname, pg_get_triggerdef(pg_trigger.oid) "
        "FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
        "WHERE tgrelid = to_regclass(%s) AND tgenabled IN ('O', 'A') AND prosrc = %s",
        [connection.ops.quote_name(table), REFUSAL_BODY],
    )
    # PostgreSQL shows names with their schema and quotes only where it must.
    on, column = f" ON {connection.ops.quote_name(table)} FOR", re.compile(r'old\."?(\w+)"? IS')
    return {
        name: column.sub(
            lambda found: f"old.{connection.ops.quote_name(found[1])} IS",
            re.sub(r" ON \S+ FOR", lambda _found: on, shown),
        )
        for name, shown in cursor.fetchall()
    }
