"""Lists that are printed in a page: its links to documents, and the further pages that its pager leads to.

Every page on the way is read so, whatever its portal declares. Which links are rows is told by their titles, by the
addresses of documents as the families write them, and by what stands around them: in the reports' column, rows that
stand together and are mostly reports are the list; where no rows are, those below the list's own address.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from govcrawl import zh
from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request, identity_of
from govcrawl.platforms import paging
from govcrawl.platforms.addresses import canonical, column_address, from_path
from govcrawl.platforms.crawl_context import Stage, Trail
from govcrawl.platforms.discovery import is_report_column
from govcrawl.platforms.markup import title_of, tree_of
from govcrawl.platforms.pagers import Turn, shows_more_pages, turns_of
from govcrawl.platforms.report_links import DocumentAddresses, may_be_report, proves_report
from govcrawl.platforms.rows import grouped_rows, merged_pages, mostly_reports
from govcrawl.titles import looks_like_report, report_year
from govcrawl.vocabulary import Role

PRINTED = "generic"
"""The platform named in requests for pages of printed lists: no family is part of what is asked."""

REPORT_PROSE = 800
"""Characters outside links: a report has more of them, the page of a list less."""

_PROSE = "//body//text()[not(ancestor::a or ancestor::script or ancestor::style)]"
Groups = tuple[tuple[Listing, ...], ...]

_PAGE_NAME = re.compile(r"(?:[\w-]*(?:index|list|more)[\w-]*|\d{1,4})?(?:_\d+)?\.\w+$")
_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


def read_printed(exchange: Exchange, portal: Portal, addresses: DocumentAddresses) -> ListPage:
    """The rows of a page on the way, and the further pages of its list where it is one of reports.

    Raises:
        PlatformError: For a list that claims too many pages.
    """
    trail = Trail.of(exchange.request)
    inside = is_report_column(tree_of(exchange.response), trail)
    if exchange.request.role is Role.HOME:
        return ListPage(rows=_rows(exchange, portal, addresses, inside=False))
    documents = _documents(exchange, portal, addresses, inside=inside)
    page = ListPage(rows=_rows(exchange, portal, addresses, inside=inside) or _shown_in_place(exchange, portal))
    if not documents or not (inside or mostly_reports(documents)):
        return page
    turns = turns_of(exchange, portal)
    stage = Stage.REPORTS if inside else Stage.PART
    requests = _further(exchange, turns, documents, trail.at(stage))
    is_open = not turns and bool(page.rows) and shows_more_pages(exchange, len(documents))
    return ListPage(rows=page.rows, requests=tuple(requests), open_ended=is_open)


def read_further_page(exchange: Exchange, portal: Portal, addresses: DocumentAddresses) -> ListPage:
    """One further page of a printed list.

    Raises:
        PlatformError: For a page without a single document, or the first page over again.
    """
    request, trail = exchange.request, Trail.of(exchange.request)
    documents = _documents(exchange, portal, addresses, inside=trail.reports)
    if not documents:
        raise PlatformError(f"{request.url}: no link to an article; not a page of a printed list")
    paging.refuse_flood(request, len(documents))
    paging.refuse_repetition(request, paging.group_of(row.url for row in documents))
    return ListPage(
        rows=_rows(exchange, portal, addresses, inside=trail.reports),
        requests=tuple(_further(exchange, turns_of(exchange, portal), documents, trail)),
    )


def _documents(
    exchange: Exchange, portal: Portal, addresses: DocumentAddresses, *, inside: bool
) -> tuple[Listing, ...]:
    """Every link that leads to a document, of whatever kind: what makes up a page of a list."""
    every = (row for group in grouped_rows(exchange.response, portal) for row in group)
    return tuple(_documents_of(every, addresses, inside=inside))


def _documents_of(rows: Iterable[Listing], addresses: DocumentAddresses, *, inside: bool) -> Iterator[Listing]:
    for row in rows:
        is_document = addresses.is_document(row.url) or addresses.is_report(row, inside=inside)
        if is_document and not paging.PAGE_LINK.fullmatch(paging.pager_name(row.title)):
            yield row


def _rows(exchange: Exchange, portal: Portal, addresses: DocumentAddresses, *, inside: bool) -> tuple[Listing, ...]:
    """The rows that are, or may be, reports: all of the list itself, of the others those whose titles say so."""
    here, place = identity_of(exchange.response.url), _stem(exchange.response.url)
    groups = [
        [row for row in group if identity_of(row.url) != here] for group in grouped_rows(exchange.response, portal)
    ]
    lists = [mostly_reports(_documents_of(group, addresses, inside=inside)) for group in groups]

    def is_wanted(row: Listing, *, is_list: bool) -> bool:
        if addresses.is_report(row, inside=inside):
            return inside or proves_report(row) or addresses.is_document(row.url)
        is_near = is_list or (not any(lists) and _lies_below(row, place))
        return inside and is_near and _may_be_row(row, addresses)

    found = (
        row for group, is_list in zip(groups, lists, strict=True) for row in group if is_wanted(row, is_list=is_list)
    )
    return merged_pages([ListPage(rows=tuple(found))]).rows


def _shown_in_place(exchange: Exchange, portal: Portal) -> tuple[Listing, ...]:
    """The page itself as a row, where it is the report that its link could have been a column of."""
    tree, url = tree_of(exchange.response), canonical(exchange.response.url, portal)
    title = title_of(tree)
    prose = zh.fold(" ".join(tree.xpath(_PROSE).getall()))
    is_report = looks_like_report(title) and report_year(title) is not None and len(prose) >= REPORT_PROSE
    return (Listing(portal.id, url, title),) if url and is_report else ()


def _may_be_row(row: Listing, addresses: DocumentAddresses) -> bool:
    return addresses.is_document(row.url) and addresses.is_row(row) and may_be_report(row.title)


def _further(exchange: Exchange, turns: Iterable[Turn], rows: Iterable[Listing], trail: Trail) -> Iterator[Request]:
    request = exchange.request
    here = paging.place(request)
    group = here.group or paging.group_of(row.url for row in rows)
    key = request.key if request.role is Role.LIST else trail.key(from_path(column_address(exchange.response.url)))
    for page, turn in enumerate(turns, here.page + 1):
        yield Request(
            portal=request.portal,
            platform=PRINTED,
            role=Role.LIST,
            url=turn.url,
            key=key,
            method="POST" if turn.body else "GET",
            headers=_FORM if turn.body else (),
            body=turn.body,
            context=trail.context(page=page, group=group, **({"last": turn.last} if turn.last else {})),
        )


def _lies_below(row: Listing, place: str) -> bool:
    return place != "/" and urlsplit(row.url).path.startswith(place)


def _stem(url: str) -> str:
    """The beginning of the paths of a list's own articles: its folder, or its page's address without the ending."""
    path = urlsplit(url).path
    return path if path.endswith("/") else _PAGE_NAME.sub("", path)
