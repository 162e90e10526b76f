"""HOW a family of portals lists and shows documents: one module per family, pure functions of what came back.

The registry is a hint and the page decides: every page on the way is read for printed links and pagers, whatever its
portal declares, and is offered to each family that is declared or whose marks it bears. `start` asks for what is known
of a portal and always for its front page too, since yearly columns move; `read` turns an answer into rows and further
requests; `locate` asks for a row's document; `classify` says what an answer really is, `wall_of` which wall it shows.
A page that leads nowhere and has the shell of a list is asked for once more, as a browser shows it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import urlsplit

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request, identity_of
from govcrawl.platforms import (
    epoint,
    gkmlpt,
    hanweb_jpaas,
    hanweb_jpage,
    hanweb_xxgk,
    lonsun,
    query_list,
    script_list,
    trs_igs,
    yichang_xxgk,
)
from govcrawl.platforms.addresses import column_address, from_path
from govcrawl.platforms.answer_classification import classify, wall_of
from govcrawl.platforms.crawl_context import Stage, Trail, page_request
from govcrawl.platforms.discovery import discover_columns, is_report_column, outermost_report_folder
from govcrawl.platforms.document_parts import MAX_PARTS, joined_parts, parts_of
from govcrawl.platforms.fingerprint import recognise
from govcrawl.platforms.markup import tree_of
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.printed import PRINTED, read_further_page, read_printed
from govcrawl.platforms.printed_families import PRINTED_FAMILIES
from govcrawl.platforms.rendering import is_rendered, needs_rendering, rendered, with_rendered_pages
from govcrawl.platforms.report_links import DocumentAddresses
from govcrawl.platforms.rows import merged_pages
from govcrawl.vocabulary import DETECT, Role
from govcrawl.web_address import join_url

__all__ = [
    "MAX_PARTS",
    "PLATFORMS",
    "classify",
    "is_document_address",
    "is_rendered",
    "is_unknown",
    "joined_parts",
    "locate",
    "needs_rendering",
    "parts_of",
    "probe",
    "read",
    "recognise",
    "start",
    "wall_of",
]

_INTERFACES = (
    hanweb_jpage.HANWEB_JPAGE,
    hanweb_xxgk.HANWEB_XXGK,
    hanweb_jpaas.HANWEB_JPAAS,
    trs_igs.TRS_IGS,
    gkmlpt.GKMLPT,
    lonsun.LONSUN,
    yichang_xxgk.YICHANG_XXGK,
    epoint.EPOINT,
    query_list.QUERY_LIST,
    script_list.SCRIPT_LIST,
)

PLATFORMS: Mapping[str, Platform] = MappingProxyType({one.name: one for one in (*_INTERFACES, *PRINTED_FAMILIES)})
"""The families that are built, by the names the registry uses."""

_SURE = tuple(one.articles for one in PLATFORMS.values() if one.sure)
_PLAIN = PLATFORMS["static-dir"]


def is_unknown(portal: Portal) -> bool:
    """Whether nobody knows yet which families a portal speaks."""
    return DETECT in portal.platforms


def start(portal: Portal, years: tuple[int, ...]) -> tuple[Request, ...]:
    """The first requests of a portal: its front page, then what is known of it; none where no family of it is built.

    `years` are the report years wanted: each organ's report of each of them is asked for where that is possible.
    """
    families = _declared(portal)
    if not portal.home or not (families or is_unknown(portal)):
        return ()
    home = page_request(portal, portal.platforms[0], Role.HOME, portal.home, "home", Trail(years))
    of_ids = (request for family in families for request in family.start(portal, years))
    return merged_pages([ListPage(requests=(home, *_known_columns(portal, years), *of_ids))]).requests


def read(exchange: Exchange, portal: Portal) -> ListPage:
    """What an answer to a front page, a column or a list gives; nothing for one to a document.

    Raises:
        PlatformError: For a list's answer that is not what its family speaks, and a page that stays empty in a browser.
    """
    request = exchange.request
    if request.role is Role.LIST:
        page = _platform(request).read_listing(exchange, portal) or _further_page(exchange, portal)
    elif request.role in {Role.HOME, Role.COLUMN}:
        page = _on_the_way(exchange, portal)
    else:
        return ListPage()
    return with_rendered_pages(page) if is_rendered(request) else page


def locate(row: Listing, portal: Portal) -> Request:
    """The request for a row's document, as the family that writes such addresses asks for it."""
    path, declared = from_path(row.url), _declared(portal)
    families = dict.fromkeys((*declared, *PLATFORMS.values()))
    writing = (family for family in families if family.articles.search(path))
    return next(writing, next(iter(declared), PLATFORMS[PRINTED])).document(row, portal)


def is_document_address(url: str, portal: Portal) -> bool:
    """Whether an address is a document's by its shape: a sure one of any family, or one of those a portal declares."""
    shapes = (*_SURE, *(family.articles for family in _declared(portal)))
    return any(shape.search(from_path(url)) for shape in shapes)


def probe(lists: Iterable[Request], index_number: str) -> Request | None:
    """The request for what a portal knows under an index number, through the first of some lists that can be asked so.

    None where no family of them can; a request that is such a question itself is no list to ask through.
    """
    asked = (
        question(request, index_number)
        for request in lists
        if (family := PLATFORMS.get(request.platform))
        and (question := family.probe)
        and "probe" not in dict(request.context)
    )
    return next(asked, None)


