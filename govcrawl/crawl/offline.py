"""A run on a machine without a network ends at once, with one line, instead of trying every name three times."""

from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler

from govcrawl.crawl.archive_extension import ArchiveExtension
from govcrawl.db.arrival import Arrival
from govcrawl.vocabulary import Outcome

OFFLINE = "offline"
"""The finish reason of such a run."""

ENOUGH = 3
"""So many names that cannot be resolved, and none that can, are no accident; a run of fewer portals has fewer."""

_NOT_SENT = frozenset({Outcome.OUT_OF_REGISTRY, Outcome.ROBOTS})
"""Outcomes of requests that never came to the network."""


class Offline:
    """Extension that ends a run in which not one name could be resolved.

    `names` is how many the run has to ask for at least.
    """

    def __init__(self, crawler: Crawler, names: int) -> None:
        self._crawler = crawler
        self._enough = min(ENOUGH, names)
        self._unresolved: set[str] = set()
        self._is_online = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Offline":
        """Build over the hosts that the run's portals have, and follow the crawl; a replica needs no names."""
        hosts = {portal.host for portal in getattr(crawler.spider, "portals", ()) if portal.host}
        offline = cls(crawler, len(hosts))
        if not crawler.settings["GOVCRAWL_REPLICA"]:
            crawler.signals.connect(offline.arrived, signal=signals.item_scraped)
        return offline

    def arrived(self, item: Arrival) -> None:
        """Note whether a name could be resolved; end the run when none of the first ones could."""
        if item.outcome is Outcome.DNS:
            self._unresolved.add(urlsplit(item.request.url).hostname or "")
        elif item.outcome not in _NOT_SENT:
            self._is_online = True
        if not self._is_online and len(self._unresolved) >= self._enough:
            ArchiveExtension.of(self._crawler).stop(OFFLINE, "no name could be resolved: is this machine online?")
