"""Hanweb JPAAS: a column names its list units, each a set of fields that an interface answers with HTML inside JSON.

An element with `querydata="{'webId':'…','tagId':'…',…}"` is a unit: a `<script url=…>` that fills itself, or the pager
`<div uniturl=… count="58" rows="15" pageno="1">` behind a list whose first page stands in the column. Its fields go
back as they stand, `parseType` included, which is spelt `bulidstatic` on most portals and `buildstatic` on some. Only
`paramJson` turns the page, and the column must be the Referer.

A catalogue is one column for all categories and organs: the column's address says which are meant (`?number=JD03`,
`?vc_xxgkarea=<organ>&number=…`), and so must `search` within `paramJson`. Each organ that a catalogue names has a list.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import quote, unquote, urlencode

from parsel import Selector

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request, Response
from govcrawl.platforms import paging
from govcrawl.platforms.addresses import canonical, from_path, is_own, parameters, requery
from govcrawl.platforms.counted import ListAnswer, page_of, positioned
from govcrawl.platforms.crawl_context import Stage, Trail, referred
from govcrawl.platforms.discovery import discover_columns, is_report_column
from govcrawl.platforms.hanweb_jpage import columns_by_id
from govcrawl.platforms.headings import report_heading_before
from govcrawl.platforms.json_answers import json_of, within
from govcrawl.platforms.markup import base_of, fragment, text_of, tree_of
from govcrawl.platforms.organs import MAX_ORGANS
from govcrawl.platforms.paging import PAGE_LINK, pager_name
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.rows import merged_pages, mostly_reports, rows_in
from govcrawl.platforms.script_values import literal_of, text_of_value
from govcrawl.titles import names_report_column
from govcrawl.vocabulary import Role

_NAME = "hanweb-jpaas"
_INTERFACE = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_PER_PAGE = 50

_UNITS = "//*[@querydata or @data-querydata]"
_DOCUMENT = re.compile(r"/art/\d{4}/art_[0-9a-f]{32}\.")
_ARTICLE = re.compile(rf"{_DOCUMENT.pattern}|/art/\d{{4}}/\d\d?/\d\d?/art_|/art_\d+_\d+")
_COLUMN = re.compile(r"/col/col\d+/(?:index\.html)?(?:\?|$)")

_FURNITURE = re.compile(
    r"位置|面包屑|导航|菜单|栏目名|标题|[头底顶]部|页[头脚眉]|友情|链接|左侧|搜索|轮播|版权|分享|nav|menu|head|foot|crumb|title|banner|logo",
    re.IGNORECASE,
)
"""Tags of units that are no lists: where one is on the site, its menu, its head and foot."""
_TAG_ENDS = re.compile(
    r"(?:[\s_-]*+(?:list|列表|分页|板块|内容|单元|栏目|ajax|\d++(?:[a-z](?![a-z]))?+))++$", re.IGNORECASE
)
_LONGEST_TAG = 100

_COUNT = re.compile(
    r"""(?<![\w-])(?:data-)?(?:count|total(?:_?(?:count|num|rows?|records?))?|record_?count)\\?["']?\s*[:=]\s*\\?["']?(\d{1,7})"""
    r"""|共\s*(?:<[^>]{1,80}>\s*)?(\d{1,7})\s*(?:<[^>]{1,80}>\s*)?(?:条|篇|项)""",
    re.IGNORECASE,
)
_PAGES = re.compile(r"共\s*(?:<[^>]{1,80}>\s*)?(\d{1,4})\s*(?:<[^>]{1,80}>\s*)?页")
_ROWS = re.compile(r"""(?<![\w-])(?:rows|page_?size)\\?["']?\s*[:=]\s*\\?["']?(\d{1,4})""", re.IGNORECASE)
_EMPTY_TEMPLATE = re.compile(r"模[版板][^<>]{0,12}为空")

_AREA = re.compile(r"[?&]vc_xxgkarea=([\w-]{4,30})")
_ORGAN_CODE = re.compile(r"""["'](1[1-9]\d{6}[0-9A-HJ-NPQRTUWXY]{10})["']""")
"""A unified social credit code of a government organ, as the nodes of a tree hold it."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A list unit: the address its rows come from, the fields that go with it, the name it has on the page.

    `printed` is the page that the column shows of it, None where it shows none; `count` the rows it says there are.
    """

    url: str
    fields: Mapping[str, str]
    label: str
    printed: paging.PagePosition | None = None
    count: int | None = None


