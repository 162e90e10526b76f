"""The replica mapping: a download handler that sends every request to the local replica under the portal's Host header.

It is the last thing before the wire, so the robots gate, the pace, WARC and the database see the portal's address only.
"""

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response

from govcrawl.crawl.single_send import OnceDownloadHandler


class ReplicaDownloadHandler(OnceDownloadHandler):
    """Handles `http` and `https` by asking `GOVCRAWL_REPLICA` and giving the answer back under the portal's address.

    The header `X-Replica-Scheme` tells the replica which scheme was asked for.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._base = crawler.settings["GOVCRAWL_REPLICA"].rstrip("/")

    async def downloaded(self, request: Request) -> Response:
        """The replica's answer; `url`, and what is said of a failure, name the portal's address again."""
        sent = mapped(request, self._base)
        try:
            response = await super().downloaded(sent)
        except DownloadTimeoutError as error:
            raise DownloadTimeoutError(str(error).replace(sent.url, request.url)) from error
        return response.replace(url=request.url)


def mapped(request: Request, base: str) -> Request:
    """The request that the replica at `base` understands: its address, the portal's host and scheme in headers."""
    parts = urlsplit(request.url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    sent = request.replace(url=base + path)
    sent.headers["Host"] = parts.netloc
    sent.headers["X-Replica-Scheme"] = parts.scheme
    return sent
