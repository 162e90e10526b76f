"""The table modes of the HTML standard, reduced to two questions: which tag ends a cell, and where does a text go.

A browser moves text of a table that is in none of its cells before the table. So the text of a cell with a nested
table may have another order than its source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from govcrawl.pages.fragment import Fragment
from govcrawl.pages.html_tag import Tag
from govcrawl.pages.limits import Limits

_CELLS = frozenset({"td", "th"})
_HOLDERS = _CELLS | {"caption"}
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_IN_GROUPS = _CELLS | {"tr"}
_SUPPLIED = "tbody"  # the row group that the standard supplies


def text_in_order(tags: Sequence[Tag], fragments: Sequence[Fragment], limits: Limits) -> str:
    """Returns the text of a cell in the order of a browser, without white space.

    `fragments[i]` precedes the boundary `tags[i]`, and the last fragment follows the last boundary.

    Raises:
        LimitError: there are more tables in tables than the limits allow.
    """
    modes = TableModes(limits)
    modes.text(fragments[0].raw)
    for place, tag in enumerate(tags):
        modes.tag(place, tag)
        modes.text(fragments[place + 1].raw)
    modes.finish(len(tags))
    return "".join(modes.texts)


@dataclass(slots=True)
class _OpenTable:
    """A table that is still open, its open row group, and its open cell or caption.

    `texts` holds the texts of its cells and caption, `moved` those that a browser moves before it.
    """

    number: int
    group: str = _SUPPLIED
    holder: str = ""  # the name of the open cell or caption
    place: int = 0  # its tag
    texts: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)


@dataclass(slots=True)
class TableModes:
    """The open tables of a page, updated by each of its boundaries in order.

    `ends` maps the start tag of a cell to the tag that ends its content, or to the number of tags if the page ends
    first. `table_ends` maps the number of a table to the tag that ends it. `inside` is as in `Shape`. `texts` holds the
    texts so far, except those of open tables.
    """

    limits: Limits
    ends: dict[int, int] = field(default_factory=dict)
    inside: dict[int, int | None] = field(default_factory=dict)
    table_ends: dict[int, int] = field(default_factory=dict)
    tables: list[_OpenTable] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    seen: int = 0

    def tag(self, place: int, tag: Tag) -> None:
        """Applies a tag. A tag that shapes no tables changes nothing."""
        if tag.code != ".":
            (self._close if tag.closing else self._open)(place, tag.name)

    def text(self, text: str) -> None:
        """Adds the text behind the last tag."""
        if not self.tables:
            self.texts.append(text)
        else:
            table = self.tables[-1]
            (table.texts if table.holder else table.moved).append(text)

    def finish(self, place: int) -> None:
        """Applies the end of the page, which ends every open cell."""
        while self.tables:
            self._close_table(place)

    def _open(self, place: int, name: str) -> None:
        """Applies a start tag. It ends the open cell of its table, unless it opens a table in that cell."""
        if name == "table":
            self._open_table(place)
        elif self.tables:
            self._end_cell(place)
            table = self.tables[-1]
            if name in _HOLDERS:
                table.holder, table.place = name, place
            if name not in _IN_GROUPS:  # a caption or a column also ends the group before it
                table.group = name if name in _GROUPS else _SUPPLIED

    def _close(self, place: int, name: str) -> None:
        """Applies an end tag. It is ignored where the standard ignores it, such as `</th>` in a `<td>`."""
        if not self.tables:
            return
        table = self.tables[-1]
        if name == "table":
            self._close_table(place)
        elif name == table.holder or (table.holder != "caption" and name in ("tr", table.group)):
            self._end_cell(place)
            if name in _GROUPS:
                table.group = _SUPPLIED

    def _open_table(self, place: int) -> None:
        if self.tables and not self.tables[-1].holder:
            self._leave_table(place)  # a table inside a table but outside its cells ends that table
        self.tables.append(_OpenTable(self.seen))
        self.limits.allow("table_depth", len(self.tables))
        self.inside[place] = self.seen
        self.seen += 1

    def _close_table(self, place: int) -> None:
        self._end_cell(place)
        self._leave_table(place)
        self.inside[place] = self.tables[-1].number if self.tables else None

    def _leave_table(self, place: int) -> None:
        table = self.tables.pop()
        self.table_ends[table.number] = place
        around = self.tables[-1].texts if self.tables else self.texts
        around += (*table.moved, *table.texts)

    def _end_cell(self, place: int) -> None:
        table = self.tables[-1]
        if table.holder in _CELLS:
            self.ends[table.place] = place
        table.holder = ""
