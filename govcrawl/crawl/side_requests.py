"""Asking for something beside the frontier: what a gate or a browser needs at once, past all gates of any request."""

from scrapy import Request
from scrapy.crawler import Crawler

from govcrawl import models
from govcrawl.warc import StoredAttempt, StoredExchange


async def ask(crawler: Crawler, asked: models.Request) -> StoredExchange | StoredAttempt:
    """What the archive has stored of one request; a refusal or a failed download is an attempt, handed on as one.

    Raises whatever kept the archive itself from storing it.
    """
    request = Request(
        asked.url, method=asked.method, headers=dict(asked.headers), body=asked.body, meta={"asked": asked}
    )
    failure: Exception | None = None
    try:
        await crawler.engine.download_async(request)
    except Exception as error:  # noqa: BLE001 - whatever went wrong is on record: that is what is handed on
        failure = error
    if "stored" not in request.meta:
        assert failure is not None
        raise failure
    stored: StoredExchange | StoredAttempt = request.meta["stored"]
    await crawler.engine.scraper.start_itemproc_async(stored, response=None)
    return stored
