"""The first reader: statutory tables found in a page's grids by their heads and row labels, spans expanded.

It walks the rows of all grids in document order and keeps what it met: the rows since the last values are heads, a row
that carries a known label under a known head gives values. So it does not matter whether a statutory table is one
`<table>`, several, or a part of one. A value is where its head and its label cross; what cannot be told is a doubt.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import dropwhile, pairwise
from typing import NamedTuple

from govcrawl.models import Issue
from govcrawl.pages.page import Cell, Grid
from govcrawl.reports.cell_values import PRINTED_UNITS, is_figure, read_cell
from govcrawl.reports.column_headers import GridRow, Head, keys_of_heads, resolve
from govcrawl.reports.labels import NOTHING, Meaning, RowRef, choose, is_meant, label_meaning
from govcrawl.reports.observations import CellKey, Observations, cells_of_row
from govcrawl.vocabulary import IssueKind, Severity, Status

REVIEW = "review_litigation"
CASES = RowRef(REVIEW, None, "cases", None, 0)
FEWEST_CASES = 3
"""Figures that a row has which is taken for a second one of review and litigation."""


@dataclass(slots=True)
class _Walk:
    """What is known so far: the row read last, the heads in force, and which cells served as which places."""

    sight: Observations = field(default_factory=Observations)
    last: RowRef | None = None
    heads: dict[tuple[str, str | None], tuple[int, Head]] = field(default_factory=dict)
    uses: dict[int, tuple[Cell, list[CellKey]]] = field(default_factory=dict)
    review_open: bool = False


@dataclass(slots=True)
class _Sheet:
    """One grid being read: the head rows since its last values, and the cells that are accounted for."""

    grid: Grid
    head_rows: list[GridRow] = field(default_factory=list)
    head_closed: bool = False
    claimed: set[int] = field(default_factory=set)
    tables: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    blank_row: list[Cell] | None = None


class _Label(NamedTuple):
    """The label of a row of values: what it names, and the cells from which on the values stand."""

    ref: RowRef
    values: list[Cell]
    cells: Sequence[Cell]


def read_tables_in_grids(grids: Iterable[Grid]) -> Observations:
    """What the grids show of the statutory tables; grids that show none are left alone."""
    walk = _Walk()
    for grid in grids:
        sheet = _Sheet(grid)
        for number, row in enumerate(grid.rows):
            _read_row(walk, sheet, number, row)
        _close_review(walk, sheet)
        walk.sight.issues.extend(_unclaimed(sheet))
    _doubt_shared(walk)
    return walk.sight


def _read_row(walk: _Walk, sheet: _Sheet, number: int, row: GridRow) -> None:
    cells = _distinct(row)
    sheet.cells.extend(cells)
    texts = [cell.raw for cell in cells]
    if not any(texts):
        sheet.blank_row = sheet.blank_row or cells
        return
    said = list(map(label_meaning, texts))
    if _is_head(texts, said):
        _keep_head(walk, sheet, row, said)
        return
    label = _label_of(walk, sheet, cells, said)
    if label and _read_values(walk, sheet, number, label):
        return
    if (walk.review_open or _is_another(sheet, cells)) and _read_cases(walk, sheet, number, cells):
        return
    _read_other(walk, sheet, row, said)


def _distinct(row: GridRow) -> list[Cell]:
    """The visible cells of a grid row, each once."""
    cells: list[Cell] = []
    before = None
    for cell in row:
        if cell is not before and cell is not None and not cell.hidden:
            cells.append(cell)
        before = cell
    return cells


def _is_head(texts: Sequence[str], said: Sequence[Meaning]) -> bool:
    """Whether a row holds column heads and no values: a column's own word, or two that may be one."""
    heads = [meant for meant in said if meant is not NOTHING and (meant.head or (meant.group and not meant.rows))]
    if not heads or (len(heads) == 1 and heads[0].weak):
        return False
    return not any(map(is_figure, filter(None, texts)))


