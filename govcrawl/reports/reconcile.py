"""Two readers' sights become one set of facts: what both or one of them saw for certain, and an issue for the rest.

The grid's reading stands where there is one; the text's fills what no grid shows. Where both saw different things the
grid's stands and an issue names both. What neither could tell is `missing`, with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from govcrawl.models import Fact, Issue
from govcrawl.reports import forms
from govcrawl.reports.cells import Value, interpret, several
from govcrawl.reports.forms import Item
from govcrawl.reports.sight import Place, Seen, Sight
from govcrawl.vocabulary import IssueKind, Severity, Status

REVIEW = "review_litigation"
ANNEXES = ("statistics_2014", "legacy_annex")
STATUTORY = ("proactive", "applications", REVIEW)
FEWEST_ROWS = {
    "proactive": 2,
    "applications": 4,
    "review_litigation": 1,
    "statistics_2014": 8,
    "legacy_annex": 4,
}
"""How many rows of a table must be met before the page is taken to hold it; fewer is a decoy."""

_OTHERWISE_CHILDREN = frozenset({"otherwise_no_supplement", "otherwise_fee_unpaid", "otherwise_other"})


@dataclass(slots=True)
class Tables:
    """The tables of a page: the form of each, its facts in form order, and what is to be said about them.

    `agreed` are the places where both readers saw the same text, `doubted` those where one of them saw trouble.
    """

    forms: Mapping[str, str]
    facts: dict[str, tuple[Fact, ...]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    agreed: set[Place] = field(default_factory=set)
    doubted: set[Place] = field(default_factory=set)


def reconcile(grid: Sight, text: Sight) -> Tables:
    """The tables of a page from what its two readers saw; empty where it holds none."""
    tables = Tables(forms_of(grid, text), doubted={*grid.doubts, *text.doubts})
    tables.issues.extend(grid.issues)
    for table, form in tables.forms.items():
        items = forms.load()[form].items_of(table)
        tables.facts[table] = tuple(_fact(tables, item, grid, text) for item in items)
        tables.issues.extend(_untold(items, tables.facts[table], grid, text))
    tables.issues.extend(_mixed(tables.forms))
    return tables


# --------------------------------------------------------------------------------------------------------- forms


def forms_of(grid: Sight, text: Sight) -> dict[str, str]:
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


def tables_met(*sights: Sight) -> set[str]:
    """The tables of which some reader met enough rows."""
    return {table for sight in sights for table in sight.tables if _enough(table, sight)}


def _enough(table: str, sight: Sight) -> bool:
    return len(sight.rows_of(table)) >= FEWEST_ROWS[table]


def _own_form(table: str) -> str:
    return next(form.key for form in forms.load().values() if table in form.table_keys)


def _voted(table: str, *sights: Sight) -> str | None:
    """The form that the heads of a table speak for, by the first reader that saw heads."""
    return next((sight.votes[table].most_common(1)[0][0] for sight in sights if sight.votes[table]), None)


def _by_rows(*sights: Sight) -> str | None:
    """The form of `applications` by its row (六)其他处理: three children or one row of values."""
    for sight in sights:
        rows = sight.rows_of("applications")
        if rows & _OTHERWISE_CHILDREN:
            return "f2021"
        if "otherwise_handled" in rows:
            return "f2019"
    return None


def _mixed(tables: Mapping[str, str]) -> Iterator[Issue]:
    if len(set(tables.values())) > 1:
        detail = ", ".join(f"{table} is {form}" for table, form in tables.items())
        yield Issue(IssueKind.MIXED_FORMS, Severity.INFO, "report", f"the tables follow different forms: {detail}")


# --------------------------------------------------------------------------------------------------------- facts


def _fact(tables: Tables, item: Item, grid: Sight, text: Sight) -> Fact:
    place = (item.table, item.row, item.column)
    first, second = _told(grid, place), _told(text, place)
    seen = first or second
    if seen is None:
        return _as_fact(item, _MISSING, None)
    value = interpret(seen.raw)
    if second and second.raw == seen.raw:
        value = several(value) if second.split else value
        if first:
            tables.agreed.add(place)
    elif first and second and interpret(second.raw) != value:
        tables.issues.append(_disagreement(item, first, second))
    tables.issues.extend(_remarks(item, value, seen))
    return _as_fact(item, value, seen)


_MISSING = Value(Status.MISSING)


def _told(sight: Sight, place: Place) -> Seen | None:
    return None if place in sight.doubts else sight.cells.get(place)


def _as_fact(item: Item, value: Value, seen: Seen | None) -> Fact:
    unit = value.unit or (seen.unit if seen and seen.unit else item.unit)
    raw, locator = (seen.raw, seen.locator) if seen else (None, None)
    return Fact(
        item.form, item.table, item.row, item.column, item.number, value.value, value.status, raw, unit, locator
    )


def _disagreement(item: Item, first: Seen, second: Seen) -> Issue:
    detail = f"the grid shows {first.raw!r}, the order of the text {second.raw!r}; the grid's stands"
    return Issue(IssueKind.READERS_DISAGREE, Severity.ERROR, item.place, detail)


def _remarks(item: Item, value: Value, seen: Seen) -> Iterator[Issue]:
    if value.doubt:
        detail = f"{seen.raw[:60]!r} is {value.doubt}"
        yield Issue(IssueKind.VALUE_UNREADABLE, Severity.WARNING, item.place, detail)
    if value.unit and value.unit != item.unit:
        detail = f"the cell prints {value.unit}, the form says {item.unit or 'nothing'}; the value is as printed"
        yield Issue(IssueKind.UNIT_ON_CELL, Severity.INFO, item.place, detail)


# ------------------------------------------------------------------------------------------------------- missing


def _untold(items: Sequence[Item], facts: Sequence[Fact], grid: Sight, text: Sight) -> Iterator[Issue]:
    """Why cells are missing: one issue a row, or one for a table of which nothing was found."""
    missing: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.status is Status.MISSING:
            missing[fact.row].append(fact)
    table = items[0].table
    if sum(map(len, missing.values())) == len(facts) and not _doubts_in(table, grid, text):
        yield Issue(IssueKind.TABLE_NOT_FOUND, Severity.ERROR, table, "the page shows no such table as text")
        return
    for row, lost in missing.items():
        yield _lost_row(f"{table}.{row}", lost, grid, text)


def _doubts_in(table: str, *sights: Sight) -> bool:
    return any(place[0] == table for sight in sights for place in sight.doubts)


def _lost_row(where: str, lost: Sequence[Fact], grid: Sight, text: Sight) -> Issue:
    places = [(fact.table, fact.row, fact.column) for fact in lost]
    reasons = dict.fromkeys(reason for sight in (grid, text) for place in places if (reason := sight.doubts.get(place)))
    columns = ", ".join(fact.column for fact in lost)
    if reasons:
        detail = f"{columns}: {'; '.join(reasons)}"
        return Issue(IssueKind.AMBIGUOUS_LAYOUT, Severity.ERROR, where, detail)
    return Issue(IssueKind.ROW_MISSING, Severity.WARNING, where, f"the page shows no cell for {columns}")
