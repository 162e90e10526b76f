"""Portals of unknown families are read by what their own pages say, the same in whatever order those are read."""

from dataclasses import replace

from govcrawl import platforms
from govcrawl.models import Exchange, Listing, Request, Response
from govcrawl.platforms.detection import FAMILIES, as_recognised
from govcrawl.platforms.trail import Stage, Trail, page_request
from govcrawl.portals import load_registry
from govcrawl.vocabulary import Role

PORTAL = load_registry()["650200"]
HOME = page_request(PORTAL, "detect", Role.HOME, PORTAL.home, "home", Trail((2023,)))
HANWEB = "".join(f'<a href="/col/col122900000{number}/index.html">栏目</a>' for number in range(4))
ROWS = "".join(
    f'<li><a href="/nb/{number}.html">克拉玛依市教育局202{number}年政府信息公开工作年度报告</a></li>'
    for number in range(4)
)


def answered(request: Request, body: str) -> Exchange:
    return Exchange(request, Response(request.url, 200, (("Content-Type", "text/html"),), body.encode()))


def column(path: str = "klmys/nb/", **context: str) -> Request:
    request = page_request(PORTAL, "detect", Role.COLUMN, PORTAL.home + path, path, Trail((2023,), Stage.REPORTS))
    return replace(request, context=tuple(sorted({**dict(request.context), **context}.items())))


def test_what_the_front_page_tells_is_carried_to_every_page_on_the_way():
    way = '<a href="/zfxxgk/">政府信息公开</a><a href="/nb/">政府信息公开年报</a>'
    asked = platforms.read(answered(HOME, HANWEB + way), PORTAL).requests

    assert asked
    assert {dict(one.context)[FAMILIES] for one in asked} == {"hanweb-jpage"}
    assert {one.id for one in asked} == {one.id for one in platforms.read(answered(HOME, way), PORTAL).requests}


def test_a_page_adds_what_it_tells_of_itself_and_does_not_carry_it_on():
    exchange = answered(column(families="trs-static"), HANWEB)
    page = platforms.read(exchange, PORTAL)

    assert as_recognised(exchange, PORTAL).platforms == ("trs-static", "hanweb-jpage")
    assert all(dict(one.context)[FAMILIES] == "trs-static" for one in page.requests)


def test_a_portal_that_is_known_is_taken_at_its_word():
    known = replace(PORTAL, platforms=("c-column",))
    exchange = answered(column(), HANWEB)

    assert as_recognised(exchange, known) is known
    assert as_recognised(exchange, replace(PORTAL, platforms=("c-column", "detect"))).platforms == (
        "c-column",
        "hanweb-jpage",
    )


def test_where_no_family_is_told_what_is_called_an_annual_report_is_followed():
    page = platforms.read(answered(column(), ROWS), PORTAL)

    assert len(page.rows) == 4
    assert {platforms.locate(row, PORTAL).role for row in page.rows} == {Role.DOCUMENT}


def test_a_row_of_an_unknown_portal_is_located_by_the_family_its_address_is_of():
    row = Listing(PORTAL.id, f"{PORTAL.home}module/xxgk/xxgkAnnualReport.jsp?area=002510119&fbtime=2023", "年报")

    assert platforms.locate(row, PORTAL).platform == "hanweb-xxgk"
    assert platforms.locate(replace(row, url=f"{PORTAL.home}any/thing"), PORTAL).platform == "generic"
