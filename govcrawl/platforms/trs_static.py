"""TRS WCM: lists as static pages `index.html`, `index_1.html` … of a folder, articles `YYYYMM/tYYYYMMDD_<ID>.html`.

The pager is a script call, `createPageHTML(total, current, "index", "html", …)` with pages counted from 0, so that page
2 is `index_1`; the build that names the element first, `createPageHTML('paging', total, …)`, counts from 1 and page 2
is `index_2`. Links are relative to the folder. The same article may be linked as `…_app.shtml` or `…_wap.html`.

Reports lie in folders by year whose names are made by hand (`gknb/2023_nd`, `gb2025`): they are found by walking the
folder above them, never made up, and the year of a folder says nothing about the year of a report in it.
"""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request
from govcrawl.platforms import paging
from govcrawl.platforms.addresses import folder
from govcrawl.platforms.discovery import MAX_DEPTH, is_report_column, links_of
from govcrawl.platforms.markup import text_of, tree_of
from govcrawl.platforms.pagers import ScriptPager
from govcrawl.platforms.platform import Platform, page_of_row
from govcrawl.platforms.rows import kept, linked_rows, mostly_reports
from govcrawl.platforms.trail import Stage, Trail, page_request
from govcrawl.vocabulary import Role

NAME = "trs-static"

ARTICLES = re.compile(r"/t\d{8}_\d+\.s?html?$|/t_?\d{5,}\.s?html?$|/P0\d{15,}\.(?:pdf|docx?)$")
_REPORT_FOLDER = re.compile(r"[a-z]*(?:nb|ndbg)(?:_\d+)?")


def start(portal: Portal, years: tuple[int, ...]) -> tuple[Request, ...]:
    """The known folders of annual reports, and above each the folder that holds all years."""
    trail = Trail(years, Stage.REPORTS)
    known = [column for column in portal.columns if column.startswith("/") and column.endswith("/")]
    paths = dict.fromkeys(path for column in known for path in (column, _outermost(column) or column))
    return tuple(page_request(portal, NAME, Role.COLUMN, urljoin(portal.home, path), path, trail) for path in paths)


def discover(exchange: Exchange, portal: Portal) -> ListPage:
    """The rows of a folder's page, its further pages, and on the reports' column the folders below it."""
    response, trail = exchange.response, Trail.of(exchange.request)
    tree = tree_of(response)
    found = _rows(exchange, portal)
    if exchange.request.role is Role.HOME:
        return ListPage(rows=kept(found, dedicated=False))
    inside = is_report_column(tree, trail)
    return ListPage(
        rows=kept(found, dedicated=inside),
        requests=(
            *(_further_pages(exchange, found, inside) if inside or mostly_reports(found) else ()),
            *(_folders_below(exchange, portal, trail) if inside and trail.depth < MAX_DEPTH else ()),
        ),
    )


def read_listing(exchange: Exchange, portal: Portal) -> ListPage:
    """One further page of a folder's list.

    Raises:
        PlatformError: For a page without a single article, or the first page over again.
    """
    request = exchange.request
    found = _rows(exchange, portal)
    if not found:
        raise PlatformError(f"{request.url}: no link to a dated article; not a page of a TRS list")
    paging.refuse_repetition(request, paging.group_of(row.url for row in found))
    return ListPage(rows=kept(found, dedicated=Trail.of(request).reports))


def _outermost(path: str) -> str | None:
    """The outermost folder of a path whose name ends like annual reports (…nb, …ndbg); None where there is none."""
    parts = path.split("/")
    ends = (depth for depth, name in enumerate(parts) if _REPORT_FOLDER.fullmatch(name))
    return next(("/".join(parts[: depth + 1]) + "/" for depth in ends), None)


def _rows(exchange: Exchange, portal: Portal) -> tuple[Listing, ...]:
    return tuple(linked_rows(exchange.response, portal, is_article))


def is_article(url: str) -> bool:
    """Whether an address is that of an article, or of a file beside one, as TRS writes them."""
    return ARTICLES.search(urlsplit(url).path) is not None


def _further_pages(exchange: Exchange, rows: tuple[Listing, ...], inside: bool) -> Iterator[Request]:
    request = exchange.request
    pager = ScriptPager.of(text_of(exchange.response.body))
    if not pager or not rows:
        return
    group = paging.group_of(row.url for row in rows)
    trail = Trail.of(request).at(Stage.REPORTS if inside else Stage.PART)
    for page in paging.further_pages(request, pager.count):
        url = pager.address(page, exchange.response.url)
        context = trail.context(page=page, group=group)
        yield Request(request.portal, NAME, Role.LIST, url, trail.key(folder(url)), context=context)


def _folders_below(exchange: Exchange, portal: Portal, trail: Trail) -> Iterator[Request]:
    """The folders linked from a page of the reports' column that lie below the column's outermost folder."""
    here = folder(exchange.response.url)
    top = _outermost(here) or here
    for link in links_of(exchange.response, portal):
        path = urlsplit(link.url).path
        if path.startswith(top) and path.endswith("/") and path not in {here, top}:
            yield page_request(portal, NAME, Role.COLUMN, link.url, path, trail.onward(Stage.REPORTS))


PLATFORM = Platform(NAME, start, discover, read_listing, page_of_row(NAME), ARTICLES)
