"""The layout of a statutory table: boxes with spans, made from the form's data, before any mark-up.

Column heads have up to three levels with spans over columns and rows. Row groups span their rows. The blocks of the
second table are one under the other and equally wide. `markup.py` turns the boxes into HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from govcrawl.forms import FormColumn, FormRow, FormTable, TableBlock
from govcrawl.replica.annual_reports.printed_cells import PrintedCell

_CORNER = "信息内容"
_LABEL_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class TableBox:
    """A cell with its spans; `head` marks a column head."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    head: bool = False


TableBoxRow = tuple[TableBox, ...]
_Cells = Mapping[str, PrintedCell]


def lay_out_table(table: FormTable, cells: _Cells, labels: Mapping[str, str]) -> tuple[tuple[TableBoxRow, ...], ...]:
    """The rows of a table by part: a block with its own heads is a part, most tables have one part.

    `labels` are column heads that are worded otherwise than the form's, by `block.column`.
    """
    if labels:
        table = replace(table, blocks=tuple(_relabelled(block, labels) for block in table.blocks))
    return {"blocks": _blocks, "rows": _rows, "columns": _columns}[table.orientation](table, cells)


def _relabelled(block: TableBlock, labels: Mapping[str, str]) -> TableBlock:
    columns = (replace(each, label=labels.get(f"{block.key}.{each.key}", each.label)) for each in block.columns)
    return replace(block, columns=tuple(columns))


# ------------------------------------------------------------------------------------------------------ table 2: blocks


def _blocks(table: FormTable, cells: _Cells) -> tuple[tuple[TableBoxRow, ...], ...]:
    width = max(len(block.columns) for block in table.blocks)
    return tuple(tuple(_block(table.key, block, width, cells)) for block in table.blocks)


def _block(table: str, block: TableBlock, width: int, cells: _Cells) -> Iterable[TableBoxRow]:
    spans = _shares(width, len(block.columns))
    yield (TableBox(block.anchor or "", colspan=width + 1, head=True),)
    heads = zip(block.columns, spans, strict=True)
    yield (TableBox(_CORNER, head=True), *(TableBox(column.label, colspan=span, head=True) for column, span in heads))
    for row in block.rows:
        values = (cells[f"{table}.{row.key}.{column.key}"].text for column in block.columns)
        pairs = zip(values, spans, strict=True)
        yield (TableBox(row.label), *(TableBox(text, colspan=span) for text, span in pairs))


def _shares(width: int, columns: int) -> list[int]:
    """The width divided among so many columns; the last ones are one wider where it does not come out even."""
    share, rest = divmod(width, columns)
    return [share + (place >= columns - rest) for place in range(columns)]


# -------------------------------------------------------------------------------------------------- table 3: row groups


def _rows(table: FormTable, cells: _Cells) -> tuple[tuple[TableBoxRow, ...], ...]:
    columns = [column.key for column in table.columns]
    body = (
        (*labels, *(TableBox(cells[f"{table.key}.{row}.{column}"].text) for column in columns))
        for labels, row in _grouped_labels(table)
    )
    return ((*_cornered_heads(table), *body),)


@cache
def _cornered_heads(table: FormTable) -> tuple[TableBoxRow, ...]:
    note, group = table.ignored
    heads = _heads(tuple((group, *column.groups, column.label) for column in table.columns))
    return ((TableBox(note, colspan=_LABEL_COLUMNS, rowspan=len(heads), head=True), *heads[0]), *heads[1:])


@cache
def _grouped_labels(table: FormTable) -> tuple[tuple[TableBoxRow, str], ...]:
    """The boxes left of the values of each row with figures, and the row's key; a group's box is in its first row."""
    by_key = {row.key: row for row in table.rows}
    lineages = {row.key: _lineage(row, by_key) for row in table.rows}
    labelled: list[tuple[TableBoxRow, str]] = []
    waiting: list[TableBox] = []
    for row in table.rows:
        if row.data:
            label = TableBox(row.label, colspan=_LABEL_COLUMNS - len(lineages[row.key]))
            labelled.append(((*waiting, label), row.key))
            waiting.clear()
        else:
            members = [each for each in table.rows if each.data and row in lineages[each.key]]
            waiting.append(TableBox(row.label, rowspan=len(members)))
    return tuple(labelled)


def _lineage(row: FormRow, rows: Mapping[str, FormRow]) -> list[FormRow]:
    """The groups that a row is in, innermost first."""
    parents: list[FormRow] = []
    while row.parent:
        row = rows[row.parent]
        parents.append(row)
    return parents


# ------------------------------------------------------------------------------------------- table 4: one row of values


def _columns(table: FormTable, cells: _Cells) -> tuple[tuple[TableBoxRow, ...], ...]:
    heads = _heads(tuple((*column.groups, column.label) for column in table.columns))
    row = next(row for row in table.rows if row.data)
    values = tuple(TableBox(cells[_place(table, row, column)].text) for column in table.columns)
    return ((*heads, values),)


def _place(table: FormTable, row: FormRow, column: FormColumn) -> str:
    return f"{table.key}.{row.key}.{column.key}"


@cache
def _heads(paths: tuple[tuple[str, ...], ...]) -> tuple[TableBoxRow, ...]:
    """Column heads of several levels: equal neighbours under equal heads are one box, short paths reach the bottom."""
    depth = max(len(path) for path in paths)
    levels: list[list[TableBox]] = [[] for _ in range(depth)]
    for level in range(depth):
        deep = [(path[: level + 1], len(path) == level + 1) for path in paths if len(path) > level]
        for (path, leaf), members in groupby(deep):
            box = TableBox(path[-1], colspan=len(list(members)), head=True)
            levels[level].append(replace(box, rowspan=depth - level) if leaf else box)
    return tuple(tuple(level) for level in levels)
