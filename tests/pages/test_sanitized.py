"""Archived pages for eyes: whatever a page holds, what is written of it cannot act, and its texts are all there."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from govcrawl.errors import LimitError
from govcrawl.pages import sanitized
from govcrawl.pages.sanitized import MARK, Highlight, inert_page, inert_source
from govcrawl.zh import raw

from ..growth import LINEAR, growth

HARMLESS = {"html", "head", "body", "meta", "style", "img", "span", "pre", "table", "tbody", "colgroup", "div", "mark"}
HARMLESS |= sanitized._ELEMENTS
ACTIVE = {
    *("applet", "audio", "base", "button", "dialog", "embed", "form", "frame", "frameset", "iframe", "input", "link"),
    *("math", "object", "script", "select", "source", "svg", "template", "textarea", "video"),
}
LEADING = {"action", "autofocus", "background", "data", "formaction", "href", "ping", "poster", "srcset", "xlink:href"}
ACTING = re.compile(r"javascript:|vbscript:|data:text|srcdoc|http-equiv", re.IGNORECASE)

HOSTILE = {
    "script": "<p>前</p><script>alert(1)</script><p>后</p>",
    "handler": '<table><tr><td onclick="alert(1)"><p onmouseover=alert(2)>12</td></table>',
    "image": "<img src=x onerror=alert(1)><img src='http://127.0.0.1/x.png' alt='图'>",
    "link": '<a href="javascript:alert(1)" target=_top>附件</a>',
    "frame": '<iframe srcdoc="<script>alert(1)</script>"></iframe><frameset onload=alert(1)><frame src="javascript:1">',
    "form": '<form action="http://127.0.0.1/"><input autofocus onfocus=alert(1)><button formaction=x:1>送</form>',
    "refresh": '<meta http-equiv="refresh" content="0;url=javascript:alert(1)"><base href="http://127.0.0.1/">',
    "vector": "<svg onload=alert(1)><animate onbegin=alert(1)><foreignObject><script>1</script></foreignObject></svg>",
    "style": "<style>@import url(http://127.0.0.1/a);p{background:url(b)}</style><p style='background:URL (x)'>",
    "style end": "<style></style/><img src=x onerror=alert(1)></style>",
    "comment": "<!--><img src=x onerror=alert(1)>--><!-- --!><script>alert(1)</script>",
    "textarea": "<textarea></textarea/><script>alert(1)</script></textarea><xmp><script>alert(1)</script></xmp>",
    "noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "template": "<template><script>alert(1)</script></template>",
    "title": "<title></title><script>alert(1)</script></title>",
    "quotes": "<p title='\"><script>alert(1)</script>' class=`onload=alert(1)`>字</p>",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt;<a href='&#106;avascript:alert(1)'>x</a>",
    "case": "<ScRiPt/x>alert(1)</sCrIpT ><IMG/SRC=x/ONERROR=alert(1)>",
    "open": "<p>字<script>alert(1)",
    "cut": '<p>字<img src="x" onerror="alert(1)',
    "plaintext": "<plaintext><script>alert(1)</script>",
    "math": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "nul": "<scr\0ipt>alert(1)</script><p on\0click=alert(1)>",
}


def check_harmless(written: str) -> None:
    """Only what is on the lists comes up in the tree that a browser would build."""
    for node in LexborHTMLParser(written).css("*"):
        assert node.tag in HARMLESS - ACTIVE, node.tag
        for name, value in node.attributes.items():
            known = name in sanitized._ATTRIBUTES | {"id", "src", "charset", "name", "content"}
            assert known, f"{node.tag} {name}"
            assert not name.startswith("on"), name
            assert name not in LEADING, name
            assert name != "id" or value == MARK
            assert name == "title" or not ACTING.search(value or ""), f"{name}={value}"
            if name == "src":
                assert (value or "").startswith("data:image/")
        if node.tag == "style":
            assert not re.search(r"url\s*\(|@import", node.text(), re.IGNORECASE)


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_markup_cannot_act(case: str):
    written = inert_page(f"<html><body>{HOSTILE[case]}<p>尾</p>".encode(), "text/html", "utf-8")

    check_harmless(written)
    assert "<script" not in written.lower()


fragments = st.sampled_from([
    "<", ">", "</", "<!--", "-->", "<script>", "</script>", "<style>", "</style>", "<p ", "<td>", "</td>", "<table>",
    "<img src=x ", "onerror=alert(1)", "'", '"', "`", "=", " ", "/", "&lt;", "&#60;", "\0", "字", "<textarea>", "<xmp>",
    "<svg>", "<title>", "</title>", "<noscript>", "]]>", "<![CDATA[", "<a href=javascript:1>", "style=", "<iframe>",
])  # fmt: skip


@given(st.lists(fragments, max_size=40).map("".join))
def test_whatever_is_put_together_cannot_act(page: str):
    written = inert_page(f"<body>{page}".encode(), "text/html", "utf-8")

    check_harmless(written)


@given(st.binary(max_size=200), st.sampled_from(["utf-8", "gbk", "big5", None]))
def test_any_bytes_can_be_shown(body: bytes, charset: str | None):
    check_harmless(inert_page(b"<html><table>" + body, "text/html", charset))
    check_harmless(inert_source(body, charset))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_texts_are_all_there_in_the_right_charset(encoding: str):
    page = "<html><meta charset=gb2312><body><table><tr><td>政府信息公开申请</td><td> 1 &lt; 2&nbsp;件</td></tr>"
    written = inert_page(page.encode(encoding), "text/html", None)

    assert raw(LexborHTMLParser(written).body.text()) == "政府信息公开申请1<2件"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("content", ["12", "<p><b>1</b>2</p>", "　12&nbsp;", "", "<!-- x -->", "十二件"])
def test_a_span_of_bytes_is_marked_where_it_lies(encoding: str, content: str):
    head, cell, tail = (
        text.encode(encoding)
        for text in ("<html><body>政府信息公开<table><tr><td>甲</td><td>", content, "</td><td>丙</td>")
    )
    span = Highlight(len(head), len(head) + len(cell), in_cell=True)
    written = inert_page(head + cell + tail, "text/html", encoding, span)
    tree = LexborHTMLParser(written)
    marked = tree.css(f"#{MARK}")

    assert len(marked) == 1
    assert marked[0].parent is not None
    assert marked[0].parent.tag == "td"
    assert raw(marked[0].text()) == raw(LexborHTMLParser(content).body.text() if content else "")
    assert [raw(cell.text()) for cell in tree.css("td")][0::2] == ["甲", "丙"]


def test_a_word_inside_a_text_is_marked():
    page = "第一行 12 件\n第二行 13 件\n".encode()
    start = page.index(b"13")
    written = inert_page(page, "text/plain", "utf-8", Highlight(start, start + 2))

    assert f'第二行 <mark id="{MARK}">13</mark> 件' in written


def test_a_document_carried_in_json_is_shown_as_a_page():
    body = (
        rb'{"title":"\u62a5\u544a","content":"<p>\u653f\u5e9c<\/p><script>alert(1)<\/script>'
        rb'<table><tr><td>12<\/td><\/tr>"}'
    )
    start = body.index(b"12")
    written = inert_page(body, "application/json", "utf-8", Highlight(start, start + 2, in_cell=True))

    check_harmless(written)
    assert "政府" in written
    assert f'<div id="{MARK}">12</div>' in written


def test_pictures_of_the_page_itself_stay_others_are_named():
    own, other = b'<img src="data:image/png;base64,AAAA" width=3>', b'<img src="data:image/svg+xml,x" alt="a<b">'
    written = inert_page(b"<body><p>" + own + other, None, None)

    assert '<img src="data:image/png;base64,AAAA" width="3">' in written
    assert "[a&lt;b]" in written


def test_addresses_become_hints():
    assert '<a title="http://www.example.gov.cn/a?b&amp;c">' in inert_page(
        b'<body><a href="http://www.example.gov.cn/a?b&c">x</a><p>', None, None
    )


def test_a_page_beyond_a_limit_is_refused_and_shown_as_text():
    deep = b"<div>" * 100_000
    with pytest.raises(LimitError):
        inert_page(deep, "text/html", None)
    source = inert_source(deep, None)

    assert "&lt;div&gt;" in source
    check_harmless(source)


def test_a_page_beyond_a_limit_costs_no_more_than_its_length():
    def task(size):
        deep = b"<div>" * size
        return lambda: shown_or_refused(deep)

    assert growth(task, 12_500) < LINEAR


def shown_or_refused(page):
    """The page as text, after it has been refused as a page."""
    with pytest.raises(LimitError):
        inert_page(page, "text/html", None)
    return inert_source(page, None)
