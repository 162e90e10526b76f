"""Assesses the identities of the forms (勾稽关系) wherever they apply. No figure is corrected.

Each identity of a form gives one check for each place: a column, a row, or a row of some blocks. A check that needs
another year's report, or an operand that is no number, is `not_assessable`. The number of checks follows from the forms
alone (`expected_checks`), so a forgotten check is noticed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from govcrawl import forms
from govcrawl.forms import FormIdentity, FormTable, FormTerm
from govcrawl.models import Check, Fact
from govcrawl.vocabulary import CheckOutcome

Figure = int | float
_DIGITS = 6
"""Sums of amounts are compared after rounding to so many decimals."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """An identity at one place. `left` and `right` hold `(sign, index of the cell among the items of the table)`.

    None stands for an operand of another year's report.
    """

    identity: FormIdentity
    at: str
    left: tuple[tuple[int, int], ...] | None
    right: tuple[tuple[int, int], ...] | None

    @property
    def cells(self) -> tuple[int, ...]:
        """The cells of both sides, as indices among the items of the table."""
        return tuple(index for _, index in (*(self.left or ()), *(self.right or ())))


@cache
def assessments(form: str, table: str) -> tuple[Assessment, ...]:
    """Returns every identity of a table at every place where it applies, in form order."""
    shape = forms.load_forms()[form]
    index = {(item.row, item.column): number for number, item in enumerate(shape.items_of(table))}
    return tuple(
        Assessment(identity, at, _side(identity, identity.left, at, index), _side(identity, identity.right, at, index))
        for identity in shape.identities_of(table)
        for at in applicable_keys(identity, shape.table(table))
    )


def applicable_keys(identity: FormIdentity, table: FormTable) -> Iterator[str]:
    """Returns the keys of the columns or rows at which an identity applies."""
    if identity.for_each == "column":
        yield from dict.fromkeys(column.key for column in table.columns)
        return
    _, _, names = identity.for_each.partition(":")
    wanted = set(names.split("|")) if names else {block.key for block in table.blocks}
    for block in table.blocks:
        if block.key in wanted:
            yield from (row.key for row in block.rows if row.data)


def _side(
    identity: FormIdentity, terms: Sequence[FormTerm], at: str, index: Mapping[tuple[str, str], int]
) -> tuple[tuple[int, int], ...] | None:
    if identity.kind == "cross_year" or any(term.year not in (None, "N") for term in terms):
        return None
    if identity.for_each == "column":
        return tuple((term.sign, index[term.ref, at]) for term in terms)
    return tuple((term.sign, index[at, term.ref]) for term in terms)


def expected_checks(tables: Mapping[str, str]) -> int:
    """Returns the number of checks of `{table: form}`, which does not depend on the figures."""
    return sum(len(assessments(form, table)) for table, form in tables.items())


def assess_identities(form: str, table: str, facts: Sequence[Fact]) -> tuple[Check, ...]:
    """Returns a check for every identity and place, from the facts of one table in the order of the form's items."""
    values = [fact.value for fact in facts]
    return tuple(_check(each, table, values) for each in assessments(form, table))


def _check(each: Assessment, table: str, values: Sequence[Figure | None]) -> Check:
    left, right = total(each.left, values), total(each.right, values)
    if left is None or right is None:
        outcome = CheckOutcome.NOT_ASSESSABLE
    else:
        outcome = CheckOutcome.HOLDS if _holds(each.identity.kind, left, right) else CheckOutcome.FAILS
    return Check(each.identity.key, table, each.at, left, right, outcome)


def _holds(kind: str, left: Figure, right: Figure) -> bool:
    return left <= right if kind == "inequality_le" else left == right


def total(side: tuple[tuple[int, int], ...] | None, values: Sequence[Figure | None]) -> Figure | None:
    """Returns the sum of one side; None if an operand is no number."""
    if side is None:
        return None
    result: Figure = 0
    for sign, index in side:
        value = values[index]
        if value is None:
            return None
        result += sign * value
    return result if isinstance(result, int) else _whole(round(result, _DIGITS))


def _whole(value: float) -> Figure:
    return int(value) if value.is_integer() else value


def broken(form: str, table: str, values: Sequence[Figure | None]) -> tuple[Assessment, ...]:
    """Returns the assessments that the values break, without those that cannot be assessed."""
    return tuple(each for each in assessments(form, table) if fails(each, values))


def fails(each: Assessment, values: Sequence[Figure | None]) -> bool:
    """Whether the values break an assessment. One that cannot be assessed is not broken."""
    left, right = total(each.left, values), total(each.right, values)
    return left is not None and right is not None and not _holds(each.identity.kind, left, right)
