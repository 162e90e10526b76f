"""Asking portals that can be searched by index number for numbers that no list shows, when all lists are read.

Reports of one year are numbered close to each other, so a serial that was never seen beside a report's may be a report
that the lists lack. Each such number is asked for once and for all, at most so many a portal and run: what is found is
a row of a list like any other, and what is not found proves nothing.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider

from govcrawl import models, platforms
from govcrawl.crawl.archive_extension import archive_of
from govcrawl.crawl.scheduler import outgoing
from govcrawl.db.derived.serial_gaps import beside_reports

_logger = logging.getLogger(__name__)

REACH = 10
"""How far from a report's serial an unseen one may lie to be asked for."""


class UnseenNumbers:
    """Extension that asks for unseen numbers once a run has nothing else to ask.

    `GOVCRAWL_PROBES` is how many requests a portal gets in a run; 0 asks for none.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._budget = crawler.settings.getint("GOVCRAWL_PROBES")
        self._asked: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "UnseenNumbers":
        """Build and wait for the run to be idle."""
        probing = cls(crawler)
        crawler.signals.connect(probing.idle, signal=signals.spider_idle)
        return probing

    def idle(self, spider: Spider) -> None:
        """Ask on, if there is something to ask for; raises DontCloseSpider then."""
        requests = [request for portal in getattr(spider, "portals", ()) for request in self._probes(portal)]
        for request in requests:
            self._crawler.engine.crawl(outgoing(request, spider))
        if requests:
            _logger.info("%d index numbers that no list shows are asked for", len(requests))
            raise DontCloseSpider

    def _probes(self, portal: models.Portal) -> list[models.Request]:
        """What to ask a portal for now, within what is left of its budget."""
        left = self._budget - self._asked[portal.id]
        new = list(islice(self._unasked(portal), left))
        self._asked[portal.id] += len(new)
        return new

    def _unasked(self, portal: models.Portal) -> Iterator[models.Request]:
        archive = archive_of(self._crawler)
        lists = archive.ledger.lists(portal.id)
        if platforms.probe(lists, "") is None:
            return
        for number in beside_reports(archive.connection, portal.id, REACH):
            request = platforms.probe(lists, number)
            if request and not archive.ledger.knows(request):
                yield request