def _keep_head(walk: _Walk, sheet: _Sheet, row: GridRow, said: Sequence[Meaning]) -> None:
    if sheet.head_closed:
        sheet.head_rows, sheet.head_closed = [], False
    sheet.head_rows.append(row)
    sheet.blank_row = None
    walk.review_open = walk.review_open or any(meant.group or meant.key in _results() for meant in said)


@cache
def _results() -> frozenset[str]:
    """The keys of heads that stand over review and litigation and over no other table."""
    return frozenset(keys_of_heads(REVIEW)).difference(
        *(keys_of_heads(table) for table in ("applications", "proactive"))
    )


def _read_other(walk: _Walk, sheet: _Sheet, row: GridRow, said: Sequence[Meaning]) -> None:
    """A row without values: a group's own line, an anchor or a title, or a part of a head that no form knows."""
    groups = [ref for meant in said for ref in meant.rows if ref.groups_only]
    if groups:
        walk.last = choose(groups, walk.last) or walk.last
    elif any(cell and _is_no_head(cell.raw) for cell in row):
        return
    elif any(meant.anchor or meant.silent or meant.title for meant in said):
        sheet.head_rows, sheet.head_closed = [row], False
    elif sheet.head_rows and not sheet.head_closed:
        sheet.head_rows.append(row)


def _is_no_head(raw: str) -> bool:
    """Whether a text shows that its row is no part of a head: a figure, or a unit in a cell of its own."""
    return raw in PRINTED_UNITS or is_figure(raw)


# ---------------------------------------------------------------------------------------------------- row labels


def _label_of(walk: _Walk, sheet: _Sheet, cells: Sequence[Cell], said: Sequence[Meaning]) -> _Label | None:
    """The label of a row: the innermost text from the left that names a row of values, groups before it passed."""
    groups: list[str] = []
    found: tuple[int, RowRef] | None = None
    for index, meant in enumerate(said):
        if not meant.rows:
            if found and cells[index].raw:
                break
            continue
        ref = choose(_in_play(walk, sheet, meant.rows), walk.last, groups)
        if ref is None or not is_meant(meant, ref, walk.last, groups):
            break
        groups.append(ref.key)
        if not ref.groups_only:
            found = index, ref
    found = found or _label_in_pieces(walk, sheet, cells)
    if not found:
        return None
    index, ref = found
    return _Label(ref, list(cells[index + 1 :]), list(cells[: index + 1]))


def _label_in_pieces(walk: _Walk, sheet: _Sheet, cells: Sequence[Cell]) -> tuple[int, RowRef] | None:
    """A label that was cut in two by the border between two cells, and the second of them."""
    for index, (cell, behind) in enumerate(pairwise(cells)):
        if _is_word(cell) and _is_word(behind):
            meant = label_meaning(cell.raw + behind.raw)
            ref = None if meant.glued else choose(_in_play(walk, sheet, meant.rows), walk.last)
            if ref and not ref.groups_only:
                return index + 1, ref
    return None


def _in_play(walk: _Walk, sheet: _Sheet, refs: Sequence[RowRef]) -> Sequence[RowRef]:
    """Of rows that several tables have under one label, those of the tables whose heads are in force."""
    if len(refs) == 1 or len({ref.table for ref in refs}) <= 1:
        return refs
    return [ref for ref in refs if _head_for(walk, sheet, ref)]


# -------------------------------------------------------------------------------------------------------- values


def _head_for(walk: _Walk, sheet: _Sheet, ref: RowRef) -> tuple[int, Head] | None:
    """The head in force for a row: that of the rows above it in this grid, else the one its table had before."""
    place = ref.table, ref.block
    held = walk.heads.get(place)
    if sheet.head_rows and (held is None or not sheet.head_closed):
        head = resolve(sheet.head_rows, *place)
        if head:
            held = walk.heads[place] = (sheet.grid.table, head)
            sheet.claimed.update(_under_heads(sheet.head_rows, head))
            _vote(walk.sight, ref, head)
            walk.review_open = False
    return held if held and (held[0] == sheet.grid.table or _goes_on(walk, sheet, ref)) else None


