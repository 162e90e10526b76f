"""The schema: `schema.toml` as objects, and as tables and views in a file.

A database is a projection, so a change of the schema may always be met by `govcrawl rebuild`; small ones get a
migration here, each of which runs once, in order, in its own transaction.
"""

import sqlite3
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from govcrawl import vocabulary
from govcrawl.db.connection import open_database, transaction
from govcrawl.errors import ArchiveError
from govcrawl.vocabulary import Origin

_TYPES: Mapping[str, type] = {"text": str, "integer": int, "real": float, "numeric": int, "blob": bytes}
"""What sqlite-utils takes for each type; a column declared INTEGER keeps a fraction as it is, like NUMERIC."""


@dataclass(frozen=True, slots=True)
class SchemaColumn:
    """A column: what it says, its unit, whether it may be empty, the closed list its words come from.

    `kind` is text, integer, real, numeric or blob. `reference` is `(table, column)`. `expression` (views) is the SQL
    it shows, before the cast.
    """

    name: str
    kind: str
    about: str
    unit: str | None = None
    null: bool = False
    unique: bool = False
    words: type[StrEnum] | None = None
    reference: tuple[str, str] | None = None
    expression: str | None = None


@dataclass(frozen=True, slots=True)
class SchemaTable:
    """A table: what a row is, its columns, its primary key and its further indexes."""

    name: str
    about: str
    columns: tuple[SchemaColumn, ...]
    key: tuple[str, ...]
    indexes: tuple[str, ...] = ()
    hidden: bool = False
    without_rowid: bool = False


