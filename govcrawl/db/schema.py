"""The schema: `schema.toml` as objects, and as tables and views of a database.

A database is a projection, so `govcrawl rebuild` handles any change of the schema. A small change may have a migration
here instead. `sqlite-utils migrate govcrawl.db govcrawl/db/schema.py --list` shows the migrations of a database.
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

from sqlite_utils import Database, Migrations

from govcrawl import vocabulary
from govcrawl.db.connection import archive_property, open_database, transaction
from govcrawl.errors import ArchiveError
from govcrawl.vocabulary import Origin

_TYPES: Mapping[str, str] = {
    "text": "TEXT", "integer": "INTEGER", "real": "REAL", "numeric": "INTEGER", "blob": "BLOB",
}  # fmt: skip
"""The declared type of each kind. SQLite keeps a fraction in an INTEGER column as it is, as in a NUMERIC one."""

Index = tuple[str, ...] | str
"""The columns of an index, or the SQL after `ON table` for an expression or a condition."""


@dataclass(frozen=True, slots=True)
class SchemaColumn:
    """A column: its description, its unit, whether it may be NULL, and the closed list of its values.

    `kind` is text, integer, real, numeric or blob. `reference` is `(table, column)`. `expression` (views only) is the
    SQL of its value, before the cast.
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
    indexes: tuple[Index, ...] = ()
    hidden: bool = False
    without_rowid: bool = False

    @property
    def constraints(self) -> tuple[str, ...]:
        """CHECK for each column with a closed list, UNIQUE for each column whose values differ."""
        return tuple(constraint for column in self.columns for constraint in _constraints(column))

    @property
    def sql(self) -> str:
        """The CREATE TABLE statement."""
        columns = [_declared(column, key=self.key == (column.name,)) for column in self.columns]
        key = [f"PRIMARY KEY ({', '.join(map(_quoted, self.key))})"] if len(self.key) > 1 else []
        body = ",\n   ".join((*columns, *key, *self.constraints))
        return f"CREATE TABLE {_quoted(self.name)} (\n   {body}\n){' WITHOUT ROWID' * self.without_rowid}"


@dataclass(frozen=True, slots=True)
class SchemaView:
    """A view: what a row is, its columns with their expressions, and its FROM clause."""

    name: str
    about: str
    columns: tuple[SchemaColumn, ...]
    source: str

    @property
    def sql(self) -> str:
        """The SELECT statement. Every column is cast, so that a filter with a text parameter finds numbers too."""
        columns = ",\n  ".join(_cast(column) for column in self.columns)
        return f"SELECT\n  {columns}\nFROM {self.source.strip()}"


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables, in an order in which references point backwards, and all views."""

    tables: Mapping[str, SchemaTable]
    views: Mapping[str, SchemaView]


@cache
def load_schema() -> Schema:
    """Returns the schema of the installed package."""
    return parse(text())


def text() -> str:
    """Returns the text of `schema.toml`."""
    return resources.files("govcrawl.db").joinpath("schema.toml").read_text(encoding="utf-8")


def parse(text: str) -> Schema:
    """Returns the schema described by a text in the form of `schema.toml`."""
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
        indexes=tuple(index if isinstance(index, str) else tuple(index) for index in entry.get("index", ())),
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


def _declared(column: SchemaColumn, *, key: bool) -> str:
    words = [_quoted(column.name), _TYPES[column.kind]] + ["PRIMARY KEY"] * key + ["NOT NULL"] * (not column.null)
    if column.reference:
        table, name = map(_quoted, column.reference)
        words.append(f"REFERENCES {table}({name})")
    return " ".join(words)


def _constraints(column: SchemaColumn) -> Iterator[str]:
    if column.words:
        words = ", ".join(f"'{word}'" for word in column.words)
        yield f"CHECK ({_quoted(column.name)} IN ({words}))"
    if column.unique:
        yield f"UNIQUE ({_quoted(column.name)})"


def code(word: StrEnum) -> int:
    """Returns the integer that a narrow table stores for a word of a closed list: its place in the list."""
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
"""The migrations, in order; each runs in its own transaction. A database with any other is of a later version.

