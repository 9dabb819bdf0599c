"""Tables that the database itself refuses to change: no UPDATE, no DELETE, no TRUNCATE.

An app registers its model in `AppConfig.ready`:

    append_only.protect("papers.Receipt")
    append_only.protect("papers.Version", when="issued_at")

The triggers are put up again after every `migrate`, because SQLite drops them silently whenever it
rebuilds a table. A refused statement raises `django.db.IntegrityError` on both databases.

A data migration that must touch a protected row does it inside `with lifted(using=...)`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.apps import AppConfig, apps
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from ledger import triggers


class Protected(NamedTuple):
    """One protected table. With `when`, only rows whose column `when` is not null are frozen."""

    table: str
    when: str | None = None


_registered: dict[str, str | None] = {}


def protect(model: str, *, when: str | None = None) -> None:
    """Register a model ("app.Model") as append-only; with `when`, once that field is set."""
    _registered[model] = when


def protected(*, app_label: str | None = None) -> Iterator[Protected]:
    """Yield the tables of the registered models, of one app or of all."""
    for label, when in _registered.items():
        model = apps.get_model(label)
        if app_label in (None, model._meta.app_label):
            column = model._meta.get_field(when).column if when else None
            yield Protected(model._meta.db_table, column)


def install(table: str, *, when: str | None = None, using: str = DEFAULT_DB_ALIAS) -> None:
    """Put up the triggers of one table; those that stand are replaced.

    `when` is a column: then only rows in which it is not null are frozen.
    """
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in triggers.creation(connection, table, when):
            cursor.execute(statement)


def remove(table: str, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Take the triggers of one table down."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in triggers.removal(connection, table):
            cursor.execute(statement)


def missing(
    tables: Iterable[Protected] | None = None, *, using: str = DEFAULT_DB_ALIAS
) -> list[str]:
    """Name the triggers that are absent, disabled or not ours, as "table: event".

    Asked for all registered models unless told which. Empty when nothing is amiss.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        return [
            f"{table}: {event}"
            for table, when in (protected() if tables is None else tables)
            for event in triggers.absent(connection, cursor, table, when)
        ]


@contextmanager
def lifted(*, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Take every trigger down for the duration, and put all up again whatever happens inside.

    For the flush between tests, for a data migration and for trials of what tampering does;
    nothing that answers a request may use it. Inside a transaction the whole is a savepoint.
    """
    connection = connections[using]
    present = set(connection.introspection.table_names())
    tables = [each for each in protected() if each.table in present]
    if connection.in_atomic_block:
        with transaction.atomic(using=using):
            # PostgreSQL alters no table for which deferred foreign keys are still to be checked.
            connection.check_constraints()
            _take_down(tables, using)
            yield
            connection.check_constraints()
            _put_up(tables, using)
        return
    _take_down(tables, using)
    try:
        yield
    finally:
        _put_up(tables, using)


def restore(sender: AppConfig, using: str, **kwargs: object) -> None:
    """Put up the triggers of one app's models: the receiver of `post_migrate`.

    Passes over a table or column that the migrations have not made yet, or have taken back.
    """
    connection = connections[using]
    for each in protected(app_label=sender.label):
        with connection.cursor() as cursor:
            if each.table not in connection.introspection.table_names(cursor):
                continue
            described = connection.introspection.get_table_description(cursor, each.table)
        if each.when is None or each.when in {column.name for column in described}:
            install(each.table, when=each.when, using=using)


def _take_down(tables: Iterable[Protected], using: str) -> None:
    for each in tables:
        remove(each.table, using=using)


def _put_up(tables: Iterable[Protected], using: str) -> None:
    for each in tables:
        install(each.table, when=each.when, using=using)
