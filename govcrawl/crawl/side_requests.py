"""Asking for something beside the frontier: what a gate or a browser needs at once, past all gates of any request."""

from scrapy import Request
from scrapy.crawler import Crawler

from govcrawl import models
from govcrawl.spiders.request_meta import STORED, meta_of
from govcrawl.warc import StoredAttempt, StoredExchange


async def ask(crawler: Crawler, asked: models.Request) -> StoredExchange | StoredAttempt:
    """What the archive has stored of one request; a refusal or a failed download is an attempt, handed on as one.

    Raises whatever kept the archive itself from storing it.
    """
    request = Request(asked.url, method=asked.method, headers=dict(asked.headers), body=asked.body, meta=meta_of(asked))
    failure: Exception | None = None
    try:
        await crawler.engine.download_async(request)
    except Exception as error:  # noqa: BLE001 - whatever went wrong is on record: that is what is handed on
        failure = error
    if STORED.get(request) is None:
        assert failure is not None
        raise failure
    stored = STORED.of(request)
    await crawler.engine.scraper.start_itemproc_async(stored, response=None)
    return stored
