"""Two readers' sights become one set of facts: what both or one of them saw for certain, and an issue for the rest.

Where both saw the same, that is the fact; where one saw nothing, the other's. Where they saw different things the
identities decide which reading stands, and where they cannot, none does. What is not told is `missing`, with a reason.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from govcrawl.models import Fact, Issue
from govcrawl.reports import forms
from govcrawl.reports.cells import Value, interpret, several
from govcrawl.reports.choice import forms_of
from govcrawl.reports.forms import Item
from govcrawl.reports.identities import Number, broken
from govcrawl.reports.sight import Place, Seen, Sight
from govcrawl.vocabulary import IssueKind, Severity, Status

Reading = Literal["grid", "text"]


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


@dataclass(frozen=True, slots=True)
class _Pair:
    """What the two readers saw at one cell of a form; None where a reader saw nothing or cannot tell."""

    item: Item
    grid: Seen | None
    text: Seen | None

    @property
    def place(self) -> Place:
        return self.item.table, self.item.row, self.item.column

    @property
    def differs(self) -> bool:
        """Whether the two texts mean different things."""
        one, two = self.grid, self.text
        return bool(one and two and one.raw != two.raw and interpret(one.raw) != interpret(two.raw))

    def seen_by(self, first: Reading) -> Seen | None:
        """What one reader saw, else the other."""
        return (self.grid or self.text) if first == "grid" else (self.text or self.grid)


def reconcile(grid: Sight, text: Sight) -> Tables:
    """The tables of a page from what its two readers saw; empty where it holds none."""
    tables = Tables(forms_of(grid, text), doubted={*grid.doubts, *text.doubts})
    tables.issues.extend(grid.issues)
    for table, form in tables.forms.items():
        items = forms.load()[form].items_of(table)
        pairs = [_pair(item, grid, text) for item in items]
        tables.facts[table] = tuple(_facts(tables, pairs, text))
        tables.issues.extend(_untold(items, tables.facts[table], grid, text))
    tables.issues = list(dict.fromkeys((*tables.issues, *_mixed(tables.forms))))
    return tables


def _pair(item: Item, grid: Sight, text: Sight) -> _Pair:
    place = (item.table, item.row, item.column)
    second = None if place in grid.shared else _told(text, place)
    return _Pair(item, _told(grid, place), second)


def _told(sight: Sight, place: Place) -> Seen | None:
    return None if place in sight.doubts else sight.cells.get(place)


def _mixed(tables: Mapping[str, str]) -> Iterator[Issue]:
    if len(set(tables.values())) > 1:
        detail = ", ".join(f"{table} is {form}" for table, form in tables.items())
        yield Issue(IssueKind.MIXED_FORMS, Severity.INFO, "report", f"the tables follow different forms: {detail}")


# --------------------------------------------------------------------------------------------------------- facts


def _facts(tables: Tables, pairs: Sequence[_Pair], text: Sight) -> Iterator[Fact]:
    standing = _standing(pairs) if any(pair.differs for pair in pairs) else "grid"
    for pair in pairs:
        seen = pair.seen_by(standing or "grid")
        if pair.differs:
            tables.issues.append(_disagreement(pair, standing))
            tables.doubted.add(pair.place)
            seen = seen if standing else None
        elif pair.grid and pair.text:
            tables.agreed.add(pair.place)
        value = _value(seen, text) if seen else _MISSING
        if seen:
            tables.issues.extend(_remarks(pair.item, value, seen))
        yield _as_fact(pair.item, value, seen)


_MISSING = Value(Status.MISSING)


def _value(seen: Seen, text: Sight) -> Value:
    """What a cell says; a number whose figures stand apart on the page is none."""
    value = interpret(seen.raw)
    if text.splits and value.status is Status.NUMBER and seen.raw:
        at = bisect_right(text.splits, seen.locator.start)
        if at < len(text.splits) and text.splits[at] < seen.locator.end:
            return several(value)
    return value


def _standing(pairs: Sequence[_Pair]) -> Reading | None:
    """The reading under which every identity that touches a difference holds, when the other one breaks some."""
    form, table = pairs[0].item.form, pairs[0].item.table
    places = {index for index, pair in enumerate(pairs) if pair.differs}
    faults: dict[Reading, int] = {}
    for reading in ("grid", "text"):
        wrong = broken(form, table, [_number(pair.seen_by(reading)) for pair in pairs])
        faults[reading] = sum(not places.isdisjoint(each.cells) for each in wrong)
    if not faults["grid"] and faults["text"]:
        return "grid"
    return "text" if faults["grid"] and not faults["text"] else None


def _number(seen: Seen | None) -> Number | None:
    if seen is None:
        return None
    value = interpret(seen.raw)
    return 0 if value.nil else value.value


def _as_fact(item: Item, value: Value, seen: Seen | None) -> Fact:
    unit = value.unit or (seen.unit if seen and seen.unit else item.unit)
    raw, locator = (seen.raw, seen.locator) if seen else (None, None)
    return Fact(
        item.form, item.table, item.row, item.column, item.number, value.value, value.status, raw, unit, locator
    )


def _disagreement(pair: _Pair, standing: Reading | None) -> Issue:
    assert pair.grid
    assert pair.text
    verdict = f"the identities speak for the {standing}" if standing else "the identities do not decide, neither stands"
    detail = f"the grid shows {pair.grid.raw!r}, the order of the text {pair.text.raw!r}; {verdict}"
    return Issue(IssueKind.READERS_DISAGREE, Severity.ERROR, pair.item.place, detail)


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
