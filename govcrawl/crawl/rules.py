"""Data rules that a finished crawl must keep; a broken one is named in the log and makes the exit code 1.

`lists_do_not_shrink`: a portal's lists show at least half of the rows that are known of it. A portal that has been
rebuilt, that answers empty lists or that could not be reached would otherwise look as if it had nothing new.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping

from scrapy import signals
from scrapy.crawler import Crawler

from govcrawl.crawl.archive import RULES_BROKEN, archive_of
from govcrawl.db.arrival import Arrival
from govcrawl.db.crawls import FINISHED
from govcrawl.db.summary import by_portal

logger = logging.getLogger(__name__)

FEWEST_ROWS = 10  # below this a list may well lose half of its rows
LEAST_SHARE = 0.5


class Rules:
    """Extension that holds what a crawl listed against what was known.

    Only a run that walks all years from the beginning of a round sees every list, so only such a run is judged.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._seen: dict[str, set[str]] = defaultdict(set)
        self._sees_all = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Rules":
        """Build and follow the crawl."""
        rules = cls(crawler)
        crawler.signals.connect(rules.opened, signal=signals.spider_opened)
        crawler.signals.connect(rules.arrived, signal=signals.item_scraped)
        crawler.signals.connect(rules.closed, signal=signals.spider_closed)
        return rules

    def opened(self) -> None:
        """Note whether this run begins a round."""
        archive = archive_of(self._crawler)
        self._sees_all = archive.begins_round and "year" not in archive.crawl.arguments

    def arrived(self, item: Arrival) -> None:
        """Note the rows that a list showed."""
        if item.page is not None:
            self._seen[item.request.portal].update(row.url for row in item.page.rows)

    def closed(self, reason: str) -> None:
        """Judge a run that has come to its end."""
        if reason != FINISHED or not self._sees_all:
            return
        archive = archive_of(self._crawler)
        known = {row.portal_id: row.listed for row in by_portal(archive.connection) if archive.wants(row.portal_id)}
        seen = {portal: len(self._seen.get(portal, ())) for portal in known}
        for line in shrunk(seen, known):
            logger.error("lists_do_not_shrink: %s", line)
            self._crawler.stats.set_value(RULES_BROKEN, "lists_do_not_shrink")


def shrunk(seen: Mapping[str, int], known: Mapping[str, int]) -> tuple[str, ...]:
    """A line for each portal whose lists showed less than half of the rows that are known of it."""
    return tuple(
        f"portal {portal} listed {seen.get(portal, 0)} of the {count} rows known of it; look at its lists"
        for portal, count in sorted(known.items())
        if count >= FEWEST_ROWS and seen.get(portal, 0) < LEAST_SHARE * count
    )
