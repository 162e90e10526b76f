"""Politeness at the wire: every request, robots.txt included, waits its turn directly before it is sent.

The arithmetic is in `pace`; here it meets Scrapy, the registry (which hosts share a domain or a back-end) and the
ledger (which keeps the time of the last request across restarts).
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from govcrawl import models
from govcrawl.crawl.archive_extension import archive_of
from govcrawl.crawl.download_outcomes import RETRIED_STATUSES, Refusal
from govcrawl.crawl.rate_limit import Lane, RateLimit
from govcrawl.crawl.shutdown import GracefulShutdown, Stopped
from govcrawl.db.frontier.domain_clock import Domains
from govcrawl.db.queries.portal_answers import RESTING
from govcrawl.portals.domains import registered_domain
from govcrawl.reading import wall_met
from govcrawl.spiders.request_meta import ASKED, OUTCOME, STORED
from govcrawl.vocabulary import Outcome, Role, Wall

_logger = logging.getLogger(__name__)

FOREVER = 86_400.0  # longer ago than any gap: a domain never asked before
LONGEST_REST = 86_400.0  # a server's word does not silence its domain for longer: the next day it may say it again
LONG_GAP = 60.0  # seconds; a shorter gap between two requests is waited for whatever the patience


class RateLimitMemory(Protocol):
    """What remembers, across runs, when a domain was last asked and until when it rests (seconds since the epoch)."""

    def last_request_at(self, domain: str) -> float | None:
        """The start of the last request to the domain in any run."""

    def resting_until(self, domain: str) -> float | None:
        """Until when the domain is left alone, if it is."""

    def resting_for(self, domain: str) -> Outcome | None:
        """The outcome that made the domain rest, if it ever did."""

    def touched(self, domain: str, at: float) -> None:
        """Note that a request to the domain starts."""

    def rest(self, domain: str, until: float, outcome: Outcome) -> None:
        """Note that the domain is left alone until then, and why."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """Which lanes a request uses: its registered domain, and the back-end its portal shares with others."""

    registry: Mapping[str, models.Portal]
    delay: float
    backend_delay: float

    def __call__(self, asked: models.Request) -> tuple[Lane, ...]:
        """The domain's lane first, then the back-end's where the registry names one."""
        domain = Lane(registered_domain(urlsplit(asked.url).hostname or ""), self.delay)
        portal = self.registry.get(asked.portal)
        if portal is None or portal.backend is None:
            return (domain,)
        return domain, Lane(f"backend {portal.backend}", self.backend_delay)


class Throttle:
    """Downloader middleware that holds each request until its lanes are free, and rests hosts that ask for it.

    A request that would have to be held longer than `patience` seconds is refused, and filed under what made its host
    rest: nothing is left without an outcome because nobody was there to wait for it.
    """

    def __init__(
        self,
        pace: RateLimit,
        memory: RateLimitMemory,
        lanes_of: Callable[[models.Request], tuple[Lane, ...]],
        patience: float,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pace = pace
        self._memory = memory
        self._lanes_of = lanes_of
        self._patience = patience
        self._wait = wait

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Throttle":
        """Build from `DOWNLOAD_DELAY`, `GOVCRAWL_BACKEND_DELAY`, `GOVCRAWL_REST` and `GOVCRAWL_PATIENCE` (seconds)."""
        settings = crawler.settings
        pace = RateLimit(time.monotonic, settings.getfloat("GOVCRAWL_REST"))
        archive = archive_of(crawler)
        delays = settings.getfloat("DOWNLOAD_DELAY"), settings.getfloat("GOVCRAWL_BACKEND_DELAY")
        lanes = Lanes(archive.registry, *delays)
        stopping = GracefulShutdown.of(crawler)
        return cls(
            pace,
            Domains(archive.connection),
            lanes,
            settings.getfloat("GOVCRAWL_PATIENCE"),
            lambda seconds: stopping.before_sending(asyncio.sleep(seconds)),
        )

    @classmethod
    def of(cls, crawler: Crawler) -> "Throttle":
        """The one instance of a running crawl."""
        instance = crawler.get_downloader_middleware(cls)
        assert instance is not None
        return instance

    def ready_in(self, asked: models.Request) -> float:
        """Seconds until the request may be sent, rests included; 0 when it may be sent now."""
        return max(0.0, self._pace.ready_at(self._primed(asked)) - self._pace.clock())

    def widen(self, asked: models.Request, gap: float) -> None:
        """Keep at least `gap` seconds between requests to the domain of `asked`."""
        self._pace.widen(self._lanes_of(asked)[0].name, gap)

    async def process_request(self, request: Request) -> None:
        """Wait until the request's lanes are free; raises Refusal where that is beyond the patience."""
        lanes = self._primed(ASKED.of(request))
        self._refuse_beyond_patience(lanes)
        wait = self._pace.reserve(lanes)
        self._memory.touched(lanes[0].name, time.time() + wait)
        if wait:
            await self._wait(wait)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note how the host answered; rest it at least as long as a Retry-After says."""
        value = response.headers.get("Retry-After")
        seconds = retry_after(value, datetime.now(UTC))
        if seconds and response.status in RETRIED_STATUSES:
            self._rest_as_asked(request, seconds, value)
        self._note(request, response.status)
        return response

    def _rest_as_asked(self, request: Request, seconds: float, value: bytes | None) -> None:
        domain = self._domain(request)
        if seconds > LONGEST_REST:
            told = (domain, LONGEST_REST, (value or b"")[:60])
            _logger.warning("%s rests for %.0f s: its Retry-After of %r is longer than a day", *told)
        self._rest(domain, min(seconds, LONGEST_REST), OUTCOME.of(request))

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note a failed download; a refusal of our own gates says nothing about the host."""
        if not isinstance(exception, Refusal | Stopped):
            self._note(request, None)

    def _note(self, request: Request, status: int | None) -> None:
        outcome = OUTCOME.of(request)
        if outcome is Outcome.HTTP_ERROR and status not in RETRIED_STATUSES:
            outcome = Outcome.OK  # a page that is not there is an answer of a healthy host
        if (stored := STORED.get(request)) and wall_met(stored) is Wall.LOGIN:
            outcome = Outcome.OK  # a login is asked of everybody: it is no answer to being crawled
        domain = self._domain(request)
        behind_a_wall = outcome is Outcome.BLOCKED and ASKED.of(request).role is Role.ROBOTS
        seconds = self._pace.ended(domain, outcome, telling=behind_a_wall)
        if seconds:
            _logger.warning("%s rests for %.0f s: %s", domain, seconds, outcome.value)
            self._rest(domain, seconds, outcome)

    def _rest(self, domain: str, seconds: float, outcome: Outcome) -> None:
        self._pace.rest(domain, seconds)
        self._memory.rest(domain, time.time() + seconds, outcome)

    def _refuse_beyond_patience(self, lanes: tuple[Lane, ...]) -> None:
        wait = self._pace.ready_at(lanes) - self._pace.clock()
        if wait <= self._patience:
            return
        if self._pace.rests(lanes[0].name):
            outcome = self._memory.resting_for(lanes[0].name) or Outcome.BLOCKED
            raise Refusal(outcome, f"{RESTING} for {wait:.0f} s more")
        if wait > LONG_GAP:
            raise Refusal(Outcome.ROBOTS, f"not asked: the host wants {wait:.0f} s more between two requests")

    def _primed(self, asked: models.Request) -> tuple[Lane, ...]:
        """The request's lanes; what an earlier run knew of the domain is taken over when it first comes up."""
        lanes = self._lanes_of(asked)
        domain = lanes[0].name
        if not self._pace.knows(domain):
            last, rests = self._memory.last_request_at(domain), self._memory.resting_until(domain)
            self._pace.remember(domain, FOREVER if last is None else time.time() - last)
            self._pace.rest(domain, 0.0 if rests is None else rests - time.time())
        return lanes

    def _domain(self, request: Request) -> str:
        return self._lanes_of(ASKED.of(request))[0].name


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """The seconds a Retry-After header asks for, from either of its forms; None where it is absent or unreadable."""
    text = (value or b"").decode("latin-1").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text).astimezone(UTC) - now).total_seconds())
    except OverflowError:
        return math.inf  # a date at the end of the calendar, in a zone behind ours
    except ValueError:
        return None
