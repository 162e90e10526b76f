"""How a statutory table lies on the page: boxes with spans, made from the form's data, before any mark-up.

The heads have up to three levels with spans over columns and rows, the row groups span their rows, the blocks of the
second table stand one under the other on a common width. Mark-up (`markup.py`) only paints these boxes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from govcrawl.forms import FormColumn, FormRow, FormTable, TableBlock
from govcrawl.replica.printing import Shown

CORNER = "信息内容"
LABEL_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Box:
    """A cell to be painted; `head` marks the heads of columns."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    head: bool = False


BoxRow = tuple[Box, ...]
Cells = Mapping[str, Shown]


def lay_out(table: FormTable, cells: Cells, labels: Mapping[str, str]) -> tuple[tuple[BoxRow, ...], ...]:
    """The table's parts, each a run of rows that belong together (a block of its own head); one part for most tables.

    `labels` are heads printed otherwise than the form has them, by `block.column`.
    """
    if labels:
        table = replace(table, blocks=tuple(_relabelled(block, labels) for block in table.blocks))
    return {"blocks": _blocks, "rows": _rows, "columns": _columns}[table.orientation](table, cells)


def _relabelled(block: TableBlock, labels: Mapping[str, str]) -> TableBlock:
    columns = (replace(each, label=labels.get(f"{block.key}.{each.key}", each.label)) for each in block.columns)
    return replace(block, columns=tuple(columns))


# ------------------------------------------------------------------------------------------------- table 2: blocks


def _blocks(table: FormTable, cells: Cells) -> tuple[tuple[BoxRow, ...], ...]:
    width = max(len(block.columns) for block in table.blocks)
    return tuple(tuple(_block(table.key, block, width, cells)) for block in table.blocks)


def _block(table: str, block: TableBlock, width: int, cells: Cells) -> Iterable[BoxRow]:
    spans = _shares(width, len(block.columns))
    yield (Box(block.anchor or "", colspan=width + 1, head=True),)
    heads = zip(block.columns, spans, strict=True)
    yield (Box(CORNER, head=True), *(Box(column.label, colspan=span, head=True) for column, span in heads))
    for row in block.rows:
        values = (cells[f"{table}.{row.key}.{column.key}"].text for column in block.columns)
        pairs = zip(values, spans, strict=True)
        yield (Box(row.label), *(Box(text, colspan=span) for text, span in pairs))


def _shares(width: int, columns: int) -> list[int]:
    """The width shared out over so many columns, the last ones taking what is left over."""
    share, rest = divmod(width, columns)
    return [share + (place >= columns - rest) for place in range(columns)]


# --------------------------------------------------------------------------------------------- table 3: row groups


def _rows(table: FormTable, cells: Cells) -> tuple[tuple[BoxRow, ...], ...]:
    columns = [column.key for column in table.columns]
    body = (
        (*labels, *(Box(cells[f"{table.key}.{row}.{column}"].text) for column in columns))
        for labels, row in _grouped_labels(table)
    )
    return ((*_cornered_heads(table), *body),)


@cache
def _cornered_heads(table: FormTable) -> tuple[BoxRow, ...]:
    note, group = table.ignored
    heads = _heads(tuple((group, *column.groups, column.label) for column in table.columns))
    return ((Box(note, colspan=LABEL_COLUMNS, rowspan=len(heads), head=True), *heads[0]), *heads[1:])


@cache
def _grouped_labels(table: FormTable) -> tuple[tuple[BoxRow, str], ...]:
    """Per value row the boxes that stand left of its values, and its key; a group's box stands in its first row."""
    by_key = {row.key: row for row in table.rows}
    lineages = {row.key: _lineage(row, by_key) for row in table.rows}
    labelled: list[tuple[BoxRow, str]] = []
    waiting: list[Box] = []
    for row in table.rows:
        if row.data:
            label = Box(row.label, colspan=LABEL_COLUMNS - len(lineages[row.key]))
            labelled.append(((*waiting, label), row.key))
            waiting.clear()
        else:
            members = [each for each in table.rows if each.data and row in lineages[each.key]]
            waiting.append(Box(row.label, rowspan=len(members)))
    return tuple(labelled)


def _lineage(row: FormRow, rows: Mapping[str, FormRow]) -> list[FormRow]:
    """The groups a row stands under, innermost first."""
    parents: list[FormRow] = []
    while row.parent:
        row = rows[row.parent]
        parents.append(row)
    return parents


# ---------------------------------------------------------------------------------------- table 4: one row of values


def _columns(table: FormTable, cells: Cells) -> tuple[tuple[BoxRow, ...], ...]:
    heads = _heads(tuple((*column.groups, column.label) for column in table.columns))
    row = next(row for row in table.rows if row.data)
    values = tuple(Box(cells[_place(table, row, column)].text) for column in table.columns)
    return ((*heads, values),)


def _place(table: FormTable, row: FormRow, column: FormColumn) -> str:
    return f"{table.key}.{row.key}.{column.key}"


@cache
def _heads(paths: tuple[tuple[str, ...], ...]) -> tuple[BoxRow, ...]:
    """Heads of several levels: equal neighbours under equal heads are one box, a short path reaches to the bottom."""
    depth = max(len(path) for path in paths)
    levels: list[list[Box]] = [[] for _ in range(depth)]
    for level in range(depth):
        deep = [(path[: level + 1], len(path) == level + 1) for path in paths if len(path) > level]
        for (path, leaf), members in groupby(deep):
            box = Box(path[-1], colspan=len(list(members)), head=True)
            levels[level].append(replace(box, rowspan=depth - level) if leaf else box)
    return tuple(tuple(level) for level in levels)
