"""What of a page shapes its tables: the tags a tree builder needs, each cell stamped with its place in the source.

A cell's content is found in the bytes, a cell's row and table in a tree. The two meet here: the tree is built from a
skeleton that holds nothing but the tags that shape tables, and each cell in it carries the number of its tag. Nothing
of a page's own text or attributes reaches the tree builder, so no stamp can break a tag, no attribute can imitate a
stamp, and a page of 100,000 levels of `<div>` is no deeper than its tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from govcrawl.pages.markup import Tag

CELLS = frozenset({"td", "th"})
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_SHAPING = CELLS | _GROUPS | {"table", "tr", "caption", "colgroup", "col"}

STAMP, HIDDEN = "o", "h"
"""The attributes of a skeleton's tags: the number of the tag in the page, and whether it says it is not shown."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The tags that shape a page's tables, and what can be told of them without a tree.

    `skeleton` is their mark-up. `ends` maps the start tag of a cell to the tag that ends its content, or to the
    number of tags where the page ends first. `inside` maps a tag to the number of the innermost table that the text
    behind it stands in, or None, and holds only tags where this changes. Tags are given by their number in the page.
    """

    skeleton: str
    ends: Mapping[int, int]
    inside: Mapping[int, int | None]


def outline(tags: Sequence[Tag]) -> Outline:
    """The outline of a page's tables, with the rules of the HTML standard for where a cell ends."""
    shaping = [(place, tag) for place, tag in enumerate(tags) if tag.name in _SHAPING]
    walk = _Walk()
    for place, tag in shaping:
        (walk.close if tag.closing else walk.open)(place, tag.name)
    walk.finish(len(tags))
    return Outline("".join([_stamped(place, tag) for place, tag in shaping]), walk.ends, walk.inside)


def _stamped(place: int, tag: Tag) -> str:
    if tag.closing:
        return f"</{tag.name}>"
    return f"<{tag.name} {STAMP}={place} {HIDDEN}>" if tag.hidden else f"<{tag.name} {STAMP}={place}>"


@dataclass(slots=True)
class _OpenTable:
    """A table whose end has not come: which group of rows is open in it, and which cell or caption."""

    number: int
    group: str = "tbody"  # what the standard supplies where none is written
    holder: str = ""  # the name of the open cell or caption
    place: int = 0  # its tag


@dataclass(slots=True)
class _Walk:
    """The standard's table modes, reduced to what ends a cell."""

    ends: dict[int, int] = field(default_factory=dict)
    inside: dict[int, int | None] = field(default_factory=dict)
    tables: list[_OpenTable] = field(default_factory=list)
    seen: int = 0

    def open(self, place: int, name: str) -> None:
        """A start tag: it ends the open cell of its table, unless it is a table that stands in that cell."""
        if name == "table":
            self._open_table(place)
        elif self.tables:
            self._end_cell(place)
            table = self.tables[-1]
            if name in CELLS or name == "caption":
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
            self.tables.pop()  # a table directly in a table, outside its cells, ends the outer one
        self.tables.append(_OpenTable(self.seen))
        self.inside[place] = self.seen
        self.seen += 1

    def _close_table(self, place: int) -> None:
        self._end_cell(place)
        self.tables.pop()
        self.inside[place] = self.tables[-1].number if self.tables else None

    def _end_cell(self, place: int) -> None:
        table = self.tables[-1]
        if table.holder in CELLS:
            self.ends[table.place] = place
        table.holder = ""
