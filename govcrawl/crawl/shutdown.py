"""Stopping in good order and in good time: one SIGTERM or Ctrl-C, and the run has ended within ten seconds.

What was not sent yet is not sent any more. What is in flight may come in, be archived and stored, but a host that takes
its time is not waited for beyond `GRACE_SECONDS`. Whatever was let go left no trace: the ledger has it queued, and the
next run asks for it.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.asyncio import call_later, create_looping_call

_T = TypeVar("_T")

GRACE_SECONDS = 5.0
LOOK_SECONDS = 0.25


class Stopped(IgnoreRequest):
    """Raised for a request that is not sent, or not waited for, because the run is to end: no attempt of anything."""


class GracefulShutdown:
    """Extension that knows what the run waits for, and lets go of it once the run is to end."""

    def __init__(self, crawler: Crawler, grace: float = GRACE_SECONDS) -> None:
        self._crawler = crawler
        self._grace = grace
        self._unsent: set[asyncio.Future[Any]] = set()
        self._in_flight: set[asyncio.Future[Any]] = set()
        self._looking = create_looping_call(self._look)
        self._begun = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GracefulShutdown":
        """Build and begin to look out with the engine: Scrapy says nothing when it is told to stop."""
        stopping = cls(crawler)
        crawler.signals.connect(stopping.started, signal=signals.engine_started)
        crawler.signals.connect(stopping.closed, signal=signals.spider_closed)
        return stopping

    @classmethod
    def of(cls, crawler: Crawler) -> "GracefulShutdown":
        """The one instance of a running crawl."""
        instance = crawler.get_extension(cls)
        assert instance is not None
        return instance

    def started(self) -> None:
        """Begin to look out."""
        self._looking.start(LOOK_SECONDS, now=False)

    def closed(self) -> None:
        """Look out no more: nothing is waited for."""
        if self._looking.running:
            self._looking.stop()

    async def before_sending(self, wait: Awaitable[_T]) -> _T:
        """Wait for a request's turn; Stopped as soon as the run is to end."""
        return await self._bounded(wait, self._unsent)

    async def in_flight(self, answer: Awaitable[_T]) -> _T:
        """Wait for an answer; Stopped if the run is to end and it takes too long."""
        return await self._bounded(answer, self._in_flight)

    def begin(self) -> None:
        """The run is to end: let go of what was not sent now, and of the rest in a while."""
        if not self._begun:
            self._begun = True
            _cancel(self._unsent)
            call_later(self._grace, _cancel, self._in_flight)

    async def _bounded(self, awaited: Awaitable[_T], waits: set[asyncio.Future[Any]]) -> _T:
        future = asyncio.ensure_future(awaited)
        waits.add(future)
        try:
            return await future
        except asyncio.CancelledError:
            if self._begun:
                raise Stopped("the run is to end") from None
            raise
        finally:
            waits.discard(future)

    def _look(self) -> None:
        if not self._crawler.crawling:
            self.begin()


def _cancel(waits: set[asyncio.Future[Any]]) -> None:
    for future in tuple(waits):
        future.cancel()
