"""The shape of tables that are not written in full, as a browser makes it of them.

A cell's content is found in the bytes, a cell's row and table in a tree. The two meet here: a tree is built from a
skeleton that holds nothing but the tags that shape tables, and each cell in it carries the number of its tag. Nothing
of a page's own text or attributes reaches the tree builder, so no stamp can break a tag, no attribute can imitate a
stamp, and a page of 100,000 levels of `<div>` is no deeper than its tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from govcrawl.pages.html_tag import Tag
from govcrawl.pages.limits import Limits
from govcrawl.pages.markup import Markup
from govcrawl.pages.table_shape import Shape, TableRow, TableShape

_STAMP = "o"  # the attribute of a skeleton's tags: the number of the tag in the page
_CELLS = frozenset({"td", "th"})
_GROUPS = frozenset({"thead", "tbody", "tfoot"})


def built_shape(markup: Markup, limits: Limits) -> Shape:
    """The shape that the HTML standard gives any tables.

    Raises:
        LimitError: there are more tables in tables than the limits allow.
    """
    shaping = [(place, tag) for place, tag in enumerate(markup.tags) if tag.code != "."]
    walk = _Walk(limits)
    for place, tag in shaping:
        (walk.close if tag.closing else walk.open)(place, tag.name)
    walk.finish(len(markup.tags))
    return Shape(_tables("".join(_stamped(place, tag) for place, tag in shaping), walk), walk.inside)


def _stamped(place: int, tag: Tag) -> str:
    return f"</{tag.name}>" if tag.closing else f"<{tag.name} {_STAMP}={place}>"


def _tables(skeleton: str, walk: _Walk) -> list[TableShape]:
    """The tables of the tree that a skeleton makes, in document order."""
    tables: dict[int, TableShape] = {}
    rows: dict[int, TableRow] = {}
    for node in LexborHTMLParser(skeleton).css("table,tr,td,th"):
        stamp = node.attributes.get(_STAMP)
        place = int(stamp) if stamp else None
        if node.tag == "tr":
            group = _parent(node)
            rows[node.mem_id] = row = TableRow(place, group.mem_id, [])
            tables[_parent(group).mem_id].rows.append(row)
        elif place is not None and node.tag == "table":
            number = walk.inside[place]
            assert number is not None
            tables[node.mem_id] = TableShape(number, place, walk.table_ends[number], [])
        elif place is not None:
            rows[_parent(node).mem_id].cells.append((place, walk.ends[place]))
    return list(tables.values())


def _parent(node: LexborNode) -> LexborNode:
    """The parent of a cell, a row or a group of rows: the tree builder gives each of them the one it needs."""
    parent = node.parent
    assert parent is not None
    return parent


@dataclass(slots=True)
class _OpenTable:
    """A table whose end has not come: which group of rows is open in it, and which cell or caption."""

    number: int
    group: str = "tbody"  # what the standard supplies where none is written
    holder: str = ""  # the name of the open cell or caption
    place: int = 0  # its tag


@dataclass(slots=True)
class _Walk:
    """The standard's table modes, reduced to what ends a cell.

    `ends` maps the start tag of a cell to the tag that ends its content, or to the number of tags where the page ends
    first, `table_ends` the number of a table to the tag that ends it; `inside` is as in `Shape`.
    """

    limits: Limits
    ends: dict[int, int] = field(default_factory=dict)
    inside: dict[int, int | None] = field(default_factory=dict)
    table_ends: dict[int, int] = field(default_factory=dict)
    tables: list[_OpenTable] = field(default_factory=list)
    seen: int = 0

    def open(self, place: int, name: str) -> None:
        """A start tag: it ends the open cell of its table, unless it is a table that stands in that cell."""
        if name == "table":
            self._open_table(place)
        elif self.tables:
            self._end_cell(place)
            table = self.tables[-1]
            if name in _CELLS or name == "caption":
                table.holder, table.place = name, place
            elif name in _GROUPS:
                table.group = name

    def close(self, place: int, name: str) -> None:
        """An end tag: ignored where the standard ignores it, as `</th>` in a `<td>`."""
        if not self.tables:
            return
        table = self.tables[-1]
        if name == "table":
            self._close_table(place)
        elif name == table.holder or (table.holder != "caption" and name in ("tr", table.group)):
            self._end_cell(place)
            if name in _GROUPS:
                table.group = "tbody"

    def finish(self, place: int) -> None:
        """The end of the page ends every open cell."""
        while self.tables:
            self._close_table(place)

    def _open_table(self, place: int) -> None:
        if self.tables and not self.tables[-1].holder:
            self.table_ends[self.tables.pop().number] = place  # a table outside the cells of one ends that one
        self.tables.append(_OpenTable(self.seen))
        self.limits.allow("table_depth", len(self.tables))
        self.inside[place] = self.seen
        self.seen += 1

    def _close_table(self, place: int) -> None:
        self._end_cell(place)
        self.table_ends[self.tables.pop().number] = place
        self.inside[place] = self.tables[-1].number if self.tables else None

    def _end_cell(self, place: int) -> None:
        table = self.tables[-1]
        if table.holder in _CELLS:
            self.ends[table.place] = place
        table.holder = ""
