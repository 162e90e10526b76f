"""Text of a document is what its reader sees: tracked changes, fields and controls as shown, nothing that is hidden."""

import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest

from govcrawl.files import is_file
from govcrawl.files import pdf as pdf_reader
from govcrawl.files.docx import render_docx

RUN = "<w:r><w:t>{}</w:t></w:r>"
HIDDEN = "<w:r><w:rPr><w:vanish{}/></w:rPr><w:t>9</w:t></w:r>"
NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

SHOWN = {
    "plain": RUN.format(42),
    "inserted": f'<w:ins w:id="1" w:author="a">{RUN.format(42)}</w:ins>',
    "inserted within": f'{RUN.format(4)}<w:ins w:id="1" w:author="a">{RUN.format(2)}</w:ins>',
    "deleted": f'{RUN.format(42)}<w:del w:id="1" w:author="a"><w:r><w:delText>9</w:delText></w:r></w:del>',
    "moved here": f'<w:moveTo w:id="1" w:author="a">{RUN.format(42)}</w:moveTo>',
    "moved away": f'{RUN.format(42)}<w:moveFrom w:id="1" w:author="a">{RUN.format(9)}</w:moveFrom>',
    "smart tag": f'<w:smartTag w:uri="x" w:element="y">{RUN.format(42)}</w:smartTag>',
    "control": f"<w:sdt><w:sdtPr/><w:sdtContent>{RUN.format(42)}</w:sdtContent></w:sdt>",
    "control in insertion": '<w:ins w:id="1" w:author="a"><w:sdt><w:sdtContent>'
    f"{RUN.format(42)}</w:sdtContent></w:sdt></w:ins>",
    "simple field": f'<w:fldSimple w:instr=" =SUM(ABOVE) ">{RUN.format(42)}</w:fldSimple>',
    "field": '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> =9 </w:instrText></w:r>'
    f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{RUN.format(42)}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    "link": f'<w:hyperlink w:anchor="x">{RUN.format(42)}</w:hyperlink>',
    "custom": f'<w:customXml w:uri="x" w:element="y">{RUN.format(42)}</w:customXml>',
    "hidden": RUN.format(42) + HIDDEN.format(""),
    "hidden is on": RUN.format(42) + HIDDEN.format(' w:val="1"'),
    "hidden is off": RUN.format(4) + HIDDEN.format(' w:val="0"').replace(">9<", ">2<"),
    "hidden by style": f'{RUN.format(42)}<w:r><w:rPr><w:rStyle w:val="Secret"/></w:rPr><w:t>9</w:t></w:r>',
    "hidden by the style below": f'{RUN.format(42)}<w:r><w:rPr><w:rStyle w:val="Below"/></w:rPr><w:t>9</w:t></w:r>',
    "two runs": RUN.format(4) + RUN.format(2),
}
STYLE = f'<w:style {NAMESPACE} w:type="character" w:styleId="{{0}}"><w:name w:val="{{0}}"/>{{1}}</w:style>'
STYLES = (
    STYLE.format("Secret", "<w:rPr><w:vanish/></w:rPr>")
    + STYLE.format("Below", '<w:basedOn w:val="Secret"/>')
    + STYLE.format("Round", '<w:basedOn w:val="Round"/>')
)


