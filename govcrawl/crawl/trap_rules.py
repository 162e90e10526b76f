"""Lists and columns that have no end, told while they are walked: pure, over one portal's answers of one run.

Each rule has a name, under which a crawl reports what it stopped:

`pages_do_not_repeat`: two pages of a list, under two addresses, never show the same rows.
`lists_come_to_reports`: a list whose pages name the next one, one by one, does not go on for `PAGES_WITHOUT_REPORT`
pages without a report it has not shown yet.
`columns_come_to_lists`: the way from the front page to a list is shorter than the walk goes; beyond that lie calendars
and circles.
`portals_have_an_end`: no portal has more than `MOST_PAGES` pages of lists and columns.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from govcrawl.db.arrival import Arrival
from govcrawl.models import ListPage, Request
from govcrawl.platforms.crawl_context import Trail
from govcrawl.platforms.discovery import MAX_DEPTH
from govcrawl.platforms.paging import REPEATS
from govcrawl.titles import looks_like_report
from govcrawl.vocabulary import Outcome, Role

PAGES_WITHOUT_REPORT = 50
MOST_PAGES = 5000
WAY = frozenset({Role.HOME, Role.COLUMN, Role.LIST})


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that an answer broke: what to log, and the list to walk no further, None for all of the portal's."""

    rule: str
    line: str
    key: str | None


@dataclass(slots=True)
class _List:
    """What a run has seen of one list."""

    pages: dict[frozenset[str], str] = field(default_factory=dict)
    reports: set[str] = field(default_factory=set)
    in_vain: int = 0

    def add(self, item: Arrival) -> None:
        """Take in a page. One that names no further page has an end, so it is never in vain."""
        if item.page is None:
            return
        if rows := _rows(item.page):
            self.pages.setdefault(rows, item.request.url)
        reports = {row.url for row in item.page.rows if looks_like_report(row.title)}
        goes_on = any(request.key == item.request.key for request in item.page.requests)
        self.in_vain = 0 if reports - self.reports else self.in_vain + goes_on
        self.reports |= reports


class TrapWatch:
    """Looks at the answers of one run to lists and columns, in the order in which they come."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, str], _List] = defaultdict(_List)
        self._pages: Counter[str] = Counter()

    def look(self, item: Arrival) -> BrokenRule | None:
        """The rule that an answer breaks, if it breaks one."""
        request = item.request
        if request.role not in WAY:
            return None
        self._pages[request.portal] += 1
        if self._pages[request.portal] > MOST_PAGES:
            line = f"portal {request.portal} has more than {MOST_PAGES} pages of lists; the rest is not asked for"
            return BrokenRule("portals_have_an_end", line, None)
        return self._column(request) if request.role is not Role.LIST else self._list(item)

    def _column(self, request: Request) -> BrokenRule | None:
        if request.role is Role.COLUMN and Trail.of(request).depth >= MAX_DEPTH:
            line = f"portal {request.portal} leads on beyond {MAX_DEPTH} columns; not followed at {request.url}"
            return BrokenRule("columns_come_to_lists", line, request.key)
        return None

    def _list(self, item: Arrival) -> BrokenRule | None:
        request, known = item.request, self._lists[item.request.portal, item.request.key]
        if _repeats(item, known):
            return BrokenRule(
                "pages_do_not_repeat", _told(request, "shows the rows of another page again"), request.key
            )
        known.add(item)
        if known.in_vain >= PAGES_WITHOUT_REPORT:
            told = f"goes on for {known.in_vain} pages without a report"
            return BrokenRule("lists_come_to_reports", _told(request, told), request.key)
        return None


def _repeats(item: Arrival, known: _List) -> bool:
    """Whether a page shows what another page of its list showed: by its rows, or by what its reading came to."""
    if item.page is None:
        return item.outcome is Outcome.ERROR and REPEATS in (item.detail or "")
    first = known.pages.get(_rows(item.page))
    return first is not None and first != item.request.url


def _rows(page: ListPage) -> frozenset[str]:
    return frozenset(row.url for row in page.rows)


def _told(request: Request, what: str) -> str:
    return f"portal {request.portal}: list {request.key} {what} at {request.url}; walked no further"
