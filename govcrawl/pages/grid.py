"""Tables as grids: every cell at every place it covers, as the HTML standard forms a table.

Spans are clipped as in the standard: 1,000 columns, 65,534 rows, the rows of the cell's group. A row that is short is
marked and padded, never shifted; so is a row where two cells claim the same place, which stays with the upper one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from govcrawl.models import Locator
from govcrawl.pages.limits import Limits
from govcrawl.pages.markup import Markup, Tag
from govcrawl.pages.page import Cell, Grid
from govcrawl.pages.shape import Shape, Source, Table
from govcrawl.zh import raw

_Anchor = tuple[int, int, int, int, Source]  # row, column, rowspan, colspan: where a cell begins and how far it reaches


def read_grids(markup: Markup, shape: Shape, limits: Limits) -> tuple[Grid, ...]:
    """The grids of a page by the numbers of their tables, those of nested tables too.

    Raises:
        LimitError: the tables would cover more places, or hold more text, than the limits allow.
    """
    limits.allow("cell_bytes", _bytes_held(markup, shape))
    anchors = [_anchors(table, markup.tags, limits) for table in shape.tables]
    places = sum(len(table.rows) * _width(its) for table, its in zip(shape.tables, anchors, strict=True))
    limits.allow("grid_places", places)
    return tuple(_grid(table, its, markup) for table, its in zip(shape.tables, anchors, strict=True))


def _bytes_held(markup: Markup, shape: Shape) -> int:
    """The bytes of all rows; those of a nested table count in every row around it."""
    bounds = markup.bounds
    return sum(
        bounds[2 * row.cells[-1].end] - bounds[2 * row.cells[0].place]
        for table in shape.tables
        for row in table.rows
        if row.cells
    )


def _anchors(table: Table, tags: Sequence[Tag], limits: Limits) -> list[_Anchor]:
    """Where the cells of a table begin: each in the first place of its row that no cell from above covers."""
    anchors: list[_Anchor] = []
    covered: defaultdict[int, set[int]] = defaultdict(set)
    last = {row.group: number for number, row in enumerate(table.rows)}
    area = 0
    for number, row in enumerate(table.rows):
        taken = covered[number]
        column = 0
        for source in row.cells:
            while column in taken:
                column += 1
            rowspan, colspan = tags[source.place].spans
            if rowspan != 1:
                left = last[row.group] - number + 1
                rowspan = min(rowspan or left, left)
                area += rowspan * colspan
                limits.allow("grid_places", area)
                for below in range(number + 1, number + rowspan):
                    covered[below].update(range(column, column + colspan))
            anchors.append((number, column, rowspan, colspan, source))
            column += colspan
    return anchors


def _width(anchors: Sequence[_Anchor]) -> int:
    """The columns in which a cell begins; what a colspan claims beyond them is no column of the table."""
    return max((anchor[1] for anchor in anchors), default=-1) + 1


def _grid(table: Table, anchors: Sequence[_Anchor], markup: Markup) -> Grid:
    width = _width(anchors)
    rows: list[list[Cell | None]] = [[None] * width for _ in table.rows]
    ragged = set[int]()
    for row, column, rowspan, claimed, source in anchors:
        colspan = min(claimed, width - column)
        cell = _cell(table.number, (row, column, rowspan, colspan), source, markup)
        if rowspan == colspan == 1:
            rows[row][column] = cell
        elif not _cover(rows, cell):
            ragged.update(range(row, row + rowspan))
    ragged.update(number for number, row in enumerate(rows) if table.rows[number].cells and None in row)
    return Grid(table.number, tuple(map(tuple, rows)), frozenset(ragged))


def _cell(table: int, at: tuple[int, int, int, int], source: Source, markup: Markup) -> Cell:
    place, end, number, hidden = source
    bounds = markup.bounds
    return Cell(
        raw("".join(markup.texts[place + 1 : end + 1])),
        *at,
        Locator(bounds[2 * place + 2], bounds[2 * end + 1], table, at[0], number),
        markup.tags[place].name == "th",
        hidden,
    )


def _cover(rows: list[list[Cell | None]], cell: Cell) -> bool:
    """Puts a cell at the places it covers that are free; whether all were."""
    free = True
    for row in rows[cell.row : cell.row + cell.rowspan]:
        for column in range(cell.column, cell.column + cell.colspan):
            if row[column] is None:
                row[column] = cell
            else:
                free = False
    return free
