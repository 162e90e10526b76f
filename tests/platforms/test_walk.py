"""Whole walks over small servers: every row once, whatever the server's build, and clear ends."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl import platforms
from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Portal, Request, Response
from govcrawl.platforms import paging
from govcrawl.platforms.addresses import parameters
from govcrawl.platforms.hanweb_xxgk import HANWEB_XXGK
from govcrawl.portals import load_registry
from govcrawl.vocabulary import BUILT_PLATFORMS, Role

from ..exploration import examples

HANGZHOU, YUHANG, HUANGSHI, LIANGZI = (load_registry()[code] for code in ("330100", "330110", "420200", "420702"))
REPORT_OF_ORGAN = "/module/xxgk/xxgkAnnualReport.jsp"
Server = Callable[[Request], str]


def row(number: int) -> str:
    return f"<li><a href='/art/2024/1/1/art_12_{number}.html' title='第{number}局2023年政府信息公开年报'>…</a></li>"


def answer_of(rows: list[str], total: int) -> str:
    records = "".join(f"<record><![CDATA[{one}]]></record>" for one in rows)
    return f"<datastore><totalrecord>{total}</totalrecord><recordset>{records}</recordset></datastore>"


def honours_window(query: Mapping[str, str], total: int) -> range:
    return range(int(query["startrecord"]), min(int(query["endrecord"]), total) + 1)


def honours_page_alone(query: Mapping[str, str], total: int) -> range:
    size = int(query["perpage"])
    return range((int(query["page"]) - 1) * size + 1, min(int(query["page"]) * size, total) + 1)


def has_its_own_page_size(query: Mapping[str, str], total: int) -> range:
    return honours_page_alone({**query, "perpage": "19"}, total)


def cuts_long_pages_short(query: Mapping[str, str], total: int) -> range:
    return honours_page_alone({**query, "perpage": str(min(int(query["perpage"]), 45))}, total)


def cuts_long_windows_short(query: Mapping[str, str], total: int) -> range:
    wanted = honours_window(query, total)
    return wanted[:45]


BUILDS = (honours_window, honours_page_alone, has_its_own_page_size, cuts_long_pages_short, cuts_long_windows_short)


def answered(request: Request, body: str) -> Exchange:
    return Exchange(request, Response(request.url, 200, (), body.encode()))


def walk(first: Request, portal: Portal, server: Server) -> tuple[list[str], int]:
    """The rows' addresses in the order found, and how many requests it took."""
    waiting, asked, found = [first], set(), []
    while waiting:
        request = waiting.pop()
        if request.id in asked or request.role is Role.DOCUMENT:
            continue
        asked.add(request.id)
        page = platforms.read(answered(request, server(request)), portal)
        found += [one.url for one in page.rows]
        waiting += page.requests
    return found, len(asked)


def first_of_jpage() -> Request:
    store = answer_of([row(1)], 0).replace("<totalrecord>0</totalrecord>", "<nextgroup><![CDATA[<a href="
        '"/module/web/jpage/dataproxy.jsp?page=1&webid=1&columnid=12&unitid=3"></a>]]></nextgroup>')  # fmt: skip
    column = Request(HANGZHOU.id, "hanweb-jpage", Role.COLUMN, f"{HANGZHOU.home}col/col12/index.html",
                     context=(("stage", "reports"),))  # fmt: skip
    page = platforms.read(answered(column, f"<div id=3><script type='text/xml'>{store}</script></div>"), HANGZHOU)
    return next(request for request in page.requests if request.role is Role.LIST)


@pytest.mark.parametrize("build", BUILDS, ids=lambda build: build.__name__)
@examples(20)
@given(total=st.integers(0, 420))
def test_every_build_of_jpage_gives_every_row_once(build, total):
    def server(request: Request) -> str:
        return answer_of([row(number) for number in build(parameters(request.url), total)], total)

    found, asked = walk(first_of_jpage(), HANGZHOU, server)

    assert sorted(found) == sorted(
        f"https://www.hangzhou.gov.cn/art/2024/1/1/art_12_{n}.html" for n in range(1, total + 1)
    )
    assert asked <= 1 + total // 19


def test_a_server_that_always_answers_the_first_page_is_an_error():
    def server(_: Request) -> str:
        return answer_of([row(number) for number in range(1, 101)], 250)

    with pytest.raises(PlatformError, match="repeats the first page"):
        walk(first_of_jpage(), HANGZHOU, server)


def test_a_flood_of_rows_is_refused_before_it_is_read():
    flood = answer_of(["<li>"] * (paging.MAX_ROWS + 1), 5)

    with pytest.raises(PlatformError, match="rows at once"):
        platforms.read(answered(first_of_jpage(), flood), HANGZHOU)


