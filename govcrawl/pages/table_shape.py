"""Which cell belongs to which row of which table: the shape of a page's tables, before spans are looked at.

Nearly every table on a page is written in full, each tag with its end. That can be seen by one pattern over the tags
written as one character each, and then rows and cells are where they are written. Where any table of a page is not
(unclosed cells, a table between two rows), a tree builder decides as a browser would: see `stamps`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from govcrawl.pages.limits import Limits
from govcrawl.pages.markup import Markup


class TableRow(NamedTuple):
    """A `<tr>`: its tag, or None where the standard supplies it, and its cells.

    Rows of one `<thead>`, `<tbody>` or `<tfoot>` have the same `group`. A cell is the number of its tag and that of
    the tag which ends its content, or the number of tags where the page ends first.
    """

    place: int | None
    group: int
    cells: list[tuple[int, int]]


class TableShape(NamedTuple):
    """A `<table>`: its number in the page, the numbers of its own tags, its rows."""

    number: int
    start: int
    end: int
    rows: list[TableRow]


class Shape(NamedTuple):
    """The tables of a page by their numbers.

    `inside` maps a tag to the number of the innermost table that the text behind it stands in, or None, and holds
    only tags where this changes.
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
    """The shape of a page whose tables are all written in full, or None.

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
    """Start, end and rows of each table written in full; one that is found counts as text of the cell around it."""
    depth = 0
    while "t" in codes and (tables := list(_REGULAR.finditer(codes))):
        depth += 1
        limits.allow("table_depth", depth)
        for table in tables:
            yield table.start(), table.end() - 1, _rows(codes, *table.span())
        codes = _REGULAR.sub(lambda table: "n" * len(table[0]), codes)


def _rows(codes: str, start: int, end: int) -> list[TableRow]:
    """The rows of a table; the start and the end of a group each begin another one."""
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
    """The cells of a row; where nothing stands in them, starts and ends of cells come by turns."""
    if "." in codes[place:until] or "n" in codes[place:until]:
        return [cell.span() for cell in _CELL.finditer(codes, place, until)]
    return list(zip(range(place + 1, until - 1, 2), range(place + 2, until, 2), strict=True))


def _inside(tables: Sequence[TableShape]) -> Mapping[int, int | None]:
    """Where the innermost table changes, from where tables start and end; no two overlap but in full."""
    inside: dict[int, int | None] = {}
    around: list[TableShape] = []
    for table in tables:
        while around and around[-1].end < table.start:
            around.pop()
        inside[table.end] = around[-1].number if around else None
        inside[table.start] = table.number
        around.append(table)
    return inside