def _discover(exchange: Exchange, portal: Portal) -> ListPage:
    """The pages to ask for of each unit that is the reports' list: by its name, or as one of the reports' column."""
    trail = Trail.of(exchange.request)
    inside = exchange.request.role is not Role.HOME and is_report_column(tree_of(exchange.response), trail)
    units = [unit for unit in _units(exchange, portal) if is_own(unit.url, portal)]
    named = [unit for unit in units if _names_reports(unit)]
    lists = [unit for unit in units if not _FURNITURE.search(unit.fields.get("tagId", ""))]
    chosen = named or ((lists or units) if inside else [])
    stage = Stage.REPORTS if named or len(chosen) == 1 else Stage.PART
    return ListPage(requests=tuple(one for unit in chosen for one in _pages(unit, exchange, trail.at(stage))))


def _read_listing(exchange: Exchange, portal: Portal) -> ListPage:
    """One page of a unit, and the columns that it links to; the first one asks for all further pages.

    Raises:
        PlatformError: For an answer that is not this interface's, or says that it failed, an empty page before the
            end, or the first page over again.
    """
    request, markup = exchange.request, _markup(exchange)
    column = dict(request.headers).get("Referer", request.url)
    found = [row for row in rows_in(fragment(markup), portal, column) if not PAGE_LINK.fullmatch(pager_name(row.title))]
    rows = [row for row in found if not _COLUMN.search(from_path(row.url))]
    if not rows and _EMPTY_TEMPLATE.search(markup):
        raise PlatformError(f"{request.url}: the unit's template is empty ({markup[:40]!r}); ask later")
    dedicated = Trail.of(request).reports or mostly_reports(rows)
    page = page_of(exchange, _answer(markup, rows), lambda at, size: _turned(request, at, size), dedicated=dedicated)
    if len(rows) == len(found) or paging.place(request).page > 1:
        return page
    shown = Exchange(request, Response(column, exchange.response.status, (), markup.encode()))
    return merged_pages([page, discover_columns(shown, portal, lambda url: _ARTICLE.search(url) is not None)])


# ------------------------------------------------------------------------------------------------- units of a column


def _units(exchange: Exchange, portal: Portal) -> Iterator[_Unit]:
    """The units of a page, each once: a page that is shown to desktops and phones names each twice."""
    elements = list(tree_of(exchange.response).xpath(_UNITS))
    found: dict[tuple[str, str], _Unit] = {}
    for element, tab in zip(elements, _tabs(exchange, len(elements)), strict=True):
        if unit := _unit(element, tab or report_heading_before(element), exchange, portal):
            named = (unit.url, urlencode(unit.fields))
            found[named] = unit if unit.printed else found.get(named, unit)
    yield from found.values()


def _unit(element: Selector, label: str, exchange: Exchange, portal: Portal) -> _Unit | None:
    attributes = {name.removeprefix("data-"): value for name, value in element.attrib.items()}
    written = literal_of(attributes["querydata"])
    if not isinstance(written, Mapping) or not {"tagId", "tplSetId"} & set(written):
        return None
    fields = {name: text_of_value(value) for name, value in written.items() if value is not None}
    address = attributes.get("uniturl") or attributes.get("url") or _INTERFACE
    url = canonical(address, portal, base_of(exchange.response))
    shown = _shown_rows(element, portal, exchange) if {"count", "rows", "pageno"} & set(attributes) else []
    count, size = _number(attributes.get("count")), _number(attributes.get("rows")) or len(shown)
    here = paging.PagePosition(_number(attributes.get("pageno")) or 1, size, paging.group_of(row.url for row in shown))
    return _Unit(url, fields, label, here if shown else None, count) if url else None


def _shown_rows(pager: Selector, portal: Portal, exchange: Exchange) -> list[Listing]:
    """The rows of the list that a pager stands behind: those in the nearest element around it that holds any."""
    for around in reversed(pager.xpath("ancestor::*")):
        rows = rows_in(around, portal, base_of(exchange.response))
        if articles := [row for row in rows if _ARTICLE.search(row.url)]:
            return articles
    return []


def _tabs(exchange: Exchange, count: int) -> list[str]:
    """The names of so many units by the tabs above them, in their order; empty where there are no such tabs."""
    for tabs in tree_of(exchange.response).xpath("//body//*[count(*) = $count and count(*) > 1]", count=count):
        names = [each.xpath("string()").get("").strip() for each in tabs.xpath("*")]
        if all(names) and any(map(names_report_column, names)):
            return names
    return [""] * count


def _names_reports(unit: _Unit) -> bool:
    """Whether a unit is named as the list of annual reports, by its tag or its tab."""
    names = (unit.label, _TAG_ENDS.sub("", unit.fields.get("tagId", "")[:_LONGEST_TAG]))
    return any(names_report_column(name) for name in names)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else None


# ----------------------------------------------------------------------------------------------------- what is asked


