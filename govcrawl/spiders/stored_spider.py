"""What every spider does with what comes back: it hands on what the archive has stored of it, and reads nothing."""

from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.http import Response

from govcrawl.spiders.request_meta import STORED


class StoredSpider(scrapy.Spider):
    """Turns each response and each failed attempt into one item: what the archive has stored of it."""

    def parse(self, response: Response) -> Iterator[Any]:
        """One item a response: what the archive has stored of it."""
        yield STORED.of(response)

    def failed(self, failure: Any) -> Iterator[Any]:
        """One item a failed attempt: what the archive has stored of it (nothing, if the archive itself failed)."""
        stored = STORED.get(failure.request)
        if stored is not None:
            yield stored
