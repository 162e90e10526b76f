"""Documents in several pages: their parts are asked for with the first page, and archived as one page beside it.

Each part passes the gates of any request. What is made of them is a conversion of the first page's answer, as a
rendered page is; a part that does not come is missing from it, and its tables are reported as missing.
"""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from govcrawl import models, platforms
from govcrawl.crawl.archive_extension import WRITE_FAILED, ArchiveExtension
from govcrawl.crawl.side_requests import ask
from govcrawl.errors import ArchiveWriteError
from govcrawl.spiders.request_meta import STORED
from govcrawl.vocabulary import Outcome, Role
from govcrawl.warc import ArchiveWriter, Fetched, StoredExchange

_JOINED_TYPE = "text/html; charset=utf-8"


class DocumentParts:
    """Downloader middleware that makes one page of a document's pages and leaves it as what was stored."""

    def __init__(
        self,
        crawler: Crawler,
        writer: ArchiveWriter,
        stop: Callable[[str, Exception], None],
        at: Callable[[str, str], models.Portal],
    ) -> None:
        self._crawler = crawler
        self._writer = writer
        self._stop = stop
        self._at = at

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "DocumentParts":
        """Build over the archive that the run has open."""
        keeper = ArchiveExtension.of(crawler)
        return cls(crawler, keeper.archive.writer, keeper.halt, keeper.archive.registry.at)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Ask for the parts of a document that came new and whole, and keep what they are together."""
        stored = STORED.get(request)
        if not isinstance(stored, StoredExchange) or stored.outcome is not Outcome.OK:
            return response
        portal = self._at(stored.exchange.request.portal, stored.exchange.request.url)
        if not platforms.parts_of(stored.exchange, portal):
            return response
        parts = [part async for part in self._parts(stored.exchange, portal)]
        await self._crawler.engine.scraper.start_itemproc_async(stored, response=None)
        self._keep(request, stored, parts)
        return response

    async def _parts(self, first: models.Exchange, portal: models.Portal) -> AsyncIterator[models.Response]:
        """The parts that came, in their order; a part may name further ones."""
        waiting, seen = list(platforms.parts_of(first, portal)), {first.response.url}
        while waiting and len(seen) <= platforms.MAX_PARTS:
            url = waiting.pop(0)
            if url in seen:
                continue
            seen.add(url)
            asked = models.Request(
                first.request.portal, first.request.platform, Role.EMBEDDED, url, key=first.request.url
            )
            came = await ask(self._crawler, asked)
            if isinstance(came, StoredExchange) and came.outcome is Outcome.OK and came.capture.status == 200:
                yield came.exchange.response
                as_document = models.Exchange(first.request, came.exchange.response)
                waiting += platforms.parts_of(as_document, portal, first.response.url)

    def _keep(self, request: Request, first: StoredExchange, parts: list[models.Response]) -> None:
        """Store the whole as a conversion of the first page's answer, and leave it on the request."""
        asked, body = first.exchange.request, platforms.joined_parts(first.exchange.response, parts)
        headers = (("Content-Type", _JOINED_TYPE),)
        whole = Fetched(datetime.now(UTC), first.capture.url, 200, "OK", headers, body, body, "text/html")
        try:
            capture = self._writer.write_conversion(asked, whole, Outcome.OK, first.capture)
        except ArchiveWriteError as error:
            self._stop(WRITE_FAILED, error)
            raise
        exchange = models.Exchange(asked, models.Response(whole.url, whole.status, whole.headers, body))
        end = self._writer.ends()[capture.warc_file]
        STORED.put(request, StoredExchange(capture, exchange, Outcome.OK, capture.warc_file, end))
