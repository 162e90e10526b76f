"""The item pipelines, in order: stored responses are read, then their meaning is stored in one transaction.

Both steps are those of `govcrawl rebuild`. A parser failure becomes an issue inside the reading, so one bad page never
affects another.
"""

import time
from dataclasses import replace
from pathlib import Path

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from govcrawl import reading, warc
from govcrawl.crawl.archive_extension import STORE_FAILED, ArchiveExtension
from govcrawl.crawl.download_outcomes import due_again
from govcrawl.crawl.items import arrival_stored
from govcrawl.crawl.scheduler import LedgerScheduler
from govcrawl.crawl.shutdown import GracefulShutdown, Stopped
from govcrawl.db import store
from govcrawl.db.arrival import Arrival
from govcrawl.db.connection import WriteError
from govcrawl.errors import LimitError
from govcrawl.models import Portal
from govcrawl.platforms import is_rendered
from govcrawl.vocabulary import Outcome
from govcrawl.warc import StoredAttempt, StoredExchange


class ReadPipeline:
    """Reads a stored response or attempt into an arrival, and admits sibling hosts that its links name."""

    def __init__(self, crawler: Crawler) -> None:
        self._keeper = ArchiveExtension.of(crawler)
        self._stopping = GracefulShutdown.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ReadPipeline":
        """Builds the pipeline on the archive that the run has open."""
        return cls(crawler)

    async def process_item(self, item: StoredExchange | StoredAttempt) -> Arrival:
        """Returns the arrival of a stored response, or of an attempt without one.

        Raises DropItem if the run is to end and the reading takes its time; the next run reads it from WARC.
        """
        archive, columns = self._keeper.archive, ItemAdapter(item)
        with self._keeper.storing():
            portal = archive.registry.at(columns["portal"], columns["url"])
            arrival = await self._read(item, portal)
            archive.hosts.look(arrival)
            return arrival

    async def _read(self, item: StoredExchange | StoredAttempt, portal: Portal) -> Arrival:
        archive = self._keeper.archive
        begun = archive.pool.call_in_turn(_read_back, archive.root, _without_body(item), portal)
        try:
            return await self._stopping.in_flight(begun)
        except LimitError as error:
            return reading.refused(item, error)
        except Stopped as error:
            raise DropItem(f"{error}: the next run reads it") from error


def _without_body(item: StoredExchange | StoredAttempt) -> StoredExchange | StoredAttempt:
    if isinstance(item, StoredAttempt):
        return item
    return replace(item, exchange=replace(item.exchange, response=replace(item.exchange.response, body=b"")))


def _read_back(archive: Path, item: StoredExchange | StoredAttempt, portal: Portal) -> Arrival:
    """The arrival of an item whose body a reader takes from the archive: a large one is not copied for it."""
    if isinstance(item, StoredExchange):
        response = warc.read_response(archive, item.capture)
        item = replace(item, exchange=replace(item.exchange, response=response))
    return reading.arrival(item, portal)


class StorePipeline:
    """Stores an arrival in one transaction, with its follow-up requests and its own state in the frontier.

    `GOVCRAWL_BACKOFF` is the number of seconds before the first retry of a failed attempt.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._keeper = ArchiveExtension.of(crawler)
        self._first_wait = crawler.settings.getfloat("GOVCRAWL_BACKOFF")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StorePipeline":
        """Builds the pipeline on the database that the run has open."""
        return cls(crawler)

    def process_item(self, item: Arrival) -> Arrival:
        """Commits an arrival and sends the signal for it; a failed attempt that may succeed later is queued again.

        Raises DropItem and stops the crawl if the database cannot be written; the next run stores the arrival from
        WARC.
        """
        with self._keeper.storing():
            arrival = self._stored(replace(item, retry_at=self._retry_at(item)))
        self._crawler.signals.send_catch_log(arrival_stored, item=arrival)
        return arrival

    def _stored(self, arrival: Arrival) -> Arrival:
        archive = self._keeper.archive
        try:
            return store.arrive(archive.connection, archive.ledger, arrival, time.time())
        except WriteError as error:
            self._keeper.halt(STORE_FAILED, error)
            raise DropItem(str(error)) from error

    def _retry_at(self, item: Arrival) -> float | None:
        scheduler = self._crawler.engine.scheduler
        assert isinstance(scheduler, LedgerScheduler)
        tries = scheduler.tries(item.request)
        if tries is None:  # not in the ledger: the gate or browser that needs it requests it again
            return None
        if item.outcome is Outcome.ERROR and is_rendered(item.request):  # a browser fails again at once
            return None
        return due_again(item.outcome, item.http_status, tries, time.time(), self._first_wait)
