"""Reconciles the observations of two readers into one set of facts, with an issue wherever they disagree.

If both readers saw the same text, it is the fact. If one saw nothing, the text of the other is. If they differ, the
identities decide between them; if these cannot, the cell is `missing`. Every missing cell has an issue with the reason.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from govcrawl import forms
from govcrawl.forms import FormItem
from govcrawl.models import Fact, Issue
from govcrawl.reports.cell_values import CellValue, doubted, has_three_decimals, read_cell
from govcrawl.reports.form_detection import forms_of
from govcrawl.reports.identities import Figure, broken
from govcrawl.reports.observations import CellKey, Observations, SeenText
from govcrawl.vocabulary import IssueKind, Severity, Status

Reader = Literal["grid", "text"]
READERS: tuple[Reader, ...] = ("grid", "text")

_COUNTS = frozenset({"int", "signed_int"})
_new = tuple.__new__  # half the time of calling the class; a page has hundreds of facts


@dataclass(slots=True)
class Tables:
    """The tables of a page: the form of each, its facts in form order, and the issues.

    `agreed` holds the places where both readers saw the same text, `doubted` those where a reader had a doubt.
    `glued` holds the digits of rows in which figures touch, and the columns of each.
    """

    forms: Mapping[str, str]
    facts: dict[str, tuple[Fact, ...]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    agreed: set[CellKey] = field(default_factory=set)
    doubted: set[CellKey] = field(default_factory=set)
    glued: Mapping[tuple[str, str], tuple[str, tuple[str, ...]]] = field(default_factory=dict)


def reconcile(grid: Observations, text: Observations, year: int | None = None) -> Tables:
    """Returns the tables of a page from the observations of both readers; empty if it has none.

    `year` is the report year, which decides only between forms that the page leaves equal.
    """
    tables = Tables(forms_of(grid, text, year), doubted={*grid.doubts, *text.doubts}, glued=text.glued)
    tables.issues.extend(grid.issues)
    first, second = grid.told(), text.told()
    if grid.shared:
        second = {place: seen for place, seen in second.items() if place not in grid.shared}
    for table, form in tables.forms.items():
        items = forms.load_forms()[form].items_of(table)
        if text.shaky:
            second = _without_shaky(items, second, grid, text)
        sides = _Sides(items, [first.get(item.at) for item in items], [second.get(item.at) for item in items])
        tables.facts[table] = tuple(_facts(tables, sides, grid, text))
        tables.issues.extend(_untold(items, tables.facts[table], grid, text))
    tables.issues = list(dict.fromkeys((*tables.issues, *_mixed(tables.forms))))
    return tables


def _without_shaky(
    items: Sequence[FormItem], second: Mapping[CellKey, SeenText], grid: Observations, text: Observations
) -> Mapping[CellKey, SeenText]:
    """The texts of the text reader, without rows that begin with blanks and are doubted or do not add up."""
    numbers = [_number(second.get(item.at)) for item in items]
    rows = ([items[cell].at for cell in each.cells] for each in broken(items[0].form, items[0].table, numbers))
    for place in (place for row in rows if text.shaky.issuperset(row) for place in row):
        text.doubt(
            place, "the first or last figure of the row is not set apart for certain, and its figures do not add up"
        )
    return {
        place: seen
        for place, seen in second.items()
        if place not in text.shaky or (place not in grid.doubts and place not in text.doubts)
    }


def _mixed(tables: Mapping[str, str]) -> Iterator[Issue]:
    if len(set(tables.values())) > 1:
        detail = ", ".join(f"{table} is {form}" for table, form in tables.items())
        yield Issue(IssueKind.MIXED_FORMS, Severity.INFO, "report", f"the tables follow different forms: {detail}")


# --------------------------------------------------------------------------------------------------------- facts


@dataclass(frozen=True, slots=True)
class _Sides:
    """The texts of both readers at the cells of a table, in form order; None where a reader has no certain text."""

    items: Sequence[FormItem]
    grid: Sequence[SeenText | None]
    text: Sequence[SeenText | None]

    def differences(self) -> set[int]:
        """Returns the indices of the cells at which the two texts have different meanings."""
        return {
            index
            for index, (one, two) in enumerate(zip(self.grid, self.text, strict=True))
            if one is not None and two is not None and one.raw != two.raw and read_cell(one.raw) != read_cell(two.raw)
        }

    def agreed(self) -> Iterator[CellKey]:
        """Yields the places of the cells that both readers saw."""
        seen = zip(self.items, self.grid, self.text, strict=True)
        return (item.at for item, one, two in seen if one is not None and two is not None)

    def seen_by(self, reader: Reader) -> list[SeenText | None]:
        """Returns the texts of one reader, completed by those of the other."""
        first, second = (self.grid, self.text) if reader == "grid" else (self.text, self.grid)
        return [two if one is None else one for one, two in zip(first, second, strict=True)]


def _facts(tables: Tables, sides: _Sides, grid: Observations, text: Observations) -> Iterator[Fact]:
    differing, units = sides.differences(), {**text.units, **grid.units}
    standing = _standing(sides, differing) if differing else "grid"
    tables.agreed.update(sides.agreed())
    for index, (item, seen) in enumerate(zip(sides.items, sides.seen_by(standing or "grid"), strict=True)):
        if index in differing:
            tables.issues.append(_disagreement(sides, index, standing))
            tables.doubted.add(item.at)
            tables.agreed.discard(item.at)
        if seen is None or (index in differing and not standing):
            yield _as_fact(item, _MISSING, None, None)
            continue
        value = _value(item, seen, text.splits)
        if value.doubt or value.unit:
            tables.issues.extend(_remarks(item, value, seen))
        yield _as_fact(item, value, seen, units.get((item.table, item.row)) if units else None)


_MISSING = CellValue(Status.MISSING)


def _value(item: FormItem, seen: SeenText, splits: Sequence[int]) -> CellValue:
    """The value of a cell. Figures with a gap between them are no number, and 37.556 is no number of a count."""
    value = read_cell(seen.raw)
    if isinstance(value.value, float) and item.type in _COUNTS and has_three_decimals(seen.raw):
        return doubted(value, "a count with decimals, or thousands set apart by a point")
    if splits and value.status is Status.NUMBER:
        at = bisect_right(splits, seen.locator.start)
        if at < len(splits) and splits[at] < seen.locator.end:
            return doubted(value, "figures with a gap between them")
    return value


def _standing(sides: _Sides, differing: set[int]) -> Reader | None:
    """The reader whose texts satisfy every identity over a differing cell, if the other's texts break one."""
    faults = {reader: _faults(sides, differing, reader) for reader in READERS}
    if bool(faults["grid"]) == bool(faults["text"]):
        return None
    return "text" if faults["grid"] else "grid"


