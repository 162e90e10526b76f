"""HOW a family of portals lists and shows documents: one module per family, pure functions of what came back.

`start` asks for what is known of a portal and always for its front page too, since yearly columns move; `read` turns
an answer into rows and further requests; `locate` asks for a row's document; `classify` says what an answer really is.
Which families speak on a page is told by the page: a page on the way to a list is shown to each family of its portal,
or, where nobody knows those, to each whose marks it bears. A page that leads nowhere and has the shell of a list is
asked for once more, as a browser shows it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request
from govcrawl.platforms import (
    c_column,
    detection,
    discovery,
    epoint,
    generic,
    gkmlpt,
    hanweb_jpaas,
    hanweb_jpage,
    hanweb_xxgk,
    jhtml,
    jingzhou_zwgk,
    list_n,
    lonsun,
    nfcms,
    openness,
    query_list,
    shanghai_nw,
    static_dir,
    trs_igs,
    trs_static,
    uuid_columns,
    yichang_xxgk,
)
from govcrawl.platforms.addresses import from_path
from govcrawl.platforms.fingerprint import names_interface, recognise
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.reachability import classify
from govcrawl.platforms.rendering import is_rendered, needs_rendering, rendered, with_rendered_pages
from govcrawl.platforms.rows import merged
from govcrawl.platforms.trail import Trail, page_request
from govcrawl.titles import names_one_report
from govcrawl.vocabulary import Role

__all__ = [
    "PLATFORMS",
    "classify",
    "is_rendered",
    "locate",
    "needs_rendering",
    "probe",
    "read",
    "recognise",
    "start",
]

PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {
        module.NAME: module.PLATFORM
        for module in (
            hanweb_jpage, hanweb_xxgk, hanweb_jpaas, trs_static, trs_igs, gkmlpt, lonsun, yichang_xxgk, jhtml,
            jingzhou_zwgk, c_column, uuid_columns, shanghai_nw, nfcms, openness, epoint, static_dir, query_list,
            list_n, generic,
        )
    }
)  # fmt: skip
"""The families that are built, by the names the registry uses."""


def start(portal: Portal, years: tuple[int, ...]) -> tuple[Request, ...]:
    """The first requests of a portal: its front page, then what is known of it; none where no family of it is built.

    `years` are the report years wanted: each organ's report of each of them is asked for where that is possible.
    """
    families = _built(portal)
    if not portal.home or not (families or detection.is_unknown(portal)):
        return ()
    home = page_request(portal, portal.platforms[0], Role.HOME, portal.home, "home", Trail(years))
    known = (request for family in families for request in family.start(portal, years))
    return merged([ListPage(requests=(home, *known))]).requests


def read(exchange: Exchange, portal: Portal) -> ListPage:
    """What an answer to a front page, a column or a list gives; nothing for one to a document.

    Raises:
        PlatformError: For a list's answer that is not what its family speaks, and a page that stays empty in a browser.
    """
    request = exchange.request
    if request.role is Role.LIST:
        page = _platform(request).read_listing(exchange, portal)
    elif request.role in {Role.HOME, Role.COLUMN}:
        page = _on_the_way(exchange, portal)
    else:
        return ListPage()
    return with_rendered_pages(page) if is_rendered(request) else page


def locate(row: Listing, portal: Portal) -> Request:
    """The request for a row's document, as the family that writes such addresses asks for it."""
    families = tuple(PLATFORMS.values()) if detection.is_unknown(portal) else _built(portal)
    if not families:
        raise PlatformError(f"{row.url}: no family of portal {portal.id} is built; declare one in its registry entry")
    return next((one for one in families if one.articles.search(from_path(row.url))), families[0]).locate(row, portal)


def _on_the_way(exchange: Exchange, portal: Portal) -> ListPage:
    """What a front page or a column gives; itself, to be rendered, where that is nothing and scripts may fill it."""
    page = _detected(exchange, portal) if detection.is_unknown(portal) else _discovered(exchange, portal)
    if page.rows or page.requests or not needs_rendering(exchange) or names_interface(exchange):
        return page
    if is_rendered(exchange.request):
        raise PlatformError(f"{exchange.request.url}: empty in a browser too; see what it asked for (role embedded)")
    return ListPage(requests=(rendered(exchange.request),))


def _discovered(exchange: Exchange, portal: Portal) -> ListPage:
    readers = (*(family.discover for family in _built(portal)), discovery.discover)
    return _nearest(merged(discover(exchange, portal) for discover in readers), portal)


def _detected(exchange: Exchange, portal: Portal) -> ListPage:
    """The same for a portal of unknown families: read by those the page tells of, else by the one that knows none."""
    request, recognised = exchange.request, detection.as_recognised(exchange, portal)
    page = _discovered(exchange, recognised)
    if not page.rows and not any(one.role is Role.LIST for one in page.requests):
        page = _discovered(exchange, replace(recognised, platforms=(*recognised.platforms, generic.NAME)))
    if request.role is Role.HOME:
        known = (one for family in _built(recognised) for one in family.start(recognised, Trail.of(request).years))
        page = merged([page, ListPage(requests=tuple(known))])
    return detection.carried_on(page, exchange)


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


def _nearest(page: ListPage, portal: Portal) -> ListPage:
    """The page without requests for what one reader knows better than another.

    That is what one knows to be the reports' column and another only guesses at, and what a family knows to be an
    article though its title could be a column's.
    """
    known = {request.url for request in page.requests if Trail.of(request).reports}
    articles = {row.url for row in page.rows if _is_article(row, portal)}

    def is_nearest(request: Request) -> bool:
        guessed = not Trail.of(request).reports and request.url in known
        return not guessed and not (request.role is Role.COLUMN and request.url in articles)

    return replace(page, requests=tuple(filter(is_nearest, page.requests)))


def _is_article(row: Listing, portal: Portal) -> bool:
    """Whether a row is an article and no column: its address is one of a family's, and that or its title is sure."""
    found = [family for family in _built(portal) if family.articles.search(from_path(row.url))]
    return any(family.sure for family in found) or (bool(found) and names_one_report(row.title))


def _built(portal: Portal) -> tuple[Platform, ...]:
    return tuple(PLATFORMS[name] for name in portal.platforms if name in PLATFORMS)


def _platform(request: Request) -> Platform:
    if request.platform not in PLATFORMS:
        raise PlatformError(f"{request.url}: no module reads lists of {request.platform!r}")
    return PLATFORMS[request.platform]
