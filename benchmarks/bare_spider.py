"""The reference arm: a Scrapy spider that fetches a list of addresses and does nothing else with them.

Same server, same number of requests in flight per host, no delay on either side, nothing logged.
Run by `benchmarks.crawling`: `python -m benchmarks.bare_spider BASE ADDRESSES.json` prints pages and seconds as JSON.
"""

import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess


class BareSpider(scrapy.Spider):
    """Fetches every address once, through the replica by Host header."""

    name = "bare"

    def __init__(self, base: str, addresses: list[str]) -> None:
        super().__init__()
        self.base, self.addresses, self.pages = base, addresses, 0

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """One request an address, all known at once: the best case for Scrapy."""
        for address in self.addresses:
            parts = urlsplit(address)
            url = f"{self.base}{parts.path}{'?' + parts.query if parts.query else ''}"
            headers = {"Host": parts.netloc, "X-Replica-Scheme": parts.scheme}
            yield scrapy.Request(url, headers=headers, dont_filter=True, meta={"download_slot": parts.netloc})

    def parse(self, response: scrapy.http.Response) -> None:
        """Count the page; a real spider would do more."""
        self.pages += len(response.body) > 0


def main(base: str, addresses: Path) -> dict[str, Any]:
    """Crawl; pages and the seconds between the first request and the last response."""
    process = CrawlerProcess(
        {
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "ROBOTSTXT_OBEY": False,
            "CONCURRENT_REQUESTS": 64,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": 0,
            "HTTPERROR_ALLOW_ALL": True,
        }
    )
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, base=base, addresses=json.loads(addresses.read_text(encoding="utf-8")))
    started = time.process_time()
    process.start()
    stats = crawler.stats.get_stats()
    return {
        "pages": stats["response_received_count"],
        "seconds": stats["elapsed_time_seconds"],
        "cpu": time.process_time() - started,
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
