"""One polite visit to a portal: its front page and the few pages on the way to its annual reports, nothing else.

A visit is a small crawl into an archive of its own, past the same gates as any crawl: registry, robots.txt, pace,
public addresses, WARC before anything is read. What differs is what it asks for (pages on the way, up to a number,
no lists and no documents) and that nothing is worked out from it in the end.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from govcrawl.crawl.archive_extension import ArchiveExtension
from govcrawl.crawl.robots import RobotsAnswer, RobotsRules, rules_from
from govcrawl.db.arrival import Arrival
from govcrawl.errors import UsageError
from govcrawl.models import Portal
from govcrawl.platforms.crawl_context import Trail, page_request
from govcrawl.spiders.request_meta import OUTCOME, meta_of
from govcrawl.spiders.stored_spider import StoredSpider
from govcrawl.survey.recognition import UNANSWERED, plain_home
from govcrawl.vocabulary import WAY_ROLES, Role
from govcrawl.warc import StoredAttempt, StoredExchange, iter_stored

SETTINGS: Mapping[str, Any] = {
    "EXTENSIONS": {
        "govcrawl.crawl.portal_visit.VisitArchive": 0,
        "govcrawl.crawl.shutdown.GracefulShutdown": 5,
        "scrapy.extensions.corestats.CoreStats": 10,
    },
    "ITEM_PIPELINES": {
        "govcrawl.pipelines.ReadPipeline": 100,
        "govcrawl.crawl.portal_visit.VisitBounds": 150,
        "govcrawl.pipelines.StorePipeline": 200,
    },
    "LOG_LEVEL": "ERROR",
    "GOVCRAWL_BACKOFF": 86_400.0,  # what failed is told, not tried again
    "GOVCRAWL_PATIENCE": 30.0,
}
"""What a visit sets otherwise than a crawl."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of a visit: each origin's robots.txt in words, and every other attempt as the archive keeps it."""

    robots: tuple[str, ...]
    stored: tuple[StoredExchange | StoredAttempt, ...]


def visit(portal: Portal, archive: Path, pages: int) -> Visit:
    """Pay a visit of at most `pages` pages into an empty archive, live or to the replica that the environment names.

    Runs in this process, once in its life, because Scrapy's reactor does.

    Raises:
        UsageError: the portal has no address, or no replica answers where the environment says one is.
        ArchiveError: the archive cannot be written.
    """
    if not portal.home:
        raise UsageError(f"portal {portal.id} has no address to visit: {portal.reason}")
    settings = Settings()
    settings.setmodule("govcrawl.settings", priority="project")
    settings.update({**SETTINGS, "GOVCRAWL_ARCHIVE": str(archive), "GOVCRAWL_PAGES": pages}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    failures: list[BaseException] = []
    task = process.crawl(process.create_crawler(VisitSpider), portal=portal)
    task.add_done_callback(partial(_note, failures))
    process.start()
    for failure in failures:
        raise failure
    return _told(archive)


def _note(failures: list[BaseException], task: "asyncio.Task[None]") -> None:
    failure = None if task.cancelled() else task.exception()
    if failure is not None:
        failures.append(failure)


def _told(archive: Path) -> Visit:
    kept = [one for one in iter_stored(archive) if isinstance(one, StoredExchange | StoredAttempt)]
    robots = [one for one in kept if _asked(one).role is Role.ROBOTS]
    return Visit(
        tuple(f"{_asked(one).url}: {rules_in_words(rules_from(_answer(one)))}" for one in robots),
        tuple(one for one in kept if one not in robots),
    )


def _asked(one: StoredExchange | StoredAttempt) -> Any:
    return one.exchange.request if isinstance(one, StoredExchange) else one.request


def _answer(one: StoredExchange | StoredAttempt) -> RobotsAnswer:
    return RobotsAnswer(one.outcome, one.exchange.response if isinstance(one, StoredExchange) else None)


def rules_in_words(rules: RobotsRules) -> str:
    """What an origin's rules come to, in words."""
    if rules.refusal is not None:
        return f"nothing may be asked: {rules.reason}"
    if rules.parsed is None:
        return "no rules, everything is allowed"
    pace = f", {rules.crawl_delay:g} s between requests" if rules.crawl_delay else ""
    return f"rules were read{pace}"


class VisitSpider(StoredSpider):
    """Asks for a portal's front page, by http too where https does not answer; the rest follows from what is read."""

    name = "probe"

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self.portal = portal
        self.portals = (portal,)
        self.years: tuple[int, ...] = ()
        self.arguments = {"portal": portal.id}

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The front page."""
        yield self._front_page(self.portal.home)

    def failed(self, failure: Any) -> Iterator[Any]:
        """One item a failed attempt; where https led nowhere, the front page by http as well."""
        yield from super().failed(failure)
        plain = plain_home(self.portal)
        if plain and failure.request.url == self.portal.home and OUTCOME.get(failure.request) in UNANSWERED:
            yield self._front_page(plain)

    def _front_page(self, url: str) -> scrapy.Request:
        asked = page_request(self.portal, self.portal.platforms[0], Role.HOME, url, "home", Trail())
        return scrapy.Request(asked.url, meta=meta_of(asked))


class VisitBounds:
    """Item pipeline that lets a visit go on to pages on the way alone, the nearest first, up to `pages` in all."""

    def __init__(self, pages: int) -> None:
        self._left = pages - 1

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "VisitBounds":
        """Build from `GOVCRAWL_PAGES`."""
        return cls(crawler.settings.getint("GOVCRAWL_PAGES"))

    def process_item(self, item: Arrival) -> Arrival:
        """The arrival with what it leads to cut down."""
        ways = [queued for queued in item.queued if queued.request.role in WAY_ROLES]
        nearest = sorted(ways, key=lambda queued: not Trail.of(queued.request).reports)[: max(0, self._left)]
        self._left -= len(nearest)
        return replace(item, queued=tuple(nearest))


class VisitArchive(ArchiveExtension):
    """The archive of a visit: closed without working out gaps and coverage, which one portal says nothing about."""

    def stopped(self) -> None:
        """Close the files."""
        self.archive.writer.close()
        self.archive.connection.close()
        self.archive.lock.release()
