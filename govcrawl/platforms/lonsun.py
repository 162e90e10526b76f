"""Lonsun 龙讯 (黄冈, Anhui, parts of Gansu, Sichuan, Hunan): organ × category, `/public/column/<ORG>?catId=<CAT>`.

The path may have a prefix (`/zwgk`). A column prints its rows, or a script of it loads them from `/site/label/…` with
`labelName=publicInfoList`, whose answer is a fragment of HTML with a pager object. Articles are
`/public/<ORG>/<ID>.html` or `/public/content/<ID>`. A category has one number for all organs of a portal, so that each
organ a column links to is asked for it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, ListPage, Portal, Request
from govcrawl.platforms import paging
from govcrawl.platforms.addresses import canonical, from_path, is_own, parameters, requery
from govcrawl.platforms.counted import placed
from govcrawl.platforms.discovery import is_report_column
from govcrawl.platforms.markup import base_of, text_of, tree_of
from govcrawl.platforms.organs import lists_of_other_organs
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.rows import kept, rows_in
from govcrawl.platforms.trail import Stage, Trail, referred
from govcrawl.vocabulary import Role

NAME = "lonsun"
ARTICLES = re.compile(r"/(?:public|openness/public|grassroots)/(?:content/|\d+/)\d+(?:\.html)?$")

_ORGAN = re.compile(r"(/(?:public|grassroots)/column/)(\d+)(?!\d)")
_LABEL = re.compile(
    r"""(?<![\w:/.-])[\w:/.-]{0,100}/site/label/\d{1,9}\?[^"'<>\s]{0,1500}labelName=publicInfoList[^"'<>\s]{0,1500}"""
)
_COUNT = re.compile(r"""['"]?(?:pageCount|totalPages?|pageTotal)['"]?\s*[:=]\s*['"]?(\d{1,6})""")
_TOTAL = re.compile(r"""['"]?(?:total|totalCount|recordCount)['"]?\s*[:=]\s*['"]?(\d{1,7})""")
_EMPTY = "暂无"


def _leads(exchange: Exchange, portal: Portal) -> Iterator[Request]:
    """The list a column's script loads, and the same category of the other organs."""
    trail, text = Trail.of(exchange.request), unescape(text_of(exchange.response.body))
    for address in dict.fromkeys(_LABEL.findall(text)):
        url = requery(canonical(address, portal, exchange.response.url) or "", pageIndex=1)
        query = parameters(url)
        key = f"label:{query.get('organId', '')}:{query.get('catId', '')}"
        if is_own(url, portal):
            headers = (*referred(exchange.response.url), ("Ls-Language", "zh"))
            yield Request(
                portal.id, NAME, Role.LIST, url, key, headers=headers, context=trail.at(Stage.REPORTS).context()
            )
    yield from lists_of_other_organs(exchange, portal, _ORGAN)


def _discover(exchange: Exchange, portal: Portal) -> ListPage:
    """On the reports' column, the lists it leads to."""
    if not is_report_column(tree_of(exchange.response), Trail.of(exchange.request)):
        return ListPage()
    return ListPage(requests=tuple(_leads(exchange, portal)))


def _read_listing(exchange: Exchange, portal: Portal) -> ListPage | None:
    """One answer of the list that a script loads; None for a column's printed page.

    Raises:
        PlatformError: For an answer that is no list of this family, or the first page over again.
    """
    if "/site/label/" not in exchange.request.url:
        return None
    request, text = exchange.request, text_of(exchange.response.body)
    rows = tuple(row for row in rows_in(tree_of(exchange.response), portal, base_of(exchange.response)) if _is_article(row.url))
    count = _pages(text, len(rows))
    if not rows and (count > 1 or _EMPTY not in text):
        raise PlatformError(f"{request.url}: neither rows nor the words for none; not a list of Lonsun's")
    paging.refuse_flood(request, len(rows))
    group = paging.group_of(row.url for row in rows)
    paging.refuse_repetition(request, group)
    further = (
        placed(_page(request, page), paging.Place(page, 0, group)) for page in paging.further_pages(request, count)
    )
    return ListPage(rows=kept(rows, dedicated=Trail.of(request).reports), requests=tuple(further))


def _is_article(url: str) -> bool:
    return ARTICLES.search(from_path(url)) is not None


def _pages(text: str, held: int) -> int:
    """How many pages the pager object says there are: by their number, or by that of all rows."""
    if count := _COUNT.search(text):
        return int(count[1])
    total = _TOTAL.search(text)
    return -(-int(total[1]) // held) if total and held else 1


def _page(request: Request, page: int) -> Request:
    return replace(request, url=requery(request.url, pageIndex=page))


LONSUN = Platform(name=NAME, articles=ARTICLES, discover=_discover, read_listing=_read_listing)
