"""The disclosure platform of Guangdong: `/gkmlpt/index` with its columns in a script, rows from a JSON interface.

The page's script holds `TREE`, the columns with their names and numbers, and `SITE_ID`. `/gkmlpt/api/all/<COL>?page=N&
sid=<SITE>` answers with 100 rows a page, each with its index number (`identifier`). `total` counts what can be listed;
`post_count` counts more and is no guide, and a page past the end is a 404, so that none is asked for.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, ListPage, Portal, Request
from govcrawl.platforms.addresses import requery
from govcrawl.platforms.counted import ListAnswer, page_of
from govcrawl.platforms.json_answers import json_of, listing_of, number_in, records, text_in
from govcrawl.platforms.markup import text_of
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.titles import names_report_column, names_year_column
from govcrawl.platforms.trail import Stage, Trail, page_request, referred
from govcrawl.vocabulary import Role

NAME = "gkmlpt"
MAX_COLUMNS = 5000

_SITE = re.compile(r"""["']?SITE_ID["']?\s*[:=]\s*["']?(\d{1,9})""")
_TREE = re.compile(r"""["']?TREE["']?\s*[:=]\s*(?=\[)""")
_BASE = re.compile(r"^(.*?/gkmlpt)(?:/|$)")

FIELDS: Mapping[str, tuple[str, ...]] = {
    "url": ("url", "post_url"),
    "title": ("title",),
    "index_number": ("identifier",),
    "publisher": ("publisher",),
    "listed_on": ("create_time", "first_publish_time", "created_at", "date"),
    "document_number": ("document_number",),
}
"""Under which names a record tells what a list row tells."""


def start(portal: Portal, years: tuple[int, ...]) -> tuple[Request, ...]:
    """The platform's page, which names all columns."""
    url = urljoin(portal.home, "/gkmlpt/index")
    return (page_request(portal, NAME, Role.COLUMN, url, "/gkmlpt/index", Trail(years, Stage.GATE)),)


def discover(exchange: Exchange, portal: Portal) -> ListPage:
    """The first page of each column that is named as annual reports, or that the registry knows."""
    text, base = text_of(exchange.response.body), _BASE.match(exchange.response.url)
    site, tree = _SITE.search(text), _TREE.search(text)
    if not (base and site and tree):
        return ListPage()
    trail = Trail.of(exchange.request)
    known = (column for column in portal.columns if column.isdigit())
    columns = dict.fromkeys((*known, *_report_columns(_tree_at(text, tree.end()))))
    return ListPage(requests=tuple(_list(exchange, portal, trail, f"{base[1]}/api/all/{one}?page=1&sid={site[1]}", one)
                                   for one in columns))  # fmt: skip


def read_listing(exchange: Exchange, portal: Portal) -> ListPage:
    """One page of a column; the first one asks for all further pages.

    Raises:
        PlatformError: For an answer that is not this interface's, an empty page before the end, or the first page over
            again.
    """
    request, told = exchange.request, json_of(exchange)
    rows = [
        (str(record), listing_of(record, FIELDS, portal, request.url)) for record in records(exchange, told, "articles")
    ]
    total = number_in(told, "total")
    if total is None:
        raise PlatformError(f"{request.url}: the answer does not say how many rows there are; not a gkmlpt list")
    return page_of(exchange, ListAnswer(rows, total), lambda page, _: replace(request, url=requery(request.url, page=page)))


def _list(exchange: Exchange, portal: Portal, trail: Trail, url: str, column: str) -> Request:
    headers, context = referred(exchange.response.url), trail.at(Stage.REPORTS).context()
    return Request(portal.id, NAME, Role.LIST, url, f"gkmlpt:{column}", headers=headers, context=context)


def _tree_at(text: str, place: int) -> Any:
    try:
        return json.JSONDecoder().raw_decode(text, place)[0]
    except (ValueError, RecursionError):
        return []  # a page of another family that has a TREE of its own


def _report_columns(tree: Any) -> Iterator[str]:
    """The numbers of the columns named as annual reports, and of the years below them."""
    waiting, seen = [(node, False) for node in tree if isinstance(node, Mapping)], 0
    while waiting and seen < MAX_COLUMNS:
        (node, below), seen = waiting.pop(), seen + 1
        name, number = text_in(node, "name", "title") or "", text_in(node, "id")
        wanted = names_report_column(name) or (below and names_year_column(name))
        if wanted and number and number.isdigit():
            yield number
        children = node.get("children")
        waiting += (
            [(child, wanted) for child in children if isinstance(child, Mapping)] if isinstance(children, list) else []
        )


GKMLPT = Platform(
    name=NAME,
    articles=re.compile(r"/gkmlpt/content/|/content/m?post_\d+\.html"),
    start=start,
    discover=discover,
    read_listing=read_listing,
)
