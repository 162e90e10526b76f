"""Converts a PDF file to HTML: ruled tables become tables, the text around them paragraphs.

A place of a table that no rules enclose becomes a cell with the text that lies there, so no text inside a table is
lost. A table that continues on the next page is one table. Page numbers are dropped. Radicals that a font uses in place
of the characters they look like are replaced by those characters.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from typing import Any

import pdfplumber
from pdfplumber.page import Page
from pdfplumber.utils.text import extract_text

from govcrawl.errors import InputError
from govcrawl.files.pdf_lattice import Area, Lattice, Rectangle, joined, joins
from govcrawl.files.pdf_rules import ruled_tables
from govcrawl.files.radicals import unified
from govcrawl.files.rendition import FileCell, FileTable, Paragraph, Rendition, rendition
from govcrawl.models import Box

_MOST_PAGES = 300
_PAGE_NUMBER = re.compile(r"[-—–―~\s]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[/,，共]\s*(?:共\s*)?\d{1,3}\s*页?)?[-—–―~\s]*")
_END, _BEHIND_END = b"%%EOF", 2_048  # a complete file has the mark within so many bytes of its end
_ENDS_EARLY = 1.5  # in characters: a line that stops so far from the right edge ends a paragraph
_INDENTED = 1.0  # in characters: a line that is indented so far begins a paragraph

Char = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text outside tables, with its edges in points and the size of its characters."""

    text: str
    left: float
    right: float
    top: float
    size: float


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table, and the characters of its pages by page number."""

    lattice: Lattice
    chars: Mapping[int, list[Char]]
    top: float

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.lattice.columns[0]

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.lattice.columns[-1]

    def table(self) -> FileTable:
        """Returns the table with its texts. Places that no rules enclose are cells too."""
        whole = self.lattice.closed().without_slivers(lambda area: any(map(self._lines, area.boxes)))
        areas = sorted(whole.areas, key=attrgetter("row", "column"))
        rows = {row: list(cells) for row, cells in groupby(areas, key=attrgetter("row"))}
        return FileTable([list(map(self._piece, rows.get(row, ()))) for row in range(len(whole.bands))])

    def _piece(self, area: Area) -> FileCell:
        """A cell. Its place is the first of its boxes that holds text."""
        lines = {box: self._lines(box) for box in area.boxes}
        place = next(filter(lines.get, area.boxes), area.boxes[0])
        return FileCell([line for box in area.boxes for line in lines[box]], place, area.rowspan, area.colspan)

    def _lines(self, box: Box) -> list[str]:
        return _lines_of([char for char in self.chars[box.page] if _within(char, box.bbox)])


Element = Line | Ruled


def render_pdf(body: bytes, media_type: str) -> Rendition:
    """Converts a PDF file to HTML. The pages of a file without text count as images.

    Raises:
        InputError: the file is cut short, damaged, locked or too long.
    """
    if _END not in body[-_BEHIND_END:]:
        raise InputError("file not read: a PDF cut short, the file ends before its end mark; fetch it again")
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of fonts that it reads correctly
    try:
        with pdfplumber.open(BytesIO(body)) as file:
            _check_length(len(file.pages))
            elements = _on_from_page_to_page([_elements(_struck_once(page)) for page in file.pages])
            images = sum(len(page.images) for page in file.pages)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # pdfminer raises any kind of exception on a damaged file
        if any(isinstance(one, MemoryError) for one in (error.__context__, *error.args)):  # pdfplumber wraps it
            raise MemoryError from error
        reason = str(error) or type(error).__name__
        raise InputError(f"file not read: a damaged or locked PDF ({reason}); open it in a viewer") from error
    return rendition(media_type, _parts(elements), images)


def _check_length(pages: int) -> None:
    if pages > _MOST_PAGES:
        raise InputError(f"file not read: {pages} pages, limit {_MOST_PAGES}; read it by hand")


def _struck_once(page: Page) -> Page:
    """The page with each character once that is struck several times in one place, as bold type or a shadow is."""
    kept: dict[tuple[str, int, int], list[Char]] = {}
    doubled: set[int] = set()
    for char in page.chars:
        size = max(float(char["size"]), 1.0)
        across, down = int(char["x0"] / size), int(char["top"] / size)
        near = (
            kept.get((char["text"], x, y), ())
            for x in range(across - 1, across + 2)
            for y in (down - 1, down, down + 1)
        )
        if any(_lies_on(char, other) for others in near for other in others):
            doubled.add(id(char))
        else:
            kept.setdefault((char["text"], across, down), []).append(char)
    return page.filter(lambda thing: id(thing) not in doubled) if doubled else page


def _lies_on(char: Char, other: Char) -> bool:
    """Whether two equal characters cover each other for the most part; neighbours touch at most."""
    width, height = min(char["width"], other["width"]), min(char["height"], other["height"])
    return bool(abs(char["x0"] - other["x0"]) < width / 2 and abs(char["top"] - other["top"]) < height / 2)


def _elements(page: Page) -> list[Element]:
    """The tables and lines of a page from top to bottom, without the page number."""
    found = ruled_tables(page)
    tables = [Ruled(table, {page.page_number: _inside(page, table.bbox)}, table.bbox[1]) for table in found]
    around = page.filter(lambda thing: not any(_within(thing, table.bbox) for table in found))
    tolerance = _height(around.chars) / 2 if around.chars else 0
    lines = (_line(line) for line in around.extract_text_lines(y_tolerance=tolerance))
    shown = [line for line in lines if not _PAGE_NUMBER.fullmatch(line.text)]
    return sorted([*tables, *shown], key=attrgetter("top"))


def _lines_of(chars: list[Char]) -> list[str]:
    """The text of characters, line by line. Digits of another font are in one line with their neighbours."""
    if not chars:
        return []
    return unified(extract_text(chars, y_tolerance=_height(chars) / 2)).splitlines()


def _height(chars: list[Char]) -> float:
    return float(max(char["size"] for char in chars))


def _line(found: Mapping[str, Any]) -> Line:
    return Line(unified(found["text"]), found["x0"], found["x1"], found["top"], _height(found["chars"]))


def _inside(page: Page, bbox: Rectangle) -> list[Char]:
    return [char for char in page.chars if _within(char, bbox)]


def _within(thing: Char, bbox: Rectangle) -> bool:
    """Whether the centre of a character is in a box."""
    left, top, right, bottom = bbox
    across, down = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return bool(left <= across < right and top <= down < bottom)


def _on_from_page_to_page(pages: Sequence[list[Element]]) -> list[Element]:
    """The elements of all pages. A table that ends one page and begins the next is joined."""
    elements: list[Element] = []
    for page in pages:
        last, first = next(reversed(elements), None), next(iter(page), None)
        if isinstance(last, Ruled) and isinstance(first, Ruled) and joins(last.lattice, first.lattice):
            whole = Ruled(joined(last.lattice, first.lattice), {**last.chars, **first.chars}, last.top)
            elements[-1:] = [whole, *page[1:]]
        else:
            elements += page
    return elements


def _parts(elements: Sequence[Element]) -> Iterator[Paragraph | FileTable]:
    left, right = min((e.left for e in elements), default=0), max((e.right for e in elements), default=0)
    for ruled, group in groupby(elements, key=lambda element: isinstance(element, Ruled)):
        if ruled:
            yield from (element.table() for element in group if isinstance(element, Ruled))
        else:
            yield from _paragraphs([element for element in group if isinstance(element, Line)], left, right)


def _paragraphs(lines: Sequence[Line], left: float, right: float) -> Iterator[Paragraph]:
    """Joins lines to paragraphs. A line begins one if it is indented, of another size, or follows a short line."""
    text, ended, size = "", True, 0.0
    for line in lines:
        if text and (ended or line.size != size or line.left > left + _INDENTED * line.size):
            yield Paragraph(text)
            text = ""
        text += line.text
        ended, size = line.right < right - _ENDS_EARLY * line.size, line.size
    if text:
        yield Paragraph(text)
