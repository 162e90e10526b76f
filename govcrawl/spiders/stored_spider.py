"""What every spider does with what comes back: it hands on what the archive has stored of it, and reads nothing."""

from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.http import Response


class StoredSpider(scrapy.Spider):
    """Turns each response and each failed attempt into one item: what the archive has stored of it."""

    def parse(self, response: Response) -> Iterator[Any]:
        """One item a response: what the archive has stored of it."""
        yield response.meta["stored"]

    def failed(self, failure: Any) -> Iterator[Any]:
        """One item a failed attempt: what the archive has stored of it (nothing, if the archive itself failed)."""
        stored = failure.request.meta.get("stored")
        if stored is not None:
            yield stored
