"""Epoint EWB (徐州, 营口, 抚顺): a shell page, and its list as JSON posted to `getgovinfolist`.

The shell's address names the category (`?categorynum=003001002`); the site's own number, `siteGuid`, stands in the page
or in one of two scripts of every page, which is asked for then. Some sites count pages from 0 and some from 1, and
nothing tells which: one page more than needed is asked for, counted from 0, and on sites that count from 1 the second
answer is the first one again.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request
from govcrawl.platforms import counted, paging
from govcrawl.platforms.addresses import canonical, parameters
from govcrawl.platforms.crawl_context import Stage, Trail, page_request, referred
from govcrawl.platforms.discovery import is_report_column
from govcrawl.platforms.json_answers import day_of, json_of, number_in, records, text_in, within
from govcrawl.platforms.markup import text_of, tree_of
from govcrawl.platforms.platform import Platform
from govcrawl.vocabulary import Role
from govcrawl.web_address import join_url

_NAME = "epoint"
_ENDPOINT = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
_PER_PAGE = 20

_SITE = re.compile(r"""siteGuid["']?\s*[:=]\s*["']([0-9A-Fa-f-]{8,40})["']""")
_SCRIPT = re.compile(r"""(?<![\w:/.-])[\w:/.-]{0,200}/(?:webBuilderCommon|ajaxReq)\.js""")
_CATEGORY = re.compile(r"""categorynum["']?\s*[:=]\s*["']?(\d{3,30})""", re.IGNORECASE)


def _discover(exchange: Exchange, portal: Portal) -> ListPage:
    """The first page of the list that the reports' column loads, or the script that tells what is needed for it."""
    request, text = exchange.request, text_of(exchange.response.body)
    if category := dict(request.context).get("category"):
        return ListPage(requests=_list(exchange, portal, text, category))
    trail = Trail.of(request)
    if request.role is Role.HOME or not is_report_column(tree_of(exchange.response), trail):
        return ListPage()
    category = parameters(exchange.response.url).get("categorynum") or _first(_CATEGORY, text)
    if not category:
        return ListPage()
    return ListPage(requests=_list(exchange, portal, text, category) or _script(exchange, portal, text, category))


def _read_listing(exchange: Exchange, portal: Portal) -> ListPage:
    """One page of a list; the first one asks for all further pages.

    Raises:
        PlatformError: For an answer that is not this interface's, an empty page before the end, or the first page over
            again where that is not how the site counts.
    """
    request, told = exchange.request, _custom(json_of(exchange))
    found = [(str(record), _row(record, portal)) for record in records(exchange, told, "data")]
    total = number_in(told, "total")
    if total is None:
        raise PlatformError(f"{request.url}: no custom.total in the answer; not a list of Epoint's")
    answer = counted.ListAnswer(found, total)
    here = paging.place(request)
    if here.page == 2 and here.group == answer.group:
        return ListPage(total=total)
    # One page more than a site that counts from 0 has; its answer is empty there.
    last_of_all = counted.ListAnswer(found, total + len(found)) if here.page == 1 and len(found) < total else answer
    page = counted.page_of(exchange, last_of_all, lambda page, size: _turned(request, page, size))
    return replace(page, total=total)


def _custom(told: Any) -> Any:
    """What the answer holds; some builds put it there as a string of JSON."""
    custom = within(told, "custom")
    if not isinstance(custom, str):
        return custom
    try:
        return json.loads(custom)
    except (ValueError, RecursionError):
        return None


def _list(exchange: Exchange, portal: Portal, text: str, category: str) -> tuple[Request, ...]:
    site = _first(_SITE, text)
    if not site:
        return ()
    fields = {"deptcode": "", "categorynum": category, "pageIndex": 0, "pageSize": _PER_PAGE, "siteGuid": site}
    first = Request(
        portal=portal.id,
        platform=_NAME,
        role=Role.LIST,
        url=join_url(portal.home, _ENDPOINT),
        key=f"epoint:{category}",
        method="POST",
        headers=(("Content-Type", "application/json;charset=UTF-8"), *referred(exchange.response.url)),
        body=_body(fields),
        context=Trail.of(exchange.request).at(Stage.REPORTS).context(),
    )
    return (first,)


def _script(exchange: Exchange, portal: Portal, text: str, category: str) -> tuple[Request, ...]:
    """The script that holds the site's number, its answer read for this category."""
    address = next(iter(_SCRIPT.findall(text)), None)
    url = canonical(address, portal, exchange.response.url) if address else None
    if url is None:
        return ()
    trail = Trail.of(exchange.request).at(Stage.REPORTS)
    script = page_request(portal, _NAME, Role.COLUMN, url, f"epoint:{category}", trail)
    return (replace(script, context=trail.context(category=category)),)


def _row(record: Mapping[str, Any], portal: Portal) -> Listing | None:
    address, title = text_in(record, "infourl"), text_in(record, "realtitle", "title")
    url = canonical(address, portal) if address else None
    if not url or not title:
        return None
    listed_on = day_of(text_in(record, "infodate", "pubdate", "showdate"))
    return Listing(portal.id, url, title, index_number=text_in(record, "indexnumber", "syh"), listed_on=listed_on)


def _turned(request: Request, page: int, size: int) -> Request:
    return replace(request, body=_body({**json.loads(request.body), "pageIndex": page - 1, "pageSize": size}))


def _body(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1] if found else None


EPOINT = Platform(
    name=_NAME,
    articles=re.compile(r"/\d{8}/[0-9a-f-]{36}\.html$"),
    discover=_discover,
    read_listing=_read_listing,
)
