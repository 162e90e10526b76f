"""A document carried in JSON reads like the page it is, and its locators point into the answer."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.pages.jsonp import carried
from govcrawl.pages.page_reader import read_page
from govcrawl.pages.spans import raw_at

from ..exploration import examples
from ..growth import LINEAR, growth

TITLE = "宜昌市教育局2023年政府信息公开工作年度报告"
PAGE = (
    '<div class="x"><p>根据条例，现公布<b>2023</b>年报告。</p>'
    "<!--[if gte mso 9]><xml><w:W>政府信息</w:W></xml><![endif]-->"
    '<table border="1"><tr><td colspan="2">本年新制作</td><td>无</td></tr><tr><td>1,234</td><td><p>12</p></td>'
    '<td>减少8&nbsp;件</td></tr></table><br/><a href="http://a.gov.cn/x.pdf" title="附件">附件</a></div>'
)


def answer(html: str, *, ascii_only: bool = True, **fields: str) -> bytes:
    record = {"title": TITLE, "content": html, **fields}
    told = json.dumps([record], ensure_ascii=ascii_only).replace("/", "\\/")
    return f"callback({told});".encode()


def cells(page):
    return [cell for grid in page.grids for row in grid.rows for cell in row if cell]


@pytest.mark.parametrize("ascii_only", [True, False])
def test_it_reads_like_the_page_it_carries(ascii_only):
    body, plain = answer(PAGE, ascii_only=ascii_only), read_page(PAGE.encode())
    page = read_page(body, "application/javascript")

    assert page.blocks == plain.blocks
    assert [cell.raw for cell in cells(page)] == [cell.raw for cell in cells(plain)]
    assert page.attachments == plain.attachments
    assert page.encoding == "utf-8"


@pytest.mark.parametrize("ascii_only", [True, False])
def test_its_locators_point_into_the_answer(ascii_only):
    body = answer(PAGE, ascii_only=ascii_only)
    page = read_page(body)
    stored = {cell.raw: body[cell.locator.start : cell.locator.end] for cell in cells(page)}

    assert stored["1,234"] == b"1,234"
    assert stored["12"] == b"<p>12<\\/p>"
    assert all(raw_at(body, cell.locator, page.encoding) == cell.raw for cell in cells(page))


def test_what_the_answer_says_of_the_document_is_its_metadata():
    told = {"vc_number": "011100269/2025-00020", "deptname": "宜昌市教育局", "vc_inputtime": "2024-01-20 10:00:00"}
    document = read_page(answer(PAGE, vc_fielid="无", vc_opentype="主动公开", vc_ztfl="其他", **told)).document

    assert (document.title, document.index_number) == (TITLE, "011100269/2025-00020")
    assert (document.publisher, document.published_on) == ("宜昌市教育局", "2024-01-20")
    assert (document.document_number, document.disclosure_mode, document.theme) == (None, "主动公开", "其他")


@pytest.mark.parametrize(
    "body",
    [
        b"<html><p>callback({})</p></html>",
        b"callback([]);",
        b'{"title": "x"}',
        b'callback({"content": "<p>1</p>"',
        b"[" * 100_000 + b'"content":"x"' + b"]" * 100_000,
    ],
    ids=["html", "empty", "no content", "cut", "nested without end"],
)
def test_other_answers_carry_nothing(body):
    assert carried(body) is None


def test_tags_may_be_escaped_whole():
    body = answer("<table><tr><td>7</td></tr></table>").replace(b"<", b"\\u003c").replace(b">", b"\\u003E")
    page = read_page(body)

    assert [cell.raw for cell in cells(page)] == ["7"]
    assert [body[cell.locator.start : cell.locator.end] for cell in cells(page)] == [b"7"]


@examples(150)
@given(
    st.lists(st.sampled_from([*'政府信息 12/,"\\\n<>&😀\ud83d', "<td>", "</td>", "<br/>", "&nbsp;", '<a title="府">']))
)
def test_every_tag_and_every_text_behind_one_stays_at_its_place(pieces):
    body = answer("".join(pieces))
    document = carried(body)

    assert document is not None
    assert len(document.html) == len(body)
    for tag in re.finditer(rb"<\\?/?(?:td|br\\?/)>[12]?", body):
        assert document.html[tag.start()] == body[tag.start()]
        assert document.html[tag.end() - 1] == body[tag.end() - 1]


@pytest.mark.parametrize("piece", ["<", "<!--", "<a ", "\\u003c", "政", '<a title="'])
def test_a_hostile_string_takes_no_longer_than_its_length(piece):
    def task(size):
        body = b'cb({"content":"' + json.dumps(piece * size)[1:-1].encode() + b'"})'
        assert carried(body) is not None
        return lambda: carried(body)

    assert growth(task, 6_000) < LINEAR
