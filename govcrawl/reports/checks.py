"""Checks the identities on the tables of a page, assigns the blame for failures, and interprets blanks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from govcrawl.models import Check, Fact, Issue
from govcrawl.reports.cell_values import read_cell
from govcrawl.reports.identities import Figure, assess_identities, assessments, broken
from govcrawl.reports.observations import CellKey
from govcrawl.reports.reconciliation import Tables
from govcrawl.vocabulary import CheckOutcome, IssueKind, Severity, Status

_SAID_NOTHING = frozenset({Status.BLANK, Status.SLASH, Status.TEXT})


def judge(tables: Tables, verifies: Callable[[Fact], bool]) -> tuple[tuple[Check, ...], tuple[Issue, ...]]:
    """Returns all checks of the tables, and their issues.

    `verifies` reports whether the bytes of a fact, read again, give its text. It is called for failing checks only.
    """
    checks: list[Check] = []
    issues: list[Issue] = []
    for table, form in tables.forms.items():
        facts = tables.facts[table]
        made = assess_identities(form, table, facts)
        checks.extend(made)
        issues.extend(_failures(tables, form, table, made, verifies))
        issues.extend(_blanks(form, table, facts))
    return tuple(checks), tuple(issues)


def _failures(
    tables: Tables, form: str, table: str, checks: Sequence[Check], verifies: Callable[[Fact], bool]
) -> Iterator[Issue]:
    for each, check in zip(assessments(form, table), checks, strict=True):
        if check.outcome is CheckOutcome.FAILS:
            facts = [tables.facts[table][index] for index in each.cells]
            detail = f"{check.left} against {check.right}; blame: {_blame(tables, facts, verifies)}"
            severity = Severity.INFO if each.identity.soft else Severity.WARNING
            yield Issue(IssueKind.IDENTITY_FAILS, severity, f"{table}.{check.identity}.{check.at}", detail)


def _blame(tables: Tables, facts: Sequence[Fact], verifies: Callable[[Fact], bool]) -> str:
    """The blame for a failing check: `publisher`, `layout` or `unknown`.

    It is `publisher` if both readers agree on every figure and the bytes confirm it, `layout` if a reader had a doubt.
    """
    places: list[CellKey] = [(fact.table, fact.row, fact.column) for fact in facts]
    if tables.agreed.issuperset(places) and all(map(verifies, facts)):
        return "publisher"
    return "layout" if tables.doubted.intersection(places) else "unknown"


def _blanks(form: str, table: str, facts: Sequence[Fact]) -> Iterator[Issue]:
    """An issue if every identity holds with blanks, slashes and 无 read as zero."""
    values = [_as_zero(fact) for fact in facts]
    changed = sum(fact.value is None and value is not None for fact, value in zip(facts, values, strict=True))
    if changed and _complete(form, table, values) and not broken(form, table, values):
        detail = f"read as 0, the {changed} cells without a figure make every identity of the table hold"
        yield Issue(IssueKind.BLANK_AS_ZERO, Severity.INFO, table, detail)


def _as_zero(fact: Fact) -> Figure | None:
    if fact.value is None and fact.status in _SAID_NOTHING and read_cell(fact.raw or "").nil:
        return 0
    return fact.value


def _complete(form: str, table: str, values: Sequence[Figure | None]) -> bool:
    """Whether the table has an identity within one year, and no identity lacks an operand."""
    within = [each for each in assessments(form, table) if each.left is not None and each.right is not None]
    return bool(within) and all(values[index] is not None for each in within for index in each.cells)
