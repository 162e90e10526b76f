"""Assigns each cell to its row and table, before spans are applied.

Nearly every table is written in full, each tag with its end tag. One pattern recognises that in the tags written as one
character each, and rows and cells are then where they are written. If any table of a page is incomplete (an unclosed
cell, a table between two rows), a tree builder decides as a browser would: see `implied_tags`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from govcrawl.pages.limits import Limits
from govcrawl.pages.markup import Markup


class TableRow(NamedTuple):
    """A `<tr>`: the number of its tag (None if the standard supplies it) and its cells.

    Rows of one `<thead>`, `<tbody>` or `<tfoot>` have the same `group`. A cell is a pair: the number of its tag, and
    the number of the tag that ends its content (the number of tags if the page ends first).
    """

    place: int | None
    group: int
    cells: list[tuple[int, int]]


class TableShape(NamedTuple):
    """A `<table>`: its number in the page, the numbers of its start and end tag, its rows."""

    number: int
    start: int
    end: int
    rows: list[TableRow]


class Shape(NamedTuple):
    """The tables of a page by their numbers.

    `inside` maps a tag to the number of the innermost table around the text behind it, or to None. It holds only the
    tags at which this changes.
    """

    tables: Sequence[TableShape]
    inside: Mapping[int, int | None]


_ROW = r"r\.*+(?:(?:d[.n]*+D|h[.n]*+H)\.*+)*+R\.*+"
_REGULAR = re.compile(
    rf"t\.*+(?:c\.*+C\.*+)?+(?:[gGk]\.*+)*+(?:{_ROW}|b\.*+(?:{_ROW})*+B\.*+|e\.*+(?:{_ROW})*+E\.*+|f\.*+(?:{_ROW})*+F\.*+)*+T"
)
_PARTS = re.compile(r"[bBeEfF]|r[^R]*R")
_CELL = re.compile(r"[dh][.n]*")


def regular_shape(markup: Markup, limits: Limits) -> Shape | None:
    """Returns the shape of a page whose tables are all written in full, else None.

    Raises:
        LimitError: there are more tables, or tables in tables, than the limits allow.
    """
    codes = markup.codes
    if "t" not in codes:
        return Shape((), {})
    limits.allow("tables", codes.count("t"))
    found = list(_innermost_first(codes, limits))
    if len(found) != codes.count("t"):
        return None
    tables = [TableShape(number, *table) for number, table in enumerate(sorted(found))]
    return Shape(tables, _inside(tables))


def _innermost_first(codes: str, limits: Limits) -> Iterator[tuple[int, int, list[TableRow]]]:
    """Start, end and rows of each table written in full. A table that is found then counts as text of its cell."""
    depth = 0
    while "t" in codes and (tables := list(_REGULAR.finditer(codes))):
        depth += 1
        limits.allow("table_depth", depth)
        for table in tables:
            yield table.start(), table.end() - 1, _rows(codes, *table.span())
        codes = _REGULAR.sub(lambda table: "n" * len(table[0]), codes)


def _rows(codes: str, start: int, end: int) -> list[TableRow]:
    """The rows of a table. The start and the end tag of a row group each begin a new group."""
    rows = []
    group = start
    for part in _PARTS.finditer(codes, start, end):
        place, until = part.span()
        if codes[place] == "r":
            rows.append(TableRow(place, group, _cells(codes, place, until)))
        else:
            group = place
    return rows


def _cells(codes: str, place: int, until: int) -> list[tuple[int, int]]:
    """The cells of a row. If no other tag is in the row, start and end tags of cells alternate."""
    if "." in codes[place:until] or "n" in codes[place:until]:
        return [cell.span() for cell in _CELL.finditer(codes, place, until)]
    return list(zip(range(place + 1, until - 1, 2), range(place + 2, until, 2), strict=True))


def _inside(tables: Sequence[TableShape]) -> Mapping[int, int | None]:
    """The tags at which the innermost table changes. Two tables are nested or disjoint."""
    inside: dict[int, int | None] = {}
    around: list[TableShape] = []
    for table in tables:
        while around and around[-1].end < table.start:
            around.pop()
        inside[table.end] = around[-1].number if around else None
        inside[table.start] = table.number
        around.append(table)
    return inside
