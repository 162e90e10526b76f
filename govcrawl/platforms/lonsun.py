"""Lonsun 龙讯 (黄冈, Anhui, parts of Gansu, Sichuan, Hunan): organ × category, `/public/column/<ORG>?catId=<CAT>`.

The path may have a prefix (`/zwgk`). A column prints its rows, or a script of it loads them from `/site/label/…` with
`labelName=publicInfoList`, whole, built of pieces or with its parameters in an object; the answer is a fragment of
HTML, with or without a pager object. Documents are `/public/<ORG>/<ID>.html` or `/public/content/<ID>`. A category has
one number for all organs of a portal, so that each organ a column links to is asked for it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import quote

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, ListPage, Portal, Request
from govcrawl.platforms.addresses import canonical, from_path, is_own, parameters, requery
from govcrawl.platforms.called_lists import first_page_of_call, turned_page
from govcrawl.platforms.counted import ListAnswer, page_of
from govcrawl.platforms.crawl_context import Stage, Trail
from govcrawl.platforms.discovery import is_report_column
from govcrawl.platforms.markup import base_of, text_of, tree_of
from govcrawl.platforms.organs import lists_of_other_organs
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.rows import rows_in
from govcrawl.platforms.script_calls import ScriptCall, script_addresses, script_calls

_NAME = "lonsun"
_DOCUMENT = re.compile(r"/(?:public|openness/public|grassroots)/(?:content/|\d+/)\d+(?:\.html)?$")

_ORGAN = re.compile(r"(/(?:public|grassroots)/column/)(\d+)(?!\d)")
_LABEL = re.compile(r"/site/label/\d{1,9}(?:\?|$)")
_LIST = re.compile(r"labelName=publicInfoList")
_WRITTEN = re.compile(r"""(?<![\w:/.-])[\w:/.-]{0,100}/site/label/\d{1,9}\?[^"'<>\s]{0,3000}""")
_PAGES = re.compile(r"""['"]?(?:pageCount|totalPages?|pageTotal)['"]?\s*[:=]\s*['"]?(\d{1,6})""")
_TOTAL = re.compile(r"""['"]?\b(?:total|totalCount|recordCount)['"]?\s*[:=]\s*['"]?(\d{1,7})""")
_NONE = "暂无"


def _discover(exchange: Exchange, portal: Portal) -> ListPage:
    """On the reports' column, the list that its script loads, and the same category of the other organs."""
    if not is_report_column(tree_of(exchange.response), Trail.of(exchange.request)):
        return ListPage()
    labels = (_first_page(call, exchange, portal) for call in _labels(exchange))
    return ListPage(
        requests=(
            *{one: None for one in labels if is_own(one.url, portal)},
            *lists_of_other_organs(exchange, portal, _ORGAN),
        )
    )


def _read_listing(exchange: Exchange, portal: Portal) -> ListPage | None:
    """One answer of the list that a script loads; None for a column's printed page.

    Raises:
        PlatformError: For an answer that is no list of this family, or the first page over again.
    """
    request, text = exchange.request, text_of(exchange.response.body)
    if not _LABEL.search(request.url):
        return None
    found = rows_in(tree_of(exchange.response), portal, base_of(exchange.response))
    records = [(row.url, row) for row in found if _DOCUMENT.search(from_path(row.url))]
    if not records and _NONE not in text:
        raise PlatformError(f"{request.url}: neither rows nor the words for none; not a list of Lonsun's")
    pages, total = _PAGES.search(text), _TOTAL.search(text)
    answer = ListAnswer(records, None if pages or not total else int(total[1]), int(pages[1]) if pages else None)
    return page_of(exchange, answer, lambda page, size: turned_page(request, page, size, resized=False))


def _labels(exchange: Exchange) -> Iterator[ScriptCall]:
    """The lists that a page's scripts load, as they ask for them or as they write the address down."""
    response = exchange.response
    calls = [call for call in script_calls(response) if _is_label(call)]
    if calls:
        yield from calls
        return
    written = (*script_addresses(response), *_WRITTEN.findall(unescape(text_of(response.body))))
    yield from (call for url in dict.fromkeys(written) if _is_label(call := ScriptCall(url)))


def _is_label(call: ScriptCall) -> bool:
    return _LABEL.search(call.url) is not None and _LIST.search(f"{call.url}&{call.body}") is not None


def _first_page(call: ScriptCall, exchange: Exchange, portal: Portal) -> Request:
    url = canonical(call.url, portal, base_of(exchange.response)) or ""
    fields = parameters(url) | parameters(f"?{call.body}")
    key = f"label:{fields.get('organId', '')}:{fields.get('catId', '')}"
    trail = Trail.of(exchange.request).at(Stage.REPORTS)
    if call.body:
        form = parameters(f"?{call.body}") | {"pageIndex": "1"}
        call = replace(call, body="&".join(f"{name}={quote(value, safe='%+')}" for name, value in form.items()))
    else:
        url = requery(url, pageIndex=1)
    asked = first_page_of_call(replace(call, url=url), _NAME, key, exchange, trail)
    return replace(asked, headers=(*asked.headers, ("Ls-Language", "zh")))


LONSUN = Platform(name=_NAME, articles=_DOCUMENT, discover=_discover, read_listing=_read_listing)