def _under_heads(rows: Iterable[GridRow], head: Head) -> Iterator[int]:
    """The head cells that the columns were told by, parts of words among them."""
    return (id(cell) for row in rows for start, end in head.spans for cell in row[start:end] if cell)


def _goes_on(walk: _Walk, sheet: _Sheet, ref: RowRef) -> bool:
    """Whether a grid without a head of its own goes on with the table that the grid before broke off."""
    return ref.table in sheet.tables or (
        walk.last is not None and walk.last.table == ref.table and walk.last.order < ref.order
    )


def _vote(sight: Observations, ref: RowRef, head: Head) -> None:
    sight.votes[ref.table][head.form] += len(head.columns)
    where = f"{ref.table}.{ref.block}" if ref.block else ref.table
    if head.repeated:
        detail = "a column head stands twice under one name; the columns were told by the order of the form"
        sight.issues.append(Issue(IssueKind.LABEL_UNKNOWN, Severity.WARNING, where, detail))
    if head.missing:
        detail = f"no head was found for {', '.join(head.missing)}"
        sight.issues.append(Issue(IssueKind.LABEL_UNKNOWN, Severity.WARNING, where, detail))


def _read_values(walk: _Walk, sheet: _Sheet, number: int, label: _Label) -> bool:
    """Keep the values of a labelled row; False where no head of its table is in force: then it is no such row."""
    held = _head_for(walk, sheet, label.ref)
    if held is None:
        return False
    table, head = held
    sheet.head_closed = True
    walk.last = label.ref
    if label.ref.known_extra:
        sheet.claimed.update(map(id, label.values))
    else:
        drifted = table != sheet.grid.table or number in sheet.grid.ragged
        _keep(walk, sheet, label, head, pair(head, label.values, drifted=drifted))
    sheet.claimed.update(map(id, label.cells))
    sheet.tables.append(label.ref.table)
    return True


def _keep(walk: _Walk, sheet: _Sheet, label: _Label, head: Head, values: Sequence[Cell] | None) -> None:
    ref = label.ref
    if values is None:
        if any(cell.raw for cell in label.values):
            sheet.claimed.update(map(id, label.values))
            for place in cells_of_row(ref.table, ref.key, head.columns):
                walk.sight.doubt(place, "the row's cells do not stand under the heads one by one")
        return
    unit = _unit(head, label.values)
    if unit:
        walk.sight.units[ref.table, ref.key] = unit.raw
    row = cells_of_row(ref.table, ref.key, head.columns)
    walk.sight.add_row(row, values)
    for place, cell in zip(row, values, strict=True):
        if cell.rowspan > 1 or cell.colspan > 1:
            walk.uses.setdefault(id(cell), (cell, []))[1].append(place)
    sheet.claimed.update(map(id, (*values, unit)))


def _unit(head: Head, values: Iterable[Cell]) -> Cell | None:
    if head.unit is None:
        return None
    return next((cell for cell in values if cell.raw and _overlaps(cell, head.unit)), None)


def _overlaps(cell: Cell, span: tuple[int, int]) -> bool:
    return cell.column < span[1] and cell.column + cell.colspan > span[0]


def pair(head: Head, values: Sequence[Cell], *, drifted: bool = False) -> Sequence[Cell] | None:
    """The value cell under each head, or None where that cannot be told.

    Cells are paired one by one where each stands under its head, though the spans be shifted against each other; else
    by place alone, where every head has exactly one cell and nothing is left over. `drifted` says that places mean
    little here (a short row, a head from another grid): then as many cells as heads are paired in their order.
    """
    spans = head.spans
    if [cell.column for cell in values] == head.starts:
        return values
    if len(values) == len(spans) and all(map(_overlaps, values, spans)):
        return values
    under = [[cell for cell in values if _overlaps(cell, span)] for span in spans]
    if all(len(cells) == 1 for cells in under):
        chosen = [cells[0] for cells in under]
        if _nothing_left(head, values, chosen):
            return chosen
    if drifted and len(values) == len(spans) and not head.missing and values[0].raw:
        return values
    return None


