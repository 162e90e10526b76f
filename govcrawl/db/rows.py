"""Writing dataclasses into their tables: the statements made from the dataclass, so that the two cannot differ."""

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, fields
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def columns_of(kind: "type[DataclassInstance]") -> str:
    """The columns of a row's dataclass, quoted, in its order, for a SELECT."""
    return ", ".join(f'"{field.name}"' for field in fields(kind))


def write(connection: sqlite3.Connection, table: str, rows: "Iterable[DataclassInstance]", only: str = "") -> None:
    """Insert rows, or bring those that stand under the same first field up to date, where `only` (SQL) holds."""
    for row in rows:
        connection.execute(_upsert(table, type(row), only), astuple(row))


@cache
def _upsert(table: str, kind: "type[DataclassInstance]", only: str) -> str:
    names = [field.name for field in fields(kind)]
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in names[1:])
    return (
        f"INSERT INTO {table} ({columns_of(kind)}) VALUES ({', '.join('?' * len(names))})"
        f' ON CONFLICT ("{names[0]}") DO UPDATE SET {changes}' + (f" WHERE {only}" if only else "")
    )
