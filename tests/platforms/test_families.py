"""What the families share, held to any input: pagers, counted lists, organ by category, JSON, shells."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl import platforms
from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Request, Response
from govcrawl.platforms import PLATFORMS, json_answers, organs, pagers
from govcrawl.platforms.addresses import parameters
from govcrawl.portals import load_registry
from govcrawl.vocabulary import Outcome, Role

from ..exploration import examples
from ..growth import LINEAR, growth

XIAOGAN, HUANGGANG, YICHANG, FOSHAN, XUZHOU, HUANGSHI = (
    load_registry()[code] for code in ("420900", "421100", "420500", "440600", "320300", "420200")
)
YICHANG_INTERFACE = "https://xxgkapi.yichang.gov.cn/show/"
REPORTS = (("stage", "reports"), ("years", "2022,2023"))


def exchange(portal, url, body, role=Role.COLUMN, platform=""):
    request = Request(portal.id, platform or portal.platforms[0], role, url, "key", context=REPORTS)
    return Exchange(request, Response(url, 200, (), body if isinstance(body, bytes) else body.encode()))


def links(*addresses):
    return "".join(f'<a href="{address}">{name}</a>' for address, name in addresses)


# ------------------------------------------------------------------------------------------------------------ pagers


@pytest.mark.parametrize(
    ("first", "linked", "further"),
    [
        ("/c/www/gb.jhtml", [("gb_2.jhtml", "2"), ("gb_5.jhtml", "尾页")], ["gb_2", "gb_3", "gb_4", "gb_5"]),
        ("/gk/gb/", [("index_1.html", "2"), ("index_2.html", "3")], ["index_1", "index_2"]),
        ("/gk/gb/", [("index_1.html", "下一页")], ["index_1"]),
        ("/gk/gb/", [("index.html", "1"), ("index_2.html", "2")], ["index_2"]),
        ("/gk/list0.shtml", [("list1.shtml", "2"), ("list2.shtml", "3")], ["list1", "list2"]),
        ("/list-61891-1.html", [("/list-61891-3.html", "尾页"), ("/list-77-9.html", "他栏")], ["1891-2", "1891-3"]),
        ("/list.shtml?column_id=7", [("?column_id=7&amp;page=2", "2"), ("?column_id=8&amp;page=5", "5")], ["page=2"]),
        ("/gk/page_2.html", [("page_1.html", "1"), ("page_3.html", "3")], ["page_3"]),
        ("/gk/gb/", [("index_2.html", "2"), ("a_9.html", "9")], ["index_2"]),
        ("/gk/gb/", [], []),
    ],
)
def test_a_pager_leads_to_the_pages_behind_and_to_no_others(first, linked, further):
    url = XIAOGAN.home.rstrip("/") + first
    found = pagers.later_pages(exchange(XIAOGAN, url, links(*linked)), XIAOGAN)

    assert len(found) == len(further)
    assert all(name in address for name, address in zip(further, found.values(), strict=True))


@given(st.integers(2, 300))
@examples(25)
def test_pages_that_only_a_count_tells_of_are_asked_for(count):
    page = exchange(XIAOGAN, f"{XIAOGAN.home}c/gb.jhtml", f"{links(('gb_2.jhtml', '2'))}共{count}页")

    assert list(pagers.later_pages(page, XIAOGAN)) == list(range(2, count + 1))


def test_a_list_that_claims_too_many_pages_is_not_walked():
    page = exchange(XIAOGAN, f"{XIAOGAN.home}c/gb.jhtml", links(("gb_9999.jhtml", "尾页")))

    with pytest.raises(PlatformError, match="claims 9999 pages"):
        pagers.later_pages(page, XIAOGAN)


@given(st.integers(1, 60), st.integers(1, 10))
@examples(25)
def test_a_pager_that_shows_a_few_numbers_is_followed_to_its_end(count, shown):
    waiting, asked = [f"{XIAOGAN.home}c/gb.jhtml"], set()
    while waiting:
        url = waiting.pop()
        current = int(url.partition("_")[2].partition(".")[0] or 1)
        asked.add(current)
        near = range(current + 1, min(current + shown, count) + 1)
        body = links(*((f"gb_{number}.jhtml", str(number)) for number in near))
        later = pagers.later_pages(exchange(XIAOGAN, url, body), XIAOGAN)
        waiting += [address for number, address in later.items() if number not in asked]

    assert asked == set(range(1, count + 1))


# ----------------------------------------------------------------------------------------------------- counted lists


@given(st.integers(0, 250), st.sampled_from([20, 7]), st.booleans())
@examples(25)
def test_epoint_gives_every_row_once_however_its_pages_are_counted(total, cap, from_one):
    def answer(request):
        asked = json.loads(request.body)
        size = min(asked["pageSize"], cap)
        page = max(asked["pageIndex"], 1) - 1 if from_one else asked["pageIndex"]
        rows = range(page * size, min((page + 1) * size, total))
        data = [
            {
                "infourl": f"/zwgk/20240101/0a0b0c0d-0000-4000-8000-{row:012x}.html",
                "title": f"第{row}局2023年信息公开年报",
            }
            for row in rows
        ]
        return json.dumps({"custom": {"total": total, "data": data}})

    shell = exchange(XUZHOU, f"{XUZHOU.home}gk.html?categorynum=003001", f"<script>siteGuid = '{'a' * 32}'</script>")
    waiting = list(PLATFORMS["epoint"].discover(shell, XUZHOU).requests)
    found = []
    while waiting:
        request = waiting.pop()
        page = platforms.read(Exchange(request, Response(request.url, 200, (), answer(request).encode())), XUZHOU)
        found += [row.url for row in page.rows]
        waiting += page.requests

    assert len(found) == len(set(found)) == total


@given(st.integers(0, 450))
@examples(25)
def test_gkmlpt_asks_for_no_page_past_the_end(total):
    waiting = [Request(FOSHAN.id, "gkmlpt", Role.LIST, f"{FOSHAN.home}gkmlpt/api/all/5?page=1&sid=2", context=REPORTS)]
    found = []
    while waiting:
        request = waiting.pop()
        number = int(parameters(request.url)["page"])
        assert number == 1 or (number - 1) * 100 < total
        rows = range((number - 1) * 100, min(number * 100, total))
        articles = [{"title": f"第{row}局2023年信息公开年报", "url": f"/post_{row}.html"} for row in rows]
        body = json.dumps({"total": total, "classify": {"post_count": 3 * total + 1}, "articles": articles})
        page = platforms.read(Exchange(request, Response(request.url, 200, (), body.encode())), FOSHAN)
        found += [row.url for row in page.rows]
        waiting += page.requests

    assert len(found) == len(set(found)) == total


def test_a_flood_of_rows_is_refused():
    body = json.dumps({"allnums": 5, "lists": [{"n_id": number} for number in range(20_001)]})
    asked = exchange(YICHANG, f"{YICHANG_INTERFACE}lists?areaid=1", body, Role.LIST)

    with pytest.raises(PlatformError, match="rows at once"):
        platforms.read(asked, YICHANG)


# -------------------------------------------------------------------------------------------------------------- JSON


@pytest.mark.parametrize("body", ["", "<html>", "cb(", "[" * 200_000, '{"a": ', "cb({});<script>"])
def test_what_is_no_json_is_a_clear_error(body):
    with pytest.raises(PlatformError, match="no JSON"):
        json_answers.json_of(exchange(YICHANG, "https://xxgkapi.yichang.gov.cn/show/lists", body))


@pytest.mark.parametrize("body", ['cb({"a": 1});', '/**/ x.cb( {"a": 1} )', '{"a": 1}', '\ufeff{"a": 1}'])
def test_callbacks_are_taken_off(body):
    assert json_answers.json_of(exchange(YICHANG, "https://x", body)) == {"a": 1}


def test_line_breaks_in_strings_are_forgiven():
    assert json_answers.json_of(exchange(YICHANG, "https://x", '{"a": "1\n2"}')) == {"a": "1\n2"}


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("1706025600", "2024-01-24"),
        ("1706025600000", "2024-01-24"),
        ("2024-01-09 10:20:00", "2024-01-09"),
        ("soon", None),
        (None, None),
    ],
)
def test_days_are_told_in_china(value, day):
    assert json_answers.day_of(value) == day


KEYS = (
    "lists", "allnums", "articles", "total", "title", "url", "n_id", "custom", "data", "page", "content", "results",
    "source", "success", "html", "aid", "infourl",
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
)
ASKED = ("epoint", "gkmlpt", "hanweb-jpaas", "query-list", "script-list", "trs-igs", "yichang-xxgk")


@given(VALUES, st.sampled_from(ASKED))
def test_any_json_gives_a_page_or_a_clear_error(value, platform):
    method = "POST" if platform in {"epoint", "query-list"} else "GET"
    url = f"{HUANGSHI.home}lists?areaid=1"
    request = Request(HUANGSHI.id, platform, Role.LIST, url, method=method, body=b"{}", context=REPORTS)
    try:
        page = platforms.read(Exchange(request, Response(url, 200, (), json.dumps(value).encode())), HUANGSHI)
    except PlatformError as error:
        assert url in str(error)  # noqa: PT017
    else:
        assert all(row.url.startswith("http") for row in page.rows)


# --------------------------------------------------------------------------------------------- organs and documents


def test_organ_by_category_is_bounded():
    many = links(*((f"/zwgk/public/column/{number}?type=4", "某局") for number in range(2 * organs.MAX_ORGANS)))
    page = exchange(HUANGGANG, f"{HUANGGANG.home}zwgk/public/column/1?type=4&catId=5", many)
    asked = platforms.read(page, HUANGGANG).requests

    assert len(asked) <= organs.MAX_ORGANS
    assert all("catId=5" in request.url for request in asked)


def test_the_document_of_a_row_is_what_the_interface_gives():
    body = json.dumps(
        {"allnums": 1, "lists": [{"n_id": 7, "title": "市教育局2023年政府信息公开年报", "vc_number": "1/2"}]}
    )
    page = platforms.read(exchange(YICHANG, f"{YICHANG_INTERFACE}lists?areaid=8", body, Role.LIST), YICHANG)
    request = platforms.locate(page.rows[0], YICHANG)

    assert (request.role, request.platform) == (Role.DOCUMENT, "yichang-xxgk")
    assert request.url == page.rows[0].url == f"{YICHANG_INTERFACE}detail?areaid=8&cache=on&id=7&jsoncallback=callback"


@pytest.mark.parametrize("body", [b"callback([]);", b"[]", b" cb( null )", b"{}"])
def test_an_interface_that_answers_nothing_has_no_such_document(body):
    asked = exchange(
        YICHANG, f"{YICHANG_INTERFACE}detail?areaid=1&cache=on&id=7&jsoncallback=callback", body, Role.DOCUMENT
    )
    assert platforms.classify(asked, YICHANG) is Outcome.SOFT_404


def test_a_row_of_a_family_is_no_column_though_its_title_could_be_one():
    page = links(("/c/www/2024nszfnb/390824.jhtml", "孝感市教育局2023年政府信息公开年报"))
    found = platforms.read(exchange(XIAOGAN, f"{XIAOGAN.home}c/www/2024nszfnb.jhtml", page), XIAOGAN)

    assert len(found.rows) == 1
    assert found.requests == ()


def test_an_address_that_could_be_a_columns_is_asked_as_one_unless_its_title_is_one_reports():
    county = load_registry()["110101"]
    page = links(("/gk/gb2024.html", "2024年政府信息公开年报"), ("/gk/2371.html", "区教育局2023年政府信息公开年报"))
    found = platforms.read(exchange(county, f"{county.home}gk/", page), county)

    assert [row.url.rpartition("/")[2] for row in found.rows] == ["2371.html"]
    assert [request.url for request in found.requests] == [f"{county.home}gk/gb2024.html"]


def test_what_stands_beside_a_list_is_not_of_it():
    listed = "".join(
        f"<li>{links((f'/54/1/t13022025{row}/{row}.shtml', f'第{row}局2023年信息公开年报'))}</li>" for row in range(4)
    )
    beside = f"<div><p>{links(('/54/9/t130220259/9.shtml', '重点项目推进会'))}</p></div>"
    jingzhou = load_registry()["421000"]
    page = exchange(jingzhou, "https://zwgk.jingzhou.gov.cn/list.shtml?column_id=3", f"<ul>{listed}</ul>{beside}")

    assert [row.title[0] for row in platforms.read(page, jingzhou).rows] == ["第"] * 4


# ------------------------------------------------------------------------------- searches, unknown families, shells


def test_a_search_named_by_the_reports_column_is_asked_by_index_number():
    script = "<script>$.get('/igs/front/search/list.html?index=hs&amp;type=doc&amp;pageSize=5')</script>"
    page = exchange(HUANGSHI, f"{HUANGSHI.home}gk/", script)
    (search,) = PLATFORMS["trs-igs"].discover(page, HUANGSHI).requests
    probe = platforms.probe([search], "000014349/2024-06673")

    assert parameters(search.url)["orderProperty"] == "IdxID"
    assert parameters(probe.url)["filter[IdxID]"] == "000014349%2F2024-06673"
    assert probe.id != search.id
    assert platforms.probe([probe, search], "000014349/2024-06673") == probe
    assert platforms.probe([probe], "000014349/2024-06673") is None
    assert platforms.probe([replace(search, platform="static-dir")], "000014349/2024-06673") is None


def test_on_pages_of_no_family_titles_decide():
    page = links(
        ("/show.asp?n=1", "市教育局2023年政府信息公开工作年度报告"),
        ("/nb/", "2023年政府信息公开年报"),
        ("/show.asp?n=2", "招聘公告"),
    )
    found = platforms.read(exchange(HUANGSHI, f"{HUANGSHI.home}nb.asp", page, platform="generic"), HUANGSHI)

    assert [row.url for row in found.rows] == [f"{HUANGSHI.home}show.asp?n=1"]


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        ('<script src="a.js"></script><div id="app"></div>', True),
        ('<script>x()</script><ul class="list"></ul>', True),
        ('<script>x()</script><li v-for="item in list">{{ item.title }}</li>', True),
        ('<script>x()</script><div class="news-list"> </div>', True),
        ('<ul class="list"></ul>', False),
        ("<script>x()</script><p>正文</p>", False),
        ('<script>x()</script><ul></ul><a href="/1.html">市教育局2023年政府信息公开年报</a>', False),
    ],
)
def test_a_list_that_only_scripts_fill_is_recognised(body, needed):
    page = exchange(HUANGSHI, f"{HUANGSHI.home}gk/", body)

    assert platforms.needs_rendering(page) is needed
    assert not platforms.needs_rendering(replace(page, request=replace(page.request, role=Role.DOCUMENT)))


FLOODS = {
    "links": "<li><a href='/gk/202401/t20240101_{0}.html'>第{0}局2023年信息公开年报</a></li>",
    "long names": "<a href='/gk/" + "1" * 150 + "a{0}.html'>x</a>",
    "pages": "<a href='index_{0}.html'>{0}</a>",
    "nested": "<div><p>",
    "labels": "/site/label/1?labelName=publicInfoLis",
    "searches": "/igs/front/search/list.html ",
    "scripts": "<script>createPageHTML(1,",
}
COSTLY = {"links", "long names", "pages"}
"""Floods of which each piece costs most: fewer of them are enough to see growth."""


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_takes_no_longer_than_its_length(name):
    everything = replace(HUANGSHI, platforms=tuple(platforms.PLATFORMS))

    def task(size):
        body = "".join(FLOODS[name].format(number) for number in range(size)).encode()
        return lambda: read_or_refuse(exchange(HUANGSHI, f"{HUANGSHI.home}gk/", body), everything)

    assert growth(task, 100 if name in COSTLY else 1_000) < LINEAR


def read_or_refuse(page, portal):
    """Reads a page, which may hold more than is read."""
    try:
        platforms.read(page, portal)
    except PlatformError as error:
        assert "more than" in str(error)  # noqa: PT017
