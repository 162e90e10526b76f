"""Which statutory tables a page holds, and in which form each of them is: told by heads and rows, never by the year."""

from __future__ import annotations

from govcrawl import forms
from govcrawl.reports.observations import Observations

REVIEW = "review_litigation"
ANNEXES = ("statistics_2014", "legacy_annex")
STATUTORY = ("proactive", "applications", REVIEW)
FEWEST_TABLE_ROWS = {
    "proactive": 2,
    "applications": 4,
    "review_litigation": 1,
    "statistics_2014": 8,
    "legacy_annex": 4,
}
"""How many rows of a table must be met before the page is taken to hold it; fewer is a decoy."""

_OTHERWISE_CHILDREN = frozenset({"otherwise_no_supplement", "otherwise_fee_unpaid", "otherwise_other"})


def forms_of(grid: Observations, text: Observations) -> dict[str, str]:
    """`{table: form}` of the tables the page must have, in the order of the forms.

    Where one of the three statutory tables is there, all three are, those that were not found with every cell missing.
    """
    met = tables_met(grid, text)
    found = {table: _own_form(table) for table in ANNEXES if table in met}
    if not met & set(STATUTORY):
        return found
    voted = _voted("proactive", grid, text)
    applications = _by_rows(grid, text) or voted or "f2021"
    return {"proactive": voted or applications, "applications": applications, REVIEW: applications, **found}


def tables_met(*sights: Observations) -> set[str]:
    """The tables of which some reader met enough rows."""
    found = (each for sight in sights for each in sight.rows().items())
    return {table for table, rows in found if len(rows) >= FEWEST_TABLE_ROWS[table]}


def _own_form(table: str) -> str:
    return next(form.key for form in forms.load_forms().values() if table in form.table_keys)


def _voted(table: str, *sights: Observations) -> str | None:
    """The form that the heads of a table speak for, by the first reader that saw heads."""
    return next((sight.votes[table].most_common(1)[0][0] for sight in sights if sight.votes[table]), None)


def _by_rows(*sights: Observations) -> str | None:
    """The form of `applications` by its row (六)其他处理: three children or one row of values."""
    for sight in sights:
        rows = sight.rows().get("applications", set())
        if rows & _OTHERWISE_CHILDREN:
            return "f2021"
        if "otherwise_handled" in rows:
            return "f2019"
    return None
