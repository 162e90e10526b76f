"""SELECTs with named parameters: their rows as dicts or dataclasses, and the SELECT itself as a source of figures."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from govcrawl.browse.page import NotInArchiveError

_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class SqlSource:
    """The SELECT that gives figures; run by itself it gives the same rows."""

    sql: str  # SELECT with named parameters
    values: Mapping[str, object]  # value of each parameter


def select_rows(connection: sqlite3.Connection, sql: str, **values: object) -> list[dict[str, Any]]:
    """The rows of a SELECT, each as a dict with a key for each column."""
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def select_as(connection: sqlite3.Connection, kind: type[_Kind], sql: str, **values: object) -> list[_Kind]:
    """The rows of a SELECT, each as a dataclass with a field for each column."""
    return [kind(**row) for row in select_rows(connection, sql, **values)]


def select_one(connection: sqlite3.Connection, what: str, sql: str, **values: object) -> dict[str, Any]:
    """The only row of a SELECT; NotInArchiveError where there is none, with `what` was asked for."""
    found = select_rows(connection, sql, **values)
    if not found:
        raise NotInArchiveError(f"{what}: the archive holds none of this name")
    return found[0]


def select_with_source(
    connection: sqlite3.Connection, sql: str, **values: object
) -> tuple[SqlSource, list[dict[str, Any]]]:
    """A SELECT as the source of a chart or a map, and its rows."""
    return SqlSource(sql.strip(), values), select_rows(connection, sql, **values)
