"""A Scrapy scheduler over the ledger: what to ask next stands in the database, nothing is queued anywhere else.

One request is in flight per registered domain, the domains take turns, and within a domain the ledger's order holds:
lists, then documents by index number. What is in flight is only remembered: a killed run finds it still queued. A
request counts as in flight until its item is stored, so the ledger never gives it out twice.

When nothing is left to do but to wait for hosts that rest beyond the patience of the run, the run winds up: their
requests are given out to be refused, each with its reason, so that a run leaves nothing behind without an outcome.
"""

import time
from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from itemadapter import ItemAdapter
from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import CallLaterResult, call_later

from govcrawl import models
from govcrawl.crawl.archive_extension import archive_of
from govcrawl.crawl.items import arrival_stored
from govcrawl.crawl.throttle import Throttle
from govcrawl.db.arrival import Arrival
from govcrawl.db.frontier.ledger import Ledger, LedgerEntry
from govcrawl.portals import registered_domain
from govcrawl.spiders.request_meta import ASKED, meta_of

BATCH = 16  # entries a domain holds in memory; more would only be given back when a list brings earlier ones
REVIVAL_SECONDS = 0.5  # how often a run with nothing in hand looks whether something has become due


class Turns:
    """Which domain is looked at when. Looking at one in vain costs nothing, so an alarm may stand beside a turn."""

    def __init__(self) -> None:
        self._line: list[tuple[float, int, str]] = []
        self._standing: set[str] = set()
        self._serial = count()

    def add(self, domain: str, at: float) -> None:
        """Let the domain be looked at from that moment on, unless it has a turn already."""
        if domain not in self._standing:
            self._standing.add(domain)
            self.alarm(domain, at)

    def alarm(self, domain: str, at: float) -> None:
        """Let the domain be looked at then, whatever turns it has."""
        heappush(self._line, (at, next(self._serial), domain))

    def next_at(self) -> float | None:
        """When the first domain of the line may be looked at; None for an empty line."""
        return self._line[0][0] if self._line else None

    def pop(self) -> str:
        """Take the first domain out of the line."""
        _, _, domain = heappop(self._line)
        self._standing.discard(domain)
        return domain


