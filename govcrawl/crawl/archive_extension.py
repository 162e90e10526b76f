"""One run's archive, opened before anything else and closed after everything: lock, WARC writer, database, ledger.

Opening, in this order: the folder is there and writable; no other process has it; the database is of the same origin;
what a killed run wrote to WARC and did not store is read and stored now (a torn end is cut off first). Closing: the end
of the run is written to WARC and database, coverage and gaps are worked out anew. A process that dies in between leaves
nothing that the next opening does not put right.
"""

import logging
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.utils.defer import deferred_from_coro

from govcrawl import __version__, portals
from govcrawl.archive import projection
from govcrawl.clock import today
from govcrawl.crawl import run_summary
from govcrawl.crawl.asked_hosts import AskedHosts
from govcrawl.crawl.shutdown import GracefulShutdown
from govcrawl.db.arrival import Arrival, Crawl
from govcrawl.db.connection import WriteError
from govcrawl.db.frontier import refresh_round
from govcrawl.db.frontier.ledger import Ledger, Wanted
from govcrawl.db.frontier.sibling_hosts import SiblingHost, sibling_hosts, store_sibling
from govcrawl.db.queries import run_totals
from govcrawl.db.queries.new_addresses import rows_with_new_addresses
from govcrawl.db.queries.portal_answers import PortalAnswers, portal_answers
from govcrawl.db.queries.run_yield import Yield, yield_of
from govcrawl.db.store import crawls
from govcrawl.errors import ArchiveError, ArchiveWriteError
from govcrawl.portals import Registry, registered_domain
from govcrawl.reading_pool import ReadingPool
from govcrawl.vocabulary import Origin
from govcrawl.warc import OVERLAY, ArchiveLock, ArchiveWriter, Event, prepare, recover
from govcrawl.warc.layout import RUNS
from govcrawl.warc.records import timestamp

_logger = logging.getLogger(__name__)

