"""How the log reads: an event is one line, and an item is named by its address, never printed with its page."""

import logging
from copy import copy
from typing import Any, Self

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.utils.log import get_scrapy_root_handler

from govcrawl.terminal import escaped, escaped_lines


class OneLineFormatter(logging.Formatter):
    """Formats as another formatter does, with nothing in a message that acts on a terminal or makes a second line."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self._formatter = formatter

    def format(self, record: logging.LogRecord) -> str:
        """The line of an event; of a fault of ours also the lines of its traceback."""
        safe = copy(record)
        safe.msg, safe.args = escaped(record.getMessage()), None
        return escaped_lines(self._formatter.format(safe))


class BriefLogFormatter(LogFormatter):
    """Scrapy's log formatter with items cut down to the address they are about."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Builds the formatter of a crawl; every line that Scrapy's own handler writes from now on is made safe."""
        del crawler
        handler = get_scrapy_root_handler()
        if handler is not None:  # a program that runs crawls may write its log in another way
            handler.setFormatter(OneLineFormatter(handler.formatter or logging.Formatter()))
        return cls()

    def scraped(self, item: Any, response: Any, spider: Any) -> None:  # type: ignore[override]
        """Nothing: `progress` tells of items."""
        del item, response, spider

    def dropped(self, item: Any, exception: BaseException, response: Any, spider: Any) -> LogFormatterResult:
        """An item that could not be stored, by its address."""
        told = super().dropped(ItemAdapter(item)["url"], exception, response, spider)
        return {**told, "msg": "Dropped: %(exception)s %(item)s"}

    def item_error(self, item: Any, exception: BaseException, response: Any, spider: Any) -> LogFormatterResult:
        """A fault of a pipeline, by the address of the item it failed on."""
        return super().item_error(ItemAdapter(item)["url"], exception, response, spider)
