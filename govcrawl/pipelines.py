"""The item pipelines, in order: what the archive has stored is read, then its meaning is stored in one transaction.

Both steps are those of `govcrawl rebuild`. A page that breaks its reader becomes an issue inside the reading, so one
bad page never costs another.
"""

import time
from dataclasses import replace

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from govcrawl import reading
from govcrawl.crawl.archive_extension import STORE_FAILED, ArchiveExtension
from govcrawl.crawl.download_outcomes import due_again
from govcrawl.crawl.items import arrival_stored
from govcrawl.crawl.scheduler import LedgerScheduler
from govcrawl.db import store
from govcrawl.db.arrival import Arrival
from govcrawl.db.connection import WriteError
from govcrawl.platforms import is_rendered
from govcrawl.vocabulary import Outcome
from govcrawl.warc import StoredAttempt, StoredExchange


class ReadPipeline:
    """Reads: what was stored becomes everything it means for the database, and for which hosts may be asked."""

    def __init__(self, crawler: Crawler) -> None:
        self._keeper = ArchiveExtension.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ReadPipeline":
        """Build over the archive that the run has open."""
        return cls(crawler)

    def process_item(self, item: StoredExchange | StoredAttempt) -> Arrival:
        """The arrival of a stored response or of an attempt that gave none."""
        archive, columns = self._keeper.archive, ItemAdapter(item)
        with self._keeper.storing():
            arrival = reading.arrival(item, archive.registry.at(columns["portal"], columns["url"]))
            archive.hosts.look(arrival)
            return arrival


class StorePipeline:
    """Stores: an arrival is committed whole, with what it leads to and its own place in the frontier.

    `GOVCRAWL_BACKOFF` is the seconds before a failed attempt is made again for the first time.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._keeper = ArchiveExtension.of(crawler)
        self._first_wait = crawler.settings.getfloat("GOVCRAWL_BACKOFF")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StorePipeline":
        """Build over the database that the run has open."""
        return cls(crawler)

    def process_item(self, item: Arrival) -> Arrival:
        """Commit an arrival and tell of it; a failed attempt that may end otherwise next time is due again.

        Raises DropItem and stops the crawl where the database cannot be written; the next run stores it from WARC.
        """
        with self._keeper.storing():
            arrival = replace(item, retry_at=self._retry_at(item))
            self._store(arrival)
        self._crawler.signals.send_catch_log(arrival_stored, item=arrival)
        return arrival

    def _store(self, arrival: Arrival) -> None:
        archive = self._keeper.archive
        try:
            store.arrive(archive.connection, archive.ledger, arrival, time.time())
        except WriteError as error:
            self._keeper.halt(STORE_FAILED, error)
            raise DropItem(str(error)) from error

    def _retry_at(self, item: Arrival) -> float | None:
        scheduler = self._crawler.engine.scheduler
        assert isinstance(scheduler, LedgerScheduler)
        tries = scheduler.tries(item.request)
        if tries is None:  # asked for on the spot: who needs it asks again
            return None
        if item.outcome is Outcome.ERROR and is_rendered(item.request):  # a browser is no better a minute later
            return None
        return due_again(item.outcome, item.http_status, tries, time.time(), self._first_wait)
