"""Hanweb JPAAS: a column page names its list units in scripts, each unit's rows come as HTML inside JSON.

`<script … url="/api-gateway/jpaas-publish-server/front/page/build/unit" querydata="{'webId':'…',…}">` holds what the
page's own script sends, in single quotes that are no JSON. All of it goes back as it stands, `parseType` included,
which is spelt `bulidstatic` on most portals and `buildstatic` on some. Only `paramJson` turns the page. The address of
the column must be the Referer. Articles are `/<path>/art/<year>/art_<32 hex>.html`; old Hanweb addresses go on working.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import quote, urlencode, urljoin

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, ListPage, Portal, Request
from govcrawl.platforms.addresses import is_own, requery
from govcrawl.platforms.counted import ListAnswer, page_of
from govcrawl.platforms.discovery import is_report_column
from govcrawl.platforms.json_answers import json_of, within
from govcrawl.platforms.markup import fragment, tree_of
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.rows import row_in
from govcrawl.platforms.trail import Stage, Trail, page_request, referred
from govcrawl.vocabulary import Role

NAME = "hanweb-jpaas"
PER_PAGE = 50

_UNITS = "//script[contains(@url, '/front/page/build/unit')]"
_FIELD = re.compile(r"'([^']{1,60})'\s*:\s*'([^']{0,500})'")
_LIST_TAG = re.compile(r"列表|list|分页|^内容\d|ajax", re.IGNORECASE)
_COUNT = re.compile(r"""\bcount\s*=\s*["']?(\d{1,7})""")
_ITEMS = ("//li[.//a[@href]]", "//tr[.//a[@href]]", "//dd[.//a[@href]]", "//a[@href]/..")
"""Where the rows of the known skins stand; the first that is there."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A list unit of a column page: the address its rows come from and the fields that go with it."""

    url: str
    fields: Mapping[str, str]


def start(portal: Portal, years: tuple[int, ...]) -> tuple[Request, ...]:
    """The known columns of annual reports: ids as `/col/col<ID>/index.html`, paths as they are."""
    trail = Trail(years, Stage.REPORTS)
    ids = (f"/col/col{column}/index.html" for column in portal.columns if column.isdigit())
    numbered = (page_request(portal, NAME, Role.COLUMN, urljoin(portal.home, path), path, trail) for path in ids)
    return tuple(numbered)


def discover(exchange: Exchange, portal: Portal) -> ListPage:
    """On the reports' column, the first page of each of its list units."""
    tree, trail = tree_of(exchange.response), Trail.of(exchange.request)
    if exchange.request.role is Role.HOME or not is_report_column(tree, trail):
        return ListPage()
    units = [unit for unit in _units(exchange) if is_own(unit.url, portal)]
    lists = [unit for unit in units if _LIST_TAG.search(unit.fields.get("tagId", ""))]
    base = exchange.response.url
    return ListPage(requests=tuple(_first_page(unit, portal, trail, base) for unit in lists or units))


def read_listing(exchange: Exchange, portal: Portal) -> ListPage:
    """One page of a unit; the first one asks for all further pages.

    Raises:
        PlatformError: For an answer that is not this interface's, or says that it failed, an empty page before the
            end, or the first page over again.
    """
    request, told = exchange.request, json_of(exchange)
    markup = within(told, "data", "html")
    if within(told, "success") is False or not isinstance(markup, str):
        raise PlatformError(f"{request.url}: no data.html in the answer; not a JPAAS list, or its fields are wrong")
    tree = fragment(markup)
    pieces = next((list(found) for items in _ITEMS if (found := tree.xpath(items))), [])
    records = [(piece.get(), row_in(piece, portal, request.url)) for piece in pieces]
    count = _COUNT.search(markup)
    total = int(count[1]) if count else len(records)
    return page_of(exchange, ListAnswer(records, total), lambda page, size: _turned(request, page, size))


def _units(exchange: Exchange) -> Iterator[Unit]:
    # A page that is shown to desktops and phones names each unit twice.
    found: dict[tuple[str, str], Unit] = {}
    for script in tree_of(exchange.response).xpath(_UNITS):
        fields = dict(_FIELD.findall(unescape(script.attrib.get("querydata", ""))))
        url = urljoin(exchange.response.url, script.attrib["url"])
        if fields:
            found.setdefault((url, urlencode(fields)), Unit(url, fields))
    yield from found.values()


def _first_page(unit: Unit, portal: Portal, trail: Trail, referrer: str) -> Request:
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in unit.fields.items())
    column = Request(
        portal=portal.id,
        platform=NAME,
        role=Role.LIST,
        url=f"{unit.url}?{query}",
        key=f"unit:{unit.fields.get('pageId', '')}:{unit.fields.get('tagId', '')}",
        headers=referred(referrer),
        context=trail.at(Stage.REPORTS).context(),
    )
    return _turned(column, 1, PER_PAGE)


def _turned(request: Request, page: int, size: int) -> Request:
    """The request for another page of the same unit: a bare `pageNo` would have no effect."""
    turn = quote(json.dumps({"pageNo": page, "pageSize": size}, separators=(",", ":")), safe="")
    return replace(request, url=requery(request.url, paramJson=turn))


HANWEB_JPAAS = Platform(
    name=NAME,
    articles=re.compile(r"/art/\d{4}/art_[0-9a-f]{32}\."),
    start=start,
    discover=discover,
    read_listing=read_listing,
)