def _known_columns(portal: Portal, years: tuple[int, ...]) -> Iterator[Request]:
    """The columns of annual reports that the registry names by their paths, and the folder of all years above each."""
    trail = Trail(years, Stage.REPORTS)
    known = [column for column in portal.columns if column.startswith("/")]
    paths = dict.fromkeys(one for path in known for one in (path, outermost_report_folder(path) or path))
    for path in paths:
        yield page_request(portal, portal.platforms[0], Role.COLUMN, join_url(portal.home, path), path, trail)


def _on_the_way(exchange: Exchange, portal: Portal) -> ListPage:
    """What a front page or a column gives; itself, to be rendered, where that is nothing and scripts may fill it."""
    page = _read_page(exchange, portal)
    if page.rows or _leads_on(page, exchange) or not needs_rendering(exchange):
        return page
    if not is_rendered(exchange.request):
        return replace(page, requests=(*page.requests, rendered(exchange.request)))
    if page.requests:
        return replace(page, open_ended=True)
    raise PlatformError(f"{exchange.request.url}: empty in a browser too; see what it asked for (role embedded)")


def _leads_on(page: ListPage, exchange: Exchange) -> bool:
    """Whether a page leads to a list; the reports' column does not if all it leads to lies in other columns' menus."""
    inside = is_report_column(tree_of(exchange.response), Trail.of(exchange.request))
    near = (one for one in page.requests if Trail.of(one).stage in {Stage.REPORTS, Stage.PART})
    return any(near) if inside else bool(page.requests)


def _read_page(exchange: Exchange, portal: Portal) -> ListPage:
    """What a page on the way gives to all who read it: the families, the reader of printed lists, discovery."""
    families = _offered(exchange, portal)
    addresses = _document_addresses(families)
    of_families = merged_pages(family.discover(exchange, portal) for family in families)
    printed = _beside(read_printed(exchange, portal, addresses), of_families)
    found = (*of_families.rows, *of_families.requests, *printed.rows, *printed.requests)
    is_menu = not found and not needs_rendering(exchange)
    columns = discover_columns(exchange, portal, addresses.is_sure, is_menu=is_menu)
    of_other_pages = _of_other_pages(columns, of_families, exchange)
    known = merged_pages([of_families, printed, of_other_pages, *_starts(exchange, portal, families)])
    return _nearest(known)


def _further_page(exchange: Exchange, portal: Portal) -> ListPage:
    """What a further page of a printed list gives: rows and lists; the columns it names its first page names too."""
    families = _offered(exchange, portal)
    found = merged_pages(family.discover(exchange, portal) for family in families)
    of_families = replace(found, requests=tuple(one for one in found.requests if one.role is Role.LIST))
    printed = read_further_page(exchange, portal, _document_addresses(families))
    return merged_pages([of_families, _beside(printed, of_families)])


def _starts(exchange: Exchange, portal: Portal, families: tuple[Platform, ...]) -> Iterator[ListPage]:
    """What the families that a front page tells of, and the registry does not, would have been asked at the start."""
    if exchange.request.role is Role.HOME:
        years, declared = Trail.of(exchange.request).years, _declared(portal)
        yield ListPage(
            requests=tuple(one for family in families if family not in declared for one in family.start(portal, years))
        )


def _beside(printed: ListPage, of_families: ListPage) -> ListPage:
    """What is printed, without the pages that an interface turns: there `?page=2` in a link has no effect."""
    if not any(one.role is Role.LIST for one in of_families.requests):
        return printed
    kept = tuple(one for one in printed.requests if "?" not in one.url and not one.body)
    return replace(printed, requests=kept, open_ended=False)


def _of_other_pages(columns: ListPage, of_families: ListPage, exchange: Exchange) -> ListPage:
    """The columns without this page of other organs, where a family asks for each organ's list itself."""
    if not any(one.role is Role.LIST for one in of_families.requests):
        return columns
    here = urlsplit(exchange.response.url).path
    return replace(columns, requests=tuple(one for one in columns.requests if urlsplit(one.url).path != here))


def _nearest(page: ListPage) -> ListPage:
    """The page without requests for what is known better: columns that are rows, or are the reports' own as well."""
    known = {column_address(request.url) for request in page.requests if Trail.of(request).reports}
    rows = {identity_of(row.url) for row in page.rows}

    def is_nearest(request: Request) -> bool:
        guessed = not Trail.of(request).reports and column_address(request.url) in known
        return not guessed and not (request.role is Role.COLUMN and identity_of(request.url) in rows)

    return replace(page, requests=tuple(filter(is_nearest, page.requests)))


def _offered(exchange: Exchange, portal: Portal) -> tuple[Platform, ...]:
    """The families that read a page: those declared, in their order, those whose marks it bears, that of any script."""
    names = dict.fromkeys((*portal.platforms, *recognise(exchange), script_list.SCRIPT_LIST.name))
    return tuple(PLATFORMS[name] for name in names if name in PLATFORMS)


def _document_addresses(families: tuple[Platform, ...]) -> DocumentAddresses:
    """The shapes of documents on a page: the sure ones of every family, the likely ones of those that read it."""
    likely = tuple(one.articles for one in families if not one.sure)
    return DocumentAddresses(_SURE, (*likely, _PLAIN.articles))


def _declared(portal: Portal) -> tuple[Platform, ...]:
    return tuple(PLATFORMS[name] for name in portal.platforms if name in PLATFORMS)


def _platform(request: Request) -> Platform:
    if request.platform not in PLATFORMS:
        raise PlatformError(f"{request.url}: no module reads lists of {request.platform!r}")
    return PLATFORMS[request.platform]
