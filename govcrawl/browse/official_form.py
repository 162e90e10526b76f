"""A statutory table laid out as the form prints it: heads of up to three levels, row groups, and a place per cell.

Everything comes from `reports/forms`; the layout holds no values. A line is a list of cells: a head cell is
`{"text", "columns", "rows", "scope"}` with its spans, a value cell `{"row", "column", "columns"}` with the
keys of its place and how many columns it spans.
"""

from collections.abc import Sequence
from functools import cache

from govcrawl import forms
from govcrawl.browse.page import Content
from govcrawl.forms import FormColumn, FormRow, FormTable, TableBlock
from govcrawl.forms.form import PER_ROW

Line = list[Content]


@cache
def layout(form: str, table: str) -> Content:
    """A table of a form as `{"title", "head", "body"}`, lines both; KeyError where there is no such table."""
    found = forms.load_forms()[form].table(table)
    return {"title": found.title, **_laid_out(found)}


@cache
def label_of(table: str, key: str) -> str:
    """What the latest form with a table of this name calls one of its rows or columns; the key itself where none does.

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


def _laid_out(table: FormTable) -> Content:
    if table.orientation == "blocks":
        width = 1 + max(len(block.columns) for block in table.blocks)
        return {"head": [], "body": [line for block in table.blocks for line in _block(block, table, width)]}
    (block,) = table.blocks
    if table.orientation == "columns":
        body: list[Line] = [[_value(row, column) for column in block.columns] for row in block.rows if row.data]
        return {"head": _heads(block.columns), "body": body}
    if any(column.unit == PER_ROW for column in block.columns):
        return _list(block, table)
    return _grouped(block, table)


def _head(text: str, columns: int = 1, rows: int = 1, scope: str = "col", **more: object) -> Content:
    return {"text": text, "columns": columns, "rows": rows, "scope": scope, **more}


def _value(row: FormRow, column: FormColumn, columns: int = 1) -> Content:
    return {"row": row.key, "column": column.key, "columns": columns}


# ------------------------------------------------------------------------------------------------------- blocks


def _block(block: TableBlock, table: FormTable, width: int) -> list[Line]:
    """A block: its anchor across the table, its own heads, its rows; the last column takes what is left of a line."""
    spans = [1] * len(block.columns)
    spans[-1] += width - 1 - len(block.columns)
    columns = list(zip(block.columns, spans, strict=True))
    corner = _head(table.ignored[0] if table.ignored else "")
    lines: list[Line] = [[_head(block.anchor, columns=width, scope="colgroup")]] if block.anchor else []
    lines.append([corner, *(_head(column.label, columns=span) for column, span in columns)])
    lines += [[_label(row), *(_value(row, column, span) for column, span in columns)] for row in block.rows]
    return lines


def _label(row: FormRow, columns: int = 1, depth: int = 0) -> Content:
    return _head(row.label, columns=columns, scope="row", depth=depth)


# -------------------------------------------------------------------------------------------------------- heads


def _heads(columns: Sequence[FormColumn]) -> list[Line]:
    """The heads of columns, a line a level: a group spans its columns, and the levels that it has no groups for."""
    height = 1 + max(len(column.groups) for column in columns)
    return [[cell for cell in _level(columns, level, height) if cell] for level in range(height)]


def _level(columns: Sequence[FormColumn], level: int, height: int) -> list[Content | None]:
    return [_head_cell(columns, place, level, height) for place in range(len(columns))]


def _head_cell(columns: Sequence[FormColumn], place: int, level: int, height: int) -> Content | None:
    """The head that starts in a column at a level; None where one from the left or from above covers the place."""
    groups = columns[place].groups
    if level >= len(groups):
        starts = level == (height - 1 if groups else 0)
        return _head(columns[place].label, rows=1 if groups else height) if starts else None
    group = groups[: level + 1]
    if place and columns[place - 1].groups[: level + 1] == group:
        return None
    span = next((n for n, column in enumerate(columns[place:]) if column.groups[: level + 1] != group), None)
    rows = height - len(groups) if level == len(groups) - 1 else 1
    return _head(groups[level], columns=span or len(columns) - place, rows=rows, scope="colgroup")


# --------------------------------------------------------------------------------------------------------- rows


def _grouped(block: TableBlock, table: FormTable) -> Content:
    """Rows in groups: a group stands once beside its rows, a label takes the levels that it has no groups for."""
    lineages = {row.key: _lineage(block, row) for row in block.rows}
    depth = max(map(len, lineages.values()))
    body: list[Line] = []
    shown: set[str] = set()
    for row in block.rows:
        if row.data:
            groups = lineages[row.key][:-1]
            fresh = [group for group in groups if group.key not in shown]
            shown.update(group.key for group in fresh)
            line = [_head(group.label, rows=_size(block, group), scope="rowgroup") for group in fresh]
            body.append([*line, _label(row, depth - len(groups)), *(_value(row, column) for column in block.columns)])
    return {"head": _cornered(block.columns, table, depth), "body": body}


def _cornered(columns: Sequence[FormColumn], table: FormTable, depth: int) -> list[Line]:
    """The heads with the note in their corner and, where the form prints one, the line above them all."""
    heads = _heads(columns)
    notes = [text for text in table.ignored if text.startswith("(")]
    above = [text for text in table.ignored if not text.startswith("(")][:1]
    if above:
        heads.insert(0, [_head(above[0], columns=len(columns), scope="colgroup")])
    heads[0].insert(0, _head("".join(notes), columns=depth, rows=len(heads), scope=""))
    return heads


def _lineage(block: TableBlock, row: FormRow) -> list[FormRow]:
    rows = {each.key: each for each in block.rows}
    lineage = [row]
    while parent := lineage[0].parent:
        lineage.insert(0, rows[parent])
    return lineage


def _size(block: TableBlock, group: FormRow) -> int:
    return sum(row.data and group in _lineage(block, row)[:-1] for row in block.rows)


def _list(block: TableBlock, table: FormTable) -> Content:
    """Rows one below the other, each with its own unit, further in the deeper they stand; a group has no values."""
    label, unit = (*table.ignored, "", "")[:2]
    body: list[Line] = []
    for row in block.rows:
        depth = len(_lineage(block, row)) - 1
        if row.data:
            cells: Line = [_value(row, column) for column in block.columns]
            body.append([_label(row, depth=depth), _head(row.unit or "", scope=""), *cells])
        else:
            body.append([_label(row, columns=2 + len(block.columns), depth=depth)])
    return {"head": [[_head(label), _head(unit), *(_head(column.label) for column in block.columns)]], "body": body}
