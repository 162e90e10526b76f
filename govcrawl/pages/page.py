"""What a stored page looks like once read: the one shape that HTML, text, PDF and DOCX all become.

Offsets are bytes of the decoded body. A `Grid` is a table with its spans expanded, a `Block` a run of prose between
block-level boundaries, a `Token` the smallest piece of visible text with its place. Nothing here knows a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from govcrawl.models import Document, Issue, Locator


class Cell(NamedTuple):
    """A `<td>` or `<th>` and where it stands. `raw` has mark-up, white space and U+3000 taken out.

    `row` and `column` are its top-left place in the expanded grid; `locator` counts rows and cells of the source.
    A named tuple, as are `Token` and `Block`: a page has hundreds, and making them is a third of the work.
    """

    raw: str
    row: int
    column: int
    rowspan: int
    colspan: int
    locator: Locator
    header: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with spans expanded: `rows[r][c]` is the cell that covers the place, or None.

    The same `Cell` object stands at every place it covers. All rows have the same length; rows that were shorter
    in the source are in `ragged` and padded with None, never shifted. `table` is the locator's table number.
    """

    table: int
    rows: tuple[tuple[Cell | None, ...], ...]
    ragged: frozenset[int] = frozenset()


Separator = Literal["", "space", "line", "cell"]
"""What stands between a token and the one before it, the strongest of: nothing, white space, a line, a cell border."""


class Token(NamedTuple):
    """A piece of visible text that holds no white space, with its bytes and what separates it from the one before.

    `borders` counts the cell borders between the two (start tags of cells, `|`, tabs): n borders in one row hold n-1
    cells without any text.
    """

    text: str
    start: int
    end: int
    gap: Separator = "line"
    borders: int = 0


class Block(NamedTuple):
    """A run of prose between block-level boundaries (a paragraph, a line of text, a cell's paragraph).

    `text` is as published with white space collapsed. `table` is the number of the innermost table it stands in, or
    None.
    """

    text: str
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page as read. `tokens` is the visible text in reading order, by a linear scan of the bytes, not the tree.

    `body` are the bytes that every offset counts in, kept so that what a locator points at can be read again.
    """

    sha256: str
    media_type: str
    encoding: str
    document: Document
    blocks: tuple[Block, ...] = ()
    grids: tuple[Grid, ...] = ()
    tokens: tuple[Token, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)  # <meta> names in lower case → content
    extra: Mapping[str, str] = field(default_factory=dict)  # metadata labels beyond those of Document
    attachments: tuple[tuple[str, str], ...] = ()
    images: int = 0
    issues: tuple[Issue, ...] = ()
    body: bytes = field(default=b"", repr=False, compare=False)