class LedgerScheduler(BaseScheduler):
    """Gives the engine the ledger's requests, each as soon as politeness lets it go.

    `patience` is how many seconds the run waits for the next request to become due before it ends and leaves the rest
    to a later run; `wake` asks the engine to call again after some seconds.
    """

    def __init__(
        self,
        ledger: Ledger,
        ready_in: Callable[[models.Request], float],
        patience: float,
        wake: Callable[[float], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger = ledger
        self._ready_in = ready_in
        self._patience = patience
        self._wake = wake
        self._clock = clock
        self._turns = Turns()
        self._held: dict[str, deque[LedgerEntry]] = {}
        self._flying: dict[str, LedgerEntry] = {}
        self._busy: set[str] = set()
        self._aside: set[str] = set()
        self._winds_up = False
        self._spider: Spider | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "LedgerScheduler":
        """Build over the run's ledger and pace; `GOVCRAWL_PATIENCE` is in seconds."""
        scheduler = cls(
            archive_of(crawler).ledger,
            Throttle.of(crawler).ready_in,
            crawler.settings.getfloat("GOVCRAWL_PATIENCE"),
            EngineAlarm(crawler),
        )
        crawler.signals.connect(scheduler.stored, signal=arrival_stored)
        crawler.signals.connect(scheduler.failed, signal=signals.item_error)
        crawler.signals.connect(scheduler.failed, signal=signals.item_dropped)
        return scheduler

    def open(self, spider: Spider) -> None:
        """Begin with every domain that has something due."""
        self._spider = spider
        for domain in self._ledger.domains_due(time.time()):
            self._turns.add(domain, self._clock())

    def enqueue_request(self, request: Request) -> bool:
        """Put a start request into the ledger; what the unfinished round has read already is not asked again."""
        asked = ASKED.of(request)
        self._ledger.seed([asked], time.time())
        self._turn_to(asked.url)
        return True

    def next_request(self) -> Request | None:
        """The next request that may be sent now; None while none may."""
        while (at := self._turns.next_at()) is not None:
            if at > self._clock():
                self._wake(at - self._clock())
                return None
            entry = self._ready(self._turns.pop())
            if entry is not None:
                return self._sent(entry)
        return None

    def has_pending_requests(self) -> bool:
        """Whether something is in flight or becomes due within the patience of the run."""
        at = self._turns.next_at()
        within = at is not None and at <= self._clock() + self._patience
        return bool(self._flying) or within or self._revived() or self._wound_up()

    def tries(self, asked: models.Request) -> int | None:
        """How often a request was tried in this round, this time included; None where it is not to be tried again.

        That is one not given out from here, and any while the run winds up.
        """
        entry = self._flying.get(asked.id)
        return entry.tries + 1 if entry and not self._winds_up else None

    def in_flight(self) -> tuple[str, ...]:
        """The addresses of the requests that were given out and have not come back."""
        return tuple(entry.request.url for entry in self._flying.values())

    def stored(self, item: Arrival) -> None:
        """A response is stored: its domain gets its next turn, and so do the domains it leads to."""
        for queued in item.queued:
            self._turn_to(queued.request.url)
        entry = self._landed(item.request.id)
        if entry is not None and item.retry_at is not None:
            self._turns.alarm(entry.domain, self._clock() + max(0.0, item.retry_at - time.time()))

    def failed(self, item: Any) -> None:
        """An item was dropped or failed. If it is not stored, its request stays queued, but not for this run."""
        entry = self._landed(ItemAdapter(item)["request"])
        if entry is not None:
            self._aside.add(entry.domain)

    def _landed(self, request_id: str) -> LedgerEntry | None:
        """The entry of a request that is no longer in flight; None for one that was not, as no robots.txt ever is."""
        entry = self._flying.pop(request_id, None)
        if entry is not None:
            self._busy.discard(entry.domain)
            self._turns.add(entry.domain, self._clock())
        return entry

    def _turn_to(self, url: str) -> None:
        """Something new is in the ledger for the address's domain: what is held of it may no longer be the next."""
        domain = registered_domain(urlsplit(url).hostname or "")
        for entry in self._held.pop(domain, ()):
            self._ledger.give_back(entry.request)
        self._turns.add(domain, self._clock())

    def _ready(self, domain: str) -> LedgerEntry | None:
        """The domain's next entry if it may be sent now; otherwise the domain gets a later turn, or none."""
        if domain in self._busy:
            return None
        held = self._held.get(domain)
        if not held:
            held = self._held[domain] = deque(self._ledger.take(domain, time.time(), BATCH))
        if not held:
            return None
        wait = self._ready_in(held[0].request)
        if wait > 0 and not (self._winds_up and wait > self._patience):
            self._turns.add(domain, self._clock() + wait)
            return None
        return held.popleft()

    def _sent(self, entry: LedgerEntry) -> Request:
        self._flying[entry.request.id] = entry
        self._busy.add(entry.domain)
        return outgoing(entry.request, self._spider)

    def _revived(self) -> bool:
        """Whether the ledger has something for this run that no turn stands for: left over by an earlier run."""
        until = time.time() + self._patience
        domains = [domain for domain in self._ledger.domains_due(until) if not self._hopeless(domain)]
        for domain in domains:
            self._turns.alarm(domain, self._clock() + REVIVAL_SECONDS)
        if domains:
            self._wake(REVIVAL_SECONDS)
        return bool(domains)

    def _wound_up(self) -> bool:
        """Whether requests behind resting hosts are left, which are given out now to be refused."""
        domains = [domain for domain in self._ledger.domains_due(time.time()) if domain not in self._aside]
        self._winds_up = bool(domains)
        for domain in domains:
            self._turns.alarm(domain, self._clock())
        if domains:
            self._wake(0.0)
        return bool(domains)

    def _hopeless(self, domain: str) -> bool:
        """Whether waiting for the domain is in vain: a fault set it aside, or it rests beyond the patience."""
        held = self._held.get(domain)
        return domain in self._aside or bool(held and self._ready_in(held[0].request) > self._patience)


def outgoing(asked: models.Request, spider: Any) -> Request:
    """The Scrapy request for a request of the ledger; `meta["asked"]` is what it stands for."""
    return Request(
        asked.url,
        method=asked.method,
        headers=dict(asked.headers),
        body=asked.body,
        callback=spider.parse,
        errback=spider.failed,
        meta=meta_of(asked),
        dont_filter=True,
    )


class EngineAlarm:
    """Makes the engine ask its scheduler again after some seconds; the earliest of several alarms holds."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._pending: CallLaterResult | None = None
        self._at = 0.0

    def __call__(self, seconds: float) -> None:
        """Set the alarm."""
        at = time.monotonic() + seconds
        if self._pending is not None:
            if self._at <= at:
                return
            self._pending.cancel()
        self._at = at
        self._pending = call_later(seconds, self._ring)

    def _ring(self) -> None:
        self._pending = None
        slot = self._crawler.engine._slot  # noqa: SLF001 - Scrapy's own heartbeat of 5 s is the only public way
        if slot is not None:
            slot.nextcall.schedule()
