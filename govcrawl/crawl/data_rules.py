"""Data rules that a crawl must keep: a broken one is named in the log, stops what broke it, and makes the exit code 1.

What has no end is stopped while it is walked (see `endless`); how much was seen is judged at the end of a run that saw
every list (see `expectations`). Nothing is ever deleted because of a rule.
"""

import logging
from collections import defaultdict

from scrapy import signals
from scrapy.crawler import Crawler

from govcrawl.clock import today
from govcrawl.crawl import completeness_rules
from govcrawl.crawl.archive_extension import RULES_BROKEN, archive_of
from govcrawl.crawl.items import arrival_stored
from govcrawl.crawl.trap_rules import BrokenRule, TrapWatch
from govcrawl.db.arrival import Arrival
from govcrawl.db.queries.crawl_summary import by_portal, listed_years, reports_by_year
from govcrawl.db.queries.portal_answers import PORTALS_ANSWER
from govcrawl.db.store.crawls import FINISHED

_logger = logging.getLogger(__name__)


class DataRules:
    """Extension that holds a crawl to the rules.

    Only a run that walks all years from the beginning of a round sees every list, so only of such a run is it asked
    whether lists shrank.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._watch = TrapWatch()
        self._told: set[tuple[str, str, str | None]] = set()
        self._seen: dict[str, set[str]] = defaultdict(set)
        self._sees_all = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "DataRules":
        """Build and follow the crawl."""
        rules = cls(crawler)
        crawler.signals.connect(rules.opened, signal=signals.spider_opened)
        crawler.signals.connect(rules.arrived, signal=arrival_stored)
        crawler.signals.connect(rules.closed, signal=signals.spider_closed)
        return rules

    def opened(self) -> None:
        """Note whether this run begins a round."""
        archive = archive_of(self._crawler)
        self._sees_all = archive.begins_round and "year" not in archive.crawl.arguments

    def arrived(self, item: Arrival) -> None:
        """Note the rows that a list showed, and walk no further what has no end."""
        if item.page is not None:
            self._seen[item.request.portal].update(row.url for row in item.page.rows)
        if broken := self._watch.look(item):
            self._stop(item.request.portal, broken)

    def closed(self, reason: str) -> None:
        """Judge a run that has come to its end."""
        if reason != FINISHED:
            return
        if self._sees_all:
            self._judge_lists()
        self._judge_years()
        self._judge_answers()

    def _stop(self, portal: str, broken: BrokenRule) -> None:
        archive_of(self._crawler).ledger.give_up(portal, broken.key)
        if (portal, broken.rule, broken.key) not in self._told:
            self._told.add((portal, broken.rule, broken.key))
            self._tell(broken.rule, broken.line)

    def _judge_lists(self) -> None:
        archive = archive_of(self._crawler)
        known = {row.portal_id: row.listed for row in by_portal(archive.connection) if archive.wants(row.portal_id)}
        seen = {portal: len(self._seen.get(portal, ())) for portal in known}
        for line in completeness_rules.shrunk(seen, known):
            self._tell("lists_do_not_shrink", line)

    def _judge_years(self) -> None:
        archive, spider = archive_of(self._crawler), self._crawler.spider
        reports = reports_by_year(archive.connection)
        organs = {key: len(archive.registry[key].organs) for key, _ in reports if archive.wants(key)}
        years = listed_years(archive.connection).intersection(getattr(spider, "years", ()))
        for line in completeness_rules.fewer(reports, organs, years, today()):
            self._tell("as_many_as_last_year", line)

    def _judge_answers(self) -> None:
        archive = archive_of(self._crawler)
        answers = archive.answers()
        for line in completeness_rules.as_expected(answers, archive.registry):
            _logger.info("%s", line)
        for line in completeness_rules.unanswered(answers, archive.registry):
            self._tell(PORTALS_ANSWER, line)

    def _tell(self, rule: str, line: str) -> None:
        _logger.error("%s: %s", rule, line)
        archive_of(self._crawler).broke(f"{rule}: {line}")
        self._crawler.stats.set_value(RULES_BROKEN, rule)
