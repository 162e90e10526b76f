"""No statement depends on the order of columns in `schema.toml`: INSERTs name them, and a shuffled schema tells."""

import ast
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import govcrawl
from govcrawl.archive.layout import database_of
from govcrawl.archive.projection import rebuild
from govcrawl.db import schema
from govcrawl.db.connection import open_database
from govcrawl.db.digest import content_digest

PACKAGE = Path(govcrawl.__file__).parent
TARGET = re.compile(r'(?<!VACUUM )\bINTO\s+"?\w+"?\s*(?P<columns>\(?)')
TABLE = re.compile(r"^columns = \[\n(?P<lines>(?:  \{ name = .*\},\n)+)\]$", re.MULTILINE)


def literals(source: str) -> Iterator[str]:
    """Every string of a module as Python joins it; what an f-string fills in is `_`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "_" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def unnamed(source: str) -> list[str]:
    """The INSERTs and REPLACEs of a module that name no columns."""
    found = ((text, match) for text in literals(source) for match in TARGET.finditer(text))
    return [text for text, match in found if not match["columns"]]


@pytest.mark.parametrize(
    "statement",
    [
        '"INSERT INTO coverage VALUES (?, ?)"',
        '"INSERT OR IGNORE INTO operands SELECT ?, ? FROM items"',
        '"REPLACE INTO archive"\n" VALUES (?, ?)"',
        'f"{verb} INTO {table} VALUES {rows}"',
        "'INSERT INTO \"places\" DEFAULT VALUES'",
    ],
)
def test_a_statement_without_columns_is_found(statement):
    assert len(unnamed(f"execute({statement})")) == 1


@pytest.mark.parametrize(
    "statement",
    ['"INSERT INTO places"\n" (identity) VALUES (?)"', 'f"INSERT INTO {table} ({names})"', '"VACUUM INTO ?"'],
)
def test_a_statement_with_columns_passes(statement):
    assert unnamed(f"execute({statement})") == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_insert_names_its_columns(path):
    assert unnamed(path.read_text(encoding="utf-8")) == []


# --------------------------------------------------------------------------------------------- a shuffled schema


def shuffled(text: str) -> str:
    """The schema's text with the columns of every table and view in reverse."""

    def reverse(match: re.Match[str]) -> str:
        return f"columns = [\n{''.join(reversed(match['lines'].splitlines(keepends=True)))}]"

    return TABLE.sub(reverse, text)


def contents(archive: Path) -> dict[str, list[tuple]]:
    """Every table's rows, their values in the order of the columns' names."""
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        found = {}
        for name, table in schema.load_schema().tables.items():
            columns = ", ".join(sorted(f'"{column.name}"' for column in table.columns))
            found[name] = sorted(connection.execute(f"SELECT {columns} FROM {name}"), key=repr)
        return found


def test_columns_in_another_order_hold_the_same_values(archive_copy, tmp_path, monkeypatch):
    text = schema.text()
    (tmp_path / "schema.toml").write_text(shuffled(text), encoding="utf-8")
    again = Path(shutil.copytree(archive_copy, tmp_path / "again"))
    rebuild(archive_copy, 1)
    expected = contents(archive_copy)

    turned = schema.parse((tmp_path / "schema.toml").read_text(encoding="utf-8"))
    plain = schema.load_schema()
    monkeypatch.setattr(schema, "load_schema", lambda: turned)
    rebuild(again, 1)

    assert all(turned.tables[name].columns == table.columns[::-1] for name, table in plain.tables.items())
    assert contents(again) == expected
    assert all(expected[name] for name in ("captures", "attempts", "cells", "assessments", "sections", "claims"))
    with closing(open_database(database_of(again), readonly=True)) as connection:
        assert connection.execute("SELECT count(*) FROM captures WHERE length(sha256) <> 64").fetchone() == (0,)
        reversed_digest = content_digest(connection)
    with closing(open_database(database_of(archive_copy), readonly=True)) as connection:
        assert content_digest(connection) == reversed_digest
