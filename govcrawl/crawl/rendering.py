"""Pages that are to be rendered: their answer is what a browser shows, everything else of a request is as ever.

The request has passed the registry and robots gates when it comes here, and goes no further: what the page loads,
itself included, passes all gates one by one. The tree that the browser shows is archived as a conversion of the page's
own answer.

Without a Chromium on the machine such pages are attempts that failed, and the crawl says how many portals need one.
"""

import asyncio
import logging
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse
from scrapy.utils.misc import load_object

from govcrawl import models, platforms
from govcrawl.crawl.download_outcomes import Refusal
from govcrawl.crawl.shutdown import GracefulShutdown
from govcrawl.errors import UsageError
from govcrawl.spiders.request_meta import ASKED, CONVERTED
from govcrawl.vocabulary import Outcome
from govcrawl.warc import Fetched, StoredExchange

if TYPE_CHECKING:
    from govcrawl.crawl.browser import Browser

_logger = logging.getLogger(__name__)

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""What a Chromium is called on the machines we know; the first that is there is used."""

HOW_TO = "install one (Debian: apt-get install chromium) or name it in GOVCRAWL_CHROMIUM"
BROWSER = "govcrawl.crawl.browser.Browser"  # takes a second to import: crawls that render nothing do not
CLOSING_SECONDS = 3.0  # a browser that hangs goes with the process
_RENDERED_TYPE = "text/html; charset=utf-8"


class Rendering:
    """Downloader middleware that answers requests for rendered pages.

    `path` is that of a Chromium, None where there is none. `CONVERTED` is left for the archive: the
    stored answer that the browser made its page from.
    """

    def __init__(self, crawler: Crawler, path: str | None) -> None:
        self._crawler = crawler
        self._path = path
        self._stopping = GracefulShutdown.of(crawler)
        self._browser: Browser | None = None
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._unshown: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Rendering":
        """Build without a browser: that is started when a page needs it. UsageError for one named that is not there."""
        rendering = cls(crawler, find_chromium(crawler.settings["GOVCRAWL_CHROMIUM"]))
        crawler.signals.connect(rendering.closed, signal=signals.spider_closed)
        return rendering

    async def process_request(self, request: Request) -> HtmlResponse | None:
        """The page as a browser shows it, for a request that asks for that; raises Refusal where none can be shown."""
        asked = ASKED.of(request)
        if not platforms.is_rendered(asked):
            return None
        shown = await self._stopping.in_flight(self._ready(asked).show(asked))
        tree = shown.tree.encode("utf-8", "replace")
        if len(tree) > self._limit:
            raise Refusal(Outcome.TOO_LARGE, f"the rendered page is over {self._limit} bytes")
        CONVERTED.put(request, shown.source)
        return HtmlResponse(asked.url, body=tree, headers={"Content-Type": _RENDERED_TYPE}, request=request)

    async def closed(self) -> None:
        """Stop the browser, and say what went unseen for want of one."""
        if self._browser is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSING_SECONDS):
                    await self._browser.close()
        if self._unshown:
            _logger.warning("%d portals need a browser, and no Chromium was found: %s", len(self._unshown), HOW_TO)

    def _ready(self, asked: models.Request) -> "Browser":
        """The browser, started at need; raises Refusal where the machine has none."""
        if self._path is None:
            self._unshown.add(asked.portal)
            raise Refusal(Outcome.ERROR, f"the page needs a browser and no Chromium was found: {HOW_TO}")
        if self._browser is None:
            self._browser = load_object(BROWSER)(self._crawler, self._path)
        return self._browser


def find_chromium(given: str, names: Iterable[str] = NAMES) -> str | None:
    """The path of the browser: of the one given, else of the first found by name; None where there is none.

    Raises:
        UsageError: the one given is not there.
    """
    if given and shutil.which(given) is None:
        raise UsageError(f"GOVCRAWL_CHROMIUM={given}: no program is there; give the path of a Chromium or leave it out")
    return next(filter(None, map(shutil.which, (given,) if given else names)), None)


def converted(body: bytes, source: StoredExchange) -> Fetched:
    """A rendered page as it is to be kept, under the address of the answer it was made from."""
    headers = (("Content-Type", _RENDERED_TYPE),)
    return Fetched(datetime.now(UTC), source.capture.url, 200, "OK", headers, body, body, "text/html")
