"""How far a list goes whose pages an interface gives: one rule for every family that is asked for pages.

Where an answer says how many rows or pages there are, the first page asks for all others at once, for pages as long as
it really was itself. Where it says neither, each full page asks for the next one, until one is short or empty. A list
that goes on though no further page can be had is open-ended: never taken for complete.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Request
from govcrawl.platforms import paging
from govcrawl.platforms.crawl_context import Trail
from govcrawl.platforms.rows import excerpt, kept

AskPage = Callable[[int, int], Request]
"""From a page's number, counted from 1, and the rows on a page to the request for it."""

SHORTEST_PAGE = 10
"""Rows that portals show on a page at least; a first page with fewer is the whole list."""

_BEFORE = "before"
"""The entry of a request's context that holds the digest of the page before it."""


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """What one answer of a list holds: each record as it came, with the row it gives.

    `total` is how many rows the whole list has, `pages` how many pages; None where the answer does not say.
    """

    records: Sequence[tuple[str, Listing | None]]
    total: int | None
    pages: int | None = None

    @property
    def group(self) -> str:
        """The digest of the records."""
        return paging.group_of(record for record, _ in self.records)


def page_of(exchange: Exchange, answer: ListAnswer, ask: AskPage, *, dedicated: bool | None = None) -> ListPage:
    """The answer as a page of its list, with the requests for the pages behind it that are not asked for yet.

    `dedicated` says whether the list is the reports' own; None where the trail says it.

    Raises:
        PlatformError: For a flood of rows, an empty page before the end, or the first page over again.
    """
    request = exchange.request
    paging.refuse_flood(request, len(answer.records))
    is_own = Trail.of(request).reports if dedicated is None else dedicated
    page = ListPage(
        rows=kept((row for _, row in answer.records if row), dedicated=is_own),
        total=answer.total,
        debris=tuple(excerpt(record) for record, row in answer.records if row is None),
    )
    if answer.total is None and answer.pages is None:
        return _unless_the_same(request, _asking_on(request, page, answer, ask))
    if answer.total is not None:
        _refuse_gap(request, len(answer.records), answer.total)
    paging.refuse_repetition(request, answer.group)
    return _unless_the_same(request, replace(page, requests=tuple(_all_others(request, answer, ask))))


def positioned(request: Request, place: paging.PagePosition, **more: str) -> Request:
    """The request with its place in the list, and further entries, in its context."""
    context = {**dict(request.context), **place.context(), **more}
    return replace(request, context=tuple(sorted(pair for pair in context.items() if pair[1])))


def _unless_the_same(request: Request, page: ListPage) -> ListPage:
    """The page; open-ended where the requests for further pages ask for nothing but this one."""
    if any((one.url, one.body) == (request.url, request.body) for one in page.requests):
        return replace(page, requests=(), open_ended=True)
    return page


def _refuse_gap(request: Request, held: int, total: int) -> None:
    here = paging.place(request)
    if not held and total > (here.page - 1) * here.size:
        raise PlatformError(f"{request.url}: page {here.page} is empty though the list has {total} rows; ask later")


def _all_others(request: Request, answer: ListAnswer, ask: AskPage) -> Iterator[Request]:
    held = len(answer.records)
    if not held:
        return
    pages = answer.pages if answer.total is None else -(-answer.total // held)
    for page in paging.further_pages(request, pages or 1):
        yield positioned(ask(page, held), paging.PagePosition(page, held, answer.group))


def _asking_on(request: Request, page: ListPage, answer: ListAnswer, ask: AskPage) -> ListPage:
    """A page of a list that says nothing of its length, with the request for the next one where it is full."""
    here, held, group = paging.place(request), len(answer.records), answer.group
    if held < max(here.size, SHORTEST_PAGE):
        return page
    if here.page > 1 and group == here.group:
        return replace(page, open_ended=True)
    if group == dict(request.context).get(_BEFORE):  # what a server shows behind the last page
        return page
    if here.page >= paging.MAX_PAGES:
        return replace(page, open_ended=True)
    size, first = here.size or held, here.group or group
    place = paging.PagePosition(here.page + 1, size, first)
    return replace(page, requests=(positioned(ask(place.page, size), place, **{_BEFORE: group}),))
