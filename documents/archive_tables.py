"""Rows on their way into the database in bulk: COPY on PostgreSQL, many inserts on SQLite."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import DateField, DateTimeField, JSONField, Model
from psycopg import sql

type_of_row = tuple[Any, ...]


class Table:
    """The rows of one model that wait to be written. Ids are given here, after the highest one."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.fields = list(model._meta.concrete_fields)
        self.defaults = {field.attname: self._default(field) for field in self.fields}
        highest = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
        self.last: int = highest or 0
        self.count = 0
        self.rows: list[type_of_row] = []

    @staticmethod
    def _default(field: Any) -> Any:
        value = field.get_default()
        return json.dumps(value) if isinstance(field, JSONField) else value

    def add(self, values: dict[str, Any]) -> int:
        self.last += 1
        row = self.defaults | values | {"id": self.last}
        if len(row) != len(self.defaults):
            raise TypeError(f"{self.model.__name__} has no {row.keys() - self.defaults.keys()}")
        self.rows.append(tuple(row.values()))
        return self.last

    def flush(self) -> None:
        if self.rows:
            write = _copy if connection.vendor == "postgresql" else _insert
            write(self)
        self.count += len(self.rows)
        self.rows = []


class Tables:
    """All tables being written, flushed together in the order in which they were first used."""

    def __init__(self) -> None:
        self._tables: dict[type[Model], Table] = {}

    def add(self, model: type[Model], **values: Any) -> int:
        """Keep one row, of column names as Django calls them (`agency_id`); return its id."""
        table = self._tables.get(model)
        if table is None:
            table = self._tables[model] = Table(model)
        return table.add(values)

    def flush(self) -> None:
        for table in self._tables.values():
            table.flush()

    def finish(self) -> None:
        """Let the database's own counters go on after these ids, and tell its planner."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._tables)):
                cursor.execute(statement)
            # As the database's own housekeeper would in time: lists read indexes alone after it.
            cursor.execute(
                "VACUUM ANALYZE"
                if connection.vendor == "postgresql" and not connection.in_atomic_block
                else "ANALYZE"
            )

    @property
    def counts(self) -> dict[str, int]:
        return {model._meta.db_table: table.count for model, table in self._tables.items()}


def _copy(table: Table) -> None:
    columns = sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in table.fields)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.model._meta.db_table), columns
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in table.rows:
            copy.write_row(row)


def _insert(table: Table) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in table.fields)
    places = ", ".join(["%s"] * len(table.fields))
    adapt = [_adapter(field) for field in table.fields]
    rows = [
        [value if value is None else fit(value) for fit, value in zip(adapt, row, strict=True)]
        for row in table.rows
    ]
    statement = f"INSERT INTO {quote(table.model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _adapter(field: Any) -> Callable[[Any], Any]:
    if isinstance(field, DateTimeField):
        return _moment
    return date.isoformat if isinstance(field, DateField) else lambda value: value


def _moment(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)
