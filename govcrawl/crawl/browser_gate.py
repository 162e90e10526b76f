"""The gate between a page in a browser and the world: what the page asks for the crawl asks itself, or nobody does.

The browser never touches the network. Each request of a page becomes a request of the crawl, with the role `embedded`:
registry, robots.txt, pace, resolved address and archive hold for it as for any other, and the page gets the archived
answer. What a gate refuses is an attempt with its outcome, and fails in the page. Pictures, fonts, styles and the like
say nothing about a list: nobody asks for them.

A challenge fails in the page as well, and the page's cookies stay in it: a browser is no way around a wall.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urldefrag

from playwright.async_api import BrowserContext, Page, Route, WebSocketRoute
from playwright.async_api import Error as BrowserError
from playwright.async_api import Request as PageRequest

from govcrawl import models
from govcrawl.crawl.shutdown import Stopped
from govcrawl.errors import ArchiveWriteError
from govcrawl.platforms.redirects import MAX_HOPS
from govcrawl.vocabulary import Outcome, Role
from govcrawl.warc import StoredAttempt, StoredExchange
from govcrawl.web_address import web_address

EarlierAnswer = StoredExchange | StoredAttempt | None
"""What is on record of a request; None for one that nobody made."""

Ask = Callable[[models.Request], Awaitable[StoredExchange | StoredAttempt]]
"""Asks for something past all gates, and gives what is on record of it."""

ASKED_FOR = frozenset({"document", "script", "xhr", "fetch"})
"""The kinds of things a list may come from; of all others nothing is asked."""

MAX_ASKED = 60
"""Requests of one page; what comes behind them is not asked: no list needs so many, a page that polls needs more."""

MAX_SCRIPTS = 200
"""Scripts that are kept for pages to come; most pages of a portal share theirs."""

WITHHELD = frozenset({
    "accept-encoding", "accept-language", "connection", "content-length", "cookie", "host", "upgrade-insecure-requests",
    "user-agent",
})  # fmt: skip
"""Header fields that are the crawl's own to set, besides those that describe the browser (`sec-…`)."""

_OF_THE_WAY = frozenset({
    "connection", "content-encoding", "content-length", "set-cookie", "transfer-encoding",
})  # fmt: skip
_FIT_FOR_PAGE = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})
_FIT_FOR_PART = _FIT_FOR_PAGE | {Outcome.HTTP_ERROR}


class PageGate:
    """Answers everything that one page asks for, one request after the other.

    `page` is the request the page is rendered for. `scripts` are those that pages before it were given, by address:
    nobody is asked for one twice. `main` is what came of the page itself, None until it was asked.
    """

    def __init__(self, page: models.Request, ask: Ask, scripts: dict[str, EarlierAnswer]) -> None:
        self.main: EarlierAnswer = None
        self.asked = 0
        self._page = page
        self._ask = ask
        self._scripts = scripts
        self._turn = asyncio.Lock()
        self._open = True

    async def guard(self, page: Page) -> None:
        """Put the gate before everything that a page may ask for."""
        await page.route("**/*", self._answer)
        await page.route_web_socket("**/*", self._refuse_socket)

    def close(self) -> None:
        """Ask for nothing any more: the page is done with."""
        self._open = False

    async def _answer(self, route: Route) -> None:
        request = route.request
        is_page = request.is_navigation_request() and request.frame.parent_frame is None
        async with self._turn:
            stored = await self._stored(request, is_page=is_page)
        if is_page and self.main is None:
            self.main = stored
        fitting = _FIT_FOR_PAGE if is_page else _FIT_FOR_PART
        with suppress(BrowserError):  # the page is gone: nobody waits for the answer
            if isinstance(stored, StoredExchange) and stored.outcome in fitting:
                await _fulfil(route, stored.exchange.response)
            else:
                await route.abort("blockedbyclient")

    async def _stored(self, request: PageRequest, *, is_page: bool) -> EarlierAnswer:
        """What is on record of a page's request; None for one that is not made. The page itself is asked for once."""
        again = is_page and self.main is not None
        if again or request.resource_type not in ASKED_FOR:
            return None
        asked = _embedded(self._page, request)
        if request.resource_type != "script":
            return await self._followed(asked)
        if asked.url not in self._scripts:
            known = await self._followed(asked)
            if len(self._scripts) == MAX_SCRIPTS:
                del self._scripts[next(iter(self._scripts))]
            self._scripts[asked.url] = known
        return self._scripts[asked.url]

    async def _followed(self, asked: models.Request) -> EarlierAnswer:
        """What is on record at the end of redirects: a browser's own following would pass no gate."""
        stored = await self._once(asked)
        for _ in range(MAX_HOPS):
            target = _target(stored)
            if target is None:
                break
            stored = await self._once(replace(asked, url=target, method="GET", body=b""))
        return None if _target(stored) else stored

    async def _once(self, asked: models.Request) -> EarlierAnswer:
        if not self._open or self.asked == MAX_ASKED:
            return None
        self.asked += 1
        try:
            return await self._ask(asked)
        except (ArchiveWriteError, Stopped):  # the run ends
            self.close()
            return None

    async def _refuse_socket(self, socket: WebSocketRoute) -> None:
        """Put on record that a page wanted a socket: only http and https are asked."""
        async with self._turn:
            await self._once(replace(_plain(self._page), url=socket.url))
        with suppress(BrowserError):
            await socket.close()


async def seal(context: BrowserContext) -> None:
    """Let no page of a context get anything that is not given to it by a gate: no page opened by another has one."""
    await context.route("**/*", _abort)


async def _abort(route: Route) -> None:
    with suppress(BrowserError):
        await route.abort("blockedbyclient")


def _plain(page: models.Request) -> models.Request:
    return models.Request(page.portal, page.platform, Role.EMBEDDED, page.url, key=page.url)


def _embedded(page: models.Request, request: PageRequest) -> models.Request:
    """The crawl's request for what a page asks for; its key is the page's address."""
    headers = tuple(
        (name, value)
        for name, value in sorted(request.headers.items())
        if name not in WITHHELD and not name.startswith("sec-")
    )
    body = request.post_data_buffer or b""
    url = urldefrag(request.url).url
    return replace(_plain(page), url=url, method=request.method, headers=headers, body=body)


def _target(stored: EarlierAnswer) -> str | None:
    if not isinstance(stored, StoredExchange) or not 300 <= stored.capture.status < 400:
        return None
    location = stored.exchange.response.header("Location")
    return web_address(location, stored.exchange.response.url) if location else None


async def _fulfil(route: Route, response: models.Response) -> None:
    """Give a page its answer: the body decoded, the header fields that speak of its way here left out."""
    headers = {name: value for name, value in response.headers if name.lower() not in _OF_THE_WAY}
    await route.fulfill(status=response.status, headers=headers, body=response.body)
