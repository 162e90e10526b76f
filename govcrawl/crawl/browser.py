"""The machine's Chromium, driven by scrapy-playwright, for pages that hold their list only after scripts have run.

It is started when the first page needs it and given nothing to reach: names resolve to nothing, the proxy is a closed
port, sockets and service workers are off. All a page gets comes through its `PageGate`; should the gate fail, the
page gets nothing.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as BrowserError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import TextResponse
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from govcrawl import models
from govcrawl.crawl.browser_gate import EarlierAnswer, PageGate, seal
from govcrawl.crawl.download_outcomes import Refusal
from govcrawl.crawl.side_requests import ask
from govcrawl.reading import wall_met
from govcrawl.vocabulary import Outcome
from govcrawl.warc import StoredAttempt, StoredExchange

FLAGS = (
    "--no-sandbox",  # a container's root has no other way; the page reaches neither network nor files
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
NOWHERE = {"server": "http://127.0.0.1:9", "bypass": "<-loopback>"}
"""A proxy that is not there, for loopback too."""

CONTEXT = {"service_workers": "block", "accept_downloads": False, "locale": "zh-CN"}
PAGE: Mapping[str, Any] = {
    "playwright": True,
    "playwright_page_goto_kwargs": {"wait_until": "networkidle", "timeout": 0},
}
"""A page is at rest when it has asked for nothing for half a second; how long that may take is ours to say."""


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """What a browser made of a page: its tree as HTML, and the stored answer it made it from."""

    tree: str
    source: StoredExchange


def abort_always(_request: object) -> bool:
    """Scrapy-playwright's question whether a request is to be aborted: always. Only a `PageGate` answers any."""
    return True


class Browser(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """Shows pages, so many at once as `PLAYWRIGHT_MAX_PAGES_PER_CONTEXT`, each for `GOVCRAWL_RENDER_SECONDS` at most.

    `path` is that of the Chromium.
    """

    def __init__(self, crawler: Crawler, path: str) -> None:
        super().__init__(crawler)
        self.abort_request = abort_always
        self.config.launch_options = {
            "executable_path": path,
            "args": list(FLAGS),
            "proxy": NOWHERE,
            "handle_sigint": False,
            "handle_sigterm": False,
            "handle_sighup": False,
        }
        self.config.target_closed_max_retries = 0
        self._agent = crawler.settings["USER_AGENT"]
        self._seconds = crawler.settings.getfloat("GOVCRAWL_RENDER_SECONDS")
        self._places = asyncio.Semaphore(self.config.max_pages_per_context)
        self._starting = asyncio.Lock()
        self._scripts: dict[str, EarlierAnswer] = {}
        self._sealed: set[BrowserContext] = set()
        if crawler.settings["LOG_LEVEL"] != "DEBUG":
            # What goes wrong in a page is an attempt with its outcome, no traceback.
            logging.getLogger("scrapy-playwright").setLevel(logging.CRITICAL)

    async def show(self, asked: models.Request) -> RenderedPage:
        """A page once its scripts have come to rest.

        Raises:
            Refusal: the page itself did not come, or was not at rest in time, or the browser broke.
        """
        gate = PageGate(asked, partial(ask, self._crawler), self._scripts)
        async with self._places:
            try:
                async with asyncio.timeout(self._seconds):
                    return await self._shown(asked, gate)
            except TimeoutError as error:
                told = f"scripts not at rest after {self._seconds:g} s and {gate.asked} requests"
                raise Refusal(Outcome.TIMEOUT, told) from error
            except BrowserError as error:
                raise _refusal(gate, error) from error
            finally:
                gate.close()

    async def _shown(self, asked: models.Request, gate: PageGate) -> RenderedPage:
        await self._started()
        pages: list[Page] = []

        async def guard(page: Page, _request: Request) -> None:
            pages.append(page)
            if page.context not in self._sealed:
                await seal(page.context)
                self._sealed.add(page.context)
            await gate.guard(page)

        meta = {**PAGE, "playwright_context_kwargs": {**CONTEXT, "user_agent": self._agent}}
        request = Request(asked.url, meta={**meta, "playwright_page_init_callback": guard})
        try:
            response = await self.download_request(request)
        finally:
            for page in pages:
                await page.close()
        if not isinstance(gate.main, StoredExchange) or not isinstance(response, TextResponse):
            raise Refusal(Outcome.ERROR, "the browser shows something that is no page")
        return RenderedPage(response.text, gate.main)

    async def _started(self) -> None:
        """Start the driver; scrapy-playwright would with every crawl, whether it needs a browser or not."""
        async with self._starting:
            if not hasattr(self, "browser_provider"):
                await self._launch()


def _refusal(gate: PageGate, error: BrowserError) -> Refusal:
    """Why a page is not shown: what came of the page itself where that is no page, else what the browser says."""
    if gate.main is not None and gate.main.outcome is not Outcome.OK:
        told = gate.main.detail if isinstance(gate.main, StoredAttempt) else f"status {gate.main.capture.status}"
        return Refusal(gate.main.outcome, f"the page to be rendered did not come: {told}", wall_met(gate.main))
    return Refusal(Outcome.ERROR, f"the browser failed: {error.message.splitlines()[0]}")
