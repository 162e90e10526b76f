"""The facts and checks of a report's version, for the pages that show its tables."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from govcrawl.browse.form_layout import label_of
from govcrawl.browse.sql import select_as, select_rows

_FACTS = """
SELECT form, "table", "row", "column", label_zh AS label, id, value, status, raw, unit
FROM facts WHERE report_version_id = :version ORDER BY id"""

_CHECKS = """
SELECT identity, "table", at, outcome, "left", "right" FROM checks WHERE report_version_id = :version ORDER BY id"""


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A fact of a version."""

    form: str
    table: str
    row: str
    column: str
    label: str
    id: str
    value: float | None
    status: str
    raw: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A check of a version."""

    identity: str
    table: str
    at: str
    outcome: str
    left: float | None
    right: float | None
    at_label: str


CellPlace = tuple[str, str, str]
"""Table, row and column of a cell, as keys of the form."""

FactsByPlace = Mapping[CellPlace, ShownFact]
"""The facts of a version, in the order of the form."""


def facts_of_version(connection: sqlite3.Connection, version: str) -> FactsByPlace:
    """The facts of a version by their place."""
    return {
        (fact.table, fact.row, fact.column): fact for fact in select_as(connection, ShownFact, _FACTS, version=version)
    }


def checks_of_version(connection: sqlite3.Connection, version: str) -> list[ShownCheck]:
    """The checks of a version, with the label of the row or column that each is about."""
    found = select_rows(connection, _CHECKS, version=version)
    return [ShownCheck(**check, at_label=label_of(check["table"], check["at"])) for check in found]
