"""Hanweb's disclosure module: lists whose rows carry the index number, and one address per organ and report year.

A shell page frames `tree.jsp` (a menu of information types) or names `search.jsp` in a script. `search.jsp` answers a
POST with a fragment of HTML: rows whose links carry `syh` (索引号), `mc`, `wh`, `rq`, and a pager 共N页.
`xxgkAnnualReport.jsp?area=<organ>&fbtime=<report year>` is the report of an organ for a year.

The code of an organ is the prefix of its index numbers and the `area` of these addresses, so each organ that becomes
known by a list, a menu or a link is asked for every year wanted. Codes that only a list shows are used on portals that
are known to have the endpoint: a thousand requests for pages that a portal does not serve would be no walk.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from urllib.parse import urlsplit

from parsel import Selector

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request
from govcrawl.platforms import paging
from govcrawl.platforms.addresses import canonical, is_own, parameters, requery
from govcrawl.platforms.crawl_context import Stage, Trail, page_request, referred
from govcrawl.platforms.discovery import is_report_column
from govcrawl.platforms.markup import text_of, tree_of
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.rows import excerpt, kept, row_in, with_details
from govcrawl.titles import looks_like_report, names_report_column, names_year_column
from govcrawl.vocabulary import Role
from govcrawl.web_address import join_url

_NAME = "hanweb-xxgk"
_ENDPOINT = "/module/xxgk/xxgkAnnualReport.jsp"

_RUN = r"(?<![\w:/.-])[\w:/.-]{0,200}"
_WHOLE = r"""[^"'<>\s]{0,1000}+(?!["']\s*\+)"""
"""The rest of an address that a script does not go on building."""
_TREE = re.compile(_RUN + r"/xxgk/tree\.jsp\?" + _WHOLE)
_SEARCH = re.compile(_RUN + r"/z?f?xxgk/(?:search|search_custom|subjectinfo)\.jsp\?" + _WHOLE)
_SEARCH_OF_CHOICE = re.compile(
    _RUN
    + r"""/z?f?xxgk/search\.jsp\?[^"'<>\s]{0,500}?infotypeId=(?P<choice>["']\s*\+\s*\w+\s*\+\s*["'])[^"'<>\s]{0,500}"""
)
_OF_ORGAN = re.compile(_RUN + r"/xxgk/xxgk(?:AnnualReport|Guide)\.jsp\?" + _WHOLE)
_NODE = re.compile(
    r"""\.add\(\s*['"]?([\w-]{1,40})['"]?\s*,\s*['"]?([\w-]{1,40})['"]?\s*,\s*['"]([^'"]{1,80})['"]([^;\n]{0,400})"""
)
_CHOICE = re.compile(r"""funclick\(\s*\\?['"]([\w-]{1,40})\\?['"]""")
_AREA = re.compile(r"[?&]area=([0-9A-Z-]{4,18})(?![0-9A-Z-])")
_PREFIX = re.compile(r"([0-9A-Z-]{4,18})/(?:20|19)\d\d")
_ORGAN_IN_NODE = re.compile(r"""area=([0-9A-Z-]{4,18})(?![0-9A-Z-])""")
_ART_COLUMN = re.compile(r"/art_(\d+)_")
_DIV_COLUMN = re.compile(r"div(\d+)$")
_PAGES = re.compile(r"共\s*(\d{1,6})\s*页")
_ROWS_IN_ALL = re.compile(r"共\s*(\d{1,7})\s*(?:条|篇|项)")

_SKINS = (
    "//tr[contains(@class, 'tr_main_value')]",
    "//div[contains(@class, 'zfxxgk_list_con')]//ul//li",
    "//div[contains(@class, 'zfxxgk_zdgkc')]//ul//li",
    "//*[contains(@class, 'zcwj-con-right_list')]/div",
)
"""Where the rows of the known skins stand."""
_SKIN_MARK = re.compile(r"tr_main_value|tb_title|zfxxgk_list_con|zfxxgk_zdgkc|zcwj-con-right_list|共\s*\d+\s*页")

_DEFAULTS = {
    "texttype": "", "fbtime": "", "vc_all": "", "vc_filenumber": "", "vc_title": "", "vc_number": "",
    "currpage": "1", "sortfield": ",createdatetime:0,orderid:0", "standardXxgk": "1",
}  # fmt: skip
"""What the search form sends beside the list's own parameters; a page's own values win."""


def _start(portal: Portal, years: tuple[int, ...]) -> tuple[Request, ...]:
    """The report of every known organ for every year wanted."""
    return tuple(_reports_of(portal, portal.organs, Trail(years)))


def _reports_of(portal: Portal, organs: Iterable[str], trail: Trail) -> Iterator[Request]:
    """The per-organ, per-year requests of some organs, for the years wanted."""
    for organ in dict.fromkeys(organs):
        for year in trail.years:
            yield _report(portal, join_url(portal.home, f"{_ENDPOINT}?area={organ}&fbtime={year}"))


def _locate(row: Listing, portal: Portal) -> Request:
    """The page at the row's address; the report of an organ for a year is the same request wherever it is named."""
    return _report(portal, row.url)


def _report(portal: Portal, url: str) -> Request:
    """The request for a document; one of an organ and a year names both, whatever the order in the address."""
    named = parameters(url)
    told = {name: named[name] for name in ("area", "fbtime") if name in named}
    context = (("area", told["area"]), ("year", told["fbtime"])) if len(told) == 2 else ()
    query = "&".join(f"{name}={value}" for name, value in (told | named).items())
    return Request(
        portal=portal.id,
        platform=_NAME,
        role=Role.DOCUMENT,
        url=urlsplit(url)._replace(query=query).geturl(),
        key=f"area={told['area']}" if "area" in told else "",
        context=context,
    )


def _serves_reports_of_organs(portal: Portal) -> bool:
    """Whether a portal is known to have the per-organ endpoint: it names organs, or this module first."""
    return bool(portal.organs) or portal.platforms[:1] == (_NAME,)


def _discover(exchange: Exchange, portal: Portal) -> ListPage:
    """What a shell page or a menu leads to: menus, lists of annual reports, the reports of organs it links to."""
    request, response = exchange.request, exchange.response
    text, trail = unescape(text_of(response.body)), Trail.of(request)
    inside = is_report_column(tree_of(response), trail)
    found = [
        *_menus(text, exchange, portal),
        *(_lists(text, exchange, portal, trail) if inside else ()),
        *(_lists_of_menu(text, exchange, portal, trail) if "/tree.jsp" in response.url else ()),
        *_linked_reports(text, exchange, portal, trail),
        *_reports_of(portal, _organs_named(text), trail),
    ]
    return ListPage(requests=tuple(one for one in found if is_own(one.url, portal)))


def _read_listing(exchange: Exchange, portal: Portal) -> ListPage:
    """One page of `search.jsp`; the first one asks for all further pages.

    Raises:
        PlatformError: For an answer that is no list of this module, an empty page before the end, or the first page
            over again.
    """
    request, text = exchange.request, text_of(exchange.response.body)
    if not _SKIN_MARK.search(text):
        raise PlatformError(f"{request.url}: no rows, no pager of the disclosure module; not one of its lists")
    pieces = _pieces(tree_of(exchange.response))
    paging.refuse_flood(request, len(pieces))
    read = [(piece, _row(piece, portal, request.url)) for piece in pieces]
    rows = [row for _, row in read if row]
    group = paging.group_of(row.url for row in rows)
    paging.refuse_repetition(request, group)
    trail = Trail.of(request)
    organs = _prefixes(rows) if _serves_reports_of_organs(portal) else ()
    pager, in_all = _PAGES.search(text), _ROWS_IN_ALL.search(text)
    pages = int(pager[1]) if pager else 1
    if not pieces and 1 < paging.place(request).page <= pages:
        raise PlatformError(f"{request.url}: page {paging.place(request).page} of {pages} is empty; ask later")
    return ListPage(
        rows=_of_list(rows, request, trail),
        requests=(
            *_further_pages(request, pages, group),
            *_reports_of(portal, organs, trail),
        ),
        total=int(in_all[1]) if in_all else None,
        debris=tuple(excerpt(piece.get()) for piece, row in read if row is None and piece.xpath(".//a")),
    )


# ------------------------------------------------------------------------------------------- shells and menus


def _menus(text: str, exchange: Exchange, portal: Portal) -> Iterator[Request]:
    trail = Trail.of(exchange.request)
    for address in dict.fromkeys(_TREE.findall(text)):
        url = join_url(exchange.response.url, address)
        key = f"tree:{parameters(url).get('divid', '')}"
        yield page_request(portal, _NAME, Role.COLUMN, url, key, trail.onward(trail.stage))


def _lists(text: str, exchange: Exchange, portal: Portal, trail: Trail) -> Iterator[Request]:
    """The lists a page of the reports' column loads."""
    for address in dict.fromkeys(_SEARCH.findall(text)):
        yield _search(join_url(exchange.response.url, address), exchange, portal, trail)


def _lists_of_menu(text: str, exchange: Exchange, portal: Portal, trail: Trail) -> Iterator[Request]:
    """The lists of the menu's entries that are named as annual reports, and of the years below them."""
    below: set[str] = set()
    for node, parent, name, rest in _NODE.findall(text):
        choice = _CHOICE.search(rest)
        if not (names_report_column(name) or (parent in below and names_year_column(name))):
            continue
        below.add(node)
        if choice:
            yield _search(_list_of_choice(text, exchange.response.url, choice[1]), exchange, portal, trail)


def _list_of_choice(text: str, menu: str, choice: str) -> str:
    """The list that a menu's entry loads: as the menu's script builds its address, else from the menu's parameters."""
    if built := _SEARCH_OF_CHOICE.search(text):
        return join_url(menu, built[0].replace(built["choice"], choice))
    own = parameters(menu)
    of_menu = {name: own[name] for name in ("area", "divid", "jdid", "standardXxgk") if name in own}
    return requery(join_url(menu, "search.jsp"), infotypeId=choice, **of_menu)


def _search(url: str, exchange: Exchange, portal: Portal, trail: Trail) -> Request:
    asked = requery(url, **(_DEFAULTS | parameters(url)))
    query = parameters(asked)
    key = ":".join(("search", query.get("divid", ""), query.get("infotypeId", ""), query.get("area", "")))
    return Request(
        portal=portal.id,
        platform=_NAME,
        role=Role.LIST,
        url=asked,
        key=key,
        method="POST",
        headers=referred(exchange.response.url),
        context=trail.at(Stage.REPORTS).context(),
    )


def _linked_reports(text: str, exchange: Exchange, portal: Portal, trail: Trail) -> Iterator[Request]:
    """The reports a page links to by organ and year, if the year is wanted."""
    for address in dict.fromkeys(_OF_ORGAN.findall(text)):
        url = canonical(address, portal, exchange.response.url)
        query = parameters(url or "")
        wanted = not trail.years or query.get("fbtime", "") in map(str, trail.years)
        if url and urlsplit(url).path == _ENDPOINT and query.get("area") and wanted:
            yield _report(portal, url)


def _organs_named(text: str) -> Iterator[str]:
    """The organ codes in the addresses and menu entries of a page."""
    for address in _OF_ORGAN.findall(text):
        yield from _AREA.findall(address)
    for *_, rest in _NODE.findall(text):
        yield from _ORGAN_IN_NODE.findall(rest)


# ------------------------------------------------------------------------------------------------- list answers


def _pieces(tree: Selector) -> list[Selector]:
    """The items of the first skin that the fragment wears."""
    return next((list(found) for skin in _SKINS if (found := tree.xpath(skin))), [])


def _row(piece: Selector, portal: Portal, base: str) -> Listing | None:
    row = row_in(piece, portal, base)
    links = piece.xpath(".//a[@href][@syh or @mc]") or piece.xpath(".//a[@href]")
    return with_details(row, links[0]) if row else None


def _of_list(rows: list[Listing], request: Request, trail: Trail) -> tuple[Listing, ...]:
    """The rows that may be reports; a server that ignores the column answers with the whole site's.

    An article of the column asked for, or of none that its address tells, is judged as a row of the reports' own list;
    one of another column only by its title.
    """
    asked = _DIV_COLUMN.search(parameters(request.url).get("divid", ""))

    def is_of_list(row: Listing) -> bool:
        column = _ART_COLUMN.search(row.url)
        return asked is None or column is None or column[1] == asked[1]

    return tuple(
        row
        for row in kept(rows, dedicated=True)
        if (trail.reports and is_of_list(row)) or looks_like_report(row.title) or names_report_column(row.title)
    )


def _prefixes(rows: list[Listing]) -> Iterator[str]:
    """The organ codes that the index numbers of some rows begin with."""
    for row in rows:
        if match := _PREFIX.match(row.index_number or ""):
            yield match[1]


def _further_pages(request: Request, count: int, group: str) -> Iterator[Request]:
    context = dict(request.context)
    for page in paging.further_pages(request, count):
        yield Request(
            portal=request.portal,
            platform=_NAME,
            role=Role.LIST,
            url=requery(request.url, currpage=page),
            key=request.key,
            method=request.method,
            headers=request.headers,
            body=request.body,
            context=tuple(sorted((context | {"page": str(page), "group": group}).items())),
        )


HANWEB_XXGK = Platform(
    name=_NAME,
    articles=re.compile(r"/module/xxgk/|/jcms_files/.*/art_"),
    start=_start,
    discover=_discover,
    read_listing=_read_listing,
    locate=_locate,
)
