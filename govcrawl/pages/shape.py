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
from govcrawl.pages.markup import Markup, Tag


class Source(NamedTuple):
    """A cell in the source: the number of its tag, that of the tag which ends its content, its number in its row."""

    place: int
    end: int
    cell: int
    hidden: bool


class Row(NamedTuple):
    """A `<tr>` with its cells; rows of one `<thead>`, `<tbody>` or `<tfoot>` have the same `group`."""

    group: int
    cells: list[Source]


class Table(NamedTuple):
    """A `<table>`: its number in the page, the numbers of its own tags, its rows."""

    number: int
    start: int
    end: int
    rows: list[Row]


class Shape(NamedTuple):
    """The tables of a page by their numbers.

    `inside` maps a tag to the number of the innermost table that the text behind it stands in, or None, and holds
    only tags where this changes.
    """

    tables: Sequence[Table]
    inside: Mapping[int, int | None]


_ROW = r"r\.*+(?:(?:d[.n]*+D|h[.n]*+H)\.*+)*+R\.*+"
_REGULAR = re.compile(
    rf"t\.*+(?:c\.*+C\.*+)?+(?:[gGk]\.*+)*+(?:{_ROW}|b\.*+(?:{_ROW})*+B\.*+|e\.*+(?:{_ROW})*+E\.*+|f\.*+(?:{_ROW})*+F\.*+)*+T"
)
_PARTS = re.compile(r"[rbBeEfF]|[dh][.n]*")


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
    starts = {start: number for number, (start, _) in enumerate(sorted(found))}
    hides = any(tag.hidden for tag in markup.kinds)
    tables = [
        Table(starts[start], start, start + len(text) - 1, _rows(text, start, markup.tags, hides))
        for start, text in found
    ]
    tables.sort()
    return Shape(tables, _inside(tables))


def _innermost_first(codes: str, limits: Limits) -> Iterator[tuple[int, str]]:
    """Each table written in full with its place; one whose tables are found counts as text of the cell around it."""
    depth = 0
    while tables := list(_REGULAR.finditer(codes)):
        depth += 1
        limits.allow("table_depth", depth)
        yield from ((table.start(), table[0]) for table in tables)
        codes = _REGULAR.sub(lambda table: "n" * len(table[0]), codes)


def _rows(text: str, start: int, tags: Sequence[Tag], hides: bool) -> list[Row]:
    """The rows of a table whose tags, from number `start` on, are `text`."""
    rows: list[Row] = []
    group = 0
    hidden_table = hides and tags[start].hidden
    hidden_row = False
    cells: list[Source] = []
    for part in _PARTS.finditer(text):
        place, end = part.span()
        kind = text[place]
        if kind in "dh":
            hidden = hides and (hidden_row or tags[start + place].hidden)
            cells.append(Source(start + place, start + end, len(cells), hidden))
        elif kind == "r":
            hidden_row = hides and (hidden_table or tags[start + place].hidden)
            cells = []
            rows.append(Row(group, cells))
        else:
            group = start + place
    return rows


def _inside(tables: Sequence[Table]) -> Mapping[int, int | None]:
    """Where the innermost table changes, from where tables start and end; no two overlap but in full."""
    inside: dict[int, int | None] = {}
    around: list[Table] = []
    for table in tables:
        while around and around[-1].end < table.start:
            around.pop()
        inside[table.end] = around[-1].number if around else None
        inside[table.start] = table.number
        around.append(table)
    return inside
