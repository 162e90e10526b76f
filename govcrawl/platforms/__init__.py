"""HOW a family of portals lists and shows documents: one module per family, pure functions of what came back.

`start` asks for what is known of a portal and always for its front page too, since yearly columns move; `read` turns
an answer into rows and further requests; `locate` asks for a row's document; `classify` says what an answer really is.
Which families speak on a page is told by the page: a page on the way to a list is shown to each family of its portal.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request
from govcrawl.platforms import (
    c_column,
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
from govcrawl.platforms.fingerprint import recognise
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.reachability import classify
from govcrawl.platforms.rendering import needs_rendering
from govcrawl.platforms.rows import merged
from govcrawl.platforms.titles import looks_like_report, names_one_report, report_year
from govcrawl.platforms.trail import Trail, page_request
from govcrawl.vocabulary import Role

__all__ = [
    "PLATFORMS",
    "classify",
    "locate",
    "looks_like_report",
    "needs_rendering",
    "read",
    "recognise",
    "report_year",
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
    if not families:
        return ()
    home = page_request(portal, families[0].name, Role.HOME, portal.home, "home", Trail(years))
    known = (request for family in families for request in family.start(portal, years))
    return merged([ListPage(requests=(home, *known))]).requests


def read(exchange: Exchange, portal: Portal) -> ListPage:
    """What an answer to a front page, a column or a list gives; nothing for one to a document.

    Raises:
        PlatformError: For a list's answer that is not what its family speaks.
    """
    request = exchange.request
    if request.role is Role.LIST:
        return _platform(request).read_listing(exchange, portal)
    if request.role in {Role.HOME, Role.COLUMN}:
        readers = (*(family.discover for family in _built(portal)), discovery.discover)
        return _nearest(merged(discover(exchange, portal) for discover in readers), portal)
    return ListPage()


def locate(row: Listing, portal: Portal) -> Request:
    """The request for a row's document, as the family that writes such addresses asks for it."""
    families = _built(portal)
    if not families:
        raise PlatformError(f"{row.url}: no family of portal {portal.id} is built; declare one in its registry entry")
    return next((one for one in families if one.articles.search(from_path(row.url))), families[0]).locate(row, portal)


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
