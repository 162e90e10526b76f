"""Converts a DOCX file to HTML: paragraphs and tables in document order, merged cells as spans.

The text is what a reader of the document sees: tracked insertions, content controls, smart tags and the results of
fields are in it, tracked deletions and hidden text are not. A nested table becomes a separate table behind the table
around it, since reports nest tables for layout only.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from govcrawl.errors import InputError
from govcrawl.files.rendition import FileCell, FileTable, Paragraph, Rendition, rendition
from govcrawl.models import TableCell

_LARGEST = 64 * 1024 * 1024  # bytes of all members unpacked
_WIDEST = 63  # columns of a table in Word; a span beyond it is a mistake
_AROUND = frozenset(
    map(qn, ("w:ins", "w:moveTo", "w:smartTag", "w:hyperlink", "w:sdt", "w:sdtContent", "w:fldSimple", "w:customXml",
             "w:dir", "w:bdo", "w:r"))
)  # fmt: skip
"""Elements around what is shown; what is in any other (deletions, moved text at its former place) is not shown."""
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_OFF = frozenset({"0", "false", "off"})

Node = Any
"""An lxml element of the document."""


def render_docx(body: bytes, media_type: str) -> Rendition:
    """Converts a DOCX file to HTML.

    Raises:
        InputError: the file is damaged, locked, too large, or an archive of another kind.
    """
    document = _opened(body)
    reader = _Reader(_hidden_styles(document))
    return rendition(media_type, reader.parts(document.element.body), len(document.inline_shapes))


def _opened(body: bytes) -> Document:
    try:
        with zipfile.ZipFile(BytesIO(body)) as members:
            _check_size(sum(member.file_size for member in members.infolist()))
        return docx.Document(BytesIO(body))
    except (InputError, MemoryError):
        raise
    except Exception as error:  # python-docx passes on any exception of zipfile, lxml and its own parts
        raise InputError(f"file not read: no DOCX file, or a damaged one ({error}); open it in an editor") from error


def _check_size(size: int) -> None:
    if size > _LARGEST:
        raise InputError(f"file not read: {size:,} bytes unpacked, limit {_LARGEST:,}; read it by hand")


def _hidden_styles(document: Document) -> frozenset[str]:
    """The ids of the styles whose text is hidden, by themselves or by the style that they are based on."""
    styles = {style.get(qn("w:styleId")): style for style in document.styles.element.findall(qn("w:style"))}
    hidden = {key: _vanishes(style.find(qn("w:rPr"))) for key, style in styles.items()}
    bases = {key: _value(style.find(qn("w:basedOn"))) for key, style in styles.items()}
    return frozenset(key for key in styles if key and _inherited(key, hidden, bases))


def _inherited(key: str, hidden: dict[Any, bool | None], bases: dict[Any, str | None]) -> bool:
    current: str | None = key
    for _ in range(len(bases)):  # a style may be based on itself by mistake
        if current is None or hidden.get(current) is not None:
            break
        current = bases.get(current)
    return bool(current and hidden.get(current))


def _vanishes(properties: Node | None) -> bool | None:
    """Whether properties say that text is hidden or shown; None where they say nothing."""
    mark = None if properties is None else properties.find(qn("w:vanish"))
    return None if mark is None else _value(mark) not in _OFF


def _value(node: Node | None) -> str | None:
    return None if node is None else node.get(qn("w:val"))


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a row, with the column it begins in."""

    node: Node
    column: int
    span: int

    @property
    def merge(self) -> str | None:
        """`restart` or `continue` where the cell is merged with others above or below it."""
        mark = _property(self.node, "w:tcPr", "w:vMerge")
        return None if mark is None else _value(mark) or "continue"


class _Reader:
    """Collects the parts of a document and numbers its tables in document order."""

    def __init__(self, hidden_styles: frozenset[str]) -> None:
        self._hidden_styles = hidden_styles
        self._tables = 0

    def parts(self, container: Node) -> Iterator[Paragraph | FileTable]:
        """The paragraphs and tables of a container, those in content controls included."""
        for node in _within(container, "w:p", "w:tbl"):
            if node.tag == qn("w:p"):
                yield Paragraph(self._text(node))
            else:
                yield from self._table(node)

    def _table(self, table: Node) -> Iterator[Paragraph | FileTable]:
        number = self._tables
        self._tables += 1
        rows = [_cells(row) for row in _within(table, "w:tr") if _property(row, "w:trPr", "w:del") is None]
        yield FileTable([list(self._pieces(number, row, rows)) for row in range(len(rows))])
        for cell in (cell for row in rows for cell in row):
            for nested in _within(cell.node, "w:tbl"):
                yield from self._table(nested)

    def _pieces(self, number: int, row: int, rows: Sequence[Sequence[_Cell]]) -> Iterator[FileCell]:
        for count, cell in enumerate(rows[row]):
            if cell.merge != "continue":
                lines = [self._text(paragraph) for paragraph in _within(cell.node, "w:p")]
                yield FileCell(lines, TableCell(number, row, count), 1 + _continued(cell, rows[row + 1 :]), cell.span)

    def _text(self, paragraph: Node) -> str:
        by_style = _value(_property(paragraph, "w:pPr", "w:pStyle")) in self._hidden_styles
        return "".join(self._pieces_of_text(paragraph, is_hidden=by_style))

    def _pieces_of_text(self, node: Node, *, is_hidden: bool) -> Iterator[str]:
        for child in node:
            if child.tag == qn("w:r") and self._is_hidden(child, is_hidden=is_hidden):
                continue
            if child.tag in _AROUND:
                yield from self._pieces_of_text(child, is_hidden=is_hidden)
            elif child.tag == qn("w:t"):
                yield child.text or ""
            else:
                yield _SIGNS.get(child.tag, "")

    def _is_hidden(self, run: Node, *, is_hidden: bool) -> bool:
        said = _vanishes(run.find(qn("w:rPr")))
        if said is not None:
            return said
        style = _value(_property(run, "w:rPr", "w:rStyle"))
        return is_hidden or style in self._hidden_styles


def _within(container: Node, *names: str) -> Iterator[Node]:
    """The nodes of some names in a container, also inside content controls and tracked changes around them."""
    wanted = frozenset(map(qn, names))
    for child in container:
        if child.tag in wanted:
            yield child
        elif child.tag in _AROUND:
            yield from _within(child, *names)


def _property(node: Node, group: str, name: str) -> Node | None:
    properties = node.find(qn(group))
    return None if properties is None else properties.find(qn(name))


def _cells(row: Node) -> list[_Cell]:
    column = _number(_property(row, "w:trPr", "w:gridBefore"), 0)
    cells: list[_Cell] = []
    for node in _within(row, "w:tc"):
        if _property(node, "w:tcPr", "w:cellDel") is None:
            cells.append(_Cell(node, column, max(1, _number(_property(node, "w:tcPr", "w:gridSpan"), 1))))
            column += cells[-1].span
    return cells


def _number(node: Node | None, otherwise: int) -> int:
    """The number of a property, at most `_WIDEST`; `otherwise` where it is none."""
    text = _value(node) or ""
    return min(int(text), _WIDEST) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _continued(cell: _Cell, below: Sequence[Sequence[_Cell]]) -> int:
    """The number of rows below into which a merged cell continues."""
    if cell.merge is None:
        return 0
    rows = 0
    for row in below:
        if not any(other.column == cell.column and other.merge == "continue" for other in row):
            break
        rows += 1
    return rows