def _nothing_left(head: Head, values: Iterable[Cell], chosen: Iterable[Cell]) -> bool:
    """Whether every text that is not under a head stands under some other column's head.

    Where heads are missing, a blank among the values may be theirs: then it has to stand under some head too.
    """
    taken = set(map(id, chosen))
    spans = (*head.others, *([head.unit] if head.unit else []))
    first = head.starts[0] if head.missing else sys.maxsize
    left = [cell for cell in values if id(cell) not in taken and (cell.raw or cell.column >= first)]
    return all(any(_overlaps(cell, span) for span in spans) for cell in left)


def _doubt_shared(walk: _Walk) -> None:
    """A text that serves several places is told only where it says that there is nothing."""
    for cell, served in walk.uses.values():
        if len(served) > 1 and not read_cell(cell.raw).nil:
            for place in served:
                walk.sight.doubt(place, f"one cell {cell.raw!r} stands for {len(served)} places")
            walk.sight.shared.update(served)


# ------------------------------------------------------------------------------------------- review and litigation


def _is_another(sheet: _Sheet, cells: Sequence[Cell]) -> bool:
    """Whether a row right below that of review and litigation is one more of them: of another year, another body."""
    return sheet.tables[-1:] == [REVIEW] and sum(is_figure(cell.raw) for cell in cells) >= FEWEST_CASES


def _read_cases(walk: _Walk, sheet: _Sheet, number: int, cells: Sequence[Cell]) -> bool:
    """Keep a row under the heads of review and litigation, whatever its label."""
    if not any(cell.raw and not _is_word(cell) for cell in cells) or _numbers_columns(cells):
        return False
    held = _head_for(walk, sheet, CASES)
    if held is None:
        return False
    head = held[1]
    values = [cell for cell in cells if cell.column >= head.starts[0]]
    if len(values) > len(head.columns):
        values = list(dropwhile(_is_word, values))
    walk.review_open = False
    return _read_values(walk, sheet, number, _Label(CASES, values, cells[: len(cells) - len(values)]))


def _numbers_columns(cells: Sequence[Cell]) -> bool:
    """Whether a row does nothing but number the columns: 1, 2, 3 …."""
    figures = [read_cell(cell.raw).value for cell in cells if is_figure(cell.raw)]
    return len(figures) >= FEWEST_CASES and figures == list(range(1, len(figures) + 1))


def _is_word(cell: Cell) -> bool:
    return bool(cell.raw) and not is_figure(cell.raw) and not read_cell(cell.raw).nil


def _close_review(walk: _Walk, sheet: _Sheet) -> None:
    """Take a blank row under the heads for the row of values when nothing else came."""
    if walk.review_open and sheet.blank_row and (held := _head_for(walk, sheet, CASES)):
        walk.review_open = False
        values = pair(held[1], sheet.blank_row)
        _keep(walk, sheet, _Label(CASES, sheet.blank_row, []), held[1], values)
        sheet.tables.append(REVIEW)


# ----------------------------------------------------------------------------------------------------- unclaimed


def _unclaimed(sheet: _Sheet) -> list[Issue]:
    """An issue for each text of a recognised table that no rule accounts for."""
    if not sheet.tables:
        return []
    claimed = sheet.claimed
    left = {id(cell): cell for cell in sheet.cells if id(cell) not in claimed and cell.raw}
    return [_unclaimed_cell(cell) for cell in left.values() if not _says_nothing(cell.raw)]


def _says_nothing(raw: str) -> bool:
    """Whether a text beside the values needs no account: a form's own word, or a stroke through an empty place."""
    return label_meaning(raw).known or read_cell(raw).status is Status.SLASH


def _unclaimed_cell(cell: Cell) -> Issue:
    place = cell.locator
    severity = Severity.WARNING if is_figure(cell.raw) else Severity.INFO
    where = f"table {place.table}, row {place.row}, cell {place.cell}"
    return Issue(IssueKind.CELL_UNCLAIMED, severity, where, f"{cell.raw[:60]!r} is no label, value or note of the form")
