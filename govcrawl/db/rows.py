"""Writes rows into tables. Every statement names its columns, so their order in `schema.toml` does not matter."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from itertools import chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_AT_ONCE = 50


def columns_of(kind: "type[DataclassInstance]") -> str:
    """Returns the columns of a row's dataclass, quoted and in its order, for a SELECT."""
    return _quoted(field.name for field in fields(kind))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def write_rows(connection: sqlite3.Connection, table: str, rows: "Iterable[DataclassInstance]", only: str = "") -> None:
    """Inserts rows. Rows with the same first field are updated, if the SQL condition `only` holds."""
    for kind, same in groupby(rows, type):
        connection.executemany(_upsert(table, kind, only), map(_values(kind), same))


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


def insert_new(connection: sqlite3.Connection, table: str, row: Mapping[str, object]) -> None:
    """Inserts a row, given as column → value, unless a row with its key exists."""
    connection.execute(_insert("INSERT OR IGNORE", table, tuple(row), 1), tuple(row.values()))


def insert(
    connection: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Sequence[Sequence[object]]
) -> None:
    """Inserts rows of values for `columns`, many per statement: a third less work than one statement per row."""
    for start in range(0, len(rows), _AT_ONCE):
        batch = rows[start : start + _AT_ONCE]
        connection.execute(_insert("INSERT", table, columns, len(batch)), tuple(chain.from_iterable(batch)))


@cache
def _insert(verb: str, table: str, columns: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"{verb} INTO {table} ({_quoted(columns)}) VALUES {', '.join([row] * rows)}"
