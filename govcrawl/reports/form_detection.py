"""Detects the statutory tables of a page and the form of each, from heads and rows, never from the year."""

from __future__ import annotations

from govcrawl import forms
from govcrawl.reports.observations import Observations

ANNEXES = ("statistics_2014", "legacy_annex")
FEWEST_TABLE_ROWS = {
    "proactive": 2,
    "applications": 4,
    "review_litigation": 1,
    "statistics_2014": 8,
    "legacy_annex": 4,
}
"""The fewest rows of a table that count as the table. Fewer are a chance match."""

_OTHERWISE_CHILDREN = frozenset({"otherwise_no_supplement", "otherwise_fee_unpaid", "otherwise_other"})


def forms_of(grid: Observations, text: Observations) -> dict[str, str]:
    """Returns `{table: form}` of the tables that the page must have, in form order.

    A page with one of the three statutory tables has all three. The cells of a table that is not found are missing.
    """
    met = tables_met(grid, text)
    found = {table: _own_form(table) for table in ANNEXES if table in met}
    if not met & set(forms.STATUTORY_TABLES):  # annex-f2008_narrative-codes
        return found
    voted = _voted("proactive", grid, text)
    # Rows decide against the heads of another table: mixed-2019-2021-0. Heads decide without rows:
    # test_tables_without_rows_or_heads_of_their_own_take_the_form_of_the_others.
    applications = _by_rows(grid, text) or voted or "f2021"
    return {
        forms.PROACTIVE: voted or applications,
        forms.APPLICATIONS: applications,
        forms.REVIEW_LITIGATION: applications,
        **found,
    }


def tables_met(*sights: Observations) -> set[str]:
    """Returns the tables of which a reader met enough rows."""
    found = (each for sight in sights for each in sight.rows().items())
    return {table for table, rows in found if len(rows) >= FEWEST_TABLE_ROWS[table]}


def _own_form(table: str) -> str:
    return next(form.key for form in forms.load_forms().values() if table in form.table_keys)


def _voted(table: str, *sights: Observations) -> str | None:
    """The form with the most heads of a table, from the first reader that saw heads."""
    return next((sight.votes[table].most_common(1)[0][0] for sight in sights if sight.votes[table]), None)


def _by_rows(*sights: Observations) -> str | None:
    """The form of `applications` by its row (六)其他处理, which has three children (2021) or values (2019)."""
    for sight in sights:
        rows = sight.rows().get("applications", set())
        if rows & _OTHERWISE_CHILDREN:
            return "f2021"
        if "otherwise_handled" in rows:
            return "f2019"
    return None
