"""The disclosure platform of Guangdong: `/gkmlpt/index` with its columns in a script, rows from a JSON interface.

The page's script holds `SID`, the site's number, and `TREE`, the columns with their names and numbers; a column with a
`jump_url` is kept on another page. `/gkmlpt/api/all/<COL>?page=N&sid=<SID>` answers with 100 rows a page, each with
its index number (`identifier`). `total` counts what can be listed; `post_count` counts more and is no guide, and a page
past the end is a 404, so that none is asked for.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from govcrawl.errors import PlatformError
from govcrawl.models import Elsewhere, Exchange, ListPage, Portal, Request
from govcrawl.platforms.addresses import canonical, is_own, requery
from govcrawl.platforms.counted import ListAnswer, page_of
from govcrawl.platforms.crawl_context import Stage, Trail, column_request, page_request, referred
from govcrawl.platforms.json_answers import json_of, listing_of, number_in, records, text_in
from govcrawl.platforms.markup import text_of
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.script_values import page_script
from govcrawl.titles import names_report_column
from govcrawl.vocabulary import Role
from govcrawl.web_address import join_url

_NAME = "gkmlpt"
_MAX_COLUMNS = 5000

_SITE = re.compile(r"""(?<![\w$])["']?SID["']?\s*[:=]\s*["']?(\d{1,12})\b""")
_TREE = re.compile(r"""(?<![\w$])["']?TREE["']?\s*[:=]\s*(?=\[)""")
_BASE = re.compile(r"^(.*?/gkmlpt)(?:[/?#]|$)")
_NO_REPORTS = re.compile(r"指南|制度|目录|依申请|指引")
"""Columns below that of the reports which hold something else."""

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "url": ("url", "post_url"),
    "title": ("title",),
    "index_number": ("identifier",),
    "publisher": ("publisher",),
    "listed_on": ("create_time", "first_publish_time", "display_publish_time", "created_at", "date"),
    "document_number": ("document_number",),
}
"""Under which names a record tells what a list row tells."""


def _start(portal: Portal, years: tuple[int, ...]) -> tuple[Request, ...]:
    """The platform's page, which names all columns."""
    url = join_url(portal.home, "/gkmlpt/index")
    return (page_request(portal, _NAME, Role.COLUMN, url, "/gkmlpt/index", Trail(years, Stage.GATE)),)


def _discover(exchange: Exchange, portal: Portal) -> ListPage:
    """The first page of each column of annual reports, and the pages where such columns are kept elsewhere."""
    text = text_of(exchange.response.body)
    site = _SITE.search(text)
    if not site:
        return ListPage()
    trail = Trail.of(exchange.request)
    columns = dict.fromkeys(column for column in portal.columns if column.isdigit())
    elsewhere = list[Elsewhere]()
    jumps = list[Request]()
    for number, name, jump in _report_columns(_tree_of(exchange, text)):
        if not jump or jump.startswith("#"):
            columns[number] = None
        elif url := canonical(jump, portal, exchange.response.url):
            way = column_request(exchange.request, url, trail.onward(Stage.REPORTS))
            if is_own(url, portal):
                jumps.append(way)
            else:
                elsewhere.append(Elsewhere(name, way))
    lists = (_first_page(exchange, portal, trail, number, site[1]) for number in columns)
    return ListPage(requests=(*lists, *jumps), elsewhere=tuple(elsewhere))


def _read_listing(exchange: Exchange, portal: Portal) -> ListPage:
    """One page of a column; the first one asks for all further pages.

    Raises:
        PlatformError: For an answer that is not this interface's, an empty page before the end, or the first page over
            again.
    """
    request, told = exchange.request, json_of(exchange)
    rows = [
        (str(record), listing_of(record, _FIELDS, portal, request.url))
        for record in records(exchange, told, "articles")
    ]
    total = number_in(told, "total")
    if total is None:
        raise PlatformError(f"{request.url}: the answer does not say how many rows there are; not a gkmlpt list")
    answer = ListAnswer(rows, total)
    return page_of(exchange, answer, lambda page, _: replace(request, url=requery(request.url, page=page)))


def _first_page(exchange: Exchange, portal: Portal, trail: Trail, column: str, site: str) -> Request:
    below = _BASE.match(exchange.response.url)
    base = below[1] if below else join_url(portal.home, "/gkmlpt")
    return Request(
        portal=portal.id,
        platform=_NAME,
        role=Role.LIST,
        url=f"{base}/api/all/{column}?page=1&sid={site}",
        key=f"gkmlpt:{column}",
        headers=referred(exchange.response.url),
        context=trail.at(Stage.REPORTS).context(),
    )


def _tree_of(exchange: Exchange, text: str) -> Any:
    """The columns as the page's script writes them, as JSON or not; empty where it has no such tree."""
    found = _TREE.search(text)
    try:
        return json.JSONDecoder().raw_decode(text, found.end())[0] if found else ()
    except (ValueError, RecursionError):
        configured = page_script(exchange.response).names.get("_CONFIG")
        return (configured.get("TREE") if isinstance(configured, Mapping) else None) or ()


def _report_columns(tree: Any) -> Iterator[tuple[str, str, str]]:
    """(number, name, address it is kept at) of the columns named as annual reports, and of all below them."""
    waiting, seen = [(node, False) for node in tree if isinstance(node, Mapping)], 0
    while waiting and seen < _MAX_COLUMNS:
        (node, below), seen = waiting.pop(), seen + 1
        name, number = text_in(node, "name", "title") or "", text_in(node, "id")
        wanted = names_report_column(name) or (below and not _NO_REPORTS.search(name))
        if wanted and number and number.isdigit():
            yield number, name, text_in(node, "jump_url") or ""
        children = node.get("children")
        waiting += (
            [(one, wanted) for one in children if isinstance(one, Mapping)]
            if isinstance(children, list | tuple)
            else []
        )


GKMLPT = Platform(
    name=_NAME,
    articles=re.compile(r"/gkmlpt/content/|/content/m?post_\d+\.html"),
    start=_start,
    discover=_discover,
    read_listing=_read_listing,
)
