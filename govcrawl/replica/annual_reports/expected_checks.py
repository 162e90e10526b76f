"""The outcome of every identity of a form on a report's printed cells, which a reader's checks are compared with.

It is worked out from the data of the forms alone and shares no code with the reader, so that the two can disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from govcrawl.forms import Form, FormIdentity, FormTable, FormTerm
from govcrawl.replica.annual_reports.figures import FigureValue
from govcrawl.replica.annual_reports.printed_cells import PrintedCell
from govcrawl.vocabulary import CheckOutcome


@dataclass(frozen=True, slots=True)
class ExpectedCheck:
    """One identity at one row or column (`at`), with its outcome."""

    identity: str
    table: str
    at: str
    outcome: CheckOutcome


def expected_check_outcomes(forms: Mapping[str, Form], cells: Mapping[str, PrintedCell]) -> tuple[ExpectedCheck, ...]:
    """Every identity of every table at every row or column it is for; `forms` is the form that each table follows."""
    return tuple(
        ExpectedCheck(identity.key, table, at, _outcome(identity, form.table(table), at, cells))
        for table, form in forms.items()
        for identity in form.identities_of(table)
        for at in _places(identity, form.table(table))
    )


def _places(identity: FormIdentity, table: FormTable) -> Iterable[str]:
    scope, _, blocks = identity.for_each.partition(":")
    if scope == "column":
        return [column.key for column in table.columns]
    wanted = set(blocks.split("|")) if blocks else {block.key for block in table.blocks}
    return [row.key for block in table.blocks if block.key in wanted for row in block.rows if row.data]


def _outcome(identity: FormIdentity, table: FormTable, at: str, cells: Mapping[str, PrintedCell]) -> CheckOutcome:
    if not identity.one_year:
        return CheckOutcome.NOT_ASSESSABLE
    by_column = identity.for_each == "column"
    left, right = (_sum(side, table.key, at, cells, by_column) for side in (identity.left, identity.right))
    if left is None or right is None:
        return CheckOutcome.NOT_ASSESSABLE
    holds = left <= right if identity.kind == "inequality_le" else abs(left - right) < 1e-9
    return CheckOutcome.HOLDS if holds else CheckOutcome.FAILS


def _sum(
    terms: Iterable[FormTerm], table: str, at: str, cells: Mapping[str, PrintedCell], by_column: bool
) -> FigureValue | None:
    total: FigureValue = 0
    for term in terms:
        cell = cells.get(f"{table}.{term.ref}.{at}" if by_column else f"{table}.{at}.{term.ref}")
        if cell is None or cell.value is None:
            return None
        total += term.sign * cell.value
    return total
