"""DOCX files: a gold report written as a document must read as the page, with table, row and cell of every figure."""

import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest

from govcrawl import pages
from govcrawl.errors import InputError
from govcrawl.files import docx as reader
from govcrawl.models import TableCell
from govcrawl.reading import read_file
from govcrawl.zh import raw

CASES = (
    "labels-spaced-2021",
    "groups-twice-2019",
    "joined-blocks_apart-2021",
    "cells-delta-fewer",
    "heads-two_rows-2019",
)


def written(page: Path, target: Path) -> Path:
    """A gold page as a document: its paragraphs, then its tables with their cells merged as they span."""
    read, document = pages.read_page(page.read_bytes()), docx.Document()
    blocks = [block for block in read.blocks if block.table is None]
    document.add_paragraph(read.document.title or "")
    for block in blocks:
        document.add_paragraph(block.text)
    for grid in read.grids:
        _write_table(document, grid)
    document.save(str(target))
    return target


def _write_table(document: docx.document.Document, grid: pages.Grid) -> None:
    table = document.add_table(len(grid.rows), len(grid.rows[0]))
    for cell in dict.fromkeys(cell for row in grid.rows for cell in row if cell):
        first = table.cell(cell.row, cell.column)
        if cell.rowspan > 1 or cell.colspan > 1:
            first.merge(table.cell(cell.row + cell.rowspan - 1, cell.column + cell.colspan - 1))
        first.paragraphs[0].text = cell.raw


@pytest.mark.parametrize("case", CASES)
def test_a_report_as_a_document_reads_as_its_page(case, gold_page, figures, tmp_path):
    page = gold_page(case)

    reading, original = read_file(written(page, tmp_path / "report.docx")), read_file(page)

    assert figures(reading) == figures(original)
    assert (reading.report.form, reading.encoding) == (original.report.form, "binary")


def test_each_figure_is_in_its_cell(gold_page, tmp_path):
    file = written(gold_page(CASES[1]), tmp_path / "report.docx")
    facts = [fact for fact in read_file(file).facts if fact.status == "number"]
    tables = docx.Document(str(file)).tables

    shown = [_text_at(tables, fact.locator) for fact in facts]

    assert shown == [fact.raw for fact in facts]
    assert len(facts) > 150


def _text_at(tables: list[docx.table.Table], place: TableCell) -> str:
    table = tables[place.table]
    cell = table._tbl.tr_lst[place.row].tc_lst[place.cell]
    return raw("".join(paragraph.text for paragraph in docx.table._Cell(cell, table).paragraphs))


def test_a_nested_table_is_a_table_of_its_own():
    document = docx.Document()
    outer = document.add_table(1, 1)
    inner = outer.cell(0, 0).add_table(1, 2)
    inner.cell(0, 1).text = "7"
    stored = BytesIO()
    document.save(stored)

    rendition = reader.render_docx(stored.getvalue(), "docx")

    assert rendition.markup.count(b"<table>") == 2
    assert rendition.places[1, 0, 1] == TableCell(1, 0, 1)


def test_what_is_no_document_is_refused_in_one_line(tmp_path):
    stored = BytesIO()
    with zipfile.ZipFile(stored, "w") as members:
        members.writestr("a.txt", "a")
    for name, body in (("archive.docx", stored.getvalue()), ("cut.docx", b"PK\x03\x04" + b"\0" * 90)):
        (tmp_path / name).write_bytes(body)
        with pytest.raises(InputError, match=f"{name}: file not read: no DOCX file, or a damaged one"):
            read_file(tmp_path / name)


def test_a_document_that_unpacks_beyond_the_limit_is_refused_before_it_is_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as members:
        members.writestr("word/document.xml", b"\0" * (65 * 1024 * 1024))

    with pytest.raises(InputError, match="68,157,440 bytes unpacked, limit 67,108,864"):
        read_file(tmp_path / "bomb.docx")
