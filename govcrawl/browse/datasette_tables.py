"""What Datasette's own pages show of our tables: descriptions, canned queries, and links from cells to our pages."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

from govcrawl import forms
from govcrawl.db.queries.relations import Relation, relations
from govcrawl.db.schema import load_schema

CANNED_QUERIES: Mapping[str, Mapping[str, str]] = {
    "applications_by_year": {
        "title": "Applications received and carried over, by year",
        "sql": """SELECT year, count(*) AS reports, sum(new_received__total) AS received,
  sum(carried_over__total) AS carried_over, sum(carried_forward__total) AS carried_forward
FROM applications_wide GROUP BY year ORDER BY year""",
    },
    "failing_identities": {
        "title": "Where a form's own arithmetic fails",
        "sql": """SELECT r.agency_id, r.year, c.identity, c."at", c."left", c."right", r.url
FROM checks AS c JOIN reports AS r ON r.current_version_id = c.report_version_id
WHERE c.outcome = 'fails' ORDER BY r.year DESC, r.agency_id""",
    },
    "contradicted_claims": {
        "title": "Figures in the prose that the tables contradict",
        "sql": """SELECT r.agency_id, r.year, c.kind, c.value, c.text, c.against, r.url
FROM claims AS c JOIN reports AS r ON r.current_version_id = c.report_version_id
WHERE c.outcome = 'contradicts' ORDER BY r.year DESC, r.agency_id""",
    },
    "open_issues": {
        "title": "Open issues, the gravest first",
        "sql": """SELECT kind, severity, detail, first_seen_at FROM issues
WHERE closed_at IS NULL ORDER BY severity = 'error' DESC, severity = 'warning' DESC, kind""",
    },
}
"""The questions people ask first: name → title and SELECT."""

_TIMES = ("seen_at", "fetched_at", "started_at", "at", "year")  # a table with one of these shows its newest rows first

_PAGE_OF_COLUMN = {
    "report_id": "/-/report/",
    "prior_report_id": "/-/report/",
    "original_id": "/-/report/",
    "capture_id": "/-/capture/",
    "prior_capture_id": "/-/capture/",
    "first_capture_id": "/-/capture/",
    "last_capture_id": "/-/capture/",
}
_PAGE_OF_KEY = {
    ("reports", "id"): "/-/report/",
    ("captures", "id"): "/-/capture/",
    ("facts", "id"): "/-/cell/",
    ("current_facts", "id"): "/-/cell/",
}


@cache
def shown_relations() -> tuple[Relation, ...]:
    """The tables and views that readers are shown."""
    return relations(forms.load_forms().by_number.values())


@cache
def view_names() -> frozenset[str]:
    """The names of the views that readers are shown."""
    return frozenset(relation.name for relation in shown_relations() if not relation.key)


@cache
def datasette_metadata(database: str) -> dict[str, Any]:
    """Datasette's metadata of our database: tables with their descriptions, hidden tables, canned queries."""
    unseen = ("_sqlite_migrations", *(name for name, table in load_schema().tables.items() if table.hidden))
    hidden = {name: {"hidden": True} for name in unseen}
    shown = {relation.name: _described(relation) for relation in shown_relations()}
    return {
        "title": "govcrawl",
        "description": "Annual reports on open government information in China, checked down to the byte.",
        "databases": {database: {"tables": {**shown, **hidden}, "queries": dict(CANNED_QUERIES)}},
    }


def _described(relation: Relation) -> dict[str, Any]:
    columns = {
        column.name: f"{column.about} Unit: {column.unit}." if column.unit else column.about
        for column in relation.columns
    }
    label = next((name for name in ("title", "name", "heading") if name in columns), None)
    newest = next((name for name in _TIMES if name in columns), None)
    facets = [column.name for column in relation.columns if column.words or column.name == "year"]
    return {
        "description": relation.about,
        "columns": columns,
        **({"label_column": label} if label else {}),
        **({"sort_desc": newest} if newest and relation.key else {}),
        **({"facets": facets} if facets and relation.key else {}),
    }


def cell_link(table: str | None, column: str, value: object) -> str | None:
    """The path of our page about the report, capture or figure that a cell names; None for any other cell."""
    page = _PAGE_OF_KEY.get((table or "", column)) or _PAGE_OF_COLUMN.get(column)
    return f"{page}{quote(value, safe='/:')}" if page and value and isinstance(value, str) else None
