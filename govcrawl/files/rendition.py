"""A file written out as HTML, and the way back from its cells."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from govcrawl.models import Box, Locator, TableCell

PlaceInFile = Box | TableCell


@dataclass(frozen=True, slots=True)
class FileCell:
    """A cell of a table in a file: its text by lines, the places it covers, and where it is in the file."""

    lines: Sequence[str]
    place: PlaceInFile
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class FileTable:
    """A table in a file, row by row; a cell that spans rows stands in the first of them."""

    rows: Sequence[Sequence[FileCell]]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph outside tables."""

    text: str


@dataclass(frozen=True, slots=True)
class Rendition:
    """A file as mark-up in UTF-8. `places` is keyed by table, row and cell as locators count them."""

    media_type: str
    markup: bytes
    places: Mapping[tuple[int, int, int], PlaceInFile]
    images: int = 0

    def place(self, locator: object) -> PlaceInFile | None:
        """Where in the file a cell of the mark-up came from; None for what stands outside tables."""
        if not isinstance(locator, Locator) or locator.table is None or locator.row is None or locator.cell is None:
            return None
        return self.places.get((locator.table, locator.row, locator.cell))


def rendition(media_type: str, parts: Iterable[Paragraph | FileTable], images: int = 0) -> Rendition:
    """The rendition of a file that consists of these parts."""
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