The first one creates the tables as `schema.toml` describes them today, so a later one begins by testing whether its
change is there already. `Table.transform` keeps CHECK and UNIQUE but not WITHOUT ROWID; such a table is created anew.
"""


@MIGRATIONS(name="0001 tables")
def _make_tables(database: Database) -> None:
    for table in load_schema().tables.values():
        _make_table(database, table)
        for number, index in enumerate(table.indexes):
            _make_index(database, table.name, f"{table.name}_{number}", index)


def _make_table(database: Database, table: SchemaTable) -> None:
    """sqlite-utils has no arguments for CHECK, UNIQUE and WITHOUT ROWID: tables with them are created from SQL."""
    if table.constraints or table.without_rowid:
        database.execute(table.sql)
        return
    database.table(table.name).create(
        {column.name: _TYPES[column.kind] for column in table.columns},
        pk=table.key[0] if len(table.key) == 1 else table.key,
        foreign_keys=[(column.name, *column.reference) for column in table.columns if column.reference],
        not_null={column.name for column in table.columns if not column.null},
    )


def _make_index(database: Database, table: str, name: str, index: Index) -> None:
    if isinstance(index, str):
        database.execute(f"CREATE INDEX {_quoted(name)} ON {_quoted(table)} {index}")
    else:
        database.table(table).create_index(index, index_name=name)


def create(path: Path, origin: Origin) -> None:
    """Creates the database, or migrates an older one.

    Raises:
        ArchiveError: It holds an archive of the other origin, or its tables are those of another version.
    """
    if path.is_file():  # looked at first: to open a file for writing changes its first page
        with closing(open_database(path, readonly=True)) as connection:
            _refuse_foreign(path, Database(connection))
    with closing(open_database(path)) as connection:
        database = Database(connection)
        _refuse_later(path, database)
        _migrate(path, database)
        _refuse_other_tables(path, database)
        with transaction(connection):
            for view in load_schema().views.values():
                database.create_view(view.name, view.sql, replace=True)
            database.table("archive").insert({"name": "origin", "value": origin}, ignore=True)
        if (kept := origin_of(connection)) is not origin:
            raise ArchiveError(f"{path}: this archive is of origin {kept}, not {origin}; name another archive folder")


def make_view(connection: sqlite3.Connection, view: SchemaView) -> None:
    """Creates a view, or replaces it if its definition differs."""
    Database(connection).create_view(view.name, view.sql, replace=True)


def _refuse_foreign(path: Path, database: Database) -> None:
    """A file of somebody else is not written into."""
    names = set(database.table_names())
    if names and not names & {"archive", "_sqlite_migrations"}:  # a full disk may have left the latter alone
        raise ArchiveError(
            f"{path}: this is no database of govcrawl's (it has a table {min(names)}); name another folder"
        )


def _migrate(path: Path, database: Database) -> None:
    try:
        MIGRATIONS.apply(database)
    except sqlite3.OperationalError as error:
        if not str(error).endswith("already exists"):
            raise
        raise ArchiveError(f"{path}: made by another version ({error}); run `govcrawl rebuild`") from error


def _refuse_later(path: Path, database: Database) -> None:
    with closing(Database(memory=True).conn) as empty:
        known = {migration.name for migration in MIGRATIONS.pending(Database(empty))}
    if later := {migration.name for migration in MIGRATIONS.applied(database)} - known:
        raise ArchiveError(f"{path}: made by a later version ({min(later)}); update, or run `govcrawl rebuild`")


def _refuse_other_tables(path: Path, database: Database) -> None:
    for table in load_schema().tables.values():
        if [column.name for column in database.table(table.name).columns] != [column.name for column in table.columns]:
            raise ArchiveError(f"{path}: made by another version ({table.name} differs); run `govcrawl rebuild`")


def origin_of(connection: sqlite3.Connection) -> Origin:
    """Returns the origin of the archive: live or replica; raises ArchiveError if the database names none."""
    found = archive_property(connection, "origin")
    if found not in set(Origin):
        (_, _, path) = connection.execute("PRAGMA database_list").fetchone()
        raise ArchiveError(f"{path}: it does not say its origin, for it is half made; run `govcrawl rebuild`")
    return Origin(found)
