"""Reports in several pages: which pages belong to one, and that one page made of them is read as the whole."""

import re
from pathlib import Path

import pytest

from govcrawl import platforms
from govcrawl.models import Exchange, Request, Response
from govcrawl.portals import load_registry
from govcrawl.reading import read_bytes
from govcrawl.vocabulary import Role

REPORTS = Path(__file__).parents[1] / "fixtures" / "reports"
DISTRICT = load_registry()["110106"]
PAGE = f"{DISTRICT.home}nb/202501/t20250120_123.shtml"
TITLE = "丰台区财政局2024年政府信息公开工作年度报告"
SECTIONS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
)


def page(body: str, more: str = "") -> bytes:
    return (
        f'<html><head><meta charset="gbk"><title>{TITLE}</title><script>x()</script></head><body><div class="top">'
        f'<a href="/">首页</a></div><h1>{TITLE}</h1><div id="zoom">{body}</div><p>{more}</p><div>版权所有</div></body>'
    ).encode("gb18030")


def exchange(body: bytes, url: str = PAGE) -> Exchange:
    return Exchange(Request(DISTRICT.id, "generic", Role.DOCUMENT, PAGE), Response(url, 200, (), body))


def links(*pairs: tuple[str, str]) -> str:
    return "".join(f'<a href="{address}">{name}</a>' for address, name in pairs)


NUMBERED = [PAGE.replace(".shtml", f"_{number}.shtml") for number in (1, 2, 3)]
TABS = [f"{DISTRICT.home}nb/202501/s{number}.html" for number in range(1, 4)]


@pytest.mark.parametrize(
    ("more", "parts"),
    [
        (links(("t20250120_123_1.shtml", "2"), ("t20250120_123_3.shtml", "尾页")), NUMBERED),
        (links(("./t20250120_123_1.shtml", "下一页")), NUMBERED[:1]),
        ("<script>createPageHTML(4, 0, 't20250120_123', 'shtml');</script>", NUMBERED),
        (links((PAGE, SECTIONS[0]), *((f"s{n}.html", name) for n, name in enumerate(SECTIONS[1:], 1))), TABS),
        ('<iframe src="c/9.html"></iframe>', [f"{DISTRICT.home}nb/202501/c/9.html"]),
        (links(("?page=2", "2"), ("?page=3", "下一页")), [f"{PAGE}?page=2", f"{PAGE}?page=3"]),
        ('<iframe src="/pdfjs/viewer.html?file=/nb/1.pdf"></iframe>', []),
        ('<iframe src="https://player.example.com/9.html"></iframe>', []),
        (links(("t20250121_124.shtml", "下一篇"), ("/nb/index_2.shtml", "返回列表")), []),
        (f"<p>{'正文已经在此。' * 60}</p><iframe src='weather.html'></iframe>", []),
    ],
)
def test_the_pages_of_a_document_are_told_by_links_scripts_and_frames(more, parts):
    assert list(platforms.parts_of(exchange(page("<p>一、总体情况</p>", more)), DISTRICT)) == parts


def test_only_a_document_has_parts():
    of_list = exchange(page("", links(("t20250120_123_1.shtml", "2"))))
    request = Request(DISTRICT.id, "generic", Role.COLUMN, PAGE)

    assert platforms.parts_of(Exchange(request, of_list.response), DISTRICT) == ()


@pytest.mark.parametrize("case", ["figures-unit-2019", "figures-unit-2021", "groups-twice-2021"])
def test_what_is_made_of_the_pages_is_read_as_the_whole(case):
    whole = (REPORTS / case / "input.html").read_text(encoding="utf-8")
    body = whole.partition("<body>")[2].partition("</body>")[0]
    cuts = [found.start() for found in re.finditer("<table", body)][1:]
    pieces = [body[start:end] for start, end in zip((0, *cuts), (*cuts, len(body)), strict=True)]
    pager = links(*((f"t20250120_123_{number}.shtml", str(number + 1)) for number in range(1, len(pieces))))
    first, *parts = (Response(PAGE, 200, (), page(piece, pager)) for piece in pieces)

    joined = platforms.joined_parts(first, parts)
    read, at_once = (read_bytes(text, "text/html", None, PAGE, DISTRICT.id) for text in (joined, page(body)))

    assert [fact[:8] for fact in read.facts] == [fact[:8] for fact in at_once.facts]
    assert len(read.facts) > 100
    assert [part.key for part in read.sections] == [part.key for part in at_once.sections]
    assert platforms.parts_of(exchange(joined), DISTRICT) == ()
    assert "首页" in joined.decode()
    assert joined.decode().count("版权所有") == 1
