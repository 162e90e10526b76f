"""The robots gate: one answer per origin, for every request that waits for it, as RFC 9309 reads.

| what robots.txt answers | what it means |
|---|---|
| 2xx | the rules in its first 500 KiB (none there: everything is allowed) |
| a redirect | followed up to five times, within the registry |
| 404 and other 4xx | no rules, everything is allowed (RFC 9309 §2.3.1.3) |
| 401, 403, 429, a challenge | everything is forbidden, filed as `blocked`: the pages lie behind the same wall |
| what is no text (zeros, a packed file) | everything is forbidden: it may forbid what cannot be read |
| 5xx, a redirect that leads nowhere | everything is forbidden until it can be read |
| no answer (a timeout, no connection …) | the same, filed as what went wrong, so that the page is tried again |

Taking 401 and 403 for a wall is stricter than the RFC, which would let us pass.

An answer holds for an hour (`GOVCRAWL_ROBOTS_SECONDS`), a refusal for half the time after which a failed attempt is
made again; then the next request asks anew. robots.txt requests are paced, archived and stored like any other.
"""

import asyncio
import codecs
import math
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler

from govcrawl import models
from govcrawl.crawl.download_outcomes import Refusal
from govcrawl.crawl.side_requests import ask
from govcrawl.crawl.throttle import Throttle
from govcrawl.db.queries.portal_answers import FORBIDDEN
from govcrawl.reading import wall_met
from govcrawl.spiders.request_meta import ASKED
from govcrawl.vocabulary import Outcome, Role, Wall
from govcrawl.warc import StoredExchange
from govcrawl.web_address import web_address

