"""Writes a file as HTML, and maps each cell of that HTML to its place in the file."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from govcrawl.models import Box, Locator, TableCell

PlaceInFile = Box | TableCell


@dataclass(frozen=True, slots=True)
class FileCell:
    """A cell of a table in a file: its lines of text, its spans, and its place in the file."""

    lines: Sequence[str]
    place: PlaceInFile
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class FileTable:
    """A table in a file, row by row. A cell that spans rows is in the first of them."""

    rows: Sequence[Sequence[FileCell]]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph outside tables."""

    text: str


@dataclass(frozen=True, slots=True)
class Rendition:
    """A file as HTML in UTF-8. `places` is keyed by (table, row, cell) as locators count them."""

    media_type: str
    markup: bytes
    places: Mapping[tuple[int, int, int], PlaceInFile]
    images: int = 0

    def place(self, locator: object) -> PlaceInFile | None:
        """Returns the place in the file of the cell at a locator; None for text outside tables."""
        if not isinstance(locator, Locator) or locator.table is None or locator.row is None or locator.cell is None:
            return None
        return self.places.get((locator.table, locator.row, locator.cell))


def rendition(media_type: str, parts: Iterable[Paragraph | FileTable], images: int = 0) -> Rendition:
    """Writes the parts of a file, in order, as a rendition."""
    parts = list(parts)
    body = "\n".join("".join(_markup(part)) for part in parts)
    pictures = '<img src="">' * images
    places = {
        (number, row, cell): piece.place
        for number, table in enumerate(part for part in parts if isinstance(part, FileTable))
        for row, pieces in enumerate(table.rows)
        for cell, piece in enumerate(pieces)
    }
    text = f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>\n{body}\n{pictures}</body></html>'
    return Rendition(media_type, text.encode("utf-8", "replace"), places, images)


def _markup(part: Paragraph | FileTable) -> Iterator[str]:
    if isinstance(part, Paragraph):
        yield f"<p>{html.escape(part.text)}</p>"
        return
    yield "<table>\n"
    for row in part.rows:
        yield "<tr>"
        yield from map(_cell, row)
        yield "</tr>\n"
    yield "</table>"


def _cell(piece: FileCell) -> str:
    spans = "".join(
        f' {name}="{span}"' for name, span in (("rowspan", piece.rowspan), ("colspan", piece.colspan)) if span > 1
    )
    return f"<td{spans}>{'<br>'.join(map(html.escape, piece.lines))}</td>"
