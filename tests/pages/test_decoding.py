"""Charsets: the bytes decide where they can, a label where they leave it open, and a wrong label is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.pages.decoding import decoding_of
from govcrawl.pages.page_reader import read_page
from govcrawl.pages.spans import raw_at
from govcrawl.vocabulary import IssueKind

from ..exploration import examples

TEXT = "<p>临江市政府信息公开工作年度报告，本机关受理的申请共3件。</p>"
CONFLICT, REPLACED = IssueKind.CHARSET_CONFLICT, IssueKind.REPLACEMENT_CHARACTERS


def labelled(label: str, text: str = TEXT) -> str:
    return f'<html><head><meta charset="{label}"></head><body>{text}'


@pytest.mark.parametrize(
    ("body", "header", "encoding", "issues"),
    [
        (TEXT.encode(), None, "utf-8", []),
        (b"\xef\xbb\xbf" + TEXT.encode(), None, "utf-8", []),
        (TEXT.encode("gbk"), None, "gb18030", []),
        (TEXT.encode("gbk"), "GB2312", "gb18030", []),
        (TEXT.encode("gbk"), "iso-8859-1", "gb18030", []),
        (TEXT.encode("gbk"), "utf-8", "gb18030", [CONFLICT]),
        (labelled("utf-8").encode("gbk"), "gbk", "gb18030", [CONFLICT]),
        (labelled("gb2312").encode(), None, "utf-8", [CONFLICT]),
        (labelled("gb2312").encode(), "utf-8", "utf-8", [CONFLICT]),
        (labelled("gb2312", "<p>no characters").encode(), None, "utf-8", [CONFLICT]),
        (TEXT.encode()[:-6] + b"\xe6", "utf-8", "utf-8", [REPLACED]),
        (TEXT.encode("gbk")[:-6] + b"\xb8<", "gbk", "gb18030", [REPLACED]),
        (TEXT.encode() + b"\xef\xbf\xbd", None, "utf-8", [REPLACED]),
    ],
)
def test_the_charset_is_what_the_bytes_are(body, header, encoding, issues):
    decoding = decoding_of(body, header)
    assert decoding.encoding == encoding
    assert [issue.kind for issue in decoding.issues] == issues


@examples(100)
@given(st.sampled_from(["utf-8", "gb18030"]), st.sampled_from([None, "utf-8", "gbk", "big5"]), st.text(max_size=40))
def test_a_chinese_page_is_read_whatever_its_label_says(encoding, label, text):
    extra = text.encode(encoding, "ignore").decode(encoding).replace("<", "").replace("&", "").replace("\0", "")
    body = (TEXT * 3 + "<p>" + extra).encode(encoding)
    assert (
        read_page(body, "text/html", label).blocks[0].text == "临江市政府信息公开工作年度报告，本机关受理的申请共3件。"
    )


def test_a_few_bytes_that_happen_to_be_utf_8_follow_their_label():
    body = labelled("gbk", "<p>联通").encode("gbk")
    assert read_page(body).blocks[0].text == "联通"


def test_a_character_cut_off_before_a_tag_moves_no_text():
    body = TEXT.encode("gbk") + b"<table><tr><td>1\xb58</td><td>2</td></tr></table>"
    (grid,) = read_page(body, "text/html", "gbk").grids
    assert [cell.raw for cell in grid.rows[0]] == ["1\ufffd8", "2"]


def test_utf_16_is_told_and_not_guessed():
    page = read_page(labelled("utf-16").encode("utf-16"))
    assert (page.encoding, page.blocks, page.grids, page.tokens) == ("utf-16", (), (), ())
    assert [issue.kind for issue in page.issues] == [CONFLICT]


@pytest.mark.parametrize("cut", [b"\x81", b"\x810", b"\x810\x81", b"\xd0"])
def test_a_character_cut_off_at_the_end_of_a_cell_reads_the_same_from_its_bytes_alone(cut: bytes):
    body = b"<meta charset=gb18030><table><tr><td>" + cut + b"</td><td>2</td></tr></table>"
    page = read_page(body, "text/html")

    cells = [cell for row in page.grids[0].rows for cell in row if cell]
    assert [raw_at(body, cell.locator, page.encoding) for cell in cells] == [cell.raw for cell in cells]
    assert cells[1].raw == "2"
