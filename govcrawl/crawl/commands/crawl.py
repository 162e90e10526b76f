"""`scrapy crawl` with the project's exit codes: 0 done, 1 stopped early or a rule broken, 2 wrong usage.

Whatever the user can put right is one line on stderr, before anything is started where that is possible, and never a
traceback. A traceback means a fault of ours.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError as ScrapyUsageError
from scrapy.extensions.feedexport import FileFeedStorage
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.misc import load_object

from govcrawl.crawl.archive_extension import RULES_BROKEN
from govcrawl.db.store.crawls import FINISHED
from govcrawl.errors import GovcrawlError, UsageError
from govcrawl.terminal import say

_logger = logging.getLogger(__name__)

QUIET = (
    "scrapy.utils.log", "scrapy.crawler", "scrapy.addons", "scrapy.middleware", "scrapy.core.engine",
    "scrapy.core.downloader.handlers.http11",
)  # fmt: skip
"""Loggers that say at INFO what only Scrapy's developers want to know; `-L DEBUG` brings them back."""


OWN_PIPELINES = ("govcrawl.pipelines.ReadPipeline", "govcrawl.pipelines.StorePipeline")


class Command(ScrapyCrawl):
    """Scrapy's command, its arguments checked first and its ending told by the exit code."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the options and check them against what exists."""
        super().process_options(args, opts)
        assert self.settings is not None
        if self.settings["LOG_LEVEL"] != "DEBUG":
            logging.disable(logging.INFO)  # until `run`: while Scrapy builds its process it tells of itself alone
        try:
            check_usage(self.settings, args, opts.spargs)
            check_pipelines(self.settings)
            check_feeds(self.settings)
        except GovcrawlError as error:
            exit_with(error)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl; the exit code says how it ended."""
        assert self.crawler_process is not None
        if logging.root.manager.disable:
            logging.disable(logging.NOTSET)
            for name in QUIET:
                logging.getLogger(name).setLevel(logging.WARNING)
        crawler = self._create_crawler(args[0])
        task = self.crawler_process.crawl(crawler, **opts.spargs)
        assert isinstance(task, asyncio.Task)
        task.add_done_callback(partial(self._ended, crawler))
        self.exitcode = 1  # until it has ended: a signal may come before it has begun
        self.crawler_process.start()

    def _ended(self, crawler: Crawler, task: "asyncio.Task[None]") -> None:
        self.exitcode = exit_code(crawler, None if task.cancelled() else task.exception())


def check_usage(settings: BaseSettings, args: list[str], spider_arguments: dict[str, str]) -> None:
    """Raise UsageError for a spider or an argument that does not exist, before any log line is written."""
    if len(args) != 1:
        raise ScrapyUsageError
    loader = get_spider_loader(settings)
    if args[0] not in loader.list():
        raise UsageError(f"there is no spider {args[0]!r}; there are: {', '.join(sorted(loader.list()))}")
    loader.load(args[0])(**spider_arguments)


def check_pipelines(settings: BaseSettings) -> None:
    """Raise UsageError unless every item is stored before a pipeline of a user has it."""
    read, store = map(load_object, OWN_PIPELINES)
    try:
        numbers = {
            load_object(each): number for each, number in settings["ITEM_PIPELINES"].items() if number is not None
        }
    except (ImportError, NameError, ValueError) as error:
        raise UsageError(f"ITEM_PIPELINES: {error}; give the path of a class") from error
    if store not in numbers:
        raise UsageError(f"ITEM_PIPELINES lacks {OWN_PIPELINES[-1]}; add yours to those of govcrawl.settings")
    for pipeline, number in numbers.items():
        if number <= numbers[store] and pipeline is not store and not issubclass(pipeline, read):
            name = f"{pipeline.__module__}.{pipeline.__qualname__}"
            raise UsageError(
                f"ITEM_PIPELINES: {name} has {number}; items are stored first, give it more than {numbers[store]}"
            )


def check_feeds(settings: BaseSettings) -> None:
    """Raise UsageError for a feed's file that cannot be written; Scrapy would say so anew for every item."""
    for path in _feed_files(map(str, settings["FEEDS"])):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.open("ab").close()
        except OSError as error:
            raise UsageError(f"feed {path}: {error.strerror}; name a file you may write to") from error


def _feed_files(uris: Iterable[str]) -> Iterator[Path]:
    """The files that feeds are written to; a name with placeholders is not known before the spider is there."""
    for uri in uris:
        if urlsplit(uri).scheme in {"", "file"} and "%(" not in uri:
            yield Path(FileFeedStorage(uri).path)


def exit_with(error: GovcrawlError) -> NoReturn:
    """End the process with the error's line and exit code."""
    tell(error)
    sys.exit(error.exit_code)


def tell(error: GovcrawlError) -> None:
    """Print the error as one line on stderr."""
    say(f"govcrawl: {error}", error=True)


def exit_code(crawler: Crawler, error: BaseException | None) -> int:
    """The exit code a crawl ends with; what stopped it from starting is told here."""
    if isinstance(error, GovcrawlError):
        tell(error)
        return error.exit_code
    if error is not None:
        _logger.error("the crawl failed by a fault of govcrawl", exc_info=error)
        return 1
    reason = crawler.stats.get_value("finish_reason")
    return 0 if reason == FINISHED and not crawler.stats.get_value(RULES_BROKEN) else 1
