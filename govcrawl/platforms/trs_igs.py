"""TRS IGS search (Tianjin, Guangxi …): rows as JSON, filtered and sorted by index number.

`/igs/front/search/list.html?index=…&type=…&pageNumber=N&pageSize=M&filter[IdxID]=…` answers with `page.content[]`; its
records carry the index number as `IdxID` or `IDXID`. A column whose script names the address is read through it; and
since it can be filtered by index number, it can be asked for one that no list shows (`probe`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import quote, urljoin

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, ListPage, Portal, Request
from govcrawl.platforms.addresses import is_own, parameters, requery
from govcrawl.platforms.counted import ListAnswer, page_of
from govcrawl.platforms.discovery import is_report_column
from govcrawl.platforms.json_answers import json_of, listing_of, number_in, records
from govcrawl.platforms.markup import text_of, tree_of
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.trail import Stage, Trail, referred
from govcrawl.platforms.printed_families import TRS_DOCUMENT
from govcrawl.vocabulary import Role

NAME = "trs-igs"
PER_PAGE = 50

_SEARCH = re.compile(r"""(?<![\w:/.-])[\w:/.-]{0,200}/igs/front/search/list\.html\?[^"'<>\s]{1,1000}""")

FIELDS: Mapping[str, tuple[str, ...]] = {
    "url": ("docpuburl", "url"),
    "title": ("doctitle", "title"),
    "index_number": ("idxid",),
    "publisher": ("publisher", "sourcename"),
    "listed_on": ("pubdate", "docreltime", "crtime"),
    "document_number": ("fileno", "filenum"),
}
"""Under which names, in lower case, a record tells what a list row tells."""


def discover(exchange: Exchange, portal: Portal) -> ListPage:
    """The first page of each search that the reports' column loads."""
    trail = Trail.of(exchange.request)
    if exchange.request.role is Role.HOME or not is_report_column(tree_of(exchange.response), trail):
        return ListPage()
    return ListPage(requests=tuple(_searches(exchange, portal, trail)))


def read_listing(exchange: Exchange, portal: Portal) -> ListPage:
    """One page of a search; the first one asks for all further pages.

    Raises:
        PlatformError: For an answer that is not this interface's, an empty page before the end, or the first page over
            again.
    """
    request, told = exchange.request, json_of(exchange)
    rows = [
        (str(record), listing_of(_lowered(record), FIELDS, portal, request.url))
        for record in records(exchange, told, "page", "content")
    ]
    total = number_in(told, "page", "totalElements")
    total = number_in(told, "page", "total") if total is None else total
    if total is None:
        raise PlatformError(f"{request.url}: the answer does not say how many rows there are; not an IGS search")
    return page_of(exchange, ListAnswer(rows, total), lambda page, size: _turned(request, page, size))


def probe(search: Request, index_number: str) -> Request:
    """The request for what a search of the portal knows under an index number; read like any page of a list."""
    url = requery(search.url, **{"filter[IdxID]": quote(index_number, safe="")})
    context = Trail.of(search).context(probe=index_number)
    return replace(_turned(replace(search, url=url), 1, PER_PAGE), key=f"{search.key}:{index_number}", context=context)


def _searches(exchange: Exchange, portal: Portal, trail: Trail) -> Iterator[Request]:
    for address in dict.fromkeys(_SEARCH.findall(unescape(text_of(exchange.response.body)))):
        url = urljoin(exchange.response.url, address)
        query = parameters(url)
        asked = Request(
            portal=portal.id,
            platform=NAME,
            role=Role.LIST,
            url=requery(url, orderProperty=query.get("orderProperty", "IdxID")),
            key=f"igs:{query.get('index', '')}:{query.get('type', '')}",
            headers=referred(exchange.response.url),
            context=trail.at(Stage.REPORTS).context(),
        )
        if is_own(url, portal):
            yield _turned(asked, 1, PER_PAGE)


def _lowered(record: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name.lower(): value for name, value in record.items()}


def _turned(request: Request, page: int, size: int) -> Request:
    return replace(request, url=requery(request.url, pageNumber=page, pageSize=size))


TRS_IGS = Platform(
    name=NAME,
    articles=TRS_DOCUMENT,
    discover=discover,
    read_listing=read_listing,
    probe=probe,
)