@dataclass(frozen=True, slots=True)
class SchemaView:
    """A view: what a row is, its columns with their expressions, and where they come from."""

    name: str
    about: str
    columns: tuple[SchemaColumn, ...]
    source: str

    @property
    def sql(self) -> str:
        """Its SELECT; every column is cast, so that a filter with a text parameter finds numbers too."""
        columns = ",\n  ".join(_cast(column) for column in self.columns)
        return f"SELECT\n  {columns}\nFROM {self.source.strip()}"


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables, in an order in which references point backwards, and all views."""

    tables: Mapping[str, SchemaTable]
    views: Mapping[str, SchemaView]


@cache
def load_schema() -> Schema:
    """The schema of the installed package."""
    text = resources.files("govcrawl.db").joinpath("schema.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Schema(
        tables={name: _table(name, entry) for name, entry in data["tables"].items()},
        views={
            name: SchemaView(name, entry["about"], tuple(_column(c) for c in entry["columns"]), entry["from"])
            for name, entry in data["views"].items()
        },
    )


def _table(name: str, entry: Mapping[str, Any]) -> SchemaTable:
    return SchemaTable(
        name=name,
        about=entry["about"],
        columns=tuple(_column(column) for column in entry["columns"]),
        key=tuple(entry["key"]),
        indexes=tuple(entry.get("index", ())),
        hidden=entry.get("hidden", False),
        without_rowid=entry.get("without_rowid", False),
    )


def _column(entry: Mapping[str, Any]) -> SchemaColumn:
    reference = entry["references"].split(".") if "references" in entry else None
    return SchemaColumn(
        name=entry["name"],
        kind=entry["type"],
        about=entry["about"],
        unit=entry.get("unit"),
        null=entry.get("null", False),
        unique=entry.get("unique", False),
        words=getattr(vocabulary, entry["of"]) if "of" in entry else None,
        reference=(reference[0], reference[1]) if reference else None,
        expression=entry.get("is"),
    )


def code(word: StrEnum) -> int:
    """The small number a narrow table keeps for a word of a closed list: its place in the list."""
    return list(type(word)).index(word)


_CODED = frozenset({
    ("c.status", vocabulary.Status), ("c2.status", vocabulary.Status), ("s.outcome", vocabulary.CheckOutcome),
})  # fmt: skip
"""Expressions that give such a number, to be shown as words."""


def _cast(column: SchemaColumn) -> str:
    expression = column.expression or _quoted(column.name)
    if column.words and (expression, column.words) in _CODED:
        cases = " ".join(f"WHEN {code(word)} THEN '{word}'" for word in column.words)
        expression = f"CASE {expression} {cases} END"
    return f"CAST({expression} AS {column.kind.upper()}) AS {_quoted(column.name)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# ------------------------------------------------------------------------------------------------- making it

MIGRATIONS = Migrations("govcrawl")
"""In order; a database that has one unknown to this list was made by a later version."""


@MIGRATIONS(name="0001 tables")
def _make_tables(database: Database) -> None:
    for table in load_schema().tables.values():
        database.execute(_table_sql(database, table))
        for statement in _index_sql(table):
            database.execute(statement)


def _table_sql(database: Database, table: SchemaTable) -> str:
    """The CREATE TABLE of sqlite-utils with what it has no words for: CHECK, UNIQUE, WITHOUT ROWID."""
    sql = database.create_table_sql(
        table.name,
        {column.name: _TYPES[column.kind] for column in table.columns},
        pk=table.key[0] if len(table.key) == 1 else table.key,
        foreign_keys=[(c.name, *c.reference) for c in table.columns if c.reference],
        not_null={column.name for column in table.columns if not column.null},
    )
    constraints = "".join(f",\n   {constraint}" for constraint in _constraints(table))
    return sql[: sql.rindex(")")].rstrip() + constraints + "\n)" + (" WITHOUT ROWID" if table.without_rowid else "")


def _constraints(table: SchemaTable) -> Iterator[str]:
    for column in table.columns:
        if column.words:
            words = ", ".join(f"'{word}'" for word in column.words)
            yield f"CHECK ({_quoted(column.name)} IN ({words}))"
        if column.unique:
            yield f"UNIQUE ({_quoted(column.name)})"


def _index_sql(table: SchemaTable) -> Iterator[str]:
    for number, index in enumerate(table.indexes):
        columns, _, condition = index.partition(" WHERE ")
        where = f" WHERE {condition}" if condition else ""
        yield f"CREATE INDEX {_quoted(f'{table.name}_{number}')} ON {_quoted(table.name)} ({columns}){where}"


def create(path: Path, origin: Origin) -> None:
    """Make the database, or bring an older one up to date.

    Raises:
        ArchiveError: It holds an archive of the other origin, or its tables are those of another version.
    """
    with closing(open_database(path)) as connection:
        database = Database(connection)
        _refuse_later(path, database)
        MIGRATIONS.apply(database)
        _refuse_other_tables(path, connection)
        with transaction(connection):
            for view in load_schema().views.values():
                make_view(connection, view)
            connection.execute("INSERT OR IGNORE INTO archive VALUES ('origin', ?)", (origin,))
        if (kept := origin_of(connection)) is not origin:
            raise ArchiveError(f"{path}: this archive is of origin {kept}, not {origin}; name another archive folder")


def make_view(connection: sqlite3.Connection, view: SchemaView) -> None:
    """Make a view, or make it anew where its definition differs."""
    Database(connection).create_view(view.name, view.sql, replace=True)


def _refuse_later(path: Path, database: Database) -> None:
    with closing(Database(memory=True).conn) as empty:
        known = {migration.name for migration in MIGRATIONS.pending(Database(empty))}
    if later := {migration.name for migration in MIGRATIONS.applied(database)} - known:
        raise ArchiveError(f"{path}: made by a later version ({min(later)}); update, or run `govcrawl rebuild`")


def _refuse_other_tables(path: Path, connection: sqlite3.Connection) -> None:
    for table in load_schema().tables.values():
        columns = [column for _, column, *_ in connection.execute(f"PRAGMA table_info({_quoted(table.name)})")]
        if columns != [column.name for column in table.columns]:
            raise ArchiveError(f"{path}: made by another version ({table.name} differs); run `govcrawl rebuild`")


def origin_of(connection: sqlite3.Connection) -> Origin:
    """What the archive was crawled from."""
    (origin,) = connection.execute("SELECT value FROM archive WHERE name = 'origin'").fetchone()
    return Origin(origin)
