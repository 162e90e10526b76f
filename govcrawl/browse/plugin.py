"""The Datasette plugin: descriptions, units, labels and canned queries for a govcrawl database, from its schema."""

from functools import cache
from typing import Any

from datasette import hookimpl

from govcrawl.browse.queries import QUERIES
from govcrawl.db.relations import Relation, relations
from govcrawl.db.schema import load as load_schema
from govcrawl.projection import DATABASE

NAME = DATABASE.removesuffix(".db")


@hookimpl  # type: ignore[untyped-decorator]
def get_metadata(datasette: Any, key: str | None, database: str | None, table: str | None) -> dict[str, Any]:
    """What Datasette shows beside the tables; the same whichever part it asks for."""
    del datasette, key, database, table
    return metadata()


@cache
def metadata() -> dict[str, Any]:
    """Datasette's metadata for the database `govcrawl`: tables with their descriptions, hidden ones, canned queries."""
    from govcrawl.reports import forms  # noqa: PLC0415 - read only when somebody looks

    hidden = {name: {"hidden": True} for name, table in load_schema().tables.items() if table.hidden}
    shown = {relation.name: _described(relation) for relation in relations(forms.load().by_number.values())}
    return {
        "title": "govcrawl",
        "description": "Annual reports on open government information in China, checked down to the byte.",
        "databases": {NAME: {"tables": {**shown, **hidden}, "queries": dict(QUERIES)}},
    }


def _described(relation: Relation) -> dict[str, Any]:
    columns = {
        column.name: f"{column.about} Unit: {column.unit}." if column.unit else column.about
        for column in relation.columns
    }
    label = next((name for name in ("title", "name", "heading") if name in columns), None)
    return {
        "description": relation.about,
        "columns": columns,
        **({"label_column": label} if label else {}),
    }
