"""What a crawl learnt for the registry: the families of portals it did not know, and hosts that https does not reach.

The lines are printed when the crawl ends and kept in the WARC mark of its end. A person puts them into the registry.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from scrapy import Request, signals
from scrapy.crawler import Crawler

from govcrawl import portals
from govcrawl.crawl.archive_extension import archive_of
from govcrawl.crawl.items import arrival_stored
from govcrawl.db.arrival import Arrival
from govcrawl.models import Portal
from govcrawl.platforms import is_unknown
from govcrawl.portals.writing import toml_line
from govcrawl.spiders.request_meta import ASKED, STORED
from govcrawl.survey.recognition import UNANSWERED, PageFindings, findings, mended, plain_home, seen
from govcrawl.vocabulary import WAY_ROLES, Outcome, Role
from govcrawl.warc import StoredExchange

_logger = logging.getLogger(__name__)


class RegistryFindings:
    """Extension that looks at the pages on the way and says at the end what they tell."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._registry = portals.load_registry()
        self._seen: defaultdict[str, list[PageFindings]] = defaultdict(list)
        self._unanswered: dict[str, Outcome] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RegistryFindings":
        """Build and follow the crawl."""
        found = cls(crawler)
        crawler.signals.connect(found.received, signal=signals.response_received)
        crawler.signals.connect(found.arrived, signal=arrival_stored)
        crawler.signals.connect(found.closed, signal=signals.spider_closed)
        return found

    def received(self, request: Request) -> None:
        """Look at a page on the way of a portal whose families nobody knows."""
        asked = ASKED.of(request)
        if asked.role not in WAY_ROLES or not is_unknown(self._registry[asked.portal]):
            return
        stored = STORED.of(request)
        if isinstance(stored, StoredExchange) and stored.outcome is Outcome.OK:
            self._seen[asked.portal].append(seen(stored.exchange, self._registry[asked.portal]))

    def arrived(self, item: Arrival) -> None:
        """Note a front page that https does not reach."""
        if item.request.role is Role.HOME and item.capture is None and item.outcome in UNANSWERED:
            self._unanswered[item.request.portal] = item.outcome

    def closed(self) -> None:
        """Say what was found, and have it written into the archive with the end of the run."""
        told = (*entries(self._registry, self._seen), *unreached(self._registry, self._unanswered))
        for line in chain.from_iterable(text.split("\n") for text in told):
            _logger.info("%s", line)
        archive_of(self._crawler).learnt(told)


def entries(registry: Mapping[str, Portal], pages: Mapping[str, Sequence[PageFindings]]) -> Iterator[str]:
    """For each portal that was seen, a line saying what it was recognised as, and the line for its file."""
    for portal_id in sorted(pages):
        portal = registry[portal_id]
        found = findings(portal, pages[portal_id])
        told = f"{portal.id} {portal.name} was recognised as {', '.join(found.platforms) or 'no known family'}"
        if found.platforms or found.columns:
            told = (
                f"{told}; into portals/{portal.province}.toml, after a look at it:\n{toml_line(mended(portal, found))}"
            )
        yield told


def unreached(registry: Mapping[str, Portal], outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    """For each portal whose front page https did not reach, how to find out whether http does."""
    for portal_id, outcome in sorted(outcomes.items()):
        portal = registry[portal_id]
        if plain := plain_home(portal):
            probe = f"`govcrawl portals probe {portal.id}` tells whether it answers as {plain}"
            yield f"{portal.id} {portal.name}: {portal.home} ended in {outcome}; {probe}"
