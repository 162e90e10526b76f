"""The promised tables and views with their rows, for exports, releases and the data dictionary.

A relation is a table or a view. Hidden tables (keys, codes, the frontier) are not among them.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from govcrawl.db import schema
from govcrawl.db.schema import SchemaColumn
from govcrawl.db.wide_views import wide_views
from govcrawl.forms import FormItem
from govcrawl.models import SqlValue


@dataclass(frozen=True, slots=True)
class Relation:
    """A promised table or view: what a row is, its columns, and its primary key (empty for a view)."""

    name: str
    about: str
    columns: tuple[SchemaColumn, ...]
    key: tuple[str, ...] = ()


def relations(items: Iterable[FormItem]) -> tuple[Relation, ...]:
    """Returns all relations: tables in the order of the flow, then views, then the wide views over the forms' items."""
    known = schema.load_schema()
    tables = (
        Relation(table.name, table.about, table.columns, table.key)
        for table in known.tables.values()
        if not table.hidden
    )
    views = (*known.views.values(), *wide_views(items))
    return (*tables, *(Relation(view.name, view.about, view.columns) for view in views))


def rows_of(connection: sqlite3.Connection, relation: Relation) -> Iterator[tuple[SqlValue, ...]]:
    """Returns the rows of a relation, sorted by its first three columns so that two exports are comparable."""
    columns = ", ".join(f'"{column.name}"' for column in relation.columns)
    order = ", ".join(str(number + 1) for number in range(min(3, len(relation.columns))))
    return connection.execute(f'SELECT {columns} FROM "{relation.name}" ORDER BY {order}')