ROBOTS_AGENT = "govcrawl"
SIZE_LIMIT = 500 * 1024
MAX_ROBOTS_HOPS = 5
REFUSING_STATUSES = frozenset({401, 403, 429})
_NO_TEXT = re.compile(r"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_VERSION = re.compile(r"^([ \t]*user-agent[ \t]*:[ \t]*[\w.-]+)/[^\r\n#]*", re.IGNORECASE | re.MULTILINE)
"""A version behind an agent's name, which RFC 9309 has no word for and which names the agent all the same."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What came of asking for a robots.txt; `response` is None where nothing came back: then `detail` says why.

    `wall` is the one that was met.
    """

    outcome: Outcome
    response: models.Response | None = None
    wall: Wall | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What an origin's robots.txt means for us: parsed rules, or `refusal` of everything for a `reason`."""

    parsed: Protego | None = None
    refusal: Outcome | None = None
    reason: str = ""
    wall: Wall | None = None

    @property
    def crawl_delay(self) -> float:
        """The seconds between requests that the file asks for; 0 where it does not."""
        delay = (self.parsed and self.parsed.crawl_delay(ROBOTS_AGENT)) or 0.0
        return delay if math.isfinite(delay) else 0.0

    def check(self, url: str) -> None:
        """Raise Refusal for an address that may not be asked."""
        if self.refusal is not None:
            raise Refusal(self.refusal, self.reason, self.wall)
        if self.parsed is not None and not self.parsed.can_fetch(url, ROBOTS_AGENT):
            raise Refusal(Outcome.ROBOTS, FORBIDDEN)


def rules_from(answer: RobotsAnswer) -> RobotsRules:
    """The rules that an answer means, by the table of this module; a refusal is for the wall that robots.txt met."""
    return replace(_rules(answer), wall=answer.wall)


def _rules(answer: RobotsAnswer) -> RobotsRules:
    if answer.response is None:
        refusal = Outcome.ROBOTS if answer.outcome is Outcome.OUT_OF_REGISTRY else answer.outcome
        told = ": ".join(filter(None, (answer.outcome.value, answer.detail)))
        return RobotsRules(refusal=refusal, reason=f"robots.txt could not be read ({told})")
    status, body = answer.response.status, answer.response.body
    if status in REFUSING_STATUSES or answer.outcome is Outcome.BLOCKED:
        return RobotsRules(refusal=Outcome.BLOCKED, reason="robots.txt lies behind a wall")
    if 200 <= status < 300:
        text = robots_text(body[:SIZE_LIMIT])
        if text is None:
            return RobotsRules(
                refusal=Outcome.ROBOTS, reason="robots.txt is no text, and may forbid what cannot be read"
            )
        return RobotsRules(parsed=Protego.parse(text))
    if 400 <= status < 500:
        return RobotsRules()
    return RobotsRules(refusal=Outcome.ROBOTS, reason=f"robots.txt could not be read (status {status})")


def robots_text(body: bytes) -> str | None:
    """The text of a robots.txt, in the encoding that its byte order mark names, else UTF-8; None where it is no text.

    The mark itself is no part of the first line: a line that began with it would be no rule, and allow everything.
    """
    mark, encoding = next((pair for pair in _MARKS if body.startswith(pair[0])), (b"", _unmarked(body)))
    text = body.removeprefix(mark).decode(encoding, "replace").removeprefix("\ufeff")
    return None if _NO_TEXT.search(text) else _VERSION.sub(r"\1", text)


def _unmarked(body: bytes) -> str:
    """The encoding of a text without a mark: UTF-16 where every other byte of its beginning is zero."""
    odd, even = body[1:64:2], body[0:64:2]
    zeros = {"utf-16-le": odd, "utf-16-be": even}
    return next((name for name, half in zeros.items() if half and not any(half)), "utf-8")


def robots_request(asked: models.Request) -> models.Request:
    """The request for the robots.txt of the origin that `asked` goes to."""
    return models.Request(asked.portal, asked.platform, Role.ROBOTS, urljoin(asked.url, "/robots.txt"))


Fetch = Callable[[models.Request], Awaitable[RobotsAnswer]]


class RobotsGate:
    """Downloader middleware that lets a request pass only when its origin's robots.txt was read and allows it.

    `fetch` gets a robots.txt, `slow_down` is told a request and the seconds its host wants between two. Rules hold for
    `answer_seconds`, a refusal of everything for `refusal_seconds`.
    """

    def __init__(
        self,
        fetch: Fetch,
        slow_down: Callable[[models.Request, float], None],
        refusal_seconds: float,
        answer_seconds: float = 3600.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._slow_down = slow_down
        self._refusal_seconds = refusal_seconds
        self._answer_seconds = answer_seconds
        self._clock = clock
        self._asking: dict[str, asyncio.Future[RobotsRules]] = {}
        self._known: dict[str, tuple[RobotsRules, float]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsGate":
        """Build over the engine: robots.txt goes through all other middlewares."""
        settings = crawler.settings
        return cls(
            partial(_fetched, crawler),
            lambda asked, gap: Throttle.of(crawler).widen(asked, gap),
            refusal_seconds=settings.getfloat("GOVCRAWL_BACKOFF") / 2,
            answer_seconds=settings.getfloat("GOVCRAWL_ROBOTS_SECONDS"),
        )

    async def process_request(self, request: Request) -> None:
        """Wait for the origin's rules; raise Refusal where they refuse the address."""
        asked = ASKED.of(request)
        if asked.role is not Role.ROBOTS:
            (await self._rules(asked)).check(request.url)

    async def _rules(self, asked: models.Request) -> RobotsRules:
        """The origin's rules; whoever comes while they are asked for waits for the same answer."""
        parts = urlsplit(asked.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        rules, until = self._known.get(origin, (None, 0.0))
        if rules is not None and self._clock() < until:
            return rules
        if origin not in self._asking:
            self._asking[origin] = asyncio.ensure_future(self._ask(origin, asked))
        return await asyncio.shield(self._asking[origin])

    async def _ask(self, origin: str, asked: models.Request) -> RobotsRules:
        try:
            rules = rules_from(await self._followed(robots_request(asked)))
            seconds = self._refusal_seconds if rules.refusal else self._answer_seconds
            self._known[origin] = (rules, self._clock() + seconds)
            if rules.crawl_delay:
                self._slow_down(asked, rules.crawl_delay)
            return rules
        finally:
            del self._asking[origin]

    async def _followed(self, request: models.Request) -> RobotsAnswer:
        answer = await self._fetch(request)
        for _ in range(MAX_ROBOTS_HOPS):
            location = answer.response and 300 <= answer.response.status < 400 and answer.response.header("Location")
            target = web_address(location, request.url) if location else None
            if target is None:
                break
            request = replace(request, url=target)
            answer = await self._fetch(request)
        return answer


async def _fetched(crawler: Crawler, asked: models.Request) -> RobotsAnswer:
    """A robots.txt got through Scrapy's engine, archived and stored like anything else."""
    stored = await ask(crawler, asked)
    if isinstance(stored, StoredExchange):
        return RobotsAnswer(stored.outcome, stored.exchange.response, wall_met(stored))
    return RobotsAnswer(stored.outcome, wall=stored.wall, detail=stored.detail)
