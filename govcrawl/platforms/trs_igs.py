"""TRS IGS search (Tianjin, Guangxi, Nanjing …): rows as JSON, filtered and sorted by index number.

`/igs/front/search/list.html?index=…&type=…&pageNumber=N&pageSize=M&filter[IdxID]=…` answers with `page.content[]`,
Nanjing's `/igs/front/search/publish/data/list.html?…&pageIndex=N` with `rows[]` and `total`. A column whose script
names the address, whole or with its parameters in an object, is read through it; and since it can be filtered by index
number, it can be asked for one that no list shows (`probe`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import quote

from govcrawl.models import Exchange, ListPage, Portal, Request
from govcrawl.platforms.addresses import is_own, parameters, requery
from govcrawl.platforms.called_lists import first_page_of_call, read_called_list
from govcrawl.platforms.crawl_context import Stage, Trail
from govcrawl.platforms.discovery import is_report_column
from govcrawl.platforms.markup import base_of, text_of, tree_of
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.printed_families import TRS_DOCUMENT
from govcrawl.platforms.script_calls import ScriptCall, script_addresses, script_calls
from govcrawl.vocabulary import Role
from govcrawl.web_address import join_url

_NAME = "trs-igs"
_PER_PAGE = 50

_SEARCH = re.compile(r"/igs/front/search(?:/[\w/]{1,40}list\.html|/list\.html|\.jhtml)(?=\?|$)")
_ADDRESS = re.compile(rf"""(?<![\w:/.-])[\w:/.-]{{0,200}}{_SEARCH.pattern}\?[^"'<>\s]{{1,1500}}""")


def _discover(exchange: Exchange, portal: Portal) -> ListPage:
    """The first page of each search that the reports' column loads."""
    trail = Trail.of(exchange.request)
    if exchange.request.role is Role.HOME or not is_report_column(tree_of(exchange.response), trail):
        return ListPage()
    first = {_first_page(call, exchange, trail): None for call in _searches(exchange) if is_own(call.url, portal)}
    return ListPage(requests=tuple(first))


def _read_listing(exchange: Exchange, portal: Portal) -> ListPage:
    """One page of a search; the first one asks for all further pages.

    Raises:
        PlatformError: For an answer that is not this interface's, an empty page before the end, or the first page over
            again.
    """
    return read_called_list(exchange, portal)


def _probe(search: Request, index_number: str) -> Request:
    """The request for what a search of the portal knows under an index number; read like any page of a list."""
    url = requery(search.url, **{"filter[IdxID]": quote(index_number, safe="")})
    context = Trail.of(search).context(probe=index_number)
    return replace(search, url=_at_first(url), key=f"{search.key}:{index_number}", context=context)


def _searches(exchange: Exchange) -> Iterator[ScriptCall]:
    """The searches of a page: those its scripts make, those they name, those that stand in its markup."""
    calls = [call for call in script_calls(exchange.response) if _SEARCH.search(call.url)]
    named = [ScriptCall(url) for url in script_addresses(exchange.response) if _SEARCH.search(url)]
    if calls or named:
        yield from (*calls, *named)
        return
    for address in dict.fromkeys(_ADDRESS.findall(unescape(text_of(exchange.response.body)))):
        yield ScriptCall(join_url(base_of(exchange.response), address))


def _first_page(call: ScriptCall, exchange: Exchange, trail: Trail) -> Request:
    query = parameters(call.url)
    filters = (value for name, value in query.items() if name.startswith(("filter", "siteId", "code")) and value)
    key = ":".join(("igs", query.get("index", ""), query.get("type", ""), *filters))
    url = requery(call.url, orderProperty=query.get("orderProperty") or "IdxID")
    asked = first_page_of_call(replace(call, url=url), _NAME, key, exchange, trail.at(Stage.REPORTS))
    return asked if call.body else replace(asked, url=_at_first(asked.url))


def _at_first(url: str) -> str:
    """The address of the first page; which of the two numbers turns differs, so that both do."""
    index = {"pageIndex": 1} if "pageIndex" in parameters(url) or "/publish/" in url else {}
    return requery(url, pageNumber=1, pageSize=_PER_PAGE, **index)


TRS_IGS = Platform(
    name=_NAME,
    articles=TRS_DOCUMENT,
    discover=_discover,
    read_listing=_read_listing,
    probe=_probe,
)
