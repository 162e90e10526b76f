"""How far a crawl is: one line that is rewritten on a terminal, plain log lines otherwise, and counts at the end."""

import logging
import sys
import time
from collections import Counter
from collections.abc import Mapping
from typing import TextIO

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.log import get_scrapy_root_handler

from govcrawl import portals
from govcrawl.crawl.archive_extension import archive_of
from govcrawl.crawl.items import arrival_stored
from govcrawl.db.arrival import Arrival
from govcrawl.db.queries.crawl_summary import PortalSummary, by_portal
from govcrawl.db.queries.run_yield import Yield
from govcrawl.terminal import escaped
from govcrawl.vocabulary import ON_THE_SPOT, LedgerState, Outcome, Role

_logger = logging.getLogger(__name__)

TERMINAL_SECONDS = 1.0
LOG_SECONDS = 30.0
LISTS = (Role.HOME, Role.COLUMN, Role.LIST)
EXPECTED = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})

RequestCounts = Mapping[tuple[Role, LedgerState], int]


class StatusLine:
    """A line at the bottom of a terminal; as a logging filter it makes room for each log line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def show(self, text: str) -> None:
        """Write the line anew; an empty text takes it away."""
        self._stream.write(f"\r\x1b[K{escaped(text)}")
        self._stream.flush()

    def filter(self, _record: logging.LogRecord) -> bool:
        """Let every record through, onto a line of its own."""
        self.show("")
        return True


class Progress:
    """Extension that shows how far the crawl is and logs every attempt that failed."""

    def __init__(self, crawler: Crawler, status_line: StatusLine | None) -> None:
        self._crawler = crawler
        self._status_line = status_line
        self._shown: RequestCounts = {}
        self._recount_at = 0.0
        self._begun = time.monotonic()
        self._outcomes: Counter[Outcome] = Counter()
        self._portal = ""
        self._ticking = create_looping_call(self._tick)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Progress":
        """Build with a status line where stderr is a terminal and the log goes there."""
        to_terminal = sys.stderr.isatty() and not crawler.settings["LOG_FILE"]
        progress = cls(crawler, StatusLine(sys.stderr) if to_terminal else None)
        crawler.signals.connect(progress.opened, signal=signals.spider_opened)
        crawler.signals.connect(progress.arrived, signal=arrival_stored)
        crawler.signals.connect(progress.closed, signal=signals.spider_closed)
        return progress

    def opened(self) -> None:
        """Begin to show how far the crawl is."""
        handler = get_scrapy_root_handler()
        if self._status_line is not None and handler is not None:
            handler.addFilter(self._status_line)
        self._ticking.start(TERMINAL_SECONDS if self._status_line else LOG_SECONDS, now=False)

    def arrived(self, item: Arrival) -> None:
        """Count an attempt; one that failed is a log line."""
        self._outcomes[item.outcome] += 1
        self._portal = item.request.portal
        if item.outcome not in EXPECTED and item.request.role not in ON_THE_SPOT:
            _logger.info("%s: %s %s", item.outcome.value, item.request.url, item.detail or item.http_status or "")

    def closed(self) -> None:
        """Say what the run did."""
        if self._ticking.running:
            self._ticking.stop()
        if self._status_line is not None:
            self._status_line.show("")
        outcomes = ", ".join(f"{count} {outcome.value}" for outcome, count in sorted(self._outcomes.items()))
        _logger.info("%d attempts: %s", self._outcomes.total(), outcomes or "none")
        archive = archive_of(self._crawler)
        brought = archive.brought()
        _logger.info("%s", report_pages(brought))
        _logger.info("%s", requests(brought, archive.written()))
        for row in by_portal(archive.connection):
            if archive.wants(row.portal_id):
                _logger.info("%s", portal_line(row))

    def _tick(self) -> None:
        seconds = time.monotonic() - self._begun
        text = progress_line(self._counts_by_now(), self._outcomes.total() / seconds, self._portal)
        if self._status_line is not None:
            self._status_line.show(text)
        else:
            _logger.info("%s", text)

    def _counts_by_now(self) -> RequestCounts:
        """The counts, at most so old that counting a large ledger takes a hundredth of the time."""
        begun = time.monotonic()
        if begun >= self._recount_at:
            self._shown = self._counts()
            self._recount_at = begun + 100 * (time.monotonic() - begun)
        return self._shown

    def _counts(self) -> RequestCounts:
        return archive_of(self._crawler).ledger.counts()


def progress_line(counts: RequestCounts, per_second: float, portal_id: str) -> str:
    """`120 of 340 requests done, 12.3 a second, at 330110 余杭区`: how far a crawl is."""
    known = sum(counts.values())
    open_ = sum(count for (_, state), count in counts.items() if state is LedgerState.QUEUED)
    portal = portals.load_registry().get(portal_id)
    where = f", at {portal.id} {portal.name}" if portal else ""
    return f"{known - open_} of {known} requests done, {per_second:.1f} a second{where}"


def portal_line(row: PortalSummary) -> str:
    """What is known of a portal after the crawl."""
    return (
        f"{row.portal_id} {row.name}: {row.listed} listed, {row.fetched} fetched, {row.parsed} read as reports, "
        f"{row.checks_failing} checks failing, {row.issues} issues"
    )


def report_pages(brought: Yield) -> str:
    """What the run fetched of report pages; one fetched again came whole, one unchanged did not come at all."""
    return (
        f"{brought.new} report pages fetched for the first time, {brought.again} report pages fetched again, "
        f"{brought.unchanged} unchanged, {brought.known} known"
    )


def requests(brought: Yield, written: int) -> str:
    """What the run asked for: report pages, and apart from them what it takes to learn of new ones."""
    return (
        f"requests: {brought.documents} for report pages, {brought.lists} for lists and the way to them, "
        f"{brought.robots} for robots.txt; {written} bytes archived"
    )
