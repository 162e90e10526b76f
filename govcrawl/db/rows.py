"""Writing dataclasses into their tables: the statements made from the dataclass, so that the two cannot differ."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_AT_ONCE = 50


def columns_of(kind: "type[DataclassInstance]") -> str:
    """The columns of a row's dataclass, quoted, in its order, for a SELECT."""
    return ", ".join(f'"{field.name}"' for field in fields(kind))


def write_rows(connection: sqlite3.Connection, table: str, rows: "Iterable[DataclassInstance]", only: str = "") -> None:
    """Insert rows, or bring those that stand under the same first field up to date, where `only` (SQL) holds."""
    for row in rows:
        connection.execute(_upsert(table, type(row), only), _values(type(row))(row))


@cache
def _values(kind: "type[DataclassInstance]") -> Callable[[object], tuple[object, ...]]:
    return attrgetter(*(field.name for field in fields(kind)))  # astuple would copy every value


@cache
def _upsert(table: str, kind: "type[DataclassInstance]", only: str) -> str:
    names = [field.name for field in fields(kind)]
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in names[1:])
    return (
        f"INSERT INTO {table} ({columns_of(kind)}) VALUES ({', '.join('?' * len(names))})"
        f' ON CONFLICT ("{names[0]}") DO UPDATE SET {changes}' + (f" WHERE {only}" if only else "")
    )


def insert(connection: sqlite3.Connection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert many plain rows, many in one statement: a third less work than a statement for each."""
    for start in range(0, len(rows), _AT_ONCE):
        batch = rows[start : start + _AT_ONCE]
        connection.execute(_insert(table, len(batch), len(batch[0])), tuple(chain.from_iterable(batch)))


@cache
def _insert(table: str, rows: int, columns: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {table} VALUES {', '.join([row] * rows)}"