def _pages(unit: _Unit, exchange: Exchange, trail: Trail) -> Iterator[Request]:
    """The first page of a unit's list, for each organ of a catalogue; of a printed list the pages behind it."""
    searches = list(_searches(exchange))
    if unit.printed is None or unit.count is None or any(searches):
        for search in searches:
            yield _turned(_first_page(unit, search, exchange, trail), 1, _PER_PAGE)
        return
    first, here = _first_page(unit, {}, exchange, trail), unit.printed
    for page in paging.further_pages(first, -(-unit.count // here.size)):
        if page > here.page:
            yield positioned(_turned(first, page, here.size), replace(here, page=page))


def _searches(exchange: Exchange) -> Iterator[dict[str, str]]:
    """What a catalogue is asked for: the category of the column's address, for its organ and all that it names."""
    query = parameters(exchange.response.url)
    category = unquote(query.get("number") or query.get("combination") or "")
    area = unquote(query.get("vc_xxgkarea", ""))
    told = {"xxgkId": category, "xxgkType": "xxgk_combination"} if category else {}
    organs = (area, *_organs(text_of(exchange.response.body), area)) if category else (area,)
    for organ in islice(dict.fromkeys(organs), MAX_ORGANS):
        search = told | ({"nodeId": organ} if organ else {})
        yield search | {"className": ""} if search else {}


def _organs(text: str, area: str) -> Iterator[str]:
    """The codes of organs that a catalogue's page names: in links, and wherever one like its own stands in quotes."""
    yield from _AREA.findall(text)
    yield from _ORGAN_CODE.findall(text)
    if area:
        yield from re.findall(rf"""["']({re.escape(area[:4])}[0-9A-Z-]{{{len(area) - 4}}})["']""", text)


def _first_page(unit: _Unit, search: Mapping[str, str], exchange: Exchange, trail: Trail) -> Request:
    quoted = {name: quote(value, safe="") for name, value in unit.fields.items()}
    if search:
        quoted["paramJson"] = _param_json({"search": json.dumps(search, ensure_ascii=False, separators=(",", ":"))})
    names = (unit.fields.get("pageId"), unit.fields.get("tagId"), search.get("xxgkId"), search.get("nodeId"))
    return Request(
        portal=exchange.request.portal,
        platform=_NAME,
        role=Role.LIST,
        url=requery(unit.url, **quoted),
        key=trail.key(":".join(("unit", *(name or "" for name in names))).rstrip(":")),
        headers=referred(exchange.response.url),
        context=trail.context(),
    )


def _turned(request: Request, page: int, size: int) -> Request:
    """The request for another page of the same unit: a bare `pageNo` would have no effect."""
    try:
        told = json.loads(unquote(parameters(request.url).get("paramJson", "")) or "{}")
    except ValueError:
        told = {}
    turned = {"pageNo": page, "pageSize": size} | {name: told[name] for name in ("search",) if name in told}
    return replace(request, url=requery(request.url, paramJson=_param_json(turned)))


def _param_json(value: Mapping[str, Any]) -> str:
    return quote(json.dumps(value, ensure_ascii=False, separators=(",", ":")), safe="")


# ----------------------------------------------------------------------------------------------------- what is answered


def _markup(exchange: Exchange) -> str:
    """The HTML of a unit's answer.

    Raises:
        PlatformError: For an answer without any, and for one that says what is wrong instead.
    """
    request, told = exchange.request, json_of(exchange)
    paths = (("data", "html"), ("data", "content"), ("data",), ("html",))
    markup = next((value for path in paths if isinstance(value := within(told, *path), str)), None)
    if str(within(told, "success")).lower() == "false" or markup is None:
        raise PlatformError(f"{request.url}: no data.html in the answer; not a JPAAS list, or its fields are wrong")
    if "<" not in markup:
        raise PlatformError(f"{request.url}: the unit answers {markup.strip()[:40]!r} and no list; ask later")
    return markup


def _answer(markup: str, rows: Iterable[Listing]) -> ListAnswer:
    """The rows with how many there are in all, as the markup or a script in it says."""
    records = [(row.url, row) for row in rows]
    counts = (int(next(filter(None, found.groups()))) for found in _COUNT.finditer(markup))
    total = next((count for count in counts if count >= len(records)), None)
    if total is not None:
        return ListAnswer(records, total)
    size, pages = _ROWS.search(markup), _PAGES.search(markup)
    is_short = size is not None and len(records) < int(size[1])
    return ListAnswer(records, None, int(pages[1]) if pages else 1 if is_short else None)


HANWEB_JPAAS = Platform(
    name=_NAME, articles=_DOCUMENT, start=columns_by_id, discover=_discover, read_listing=_read_listing
)
