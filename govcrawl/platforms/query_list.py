"""Lists told apart by their query: `/zwgk/?channelid=26315`, `index.php?m=content&catid=12`, and posted `/queryList`.

Most print their rows as links and number their pages in the query (`&page=2`). In the build of Jiangxi the column's
page is a shell: its script posts `channelId`, `siteId`, `websiteId` and the page to `/queryList` and gets JSON,
`data.results[].source`; articles are `/<site>/col/<code>/content/content_<ID>.html` there.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request
from govcrawl.platforms.addresses import canonical
from govcrawl.platforms.counted import ListAnswer, page_of
from govcrawl.platforms.json_answers import day_of, json_of, number_in, records, text_in, within
from govcrawl.platforms.discovery import is_report_column
from govcrawl.platforms.markup import text_of, tree_of
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.printed_families import NUMBERED_PAGE
from govcrawl.platforms.trail import Stage, Trail, referred
from govcrawl.vocabulary import Role

NAME = "query-list"
ENDPOINT = "/queryList"
PER_PAGE = 20

_NEEDED = ("channelId", "siteId", "websiteId")
_FIELDS = {name: re.compile(rf"""["']?\b{name}["']?\s*[:=]\s*["']?([\w-]{{1,64}})""") for name in _NEEDED}
_CALL = re.compile(r"""["'][\w:/.-]{0,100}/queryList["'?]""")
_ARTICLES = re.compile(
    rf"/content_\w+\.html$|{NUMBERED_PAGE.pattern}|[?&](?:id|infoid|article_?id|contentid)=[\w-]+", re.IGNORECASE
)


def _leads(exchange: Exchange, portal: Portal) -> Iterator[Request]:
    """The first page of the list that a shell's script posts for, where the shell names all it needs."""
    text = text_of(exchange.response.body)
    found = {name: pattern.search(text) for name, pattern in _FIELDS.items()}
    fields = {name: match[1] for name, match in found.items() if match}
    if _CALL.search(text) and len(fields) == len(_NEEDED):
        yield _posted(exchange, portal, fields)


def _discover(exchange: Exchange, portal: Portal) -> ListPage:
    """On the reports' column, the list its script posts for."""
    if not is_report_column(tree_of(exchange.response), Trail.of(exchange.request)):
        return ListPage()
    return ListPage(requests=tuple(_leads(exchange, portal)))


def _read_listing(exchange: Exchange, portal: Portal) -> ListPage | None:
    """One answer to `/queryList`, None for a printed page; the first one asks for all further pages.

    Raises:
        PlatformError: For an answer that is no list of these, an empty page before the end, or the first page over
            again.
    """
    request = exchange.request
    if request.method != "POST":
        return None
    data = within(json_of(exchange), "data")
    rows = [(str(record), _row(record, portal)) for record in records(exchange, data, "results")]
    total = number_in(data, "total")
    total = number_in(data, "totalCount") if total is None else total
    if total is None:
        raise PlatformError(f"{request.url}: no data.total in the answer; not a list of this interface")
    return page_of(exchange, ListAnswer(rows, total), lambda page, size: _turned(request, page, size))


def _posted(exchange: Exchange, portal: Portal, fields: Mapping[str, str]) -> Request:
    form = {**fields, "pageNo": 1, "pageSize": PER_PAGE, "perPage": PER_PAGE, "showMode": 1, "themeName": "default"}
    return Request(
        portal=portal.id,
        platform=NAME,
        role=Role.LIST,
        url=urljoin(portal.home, ENDPOINT),
        key=f"queryList:{fields['siteId']}:{fields['channelId']}",
        method="POST",
        headers=(("Content-Type", "application/x-www-form-urlencoded"), *referred(exchange.response.url)),
        body=urlencode(form).encode(),
        context=Trail.of(exchange.request).at(Stage.REPORTS).context(),
    )


def _row(record: Mapping[str, Any], portal: Portal) -> Listing | None:
    source = record.get("source")
    told = source if isinstance(source, Mapping) else record
    address, title = text_in(told, "url", "urls", "link"), text_in(told, "title")
    url = canonical(address, portal) if address else None
    if not url or not title:
        return None
    return Listing(portal.id, url, title, text_in(told, "indexNumber"), listed_on=day_of(text_in(told, "pubDate")))


def _turned(request: Request, page: int, size: int) -> Request:
    form = {**dict(parse_qsl(request.body.decode())), "pageNo": page, "pageSize": size, "perPage": size}
    return replace(request, body=urlencode(form).encode())


QUERY_LIST = Platform(name=NAME, articles=_ARTICLES, sure=False, discover=_discover, read_listing=_read_listing)
