"""Lists told apart by their query: `/zwgk/?channelid=26315`, `index.php?m=content&catid=12`, and posted `/queryList`.

Most print their rows as links and number their pages in the query (`&page=2`). In the build of Jiangxi the column's
page is a shell: its script posts `channelId`, `siteId`, `websiteId` and the page to `/queryList` and gets JSON,
`data.results[].source`; articles are `/<site>/col/<code>/content/content_<ID>.html` there.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from govcrawl.models import Exchange, ListPage, Portal, Request
from govcrawl.platforms.called_lists import first_page_of_call, read_called_list
from govcrawl.platforms.crawl_context import Stage, Trail
from govcrawl.platforms.discovery import is_report_column
from govcrawl.platforms.markup import text_of, tree_of
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.printed_families import NUMBERED_PAGE
from govcrawl.platforms.script_calls import ScriptCall
from govcrawl.web_address import join_url

_NAME = "query-list"
_ENDPOINT = "/queryList"
_PER_PAGE = 20

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
    return read_called_list(exchange, portal) if exchange.request.method == "POST" else None


def _posted(exchange: Exchange, portal: Portal, fields: Mapping[str, str]) -> Request:
    form = {**fields, "pageNo": 1, "pageSize": _PER_PAGE, "perPage": _PER_PAGE, "showMode": 1, "themeName": "default"}
    call = ScriptCall(join_url(portal.home, _ENDPOINT), urlencode(form))
    key = f"queryList:{fields['siteId']}:{fields['channelId']}"
    return first_page_of_call(call, _NAME, key, exchange, Trail.of(exchange.request).at(Stage.REPORTS))


QUERY_LIST = Platform(name=_NAME, articles=_ARTICLES, sure=False, discover=_discover, read_listing=_read_listing)
