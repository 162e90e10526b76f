"""Converts a DOCX file to HTML: paragraphs and tables in document order, merged cells as spans.

A nested table becomes a separate table behind the table around it, since reports nest tables for layout only.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO

import docx
from docx.document import Document
from docx.oxml.table import CT_Tc
from docx.table import Table as DocxTable
from docx.table import _Cell as DocxCell
from docx.text.paragraph import Paragraph as DocxParagraph

from govcrawl.errors import InputError
from govcrawl.files.rendition import FileCell, FileTable, Paragraph, Rendition, rendition
from govcrawl.models import TableCell

_LARGEST = 64 * 1024 * 1024  # bytes of all members unpacked
_CONTINUES = "continue"


def render_docx(body: bytes, media_type: str) -> Rendition:
    """Converts a DOCX file to HTML.

    Raises:
        InputError: the file is damaged, locked, too large, or an archive of another kind.
    """
    document = _opened(body)
    return rendition(media_type, _Numbered().parts(document), len(document.inline_shapes))


def _opened(body: bytes) -> Document:
    try:
        with zipfile.ZipFile(BytesIO(body)) as members:
            _check_size(sum(member.file_size for member in members.infolist()))
        return docx.Document(BytesIO(body))
    except InputError:
        raise
    except Exception as error:  # python-docx passes on any exception of zipfile, lxml and its own parts
        raise InputError(f"file not read: no DOCX file, or a damaged one ({error}); open it in an editor") from error


def _check_size(size: int) -> None:
    if size > _LARGEST:
        raise InputError(f"file not read: {size:,} bytes unpacked, limit {_LARGEST:,}; read it by hand")


class _Numbered:
    """Collects the parts of a document and numbers its tables in document order."""

    def __init__(self) -> None:
        self._tables = 0

    def parts(self, container: Document | DocxCell) -> Iterator[Paragraph | FileTable]:
        for item in container.iter_inner_content():
            if isinstance(item, DocxParagraph):
                yield Paragraph(item.text)
            else:
                yield from self._table(item)

    def _table(self, table: DocxTable) -> Iterator[Paragraph | FileTable]:
        number = self._tables
        self._tables += 1
        rows = table._tbl.tr_lst  # noqa: SLF001 - `rows[i].cells` repeats merged cells, in quadratic time
        yield FileTable([list(_pieces(table, number, row, rows)) for row in range(len(rows))])
        for row in rows:
            for cell in row.tc_lst:
                yield from self._nested(DocxCell(cell, table))

    def _nested(self, cell: DocxCell) -> Iterator[Paragraph | FileTable]:
        for table in cell.tables:
            yield from self._table(table)


def _pieces(table: DocxTable, number: int, row: int, rows: list) -> Iterator[FileCell]:  # type: ignore[type-arg]
    for count, cell in enumerate(rows[row].tc_lst):
        if cell.vMerge != _CONTINUES:
            yield FileCell(
                [paragraph.text for paragraph in DocxCell(cell, table).paragraphs],
                TableCell(number, row, count),
                1 + _continued(cell, rows[row + 1 :]),
                cell.grid_span,
            )


def _continued(cell: CT_Tc, below: list) -> int:  # type: ignore[type-arg]
    """The number of rows below into which a merged cell continues."""
    if cell.vMerge is None:
        return 0
    place, rows = cell.grid_offset, 0
    for row in below:
        if not any(other.grid_offset == place and other.vMerge == _CONTINUES for other in row.tc_lst):
            break
        rows += 1
    return rows
