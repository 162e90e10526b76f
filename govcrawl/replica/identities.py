"""What the identities of a form come to on a page's printed cells: the truth that a reader's checks are held against.

Written from the forms' data alone and apart from the reader of reports, so that the two can disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from govcrawl.forms import Form, FormIdentity, FormTable, FormTerm
from govcrawl.replica.figures import Number
from govcrawl.replica.printing import Shown
from govcrawl.vocabulary import CheckOutcome


@dataclass(frozen=True, slots=True)
class Assessed:
    """One identity at one place, with its outcome."""

    identity: str
    table: str
    at: str
    outcome: CheckOutcome


def assess(forms: Mapping[str, Form], cells: Mapping[str, Shown]) -> tuple[Assessed, ...]:
    """Every identity of every table at every place it applies; `forms` says which form each table follows."""
    return tuple(
        Assessed(identity.key, table, at, _outcome(identity, form.table(table), at, cells))
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


def _outcome(identity: FormIdentity, table: FormTable, at: str, cells: Mapping[str, Shown]) -> CheckOutcome:
    if not identity.one_year:
        return CheckOutcome.NOT_ASSESSABLE
    by_column = identity.for_each == "column"
    left, right = (_sum(side, table.key, at, cells, by_column) for side in (identity.left, identity.right))
    if left is None or right is None:
        return CheckOutcome.NOT_ASSESSABLE
    holds = left <= right if identity.kind == "inequality_le" else abs(left - right) < 1e-9
    return CheckOutcome.HOLDS if holds else CheckOutcome.FAILS


def _sum(terms: Iterable[FormTerm], table: str, at: str, cells: Mapping[str, Shown], by_column: bool) -> Number | None:
    total: Number = 0
    for term in terms:
        shown = cells.get(f"{table}.{term.ref}.{at}" if by_column else f"{table}.{at}.{term.ref}")
        if shown is None or shown.value is None:
            return None
        total += term.sign * shown.value
    return total