FAULTS_TOLERATED = 2  # items a pipeline may fail on before the crawl stops: more is a full disk or a broken database
WRITE_FAILED = "archive_write_failed"
STORE_FAILED = "store_failed"
_OF_SIBLING = ("host", "url", "link_name")
CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far machines that take turns at an archive may differ."""
RULES_BROKEN = "govcrawl/rules_broken"
"""The stat that names the data rules a finished crawl broke; it makes the exit code 1."""


def new_crawl(spider: str, arguments: Mapping[str, str], vantage: str = "") -> Crawl:
    """A run of a spider that begins now, called with some arguments; `vantage` is from where it claims to ask."""
    return Crawl(uuid.uuid4().hex[:16], spider, now(), __version__, arguments, today().isoformat(), vantage or None)


class OpenArchive:
    """Everything of an archive that a run writes to, open from construction to `close`.

    `wanted` are the portals and years that the run asks for; `pool` reads its responses and is ended with it. Raises
    ArchiveError where the folder cannot be used.
    """

    def __init__(self, root: Path, origin: Origin, crawl: Crawl, wanted: Wanted, pool: ReadingPool) -> None:
        self.crawl = crawl
        self.pool = pool
        self.registry: Registry = portals.load_registry()
        prepare(root)
        self.root = root
        self._wanted = wanted
        self.begins_round = False
        self._learnt: tuple[str, ...] = ()
        self._broken: list[str] = []
        self.lock = ArchiveLock(root)
        self.lock.acquire()
        self.connection = projection.open_projection(root, origin, self.registry)
        recovered = self._recover(root)
        if newer := newer_than_clock(crawls.newest_record(self.connection), datetime.now(UTC)):
            _logger.warning("%s", newer)
        crawls.crawl_started(self.connection, self.crawl)
        self.ledger = Ledger(self.connection, domain_of_address, crawl=self.crawl.id, wanted=wanted)
        self.writer = ArchiveWriter(
            root,
            origin=origin,
            software=f"govcrawl/{__version__}",
            registry_digest=self.registry.digest,
            vantage=crawl.vantage or "",
        )
        self._mark("start", self._start())
        known = chain.from_iterable(sibling_hosts(self.connection).values())
        self.hosts = AskedHosts(self.registry, known, self._admit)
        for arrival in recovered:
            self.hosts.look(arrival)

    def _start(self) -> dict[str, Any]:
        """What the start record says of the run: what a rebuild needs to read it as the crawl did."""
        crawl = self.crawl
        overlay = {name: text.decode() for name, text in self.registry.overlay.items()}
        told = {"day": crawl.day, "spider": crawl.spider, "arguments": dict(crawl.arguments), "version": crawl.version}
        return {**told, OVERLAY: overlay, **({"vantage": crawl.vantage} if crawl.vantage else {})}

    def wants(self, portal: str) -> bool:
        """Whether this run asks for a portal."""
        return portal in self._wanted.portals

    def begin(self, *, whole: bool) -> None:
        """Queue the known pages that are to be asked for again: those whose time has come, or (`whole`) all."""
        self.begins_round = not refresh_round.is_begun(self.connection, self._wanted)
        refresh_round.begin(self.connection, self.crawl.id, self._wanted, today(), time.time(), whole=whole)

    def brought(self) -> Yield:
        """What the run has asked for so far, and what of it was new."""
        return yield_of(self.connection, self.crawl.id, self._wanted)

    def answers(self) -> Mapping[str, PortalAnswers]:
        """How each portal that was asked answered so far, in this run and those that it continues."""
        return portal_answers(self.connection, self.crawl.id, self._wanted)

    def written(self) -> int:
        """How many bytes the run has written to WARC files."""
        return sum(self.writer.ends().values())

    def learnt(self, lines: tuple[str, ...]) -> None:
        """Have some lines about the registry written down with the end of the run."""
        self._learnt = lines

    def broke(self, line: str) -> None:
        """Have a data rule that the run broke written down with its end."""
        self._broken.append(line)

    def close(self, reason: str) -> None:
        """File the end of the run and close the files; the lock is still held."""
        self.pool.end()
        day, told = today().isoformat(), {"learnt": self._learnt, "rules_broken": self._broken}
        self._mark("end", {"day": day, "reason": reason, **{name: lines for name, lines in told.items() if lines}})
        crawls.mark_indexed(self.connection, *latest_file(self.writer.ends(), RUNS))
        self.writer.close()
        crawls.crawl_finished(self.connection, self.crawl.id, now(), reason, self._broken, day)
        for problem in projection.summed_up(self.connection, self.root):
            _logger.warning("%s", problem)
        returned = rows_with_new_addresses(self.connection, self.crawl.id, self._wanted)
        for line in run_summary.new_addresses(returned):
            _logger.warning("%s", line)
        for line in self._last_lines():
            _logger.info("%s", line)
        self.connection.close()

    def _last_lines(self) -> Iterator[str]:
        """What the run leaves behind, in a line each."""
        connection, crawl, wanted, answers = self.connection, self.crawl.id, self._wanted, self.answers()
        asked = Wanted(frozenset(answers), wanted.years)
        states = run_totals.coverage_states(connection, asked) if answers else Counter()
        yield run_summary.found_of_expected(states, sorted(wanted.years))
        yield run_summary.blocked(answers, self.registry)
        yield run_summary.unknown_length(run_totals.open_ended_lists(connection, crawl, wanted))
        siblings = {
            portal: tuple(one.host for one in found if not self.registry.allows(one.host))
            for portal, found in sibling_hosts(connection).items()
            if self.wants(portal)
        }
        yield from run_summary.to_register(siblings, run_totals.refused_hosts(connection, crawl), self.registry)
        yield run_summary.resting(run_totals.rests(connection, wanted, time.time()))

    def _admit(self, sibling: SiblingHost) -> None:
        """Mark a host that the run begins to ask in the archive, then in the database."""
        self._mark("host", {"portal": sibling.portal_id, **{name: getattr(sibling, name) for name in _OF_SIBLING}})
        store_sibling(self.connection, sibling, now(), self.crawl.id)

    def _recover(self, root: Path) -> tuple[Arrival, ...]:
        """Store what an earlier run archived and did not store, and say what was found torn or damaged."""
        recovery = recover(root, crawls.indexed_ends(self.connection))
        for cut in recovery.cuts:
            _logger.warning("%s: its torn end of %d bytes is kept as %s", cut.warc_file, cut.length, cut.kept_as)
        arrivals, problems = projection.catch_up(self.connection, recovery, self.registry, self.pool)
        for problem in (*recovery.problems, *problems):
            _logger.warning("%s", problem)
        for tail in recovery.tails:
            crawls.mark_indexed(self.connection, tail.warc_file, tail.end)
        if count := len(arrivals):
            _logger.info("%d responses of an earlier run were archived and not stored yet: stored now", count)
        return arrivals

    def _mark(self, event: Event, fields: Mapping[str, Any]) -> None:
        at = datetime.now(UTC)
        self.writer.write_crawl(None, event, at, {"id": self.crawl.id, **fields})
        crawls.note_mark(self.connection, *latest_file(self.writer.ends(), RUNS), timestamp(at))


class ArchiveExtension:
    """Scrapy extension that owns the open archive of a run."""

    def __init__(self, crawler: Crawler) -> None:
        self.archive = opened_for(crawler)
        self._crawler = crawler
        self._faults = 0
        self._halted = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ArchiveExtension":
        """Open the archive that `GOVCRAWL_ARCHIVE` names; raises ArchiveError where that cannot be."""
        extension = cls(crawler)
        crawler.signals.connect(extension.stopped, signal=signals.engine_stopped)
        return extension

    @classmethod
    def of(cls, crawler: Crawler) -> "ArchiveExtension":
        """The one instance of a running crawl."""
        extension = crawler.get_extension(cls)
        assert extension is not None
        return extension

    @contextmanager
    def storing(self) -> Iterator[None]:
        """What is done inside reads or stores an item. A fault leaves it to the next run, which has it from WARC."""
        try:
            yield
        except DropItem:
            raise
        except Exception:
            self._fault()
            raise

    def _fault(self) -> None:
        """Note that an item could not be stored; too many stop the crawl."""
        self._faults += 1
        self._crawler.stats.set_value(RULES_BROKEN, "every response is stored")
        if self._faults > FAULTS_TOLERATED:
            self.halt(
                STORE_FAILED, RuntimeError(f"{self._faults} responses could not be stored by a fault of govcrawl")
            )

    def halt(self, reason: str, error: Exception) -> None:
        """Stop the crawl because the archive cannot be written, and say so once."""
        self.stop(reason, f"{reason}: {error}; make room and start the same crawl again, nothing is lost")

    def stop(self, reason: str, line: str) -> None:
        """Stop the crawl with a finish reason, and say why, once."""
        if not self._halted:
            self._halted = True
            _logger.error("%s", line)
            GracefulShutdown.of(self._crawler).begin()
            deferred_from_coro(self._crawler.engine.close_spider_async(reason=reason))

    def stopped(self) -> None:
        """Close the archive after the last component has let go of it."""
        try:
            self.archive.close(str(self._crawler.stats.get_value("finish_reason")))
        except (ArchiveWriteError, WriteError) as error:
            self._not_noted(str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the run must not end as if all were well
            self._not_noted(f"{type(error).__name__}: {error}; run `govcrawl rebuild`")
        finally:
            self.archive.lock.release()

    def _not_noted(self, why: str) -> None:
        _logger.error("the end of the run could not be noted: %s", why)
        self._crawler.stats.set_value(RULES_BROKEN, "the end of every run is noted")


def opened_for(crawler: Crawler) -> OpenArchive:
    """The archive that a crawl's settings name, opened; raises ArchiveError where that cannot be."""
    root, spider = Path(crawler.settings["GOVCRAWL_ARCHIVE"]), crawler.spider
    origin = Origin.REPLICA if crawler.settings["GOVCRAWL_REPLICA"] else Origin.LIVE
    vantage = crawler.settings.get("GOVCRAWL_VANTAGE") or ""
    crawl = new_crawl(spider.name if spider else "", getattr(spider, "arguments", {}), vantage)
    pool = ReadingPool()
    try:
        archive = OpenArchive(root, origin, crawl, wanted_by(spider), pool)
        archive.begin(whole=crawler.settings.getbool("GOVCRAWL_SWEEP"))
    except BaseException as error:
        pool.end()
        if isinstance(error, WriteError):
            why = f"archive {root}: its database cannot be written ({error}): make room or mend it"
            raise ArchiveError(why) from error
        raise
    return archive


