"""How Scrapy's own events read in the log: an item is named by its address, never printed with its page."""

from typing import Any

from itemadapter import ItemAdapter
from scrapy.logformatter import LogFormatter, LogFormatterResult


class BriefLogFormatter(LogFormatter):
    """Scrapy's log formatter with items cut down to the address they are about."""

    def scraped(self, item: Any, response: Any, spider: Any) -> None:  # type: ignore[override]
        """Nothing: `progress` tells of items."""
        del item, response, spider

    def dropped(self, item: Any, exception: BaseException, response: Any, spider: Any) -> LogFormatterResult:
        """An item that could not be stored, by its address."""
        return super().dropped(ItemAdapter(item)["url"], exception, response, spider)

    def item_error(self, item: Any, exception: BaseException, response: Any, spider: Any) -> LogFormatterResult:
        """A fault of a pipeline, by the address of the item it failed on."""
        return super().item_error(ItemAdapter(item)["url"], exception, response, spider)
