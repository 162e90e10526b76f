"""The last step to the wire: every request is sent once, and waited for as long as the run may wait.

Twisted sends a request again by itself where a kept connection breaks before the answer. That second one would reach
the server without its turn in the pace, and without a trace in the archive; the frontier asks again, in good time.
"""

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from govcrawl.crawl.connections import TRACING, TracedPool, Tracing
from govcrawl.crawl.download_outcomes import failure_of
from govcrawl.crawl.shutdown import GracefulShutdown, Stopped
from govcrawl.crawl.tls import TellingPolicy
from govcrawl.spiders.request_meta import FAILURE, TLS


class OnceDownloadHandler(HTTP11DownloadHandler):
    """Handles `http` and `https` as Scrapy does, but never sends a request a second time.

    It leaves on the request what was agreed with a TLS server, and what is to be said of a failure.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False
        self._pool = TracedPool(self._pool)  # type: ignore[assignment]
        self._stopping = GracefulShutdown.of(crawler)
        is_checking = crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
        self._contextFactory = TellingPolicy(self._contextFactory, is_checking=is_checking)  # type: ignore[assignment]

    async def download_request(self, request: Request) -> Response:
        """The answer; raises Stopped where the run ends before it comes."""
        tracing = Tracing()
        TRACING.set(tracing)
        try:
            response = await self._stopping.in_flight(self.downloaded(request))
            return _marked_if_reset(response, tracing)
        except Stopped:
            raise
        except Exception as error:
            FAILURE.put(request, failure_of(error, tracing))
            raise
        finally:
            if facts := tracing.tls:
                TLS.put(request, facts)

    async def downloaded(self, request: Request) -> Response:
        """The answer as Scrapy gives it."""
        return await super().download_request(request)


def _marked_if_reset(response: Response, tracing: Tracing) -> Response:
    """An answer without a length ends with its connection; where that was reset, it was cut, which Scrapy lets pass."""
    if "partial" not in response.flags or not tracing.was_reset:
        return response
    return response.replace(flags=[*response.flags, "dataloss"])