def newer_than_clock(newest: str | None, at: datetime) -> str | None:
    """Says that an archive holds what is later than the clock, and what to do; None if it does not."""
    if newest is None or newest <= timestamp(at + CLOCK_TOLERANCE):
        return None
    return (
        f"the archive holds a record of {newest}, the clock says {timestamp(at)}: set the clock right, "
        "or see with `govcrawl verify` which records are dated after now"
    )


def archive_of(crawler: Crawler) -> OpenArchive:
    """The archive a running crawl has open."""
    return ArchiveExtension.of(crawler).archive


def latest_file(ends: Mapping[str, int], folder: str) -> tuple[str, int]:
    """The file a folder's records were last appended to, and its end; file names sort in the order of their making."""
    warc_file = max(name for name in ends if name.startswith(f"{folder}/"))
    return warc_file, ends[warc_file]


def wanted_by(spider: Any) -> Wanted:
    """The portals and report years that a spider asks the ledger for."""
    return Wanted(frozenset(portal.id for portal in spider.portals), frozenset(spider.years))


def domain_of_address(url: str) -> str:
    """The registered domain of an address: the unit of politeness."""
    return registered_domain(urlsplit(url).hostname or "")


def now() -> str:
    """The time as archive and database write it: ISO 8601 in UTC, to the millisecond."""
    return timestamp(datetime.now(UTC))
