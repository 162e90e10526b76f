"""The last step to the wire: every request is sent once.

Twisted sends a request again by itself where a kept connection breaks before the answer. That second one would reach
the server without its turn in the pace, and without a trace in the archive; the frontier asks again, in good time.
"""

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler


class OnceDownloadHandler(HTTP11DownloadHandler):
    """Handles `http` and `https` as Scrapy does, but never sends a request a second time."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False