def test_a_list_of_ten_thousand_rows_is_walked():
    def server(request: Request) -> str:
        return answer_of([row(number) for number in honours_window(parameters(request.url), 10_000)], 10_000)

    found, asked = walk(first_of_jpage(), HANGZHOU, server)

    assert (len(set(found)), asked) == (10_000, 100)


@examples(20)
@given(total=st.integers(1, 90))
def test_every_page_of_the_disclosure_module_is_asked_for_once(total):
    pages = -(-total // 15)

    def server(request: Request) -> str:
        assert request.method == "POST"
        current = int(parameters(request.url)["currpage"])
        rows = range((current - 1) * 15 + 1, min(current * 15, total) + 1)
        marked = (f"<tr class=tr_main_value_odd><td>{row(number)}</td></tr>" for number in rows)
        return f"<table>{''.join(marked)}</table><p>共{pages}页</p>"

    url = f"{HANGZHOU.home}module/xxgk/search.jsp?divid=div12&currpage=1"
    first = Request(HANGZHOU.id, "hanweb-xxgk", Role.LIST, url, method="POST", context=(("stage", "reports"),))

    assert len(set(walk(first, HANGZHOU, server)[0])) == total
    assert walk(first, HANGZHOU, server)[1] == pages


@pytest.mark.parametrize(
    "pager", ["createPageHTML({0},{1},'index','html','black2',9)", "createPageHTML('p',{0},{2},'index','html',9)"]
)
@examples(20)
@given(pages=st.integers(1, 30))
def test_both_counts_of_trs_pagers_reach_every_page(pager, pages):
    from_one = "'p'" in pager

    def server(request: Request) -> str:
        match = re.search(r"index_(\d+)\.html", request.url)
        current = (int(match[1]) - from_one if match else 0) if pages else 0
        assert current < pages
        article = f"<li><a href='./202401/t20240101_{100000 + current}.html'>2023年政府信息公开年报</a> 2024-01-01</li>"
        return f"<ul>{article}</ul><script>{pager.format(pages, current, current + 1)}</script>"

    first = Request(
        HUANGSHI.id, "trs-static", Role.COLUMN, f"{HUANGSHI.home}gk/xxgknb/", context=(("stage", "reports"),)
    )
    found, asked = walk(first, HUANGSHI, server)

    assert len(set(found)) == asked == pages


def test_a_portal_starts_at_its_front_page_and_at_what_is_known():
    asked = platforms.start(YUHANG, (2022, 2023))

    assert asked[0].role is Role.HOME
    assert {request.url for request in asked if request.role is Role.COLUMN} == {
        "https://www.yuhang.gov.cn/col/col1229621536/index.html",
        "https://www.yuhang.gov.cn/col/col1229850470/index.html",
    }
    assert {request.url for request in asked if request.role is Role.DOCUMENT} == {
        f"https://www.yuhang.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area={organ}&fbtime={year}"
        for organ in YUHANG.organs
        for year in (2022, 2023)
    }
    assert len({request.id for request in asked}) == len(asked)


def test_year_folders_are_reached_from_above_never_made_up():
    paths = [request.key for request in platforms.start(HUANGSHI, (2026,)) if request.role is Role.COLUMN]

    assert paths == ["/xxxgk/gknb/2023_nd/2023_szbm/", "/xxxgk/gknb/", "/xxxgk/gknb/2024_nd/2025_xsq/"]


def test_a_portal_of_planned_families_is_not_walked():
    assert platforms.start(replace(HUANGSHI, platforms=("someday",)), (2023,)) == ()


def test_every_built_platform_has_its_module():
    assert set(platforms.PLATFORMS) == set(BUILT_PLATFORMS)
    assert all(name == platform.name for name, platform in platforms.PLATFORMS.items())


def test_a_row_is_located_by_the_family_that_writes_its_address():
    organ_row = row(8).replace("/art/2024/1/1/art_12_8.html", f"{REPORT_OF_ORGAN}?fbtime=2023&area=002510119")
    listed = platforms.read(answered(first_of_jpage(), answer_of([row(7), organ_row], 2)), HANGZHOU)
    article, of_organ = (platforms.locate(found, HANGZHOU) for found in listed.rows)

    assert (article.platform, article.role, article.url) == ("hanweb-jpage", Role.DOCUMENT, listed.rows[0].url)
    assert (of_organ.platform, of_organ.key) == ("hanweb-xxgk", "area=002510119")
    assert of_organ.url == f"https://www.hangzhou.gov.cn{REPORT_OF_ORGAN}?area=002510119&fbtime=2023"
    assert platforms.locate(listed.rows[0], LIANGZI).platform == "hanweb-jpage"


def test_the_report_of_an_organ_is_one_request_however_it_became_known():
    started = {request.id for request in HANWEB_XXGK.start(YUHANG, (2023,))}
    link = f"<a href='{REPORT_OF_ORGAN}?fbtime=2023&amp;area=002510119'>年报</a>"
    home = Request(YUHANG.id, "hanweb-xxgk", Role.HOME, YUHANG.home, context=(("years", "2023"),))

    linked = platforms.read(answered(home, link), YUHANG).requests

    assert {request.id for request in linked if request.role is Role.DOCUMENT} <= started


def test_organ_codes_of_a_list_are_asked_for_only_where_the_endpoint_is_known():
    listed = "<li><a href='/a.html' mc='某局2023年政府信息公开年报' syh='002510119/2024-00001'>…</a></li>"
    answer = f"<table><tr class=tr_main_value_odd><td>{listed}</td></tr></table>"

    def organs(portal):
        url = f"{portal.home}module/xxgk/search.jsp?divid=div12&currpage=1"
        asked = Request(portal.id, "hanweb-xxgk", Role.LIST, url, method="POST", context=(("years", "2023"),))
        return [one.url for one in platforms.read(answered(asked, answer), portal).requests]

    assert organs(YUHANG) == [f"https://www.yuhang.gov.cn{REPORT_OF_ORGAN}?area=002510119&fbtime=2023"]
    assert organs(HANGZHOU) == []


def test_a_document_gives_no_requests_and_an_unknown_platform_is_an_error():
    document = Request(HANGZHOU.id, "hanweb-jpage", Role.DOCUMENT, f"{HANGZHOU.home}art/1.html")
    unknown = Request(HANGZHOU.id, "detect", Role.LIST, f"{HANGZHOU.home}api/all/1")

    assert platforms.read(answered(document, "<a href='/col/col1/index.html'>年报</a>"), HANGZHOU).requests == ()
    with pytest.raises(PlatformError, match="detect"):
        platforms.read(answered(unknown, ""), HANGZHOU)


def test_what_decides_the_reading_is_part_of_a_request_and_its_way_is_not():
    column = "<a href='/col/col9/index.html'>信息公开年报</a>"
    front = Request(HANGZHOU.id, "hanweb-jpage", Role.HOME, HANGZHOU.home, context=(("years", "2023"),))
    deeper = Request(
        HANGZHOU.id, "hanweb-jpage", Role.COLUMN, f"{HANGZHOU.home}zwgk/", context=(("depth", "1"), ("stage", "gate"))
    )
    near, far = (platforms.read(answered(page, column), HANGZHOU).requests[0] for page in (front, deeper))

    assert near.id == far.id
    assert near.context != far.context


@given(st.binary(max_size=300), st.sampled_from([Role.HOME, Role.COLUMN, Role.LIST]), st.sampled_from(BUILT_PLATFORMS))
def test_any_bytes_give_a_page_or_a_clear_error(body, role, platform):
    request = Request(HANGZHOU.id, platform, role, f"{HANGZHOU.home}col/col1/index.html")
    try:
        page = platforms.read(Exchange(request, Response(request.url, 200, (), body)), HANGZHOU)
    except PlatformError as error:
        assert request.url in str(error)  # noqa: PT017
    else:
        assert page.rows == () or page.rows[0].url


def test_the_rows_of_javascript_answers_are_unescaped():
    body = (
        r"totalRecord=2.0;totalPage = 1;dataStore = ['<li><a href=\'\/art\/1\/art_1_1.html\'>"
        r"\u653f\u5e9c\u4fe1\u606f\u516c\u5f00\u5e74\u62a5<\/a><\/li>',"
        r'"<li>\ud83d</li>"];'
    )
    request = Request(
        HANGZHOU.id, "hanweb-jpage", Role.LIST, f"{HANGZHOU.home}x.jsp?a=1", context=(("stage", "reports"),)
    )

    page = platforms.read(answered(request, body), HANGZHOU)

    assert [(one.title, one.url) for one in page.rows] == [
        ("政府信息公开年报", "https://www.hangzhou.gov.cn/art/1/art_1_1.html")
    ]
    assert len(page.debris) == 1


def test_a_place_in_a_list_survives_its_request():
    context = paging.PagePosition(3, 45, "ab").context()
    request = Request("330100", "hanweb-jpage", Role.LIST, "x", context=tuple(sorted(context.items())))

    assert paging.place(request) == paging.PagePosition(3, 45, "ab")
    assert list(paging.further_pages(request, 9)) == []
