"""`Page`: the result of reading HTML, text, PDF or DOCX.

Offsets count bytes of the body after transfer and content encoding are removed. A `Grid` is a table with its spans
expanded, a `Block` a run of prose between block-level boundaries, a `Token` the smallest piece of visible text. This
module does not know the forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from govcrawl.models import Document, Issue, Locator


class Cell(NamedTuple):
    """A `<td>` or `<th>` and where it stands. `raw` is its text without white space and U+3000.

    `row` and `column` are its top-left place in the expanded grid; `locator` counts rows and cells of the source.
    `Cell`, `Token` and `Block` are named tuples because a page has hundreds of them and they are cheap to make.
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
"""The strongest separator between a token and the one before it: nothing, white space, a line end, a cell border."""


class Token(NamedTuple):
    """A piece of visible text without white space, its bytes, and its separator from the token before.

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
    """A page as read. `tokens` is the visible text in reading order, from a linear scan of the bytes instead of a tree.

    `body` holds the bytes that all offsets refer to, so that the text at a locator can be read again.
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
