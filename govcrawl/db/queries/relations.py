"""The tables and views that users are promised, with their rows: what exports, releases and the dictionary go through.

A relation is a table or a view; hidden tables (keys, codes, the frontier) are none.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from govcrawl.db import schema
from govcrawl.db.arrival import FormItem
from govcrawl.db.schema import SchemaColumn
from govcrawl.db.wide_views import wide_views

SqlValue = str | int | float | bytes | None


@dataclass(frozen=True, slots=True)
class Relation:
    """A promised table or view: what a row is, its columns, and the columns that name a row (none for a view)."""

    name: str
    about: str
    columns: tuple[SchemaColumn, ...]
    key: tuple[str, ...] = ()


def relations(items: Iterable[FormItem]) -> tuple[Relation, ...]:
    """All of them: tables in the order of the flow, then views, then the wide views over the forms' items."""
    known = schema.load_schema()
    tables = (
        Relation(table.name, table.about, table.columns, table.key)
        for table in known.tables.values()
        if not table.hidden
    )
    views = (*known.views.values(), *wide_views(items))
    return (*tables, *(Relation(view.name, view.about, view.columns) for view in views))


def rows_of(connection: sqlite3.Connection, relation: Relation) -> Iterator[tuple[SqlValue, ...]]:
    """The rows of a relation, columns in its order, sorted by its first columns so that two exports can be compared."""
    columns = ", ".join(f'"{column.name}"' for column in relation.columns)
    order = ", ".join(str(number + 1) for number in range(min(3, len(relation.columns))))
    yield from connection.execute(f'SELECT {columns} FROM "{relation.name}" ORDER BY {order}')
