"""Tables as grids: every cell at every place it covers, as the HTML standard forms a table.

The tree builder decides which cell belongs to which row of which table; the bytes decide what stands in it. Spans are
clipped as in the standard: 1,000 columns, 65,534 rows, the rows of the cell's group. A row that is short is marked
and padded, never shifted; so is a row where two cells claim the same place, which stays with the upper one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from govcrawl.models import Locator
from govcrawl.pages.limits import Limits
from govcrawl.pages.markup import Markup, Tag
from govcrawl.pages.page import Cell, Grid
from govcrawl.pages.stamps import HIDDEN, STAMP, Outline
from govcrawl.zh import raw

MAX_COLSPAN, MAX_ROWSPAN = 1_000, 65_534

_SPAN = re.compile(r"[ \t\n\f\r]*\+?(\d{1,9})", re.ASCII)


class _Source(NamedTuple):
    """A cell in the source: its tag, its number in its row, whether it is shown."""

    place: int
    cell: int
    hidden: bool


@dataclass(slots=True)
class _Row:
    """A `<tr>`: its number in its table, and the identity of the group it stands in."""

    number: int
    group: int
    hidden: bool
    cells: list[_Source] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """A table as the tree has it."""

    number: int
    hidden: bool
    rows: list[_Row] = field(default_factory=list)


class _Anchor(NamedTuple):
    """Where a cell begins in the grid and how far it reaches."""

    row: int
    column: int
    rowspan: int
    colspan: int
    source: _Source


def read_grids(markup: Markup, outline: Outline, limits: Limits) -> tuple[Grid, ...]:
    """The grids of a page by their numbers, those of nested tables too.

    Raises:
        LimitError: the tables would cover more places, or hold more text, than the limits allow.
    """
    if not outline.inside:
        return ()
    bounds = markup.bounds
    limits.allow("cell_bytes", sum(bounds[2 * end] - bounds[2 * start] for start, end in outline.ends.items()))
    tables = _tables(outline)
    anchors = [list(_anchors(table, markup.tags, limits)) for table in tables]
    limits.allow("grid_places", sum(len(table.rows) * _width(its) for table, its in zip(tables, anchors, strict=True)))
    return tuple(_grid(table, its, markup, outline) for table, its in zip(tables, anchors, strict=True))


def _tables(outline: Outline) -> list[_Table]:
    """The tables of the tree that the skeleton makes, in document order."""
    tables: dict[int, _Table] = {}
    rows: dict[int, _Row] = {}
    for node in LexborHTMLParser(outline.skeleton).css("table,tr,td,th"):
        name, stamps = node.tag, node.attributes
        hidden = HIDDEN in stamps
        if name == "tr":
            group = node.parent
            table = tables[group.parent.mem_id]
            rows[node.mem_id] = row = _Row(len(table.rows), group.mem_id, hidden or table.hidden)
            table.rows.append(row)
        elif name == "table":
            tables[node.mem_id] = _Table(outline.inside[int(stamps[STAMP])] or 0, hidden)
        else:
            row = rows[node.parent.mem_id]
            row.cells.append(_Source(int(stamps[STAMP]), len(row.cells), hidden or row.hidden))
    return list(tables.values())


def _anchors(table: _Table, tags: Sequence[Tag], limits: Limits) -> Iterator[_Anchor]:
    """Where the cells of a table begin: each in the first place of its row that no cell from above covers."""
    last = {row.group: row.number for row in table.rows}
    covered: defaultdict[int, set[int]] = defaultdict(set)
    area = 0
    for row in table.rows:
        column = 0
        taken = covered[row.number]
        for source in row.cells:
            while column in taken:
                column += 1
            rowspan, colspan = _spans(tags[source.place], last[row.group] - row.number + 1)
            if rowspan > 1:
                area += rowspan * colspan
                limits.allow("grid_places", area)
                for below in range(row.number + 1, row.number + rowspan):
                    covered[below].update(range(column, column + colspan))
            yield _Anchor(row.number, column, rowspan, colspan, source)
            column += colspan


def _spans(tag: Tag, rows_left: int) -> tuple[int, int]:
    """Rows and columns a cell covers; a rowspan of 0 reaches to the end of the group."""
    if b"span" not in tag.source.lower():
        return 1, 1
    rowspan = min(_span(tag.attributes.get("rowspan", "1")), MAX_ROWSPAN)
    colspan = min(_span(tag.attributes.get("colspan", "1")) or 1, MAX_COLSPAN)
    return min(rowspan or rows_left, rows_left), colspan


def _span(value: str) -> int:
    """A span as the standard reads an integer: 1 where there is none."""
    found = _SPAN.match(value)
    return int(found[1]) if found else 1


def _width(anchors: Sequence[_Anchor]) -> int:
    """The columns in which a cell begins; what a colspan claims beyond them is no column of the table."""
    return max((anchor.column for anchor in anchors), default=-1) + 1


def _grid(table: _Table, anchors: Sequence[_Anchor], markup: Markup, outline: Outline) -> Grid:
    width = _width(anchors)
    rows: list[list[Cell | None]] = [[None] * width for _ in table.rows]
    ragged = set()
    for anchor in anchors:
        cell = _cell(table.number, anchor, min(anchor.colspan, width - anchor.column), markup, outline)
        for number in range(anchor.row, anchor.row + anchor.rowspan):
            row = rows[number]
            for column in range(anchor.column, anchor.column + cell.colspan):
                if row[column] is None:
                    row[column] = cell
                else:
                    ragged.add(number)
    ragged.update(row.number for row in table.rows if row.cells and None in rows[row.number])
    return Grid(table.number, tuple(map(tuple, rows)), frozenset(ragged))


def _cell(table: int, anchor: _Anchor, colspan: int, markup: Markup, outline: Outline) -> Cell:
    place, number, hidden = anchor.source
    end = outline.ends[place]
    return Cell(
        raw("".join(markup.texts[place + 1 : end + 1])),
        anchor.row,
        anchor.column,
        anchor.rowspan,
        colspan,
        Locator(markup.bounds[2 * place + 2], markup.bounds[2 * end + 1], table, anchor.row, number),
        header=markup.tags[place].name == "th",
        hidden=hidden,
    )
