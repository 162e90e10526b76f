"""The platform of 宜昌 and its counties: empty shells in front of one JSONP interface that serves index numbers.

`/zfxxgk/list.html?depid=<ORG>&catid=<CAT>` and `/zfxxgk/show.html?aid=<AREA>&id=<ID>` hold nothing; their scripts ask
`xxgkapi.yichang.gov.cn/show/lists` for rows and `/show/detail` for a document, whose text is HTML inside the JSON.
A row's document is therefore the detail's address: what is stored is what the portal serves, not an empty shell.

Rows come in two shapes: plain values, or `n_id.aid[0].article_id` and `title.atitle[0].article_title` nested in them.
The area of a portal stands in its pages' scripts and links; for some portals it is known beforehand.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request
from govcrawl.platforms.addresses import parameters, requery
from govcrawl.platforms.counted import ListAnswer, page_of
from govcrawl.platforms.crawl_context import Stage, Trail, referred
from govcrawl.platforms.discovery import column_links, is_report_column
from govcrawl.platforms.json_answers import day_of, json_of, number_in, records, text_in, within
from govcrawl.platforms.links import Link
from govcrawl.platforms.markup import text_of, tree_of
from govcrawl.platforms.platform import Platform
from govcrawl.titles import names_report_column
from govcrawl.vocabulary import Role

_NAME = "yichang-xxgk"
_INTERFACE = "https://xxgkapi.yichang.gov.cn/show/"
_PER_PAGE = 20

_AREAS: Mapping[str, str] = {
    "420500": "1", "420581": "8", "420583": "9", "420582": "10", "420528": "13", "420529": "14",
}  # fmt: skip
"""The areas of portals as their articles' addresses show them."""

_AREA = re.compile(r"""\b(?:areaid|area_id|aid)["']?\s*[=:]\s*["']?(\d{1,4})\b""", re.IGNORECASE)
_SHELL = re.compile(r"/zfxxgk/list\.html$")


def _discover(exchange: Exchange, portal: Portal) -> ListPage:
    """The lists behind a page's shells: that of the reports' column itself, and those it links to by that name."""
    area = _area(exchange, portal)
    if area is None:
        return ListPage()
    trail = Trail.of(exchange.request)
    shells = dict.fromkeys(_shells(exchange, portal))
    return ListPage(requests=tuple(_list(portal, trail, area, url, exchange.response.url) for url in shells))


def _read_listing(exchange: Exchange, portal: Portal) -> ListPage:
    """One page of a list; the first one asks for all further pages.

    Raises:
        PlatformError: For an answer that is not this interface's, an empty page before the end, or the first page over
            again.
    """
    request, told = exchange.request, json_of(exchange)
    area = parameters(request.url).get("areaid", "")
    rows = [(str(record), _row(record, portal, area)) for record in records(exchange, told, "lists")]
    total = number_in(told, "allnums")
    if total is None:
        raise PlatformError(f"{request.url}: no 'allnums' in the answer; not a list of this interface")
    return page_of(exchange, ListAnswer(rows, total), lambda page, size: _turned(request, page, size))


def _detail(area: str, number: str) -> str:
    """The address of a document."""
    return f"{_INTERFACE}detail?areaid={area}&cache=on&id={number}&jsoncallback=callback"


def _shells(exchange: Exchange, portal: Portal) -> Iterator[str]:
    """The addresses of list shells that are the reports': the page itself, or links of that name on it."""
    inside = is_report_column(tree_of(exchange.response), Trail.of(exchange.request))
    if inside and _SHELL.search(urlsplit(exchange.response.url).path):
        yield exchange.response.url
    yield from (link.url for link in column_links(exchange.response, portal) if _is_report_shell(link))


def _is_report_shell(link: Link) -> bool:
    return _SHELL.search(urlsplit(link.url).path) is not None and names_report_column(link.name)


def _area(exchange: Exchange, portal: Portal) -> str | None:
    known = _AREAS.get(portal.id)
    if known:
        return known
    found = _AREA.search(text_of(exchange.response.body))
    return found[1] if found else None


def _list(portal: Portal, trail: Trail, area: str, shell: str, referrer: str) -> Request:
    asked = parameters(shell)
    organ, category = asked.get("depid", ""), asked.get("catid", "")
    query = f"jsoncallback=callback&areaid={area}&webid={organ}&cid={category}&page=1&pagenums={_PER_PAGE}&orderby=1"
    return Request(
        portal=portal.id,
        platform=_NAME,
        role=Role.LIST,
        url=f"{_INTERFACE}lists?{query}",
        key=f"lists:{area}:{organ}:{category}",
        headers=referred(referrer),
        context=trail.at(Stage.REPORTS).context(),
    )


def _row(record: Mapping[str, Any], portal: Portal, area: str) -> Listing | None:
    number = text_in(record, "n_id") or _nested(record, "n_id", "aid", "article_id")
    title = text_in(record, "title") or _nested(record, "title", "atitle", "article_title")
    if not number or not title or not number.isdigit():
        return None
    return Listing(
        portal=portal.id,
        url=_detail(area, number),
        title=title,
        index_number=text_in(record, "vc_number"),
        publisher=text_in(record, "vc_department"),
        listed_on=day_of(text_in(record, "vc_inputtime", "createtime")),
    )


def _nested(record: Mapping[str, Any], field: str, inner: str, name: str) -> str | None:
    """A value of the newer shape of rows."""
    value = within(record, field, inner, 0)
    return text_in(value, name) if isinstance(value, Mapping) else None


def _turned(request: Request, page: int, size: int) -> Request:
    return replace(request, url=requery(request.url, page=page, pagenums=size))


YICHANG_XXGK = Platform(
    name=_NAME,
    articles=re.compile(r"/show/detail\?|/zfxxgk/show\.html"),
    discover=_discover,
    read_listing=_read_listing,
)