def document_with(body: str) -> bytes:
    """A document whose body is some mark-up."""
    out, whole = BytesIO(), BytesIO()
    docx.Document().save(out)
    with zipfile.ZipFile(out) as source, zipfile.ZipFile(whole, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = f"<w:document {NAMESPACE}><w:body>{body}</w:body></w:document>".encode()
            if name == "word/styles.xml":
                data = data.replace(b"</w:styles>", STYLES.encode() + b"</w:styles>")
            target.writestr(name, data)
    return whole.getvalue()


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{text}</w:p></w:tc>"


def markup(body: str) -> str:
    return render_docx(document_with(body), "x").markup.decode()


@pytest.mark.parametrize("how", SHOWN)
def test_a_figure_reads_as_it_is_shown(how: str):
    assert "<p>42</p>" in markup(f"<w:p>{SHOWN[how]}</w:p>")
    assert "<td>42</td>" in markup(table(f"<w:tr>{cell(SHOWN[how])}</w:tr>"))


def test_a_paragraph_of_a_hidden_style_is_empty_unless_a_run_says_otherwise():
    styled = '<w:p><w:pPr><w:pStyle w:val="Secret"/></w:pPr>{}</w:p>'

    assert "<p></p>" in markup(styled.format(RUN.format(9)))
    assert "<p>2</p>" in markup(styled.format(HIDDEN.format(' w:val="false"').replace(">9<", ">2<")))


@pytest.mark.parametrize(
    "around",
    [
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        '<w:ins w:id="1" w:author="a">{}</w:ins>',
        '<w:customXml w:uri="x" w:element="y">{}</w:customXml>',
    ],
)
def test_tables_rows_and_cells_in_controls_are_there(around: str):
    one, row = cell(RUN.format(1)), f"<w:tr>{cell(RUN.format(1))}</w:tr>"

    for body in (around.format(table(row)), table(around.format(row)), table(f"<w:tr>{around.format(one)}</w:tr>")):
        assert "<td>1</td>" in markup(body)


def test_a_deleted_row_is_not_there():
    deleted = f'<w:tr><w:trPr><w:del w:id="1" w:author="a"/></w:trPr>{cell(RUN.format(9))}</w:tr>'

    assert "9" not in markup(table(f"<w:tr>{cell(RUN.format(1))}</w:tr>", deleted)).partition("<body>")[2]


@pytest.mark.parametrize("span", ["abc", "-1", "0", "", "9999999999999", "1e3", "٣"])
def test_a_span_that_is_no_number_costs_nothing(span: str):
    wide = cell(RUN.format(1), f'<w:gridSpan w:val="{span}"/>')

    assert ">1</td>" in markup(table(f"<w:tr>{wide}{cell(RUN.format(2))}</w:tr>"))


def test_merged_cells_go_on_below_in_their_own_column():
    merged = cell(RUN.format(1), '<w:vMerge w:val="restart"/>')
    top = f"<w:tr>{merged}{cell(RUN.format(2))}</w:tr>"
    below = f"<w:tr>{cell('', '<w:vMerge/>')}{cell(RUN.format(3))}</w:tr>"

    assert '<td rowspan="2">1</td>' in markup(table(top, below))


# ------------------------------------------------------------------------------------------------------------- PDF


FONTS = b"<< /Font << /F 5 0 R /B 6 0 R >> >>"


def page_with(content: str) -> bytes:
    """A PDF of one page that shows what a content stream says."""
    stream = content.encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources %s >>" % FONTS,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table_at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, table_at)


def strike(text: str, x: float, y: float, font: str = "F", size: float = 12) -> str:
    return f"BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET\n"


@pytest.mark.parametrize("text", ["11277", "is 11", "is 100", "is 42", "is 1"])
@pytest.mark.parametrize(
    "offsets",
    [((0, 0),), ((0.3, 0),), ((0.4, -0.4),), ((1, -1),), ((0.25, 0), (0.5, 0), (0.75, 0))],
    ids=["same place", "bold", "shadow", "far shadow", "four times"],
)
@pytest.mark.parametrize("font", ["F", "B"])
def test_what_is_struck_on_itself_counts_once(text: str, offsets, font: str):
    again = "".join(strike(text, 50 + x, 100 + y, font) for x, y in offsets)
    read = pdf_reader.render_pdf(page_with(strike(text, 50, 100) + again), "application/pdf").markup.decode()

    assert f"<p>{text}</p>" in read


def test_digits_that_stand_side_by_side_all_count():
    read = pdf_reader.render_pdf(page_with(strike("1111", 50, 100, size=4)), "application/pdf").markup.decode()

    assert "<p>1111</p>" in read


@pytest.mark.parametrize("before", [b"", b"\r\n", b"\xef\xbb\xbf", b"\n\n\n", b"\0\0", b" \r\n\xef\xbb\xbf"])
@pytest.mark.parametrize("behind", [b"", b"\0" * 5000, b"\r\n"])
def test_bytes_around_a_pdf_are_none_of_it(tmp_path: Path, before: bytes, behind: bytes):
    from govcrawl.reading import read_file  # noqa: PLC0415 - the door that a user's file goes through

    path = tmp_path / "a.pdf"
    path.write_bytes(before + page_with(strike("42", 50, 100)) + behind)

    assert is_file(path.read_bytes())
    assert read_file(path).media_type == "application/pdf"


def test_a_text_that_speaks_of_pdf_is_none():
    assert not is_file(b"see %PDF-1.4")
