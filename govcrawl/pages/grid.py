"""Expands tables into grids: each cell at every place it covers, by the table model of the HTML standard.

Spans are clipped as in the standard: 1,000 columns, 65,534 rows, the rows of the cell's group. A short row is padded
and marked as ragged, never shifted. Where two cells claim one place, the upper one keeps it and the row is ragged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from operator import attrgetter

from govcrawl.models import Locator
from govcrawl.pages.html_tag import Tag
from govcrawl.pages.limits import Limits
from govcrawl.pages.markup import Markup
from govcrawl.pages.page import Cell, Grid
from govcrawl.pages.table_modes import text_in_order
from govcrawl.pages.table_shape import Shape, TableRow, TableShape


def read_grids(markup: Markup, shape: Shape, limits: Limits) -> tuple[Grid, ...]:
    """Returns the grids of a page in the order of their table numbers, nested tables included.

    Raises:
        LimitError: the tables would cover more places, or hold more text, than the limits allow.
    """
    limits.allow("cell_bytes", _bytes_held(markup, shape))
    unseen = {tag for tag in markup.kinds if tag.hidden}
    grids = []
    places = 0
    for table in shape.tables:
        cells = _cells(table, markup, unseen, limits)
        width = max(map(attrgetter("column"), cells), default=-1) + 1
        places += width * len(table.rows)
        limits.allow("grid_places", places)
        grids.append(_grid(table, cells, width))
    return tuple(grids)


def _bytes_held(markup: Markup, shape: Shape) -> int:
    """The bytes of all rows. A nested table counts once more for every row around it."""
    bounds = markup.bounds
    return sum(
        bounds[2 * row.cells[-1][1]] - bounds[2 * row.cells[0][0]]
        for table in shape.tables
        for row in table.rows
        if row.cells
    )


def _cells(table: TableShape, markup: Markup, unseen: AbstractSet[Tag], limits: Limits) -> list[Cell]:
    """The cells of a table. Each takes the first column of its row that no cell from above covers."""
    cells: list[Cell] = []
    new, fragments, tags, bounds = tuple.__new__, markup.fragments, markup.tags, markup.bounds
    last = {row.group: number for number, row in enumerate(table.rows)}
    covered: defaultdict[int, set[int]] = defaultdict(set)
    area = 0
    for number, row in enumerate(table.rows):
        hidden_row = bool(unseen) and _is_unseen(table, row, tags, unseen)
        taken = covered.get(number)
        column = 0
        for index, (place, end) in enumerate(row.cells):
            tag = tags[place]
            rowspan, colspan = tag.spans
            while taken and column in taken:
                column += 1
            if rowspan != 1:
                left = last[row.group] - number + 1
                rowspan = min(rowspan or left, left)
                area += rowspan * colspan
                limits.allow("grid_places", area)
                for below in range(number + 1, number + rowspan):
                    covered[below].update(range(column, column + colspan))
            inner = fragments[end].raw if end == place + 1 else _text(markup, place, end, limits)
            locator = new(Locator, (bounds[2 * place + 2], bounds[2 * end + 1], table.number, number, index))
            hidden = hidden_row or tag in unseen
            cells.append(new(Cell, (inner, number, column, rowspan, colspan, locator, tag.name == "th", hidden)))
            column += colspan
    return cells


def _text(markup: Markup, place: int, end: int, limits: Limits) -> str:
    """The text between the start tag of a cell and the tag that ends it."""
    inner = markup.fragments[place + 1 : end + 1]
    if "t" in markup.codes[place:end]:
        return text_in_order(markup.tags[place + 1 : end], inner, limits)
    return "".join([fragment.raw for fragment in inner])


def _is_unseen(table: TableShape, row: TableRow, tags: Sequence[Tag], unseen: AbstractSet[Tag]) -> bool:
    return tags[table.start] in unseen or (row.place is not None and tags[row.place] in unseen)


def _grid(table: TableShape, cells: Sequence[Cell], width: int) -> Grid:
    """The grid of a table. A column in which no cell begins does not exist, whatever a colspan claims."""
    rows: list[list[Cell | None]] = [[None] * width for _ in table.rows]
    ragged = set[int]()
    for cell in cells:
        if cell.colspan == cell.rowspan == 1:
            rows[cell.row][cell.column] = cell
        else:
            ragged.update(_cover(rows, cell, width))
    ragged.update(number for number, row in enumerate(rows) if None in row and table.rows[number].cells)
    return Grid(table.number, tuple(map(tuple, rows)), frozenset(ragged))


def _cover(rows: Sequence[list[Cell | None]], cell: Cell, width: int) -> set[int]:
    """Puts a cell at all free places that it covers, clipped to the width. Returns the rows with a place taken."""
    taken = set()
    if cell.column + cell.colspan > width:
        cell = cell._replace(colspan=width - cell.column)
    for number in range(cell.row, cell.row + cell.rowspan):
        row = rows[number]
        for column in range(cell.column, cell.column + cell.colspan):
            if row[column] is None:
                row[column] = cell
            else:
                taken.add(number)
    return taken