def _faults(sides: _Sides, differing: set[int], reader: Reader) -> int:
    item = sides.items[0]
    wrong = broken(item.form, item.table, [_number(seen) for seen in sides.seen_by(reader)])
    return sum(not differing.isdisjoint(each.cells) for each in wrong)


def _number(seen: SeenText | None) -> Figure | None:
    if seen is None:
        return None
    value = read_cell(seen.raw)
    return 0 if value.nil else value.value


def _as_fact(item: FormItem, value: CellValue, seen: SeenText | None, beside: str | None) -> Fact:
    unit = value.unit or beside or item.unit
    raw, locator = (None, None) if seen is None else (seen.raw, seen.locator)
    cell = (item.form, item.table, item.row, item.column, item.number)
    return _new(Fact, (*cell, value.value, value.status, raw, unit, locator))


def _disagreement(sides: _Sides, index: int, standing: Reader | None) -> Issue:
    one, two = sides.grid[index], sides.text[index]
    assert one
    assert two
    verdict = f"the identities speak for the {standing}" if standing else "the identities do not decide, neither stands"
    detail = f"the grid shows {one.raw!r}, the order of the text {two.raw!r}; {verdict}"
    return Issue(IssueKind.READERS_DISAGREE, Severity.ERROR, sides.items[index].place, detail)


def _remarks(item: FormItem, value: CellValue, seen: SeenText) -> Iterator[Issue]:
    if value.doubt:
        detail = f"{seen.raw[:60]!r} is {value.doubt}"
        yield Issue(IssueKind.VALUE_UNREADABLE, Severity.WARNING, item.place, detail)
    if value.unit and value.unit != item.unit:
        detail = f"the cell prints {value.unit}, the form says {item.unit or 'nothing'}; the value is as printed"
        yield Issue(IssueKind.UNIT_ON_CELL, Severity.INFO, item.place, detail)


# ------------------------------------------------------------------------------------------------------- missing


def _untold(
    items: Sequence[FormItem], facts: Sequence[Fact], grid: Observations, text: Observations
) -> Iterator[Issue]:
    """The reasons of missing cells: one issue for each row, or one for a table of which nothing was found."""
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


def _doubts_in(table: str, *sights: Observations) -> bool:
    return any(place[0] == table for sight in sights for place in sight.doubts)


def _lost_row(where: str, lost: Sequence[Fact], grid: Observations, text: Observations) -> Issue:
    places = [(fact.table, fact.row, fact.column) for fact in lost]
    reasons = dict.fromkeys(reason for sight in (grid, text) for place in places if (reason := sight.doubts.get(place)))
    columns = ", ".join(fact.column for fact in lost)
    if reasons:
        detail = f"{columns}: {'; '.join(reasons)}"
        return Issue(IssueKind.AMBIGUOUS_LAYOUT, Severity.ERROR, where, detail)
    return Issue(IssueKind.ROW_MISSING, Severity.WARNING, where, f"the page shows no cell for {columns}")
