"""A run in which nothing moves ends, with the addresses that it waits for: a request that never comes back is a fault.

Something moves while an attempt is stored now and then. A run may wait: for a slow answer, for a host that rests, for a
gap that a robots.txt asks for. The watchdog waits longer than all of these together.
"""

import logging
import os
import time

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import CallLaterResult, call_later, create_looping_call

from govcrawl.crawl.archive_extension import ArchiveExtension
from govcrawl.crawl.items import arrival_stored
from govcrawl.crawl.scheduler import LedgerScheduler
from govcrawl.crawl.shutdown import GRACE_SECONDS

_logger = logging.getLogger(__name__)

STALLED = "stalled"
"""The finish reason of such a run."""

_LEAST = 120.0
"""Seconds; no run is called stalled sooner."""
_LOOKS = 10
"""How often it is looked at while the limit passes."""
_SHOWN = 5


class Watchdog:
    """Extension that ends a run of which no attempt was stored for `limit` seconds while requests are in flight."""

    def __init__(self, crawler: Crawler, limit: float) -> None:
        self._crawler = crawler
        self._limit = limit
        self._moved_at = time.monotonic()
        self._looking = create_looping_call(self._look)
        self._last_call: CallLaterResult | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Watchdog":
        """Build from the longest wait that a run may have, and follow the crawl."""
        settings = crawler.settings
        waits = (settings.getfloat(name) for name in ("DOWNLOAD_TIMEOUT", "GOVCRAWL_PATIENCE", "DOWNLOAD_DELAY"))
        watchdog = cls(crawler, max(_LEAST, 2 * sum(waits)))
        crawler.signals.connect(watchdog.opened, signal=signals.spider_opened)
        crawler.signals.connect(watchdog.moved, signal=arrival_stored)
        crawler.signals.connect(watchdog.closed, signal=signals.spider_closed)
        return watchdog

    def opened(self) -> None:
        """Begin to look."""
        self._looking.start(self._limit / _LOOKS, now=False)

    def moved(self) -> None:
        """Note that something moved."""
        self._moved_at = time.monotonic()

    def closed(self) -> None:
        """Look no more."""
        if self._looking.running:
            self._looking.stop()
        if self._last_call:
            self._last_call.cancel()

    def _look(self) -> None:
        still = time.monotonic() - self._moved_at
        if still > self._limit and (waiting := self._waiting()):
            named = ", ".join(waiting[:_SHOWN]) + (" …" if len(waiting) > _SHOWN else "")
            line = f"nothing moved for {still:.0f} s, the run ends; it waits for {len(waiting)}: {named}"
            ArchiveExtension.of(self._crawler).stop(STALLED, line)
            self._looking.stop()
            self._last_call = call_later(2 * GRACE_SECONDS, self._break_off)

    def _break_off(self) -> None:
        """Ends a run whose engine still waits: the archive is closed in good order, and nothing more is waited for."""
        _logger.error("what the run waits for does not let go: it is broken off, what was stored stays")
        self._crawler.stats.set_value("finish_reason", STALLED)
        ArchiveExtension.of(self._crawler).stopped()
        logging.shutdown()
        os._exit(1)  # the engine and its threads would be waited for

    def _waiting(self) -> tuple[str, ...]:
        scheduler = self._crawler.engine.scheduler
        assert isinstance(scheduler, LedgerScheduler)
        return scheduler.in_flight()
