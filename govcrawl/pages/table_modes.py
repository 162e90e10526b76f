"""The table modes of the HTML standard, reduced to what ends a cell and where a text goes.

A text in a table that stands in none of its cells is moved before the table, as a browser does. So the text of a cell
with a table in it may come in another order than it is written in.
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
_SUPPLIED = "tbody"  # the group of rows where none is written


def text_in_order(tags: Sequence[Tag], fragments: Sequence[Fragment], limits: Limits) -> str:
    """The text of a cell in a browser's order, without white space.

    `fragments[i]` stands before the boundary `tags[i]`, and one more behind the last.

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
    """A table whose end has not come: which group of rows is open in it, and which cell or caption.

    `texts` are those in its cells and caption, `moved` those that come before it.
    """

    number: int
    group: str = _SUPPLIED
    holder: str = ""  # the name of the open cell or caption
    place: int = 0  # its tag
    texts: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)


@dataclass(slots=True)
class TableModes:
    """The open tables of a page while its boundaries go by.

    `ends` maps the start tag of a cell to the tag that ends its content, or to the number of tags where the page ends
    first, `table_ends` the number of a table to the tag that ends it; `inside` is as in `Shape`. `texts` are the texts
    that went by, but for those of open tables.
    """

    limits: Limits
    ends: dict[int, int] = field(default_factory=dict)
    inside: dict[int, int | None] = field(default_factory=dict)
    table_ends: dict[int, int] = field(default_factory=dict)
    tables: list[_OpenTable] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    seen: int = 0

    def tag(self, place: int, tag: Tag) -> None:
        """The tag at a place of the page; those that shape no tables change nothing."""
        if tag.code != ".":
            (self._close if tag.closing else self._open)(place, tag.name)

    def text(self, text: str) -> None:
        """The text behind the last tag."""
        if not self.tables:
            self.texts.append(text)
        else:
            table = self.tables[-1]
            (table.texts if table.holder else table.moved).append(text)

    def finish(self, place: int) -> None:
        """The end of the page ends every open cell."""
        while self.tables:
            self._close_table(place)

    def _open(self, place: int, name: str) -> None:
        """A start tag: it ends the open cell of its table, unless it is a table that stands in that cell."""
        if name == "table":
            self._open_table(place)
        elif self.tables:
            self._end_cell(place)
            table = self.tables[-1]
            if name in _HOLDERS:
                table.holder, table.place = name, place
            if name not in _IN_GROUPS:  # a caption or a column ends the group before it, too
                table.group = name if name in _GROUPS else _SUPPLIED

    def _close(self, place: int, name: str) -> None:
        """An end tag: ignored where the standard ignores it, as `</th>` in a `<td>`."""
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
            self._leave_table(place)  # a table outside the cells of one ends that one
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
