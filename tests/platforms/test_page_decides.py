"""The registry is a hint and the page decides: a page is read by its own marks, whatever its portal declares."""

from dataclasses import replace

import pytest

from govcrawl import platforms
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request, Response
from govcrawl.platforms.crawl_context import Stage, Trail, page_request
from govcrawl.portals import load_registry
from govcrawl.vocabulary import BUILT_PLATFORMS, DETECT, Role

PORTAL = load_registry()["650200"]
HOME = page_request(PORTAL, DETECT, Role.HOME, PORTAL.home, "home", Trail((2023,)))
DECLARED = (*BUILT_PLATFORMS, DETECT)
ROWS = "".join(
    f'<li><a href="/nb/{number}/">克拉玛依市教育局202{number}年政府信息公开工作年度报告</a></li>' for number in range(4)
)
TRS = "".join(
    f'<li><a href="./202401/t2024010{number}_100{number}.html">教育局202{number}年年报</a></li>' for number in range(4)
)
JPAAS = (
    '<script url="/api-gateway/jpaas-publish-server/front/page/build/unit"'
    " querydata=\"{'webId':'154','pageId':'23203','tagId':'右侧文章列表','tplSetId':'kUVX'}\">"
    "</script>"
)


def column(path: str = "klmys/nb/") -> Request:
    return page_request(PORTAL, DETECT, Role.COLUMN, PORTAL.home + path, path, Trail((2023,), Stage.REPORTS))


def read(request: Request, body: str, portal: Portal = PORTAL) -> ListPage:
    return platforms.read(Exchange(request, Response(request.url, 200, (), body.encode())), portal)


def declaring(*families: str) -> Portal:
    return replace(PORTAL, platforms=families)


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("rows", [ROWS, TRS], ids=["titled links", "addresses of a family"])
def test_printed_rows_are_found_whatever_is_declared(declared, rows):
    page = read(column(), f"<ul>{rows}</ul>", declaring(declared))

    assert len(page.rows) == 4
    assert not any(one.role is Role.COLUMN for one in page.requests)


@pytest.mark.parametrize("declared", DECLARED)
def test_an_interface_is_asked_by_its_mark_whatever_is_declared(declared):
    asked = [one for one in read(column(), JPAAS, declaring(declared)).requests if one.role is Role.LIST]

    assert [one.platform for one in asked] == ["hanweb-jpaas"]


def test_no_page_is_asked_for_twice_because_two_families_are_declared():
    body = f"<ul>{TRS}</ul><script>createPageHTML(25, 0, 'index', 'html')</script>"
    asked = read(column(), body, declaring("trs-static", "static-dir", "list-n", "generic")).requests

    assert len({one.url for one in asked}) == len(asked) == 24
    assert read(column(), body, declaring("hanweb-jpage")).requests == asked


def test_pages_that_an_interface_turns_are_not_asked_for_by_their_links():
    pager = '<a href="?pageNum=2">2</a><a href="?pageNum=3">下一页</a>'
    asked = read(column(), f"<ul>{ROWS}</ul>{JPAAS}{pager}", declaring("hanweb-jpaas")).requests

    assert [one.platform for one in asked if one.role is Role.LIST] == ["hanweb-jpaas"]


def test_what_a_front_page_tells_beside_the_registry_is_asked_for_as_if_it_were_declared():
    body = '<a href="/gkmlpt/policy">政策</a><a href="/nb/">政府信息公开年报</a>'
    asked = {one.url for one in read(HOME, body, declaring("static-dir")).requests}

    assert asked == {f"{PORTAL.home}gkmlpt/index", f"{PORTAL.home}nb/"}


def test_a_row_is_located_by_the_family_its_address_is_of():
    row = Listing(PORTAL.id, f"{PORTAL.home}module/xxgk/xxgkAnnualReport.jsp?area=002510119&fbtime=2023", "年报")

    assert platforms.locate(row, PORTAL).platform == "hanweb-xxgk"
    assert platforms.locate(row, declaring("static-dir")).platform == "hanweb-xxgk"
    assert platforms.locate(replace(row, url=f"{PORTAL.home}any/thing"), PORTAL).platform == "generic"


def test_a_folder_and_its_index_page_are_one_document_asked_for_as_linked():
    links = [Listing(PORTAL.id, f"{PORTAL.home}nb/5843560/{name}", "年报") for name in ("index.html", "")]
    asked = [platforms.locate(row, PORTAL) for row in links]

    assert asked[0].id == asked[1].id
    assert asked[0].url.endswith("/index.html")
