"""The shape of families that print their lists as plain pages: links to articles, links to further pages.

Such a family is data: how the addresses of its articles look, and what else its columns lead to. All else is the same
for each: known columns are asked for, a page's links to articles are its rows, a numbered pager leads on.

Whether a row belongs to the list or to something beside it is told by its address where that lies below the list's
own, and by the other rows where it does not: in the reports' column, rows that stand together and are mostly reports
are the list. Rows beside it are kept only if their titles say that they are reports.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urljoin, urlsplit

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request
from govcrawl.platforms import paging
from govcrawl.platforms.addresses import column_address, from_path
from govcrawl.platforms.discovery import is_report_column
from govcrawl.platforms.markup import text_of, tree_of
from govcrawl.platforms.pagers import ScriptPager, later_pages
from govcrawl.platforms.platform import Platform, page_of_row
from govcrawl.platforms.rows import grouped_rows, kept, merged, mostly_reports
from govcrawl.platforms.trail import Stage, Trail, page_request
from govcrawl.vocabulary import Role

Leads = Callable[[Exchange, Portal], Iterable[Request]]
"""What else a page of the reports' column leads to: the same list of other organs, lists that scripts load."""

Groups = tuple[tuple[Listing, ...], ...]

_PAGE_NAME = re.compile(r"(?:[\w-]*(?:index|list|more)[\w-]*)?(?:_\d+)?\.\w+$")


@dataclass(frozen=True, slots=True)
class LinkedLists:
    """A family whose lists are plain pages.

    `articles` matches the addresses of its documents from the path on; `leads` adds what else a page of the reports'
    column leads to; `by_title` says that the family's article addresses tell nothing, so that only titles count; `sure`
    is that of `Platform`.
    """

    name: str
    articles: re.Pattern[str]
    leads: Leads = lambda _exchange, _portal: ()
    by_title: bool = False
    sure: bool = True

    @property
    def platform(self) -> Platform:
        """The family as a platform."""
        locate = page_of_row(self.name)
        return Platform(self.name, self.start, self.discover, self.read_listing, locate, self.articles, self.sure)

    def start(self, portal: Portal, years: tuple[int, ...]) -> tuple[Request, ...]:
        """The known columns of annual reports."""
        return tuple(known_columns(portal, self.name, years))

    def discover(self, exchange: Exchange, portal: Portal) -> ListPage:
        """The rows of a page, its further pages, and on the reports' column what else it leads to."""
        groups, trail = self._groups(exchange, portal), Trail.of(exchange.request)
        found = tuple(chain.from_iterable(groups))
        if exchange.request.role is Role.HOME:
            return ListPage(rows=kept(found, dedicated=False))
        inside = is_report_column(tree_of(exchange.response), trail)
        stage = Stage.REPORTS if inside else Stage.PART
        return ListPage(
            rows=self._of_list(exchange, groups, inside=inside),
            requests=(
                *(self._further(exchange, portal, found, trail.at(stage)) if inside or mostly_reports(found) else ()),
                *(self.leads(exchange, portal) if inside else ()),
            ),
        )

    def read_listing(self, exchange: Exchange, portal: Portal) -> ListPage:
        """One further page of a list.

        Raises:
            PlatformError: For a page without a single article, or the first page over again.
        """
        request, groups = exchange.request, self._groups(exchange, portal)
        found = tuple(chain.from_iterable(groups))
        if not found:
            raise PlatformError(f"{request.url}: no link to an article; not a page of a {self.name} list")
        paging.refuse_flood(request, len(found))
        paging.refuse_repetition(request, paging.group_of(row.url for row in found))
        trail = Trail.of(request)
        return ListPage(
            rows=self._of_list(exchange, groups, inside=trail.reports),
            requests=tuple(self._further(exchange, portal, found, trail)),
        )

    def _groups(self, exchange: Exchange, portal: Portal) -> Groups:
        return grouped_rows(exchange.response, portal, self._is_article)

    def _is_article(self, url: str) -> bool:
        return self.articles.search(from_path(url)) is not None

    def _of_list(self, exchange: Exchange, groups: Groups, *, inside: bool) -> tuple[Listing, ...]:
        """The rows that are, or may be, reports: all of the list itself, of the others those whose titles say so."""
        place = _stem(exchange.response.url)
        own = inside and not self.by_title
        return merged(
            ListPage(rows=kept([row], dedicated=own and (is_list or _lies_below(row, place))))
            for group in groups
            for is_list in [mostly_reports(group)]
            for row in group
        ).rows

    def _further(
        self, exchange: Exchange, portal: Portal, found: tuple[Listing, ...], trail: Trail
    ) -> Iterator[Request]:
        request = exchange.request
        here = paging.place(request)
        group = here.group or paging.group_of(row.url for row in found)
        key = request.key if request.role is Role.LIST else trail.key(from_path(column_address(exchange.response.url)))
        for page, url in enumerate(_addresses(exchange, portal) if found else (), here.page + 1):
            yield Request(portal.id, self.name, Role.LIST, url, key, context=trail.context(page=page, group=group))


def known_columns(portal: Portal, platform: str, years: tuple[int, ...]) -> Iterator[Request]:
    """The columns of annual reports that the registry names by their paths."""
    trail = Trail(years, Stage.REPORTS)
    for path in portal.columns:
        if path.startswith("/"):
            yield page_request(portal, platform, Role.COLUMN, urljoin(portal.home, path), path, trail)


def _addresses(exchange: Exchange, portal: Portal) -> Iterable[str]:
    """The addresses of the pages behind this one, in their order."""
    numbered = later_pages(exchange, portal)
    if numbered or exchange.request.role is Role.LIST:
        return numbered.values()
    pager = ScriptPager.of(text_of(exchange.response.body))
    pages = paging.further_pages(exchange.request, pager.count) if pager else ()
    return [pager.address(page, exchange.response.url) for page in pages] if pager else ()


def _lies_below(row: Listing, place: str) -> bool:
    return place != "/" and urlsplit(row.url).path.startswith(place)


def _stem(url: str) -> str:
    """The beginning of the paths of a list's own articles: its folder, or its page's address without the ending."""
    path = urlsplit(url).path
    return path if path.endswith("/") else _PAGE_NAME.sub("", path)
