"""Lists of no known family that the script of the reports' column asks for: the page itself says how they are read.

So are read, without a word of code for each: the lists of UCAP (`/common/search/<hex>?_isJson=true`, posted
`/getFileListByCodeId`), of WAS5 and its successor in Fujian (`/was5/web/search?…classsql=…`, `/fjdzapp/data`), JSONP
with `pageNo`, posted JSON. A call that turns no page and fills no empty list is for something else: a counter, a login.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, ListPage, Portal, Request
from govcrawl.platforms import paging
from govcrawl.platforms.addresses import from_path, is_own
from govcrawl.platforms.called_lists import (
    begins_at_zero,
    first_page_of_call,
    page_that_asks,
    read_called_list,
    turned_page,
)
from govcrawl.platforms.counted import ListAnswer, page_of
from govcrawl.platforms.crawl_context import Stage, Trail
from govcrawl.platforms.discovery import is_report_column
from govcrawl.platforms.markup import text_of, tree_of
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.rendering import needs_rendering
from govcrawl.platforms.rows import mostly_reports, rows_in
from govcrawl.platforms.script_calls import OFFSET_FIELD, PAGE_FIELD, SIZE_FIELD, ScriptCall, script_calls
from govcrawl.vocabulary import Role

_NAME = "script-list"
_OF_A_FAMILY = re.compile(
    r"/igs/front/search|/front/page/build/unit|/site/label/|/queryList$|getgovinfolist|/show/lists|dataproxy\.jsp"
    r"|/module/xxgk/|/gkmlpt/|/eportal/ui",
    re.IGNORECASE,
)
"""Addresses that a family of its own asks."""
_NO_LIST = re.compile(
    r"count(?!ry|y)|click|visit|hits|log[io]n|user|token|captcha|weather|vote|score|comment|share|tongji|config|menu|dict"
    r"|(?:^|[^a-z])(?:pv|nav|stat|tree)(?:[^a-z]|$)|\.(?:js|css|png|jpe?g|gif|svg|s?html?)$",
    re.IGNORECASE,
)
"""Names of what a page asks for beside its lists."""
_MARKUP = re.compile(r"\s*<")
_TURNED = "turned"
"""The entry of a request's context that says that the call turns a page: then its answer is a list or an error."""


def _discover(exchange: Exchange, portal: Portal) -> ListPage:
    """The first page of each list that the scripts of the reports' column ask for."""
    trail = Trail.of(exchange.request)
    if exchange.request.role is not Role.COLUMN or not is_report_column(tree_of(exchange.response), trail):
        return ListPage()
    calls = tuple(_list_calls(exchange, portal))
    stage = Stage.REPORTS if len(calls) == 1 else Stage.PART
    return ListPage(requests=tuple(_first_page(call, exchange, trail.at(stage)) for call in calls))


def _read_listing(exchange: Exchange, portal: Portal) -> ListPage | None:
    """One page of a list, of objects or of markup; None for markup with a pager of its own, which is a printed page.

    An answer to a call that turns no page need not be a list. A script may count on before it asks: where page 0 holds
    nothing, page 1 is asked for.

    Raises:
        PlatformError: For an answer that holds no list, an empty page before the end, or the first page over again.
    """
    request, text = exchange.request, text_of(exchange.response.body)
    try:
        page = _read_markup(exchange, portal) if _MARKUP.match(text) else read_called_list(exchange, portal)
    except PlatformError:
        if (_TURNED, "1") in request.context and text.strip():
            raise
        page = ListPage()
    is_first = page is not None and not page.rows and paging.place(request).page == 1
    return ListPage(requests=(turned_page(request, 2, 0),)) if is_first and begins_at_zero(request) else page


def _read_markup(exchange: Exchange, portal: Portal) -> ListPage | None:
    request = exchange.request
    rows = rows_in(tree_of(exchange.response), portal, page_that_asks(request))
    if any(paging.PAGE_LINK.fullmatch(paging.pager_name(row.title)) for row in rows):
        return None
    dedicated = Trail.of(request).reports or mostly_reports(rows)
    answer = ListAnswer([(row.url, row) for row in rows], None)
    return page_of(exchange, answer, lambda page, size: turned_page(request, page, size), dedicated=dedicated)


def _list_calls(exchange: Exchange, portal: Portal) -> Iterator[ScriptCall]:
    """The calls of a page that may be for lists: those that turn pages; those that post nothing where none is shown."""
    fills = needs_rendering(exchange)
    for call in script_calls(exchange.response):
        path = urlsplit(call.url).path
        known = _OF_A_FAMILY.search(path) or _NO_LIST.search(path.rpartition("/")[2])
        if is_own(call.url, portal) and not known and (_turns(call) or (fills and not call.body)):
            yield call


def _turns(call: ScriptCall) -> bool:
    """Whether a call has a field that turns a page, or says how long one is."""
    return any(kind.fullmatch(name) for kind in (PAGE_FIELD, OFFSET_FIELD, SIZE_FIELD) for name in call.fields)


def _first_page(call: ScriptCall, exchange: Exchange, trail: Trail) -> Request:
    key = f"script:{from_path(call.url)}{call.body}"
    return first_page_of_call(call, _NAME, key, exchange, trail, **({_TURNED: "1"} if _turns(call) else {}))


SCRIPT_LIST = Platform(
    name=_NAME, articles=re.compile(r"(?!)"), sure=False, discover=_discover, read_listing=_read_listing
)
