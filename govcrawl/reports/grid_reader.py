"""The first reader: finds statutory tables in the grids of a page by column heads and row labels.

It walks the rows of all grids in document order. The rows since the last values are heads. A row with a known label
under a known head holds values. So a statutory table may be one `<table>`, several, or a part of one. A value is where
its head and its label cross. A value that is not certain is a doubt.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import dropwhile, pairwise
from typing import NamedTuple

from govcrawl.forms import REVIEW_LITIGATION
from govcrawl.models import Issue
from govcrawl.pages.page import Cell, Grid
from govcrawl.reports.cell_values import PRINTED_UNITS, is_figure, read_cell
from govcrawl.reports.column_headers import GridRow, Head, keys_of_heads, resolve
from govcrawl.reports.labels import NOTHING, Meaning, RowRef, choose, is_meant, label_meaning
from govcrawl.reports.observations import CellKey, Observations, cells_of_row
from govcrawl.vocabulary import IssueKind, Severity, Status

CASES = RowRef(REVIEW_LITIGATION, None, "cases", None, 0)
FEWEST_CASES = 3
"""Figures. A row with so many below that of review and litigation counts as a second one."""


@dataclass(slots=True)
class _Walk:
    """The state of the walk: the row read last, the heads in force, and the places that each merged cell served."""

    sight: Observations = field(default_factory=Observations)
    last: RowRef | None = None
    heads: dict[tuple[str, str | None], tuple[int, Head]] = field(default_factory=dict)
    uses: dict[int, tuple[Cell, list[CellKey]]] = field(default_factory=dict)
    review_open: bool = False


@dataclass(slots=True)
class _Sheet:
    """The state of one grid: the head rows since its last values, and the cells that are accounted for."""

    grid: Grid
    head_rows: list[GridRow] = field(default_factory=list)
    head_closed: bool = False
    claimed: set[int] = field(default_factory=set)
    tables: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    blank_row: list[Cell] | None = None


class _Label(NamedTuple):
    """The label of a row of values: the row it names, the cells of values, and the cells of the label."""

    ref: RowRef
    values: list[Cell]
    cells: Sequence[Cell]


def read_tables_in_grids(grids: Iterable[Grid]) -> Observations:
    """Returns the observations of the statutory tables in the grids. Other grids give nothing, not even issues."""
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
    """Whether a row holds column heads and no values. A single weak word (总计) is not enough."""
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
    """The keys of heads that only review and litigation has."""
    return frozenset(keys_of_heads(REVIEW_LITIGATION)).difference(
        *(keys_of_heads(table) for table in ("applications", "proactive"))
    )


def _read_other(walk: _Walk, sheet: _Sheet, row: GridRow, said: Sequence[Meaning]) -> None:
    """Reads a row without values: the line of a group, an anchor or a title, or a part of a head that no form knows."""
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
    """Whether a text excludes its row from the heads (habits-column-numbers, habits-row-of-units)."""
    return raw in PRINTED_UNITS or is_figure(raw)


# ---------------------------------------------------------------------------------------------------- row labels


def _label_of(walk: _Walk, sheet: _Sheet, cells: Sequence[Cell], said: Sequence[Meaning]) -> _Label | None:
    """The label of a row: the last text from the left, behind labels of groups, that names a row of values."""
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
    """A label that a cell border cuts in two, with the index of its second cell (habits-label-in-two-cells)."""
    for index, (cell, behind) in enumerate(pairwise(cells)):
        if _is_word(cell) and _is_word(behind):
            meant = label_meaning(cell.raw + behind.raw)
            ref = None if meant.glued else choose(_in_play(walk, sheet, meant.rows), walk.last)
            if ref and not ref.groups_only:
                return index + 1, ref
    return None


def _in_play(walk: _Walk, sheet: _Sheet, refs: Sequence[RowRef]) -> Sequence[RowRef]:
    """The rows of a label whose table has heads in force, if the label belongs to several tables."""
    if len(refs) == 1 or len({ref.table for ref in refs}) <= 1:
        return refs
    return [ref for ref in refs if _head_for(walk, sheet, ref)]


# -------------------------------------------------------------------------------------------------------- values


def _head_for(walk: _Walk, sheet: _Sheet, ref: RowRef) -> tuple[int, Head] | None:
    """The head in force for a row: that of the rows above it in this grid, else the earlier one of its table."""
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
    """The ids of the head cells that identified the columns, parts of words included."""
    return (id(cell) for row in rows for start, end in head.spans for cell in row[start:end] if cell)


def _goes_on(walk: _Walk, sheet: _Sheet, ref: RowRef) -> bool:
    """Whether a grid without heads continues the table of the grid before it (joined-split-2019, mixed-2019-2021-1)."""
    return ref.table in sheet.tables or (
        walk.last is not None and walk.last.table == ref.table and walk.last.order < ref.order
    )


def _vote(sight: Observations, ref: RowRef, head: Head) -> None:
    for form in (head.form, *head.also):
        sight.votes[ref.table][form] += len(head.columns)
    where = f"{ref.table}.{ref.block}" if ref.block else ref.table
    if head.repeated:
        detail = "a column head stands twice under one name; the columns were told by the order of the form"
        sight.issues.append(Issue(IssueKind.LABEL_UNKNOWN, Severity.WARNING, where, detail))
    if head.missing:
        detail = f"no head was found for {', '.join(head.missing)}"
        sight.issues.append(Issue(IssueKind.LABEL_UNKNOWN, Severity.WARNING, where, detail))


def _read_values(walk: _Walk, sheet: _Sheet, number: int, label: _Label) -> bool:
    """Keeps the values of a labelled row. Returns False if no head of its table is in force."""
    held = _head_for(walk, sheet, label.ref)
    if held is None:
        if any(is_figure(cell.raw) for cell in label.values):
            walk.sight.unheaded.add((label.ref.table, label.ref.key))
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
    """Returns the value cell under each head; None if the pairs are not certain.

    `drifted` means that grid columns mean little here (a short row, or a head from another grid).
    """
    spans = head.spans
    if [cell.column for cell in values] == head.starts:  # the common case, tested first for speed
        return values
    if len(values) == len(spans) and all(map(_overlaps, values, spans)):  # rows-proactive-spans-shifted
        return values
    under = [[cell for cell in values if _overlaps(cell, span)] for span in spans]
    if all(len(cells) == 1 for cells in under):  # more cells than heads, such as units: annex-f2014_stat-codes
        chosen = [cells[0] for cells in under]
        if _nothing_left(head, values, chosen):  # test_values_are_paired_with_the_heads_they_stand_under
            return chosen
    # The label covers fewer columns than its head: rows-applications-labels-narrow. A missing head or a leading blank
    # leaves open which value is absent: test_where_places_mean_little_the_order_counts_if_nothing_is_lost.
    if drifted and len(values) == len(spans) and not head.missing and values[0].raw:
        return values
    return None


def _nothing_left(head: Head, values: Iterable[Cell], chosen: Iterable[Cell]) -> bool:
    """Whether every cell that is not chosen is under the head of another column.

    Blank cells do not count, unless a head is missing: then a blank may be a value of the missing column.
    """
    taken = set(map(id, chosen))
    spans = (*head.others, *([head.unit] if head.unit else []))
    first = head.starts[0] if head.missing else sys.maxsize  # test_a_blank_beyond_lost_heads_leaves_everything_open
    left = [cell for cell in values if id(cell) not in taken and (cell.raw or cell.column >= first)]
    return all(any(_overlaps(cell, span) for span in spans) for cell in left)


def _doubt_shared(walk: _Walk) -> None:
    """Doubts the places that share one merged cell, unless its text means nothing or zero."""
    for cell, served in walk.uses.values():
        # rows-proactive-one-cell-two-rows, rows-proactive-one-zero-two-rows
        if len(served) > 1 and not read_cell(cell.raw).nil:
            for place in served:
                walk.sight.doubt(place, f"one cell {cell.raw!r} stands for {len(served)} places")
            walk.sight.shared.update(served)


# ------------------------------------------------------------------------------------------- review and litigation


def _is_another(sheet: _Sheet, cells: Sequence[Cell]) -> bool:
    """Whether a row below that of review and litigation is another one of them (habits-cases-of-two-years)."""
    return sheet.tables[-1:] == [REVIEW_LITIGATION] and sum(is_figure(cell.raw) for cell in cells) >= FEWEST_CASES


def _read_cases(walk: _Walk, sheet: _Sheet, number: int, cells: Sequence[Cell]) -> bool:
    """Keeps a row under the heads of review and litigation, with any label. Returns False if it is no such row."""
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
    """Whether a row only numbers the columns: 1, 2, 3 (habits-column-numbers-of-cases)."""
    figures = [read_cell(cell.raw).value for cell in cells if is_figure(cell.raw)]
    return len(figures) >= FEWEST_CASES and figures == list(range(1, len(figures) + 1))


def _is_word(cell: Cell) -> bool:
    return bool(cell.raw) and not is_figure(cell.raw) and not read_cell(cell.raw).nil


def _close_review(walk: _Walk, sheet: _Sheet) -> None:
    """Takes a blank row as the values of review and litigation, if it has no other (cells-blank-all-review)."""
    if walk.review_open and sheet.blank_row and (held := _head_for(walk, sheet, CASES)):
        walk.review_open = False
        values = pair(held[1], sheet.blank_row)
        _keep(walk, sheet, _Label(CASES, sheet.blank_row, []), held[1], values)
        sheet.tables.append(REVIEW_LITIGATION)


# ----------------------------------------------------------------------------------------------------- unclaimed


def _unclaimed(sheet: _Sheet) -> list[Issue]:
    """Returns an issue for each text of a recognised table that no rule accounts for."""
    if not sheet.tables:
        return []
    claimed = sheet.claimed
    left = {id(cell): cell for cell in sheet.cells if id(cell) not in claimed and cell.raw}
    return [_unclaimed_cell(cell) for cell in left.values() if not _says_nothing(cell.raw)]


def _says_nothing(raw: str) -> bool:
    """Whether a text needs no issue: a known label, or a slash through an empty place."""
    return label_meaning(raw).known or read_cell(raw).status is Status.SLASH


def _unclaimed_cell(cell: Cell) -> Issue:
    place = cell.locator
    severity = Severity.WARNING if is_figure(cell.raw) else Severity.INFO
    where = f"table {place.table}, row {place.row}, cell {place.cell}"
    return Issue(IssueKind.CELL_UNCLAIMED, severity, where, f"{cell.raw[:60]!r} is no label, value or note of the form")
