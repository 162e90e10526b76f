"""Lists whose answers say how many rows there are: the one rule of how far they go, for every family that counts.

The first page asks for all others at once, for pages as long as it really was itself; each carries the first one's
digest (see `paging`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Request
from govcrawl.platforms import paging
from govcrawl.platforms.rows import excerpt, kept
from govcrawl.platforms.trail import Trail

Ask = Callable[[int, int], Request]
"""From a page's number, counted from 1, and the rows on a page to the request for it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one answer holds: each record as it came with the row it gives, and how many rows the whole list has."""

    records: Sequence[tuple[str, Listing | None]]
    total: int


def page_of(exchange: Exchange, answer: Answer, ask: Ask) -> ListPage:
    """The answer as a page of its list, with the requests for all other pages where it is the first.

    Raises:
        PlatformError: For a flood of rows, an empty page before the end, or the first page over again.
    """
    request = exchange.request
    paging.refuse_flood(request, len(answer.records))
    refuse_gap(request, len(answer.records), answer.total)
    group = group_of(answer)
    paging.refuse_repetition(request, group)
    return ListPage(
        rows=kept((row for _, row in answer.records if row), dedicated=Trail.of(request).reports),
        requests=tuple(_further(request, answer, ask, group)),
        total=answer.total,
        debris=tuple(excerpt(record) for record, row in answer.records if row is None),
    )


def group_of(answer: Answer) -> str:
    """The digest of an answer's records."""
    return paging.group_of(record for record, _ in answer.records)


def refuse_gap(request: Request, held: int, total: int) -> None:
    """Raise PlatformError for a page that holds nothing though the list goes on behind it."""
    here = paging.place(request)
    if not held and total > (here.page - 1) * here.size:
        raise PlatformError(f"{request.url}: page {here.page} is empty though the list has {total} rows; ask later")


def placed(request: Request, place: paging.Place) -> Request:
    """The request with its place in the list in its context."""
    context = {**dict(request.context), **place.context()}
    return replace(request, context=tuple(sorted(pair for pair in context.items() if pair[1])))


def _further(request: Request, answer: Answer, ask: Ask, group: str) -> Iterator[Request]:
    held = len(answer.records)
    if 0 < held < answer.total:
        for page in paging.further_pages(request, -(-answer.total // held)):
            yield placed(ask(page, held), paging.Place(page, held, group))
