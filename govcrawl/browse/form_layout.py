"""A statutory table laid out as the form prints it: heads of up to three levels, row groups, and a place per cell.

Everything comes from the forms; the layout holds no values. A line of the table is a list of cells: head cells with
their spans, and value cells with the keys of their place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from govcrawl import forms
from govcrawl.forms import FormColumn, FormRow, FormTable, TableBlock
from govcrawl.forms.form import PER_ROW


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A head cell."""

    text: str  # as the form prints it
    columns: int = 1  # columns that it spans
    rows: int = 1  # rows that it spans
    scope: str = "col"  # HTML scope of the cell; empty where it heads nothing


@dataclass(frozen=True, slots=True)
class RowLabel(HeadCell):
    """A row label."""

    scope: str = "row"  # HTML scope of the cell; empty where it heads nothing
    depth: int = 0  # how far it is indented


@dataclass(frozen=True, slots=True)
class ValueCell:
    """The place of a value."""

    row: str  # key of its row in the form
    column: str  # key of its column in the form
    columns: int = 1  # columns that it spans


LayoutLine = list[HeadCell | ValueCell]
"""A line of a table, without the places that a cell above or to the left spans."""


@dataclass(frozen=True, slots=True)
class FormLayout:
    """A statutory table: its title, and the lines of its head and its body."""

    title: str
    head: list[list[HeadCell]]
    body: list[LayoutLine]


@cache
def form_layout(form: str, table: str) -> FormLayout:
    """The layout of a table of a form; KeyError where there is no such table."""
    found = forms.load_forms()[form].table(table)
    if found.orientation == "blocks":
        width = 1 + max(len(block.columns) for block in found.blocks)
        return FormLayout(found.title, [], [line for block in found.blocks for line in _block(block, found, width)])
    (block,) = found.blocks
    if found.orientation == "columns":
        body: list[LayoutLine] = [[_value(row, column) for column in block.columns] for row in block.rows if row.data]
        return FormLayout(found.title, _heads(block.columns), body)
    if any(column.unit == PER_ROW for column in block.columns):
        return _list(block, found)
    return _grouped(block, found)


@cache
def label_of(table: str, key: str) -> str:
    """The label of a row or column in the latest form that has it; the key itself where none does.

    A column is named with the heads above it.
    """
    for form in forms.load_forms().values():
        if table in form.table_keys:
            found = form.table(table)
            names = {row.key: row.label for row in found.rows}
            names |= {column.key: " / ".join((*column.groups, column.label)) for column in found.columns}
            if key in names:
                return names[key]
    return key


def _value(row: FormRow, column: FormColumn, columns: int = 1) -> ValueCell:
    return ValueCell(row.key, column.key, columns)


# ------------------------------------------------------------------------------------------------------- blocks


def _block(block: TableBlock, table: FormTable, width: int) -> list[LayoutLine]:
    """A block: its anchor across the table, its own heads, its rows; the last column takes the rest of a line."""
    spans = [1] * len(block.columns)
    spans[-1] += width - 1 - len(block.columns)
    columns = list(zip(block.columns, spans, strict=True))
    corner = HeadCell(table.ignored[0] if table.ignored else "")
    lines: list[LayoutLine] = [[HeadCell(block.anchor, width, scope="colgroup")]] if block.anchor else []
    lines.append([corner, *(HeadCell(column.label, span) for column, span in columns)])
    lines += [[RowLabel(row.label), *(_value(row, column, span) for column, span in columns)] for row in block.rows]
    return lines


# -------------------------------------------------------------------------------------------------------- heads


def _heads(columns: Sequence[FormColumn]) -> list[list[HeadCell]]:
    """The heads of columns, a line a level: a group spans its columns, and the levels that it has no groups for."""
    height = 1 + max(len(column.groups) for column in columns)
    return [[cell for cell in _level(columns, level, height) if cell] for level in range(height)]


def _level(columns: Sequence[FormColumn], level: int, height: int) -> list[HeadCell | None]:
    return [_head(columns, place, level, height) for place in range(len(columns))]


def _head(columns: Sequence[FormColumn], place: int, level: int, height: int) -> HeadCell | None:
    """The head that starts in a column at a level; None where one from the left or from above covers the place."""
    groups = columns[place].groups
    if level >= len(groups):
        starts = level == (height - 1 if groups else 0)
        return HeadCell(columns[place].label, rows=1 if groups else height) if starts else None
    group = groups[: level + 1]
    if place and columns[place - 1].groups[: level + 1] == group:
        return None
    span = next((n for n, column in enumerate(columns[place:]) if column.groups[: level + 1] != group), None)
    rows = height - len(groups) if level == len(groups) - 1 else 1
    return HeadCell(groups[level], span or len(columns) - place, rows, "colgroup")


# --------------------------------------------------------------------------------------------------------- rows


def _grouped(block: TableBlock, table: FormTable) -> FormLayout:
    """Rows in groups: a group stands once beside its rows, a label takes the levels that it has no groups for."""
    lineages = {row.key: _lineage(block, row) for row in block.rows}
    depth = max(map(len, lineages.values()))
    body: list[LayoutLine] = []
    shown: set[str] = set()
    for row in block.rows:
        if row.data:
            groups = lineages[row.key][:-1]
            fresh = [group for group in groups if group.key not in shown]
            shown.update(group.key for group in fresh)
            heads = [HeadCell(group.label, rows=_size(block, group), scope="rowgroup") for group in fresh]
            label = RowLabel(row.label, columns=depth - len(groups))
            body.append([*heads, label, *(_value(row, column) for column in block.columns)])
    return FormLayout(table.title, _heads_with_corner(block.columns, table, depth), body)


def _heads_with_corner(columns: Sequence[FormColumn], table: FormTable, depth: int) -> list[list[HeadCell]]:
    """The heads with the note in their corner and, where the form prints one, the line above them all."""
    heads = _heads(columns)
    notes = [text for text in table.ignored if text.startswith("(")]
    above = [text for text in table.ignored if not text.startswith("(")][:1]
    if above:
        heads.insert(0, [HeadCell(above[0], len(columns), scope="colgroup")])
    heads[0].insert(0, HeadCell("".join(notes), depth, len(heads), ""))
    return heads


def _lineage(block: TableBlock, row: FormRow) -> list[FormRow]:
    """The groups that a row belongs to, the outermost first, and the row."""
    rows = {each.key: each for each in block.rows}
    lineage = [row]
    while parent := lineage[0].parent:
        lineage.insert(0, rows[parent])
    return lineage


def _size(block: TableBlock, group: FormRow) -> int:
    return sum(row.data and group in _lineage(block, row)[:-1] for row in block.rows)


def _list(block: TableBlock, table: FormTable) -> FormLayout:
    """Rows one below the other, each with its own unit, indented by their depth; a group has no values."""
    label, unit = (*table.ignored, "", "")[:2]
    body: list[LayoutLine] = []
    for row in block.rows:
        depth = len(_lineage(block, row)) - 1
        if row.data:
            values = (_value(row, column) for column in block.columns)
            body.append([RowLabel(row.label, depth=depth), HeadCell(row.unit or "", scope=""), *values])
        else:
            body.append([RowLabel(row.label, columns=2 + len(block.columns), depth=depth)])
    head = [HeadCell(label), HeadCell(unit), *(HeadCell(column.label) for column in block.columns)]
    return FormLayout(table.title, [head], body)
