"""The pipelines: what an item becomes, when it is tried again, and what a database that cannot be written does."""

import asyncio
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import DropItem
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from scrapy.statscollectors import MemoryStatsCollector

from govcrawl import models, portals
from govcrawl.crawl.archive_extension import RULES_BROKEN, STORE_FAILED, ArchiveExtension, domain_of_address
from govcrawl.crawl.items import arrival_stored
from govcrawl.crawl.scheduler import LedgerScheduler
from govcrawl.crawl.shutdown import GracefulShutdown, Stopped
from govcrawl.db import schema, store
from govcrawl.db.arrival import Arrival, Crawl
from govcrawl.db.connection import WriteError, open_database
from govcrawl.db.frontier.ledger import Ledger
from govcrawl.db.store import crawls
from govcrawl.db.store.registry import sync_portals
from govcrawl.errors import LimitError
from govcrawl.pipelines import ReadPipeline, StorePipeline
from govcrawl.vocabulary import IssueKind, LedgerState, Origin, Outcome, Role
from govcrawl.warc import StoredAttempt

ASKED = models.Request("330100", "hanweb-jpage", Role.LIST, "http://www.hangzhou.gov.cn/col/col1/index.html")
SPIDER = SimpleNamespace(parse=lambda *_: None, failed=lambda *_: None)
AT = "2026-02-01T00:00:00.000Z"


class Keeper:
    """Stands for the extension that owns the open archive."""

    def __init__(self, connection) -> None:
        run = Crawl("0123456789abcdef", "zhejiang", AT, "0.1.0")
        crawls.crawl_started(connection, run)
        ledger = Ledger(connection, domain_of_address, crawl=run.id)
        self.looked: list[Arrival] = []
        hosts = SimpleNamespace(look=self.looked.append)
        registry = portals.load_registry()
        self.archive = SimpleNamespace(
            connection=connection, ledger=ledger, hosts=hosts, registry=registry, root=Path("archive")
        )
        self.halts: list[str] = []

    def halt(self, reason: str, _error: Exception) -> None:
        self.halts.append(reason)

    def storing(self):
        return nullcontext()


@pytest.fixture
def keeper(tmp_path):
    schema.create(tmp_path / "govcrawl.db", Origin.REPLICA)
    connection = open_database(tmp_path / "govcrawl.db")
    sync_portals(connection, portals.load_registry().province("zhejiang"))
    yield Keeper(connection)
    connection.close()


@pytest.fixture
def scheduler(keeper):
    scheduler = LedgerScheduler(keeper.archive.ledger, lambda _: 0.0, 10.0, lambda _: None)
    scheduler.open(SPIDER)
    scheduler.enqueue_request(Request(ASKED.url, meta={"asked": ASKED}))
    return scheduler


@pytest.fixture
def crawler(keeper, scheduler):
    stopping = SimpleNamespace(in_flight=lambda reading: reading)
    return SimpleNamespace(
        settings=Settings({"GOVCRAWL_BACKOFF": 60.0}),
        get_extension=lambda kind: stopping if kind is GracefulShutdown else keeper,
        stopping=stopping,
        engine=SimpleNamespace(scheduler=scheduler),
        signals=SignalManager(),
    )


@pytest.fixture
def pipeline(crawler):
    return StorePipeline.from_crawler(crawler)


def arrival(outcome: Outcome, http_status: int | None = None) -> Arrival:
    return Arrival(ASKED, outcome, AT, http_status=http_status)


TIMED_OUT = StoredAttempt(ASKED, Outcome.TIMEOUT, AT, "took too long", None, "330100/330100-1.warc.gz", 99)


def read_by(crawler, call_in_turn, item=TIMED_OUT) -> Arrival:
    """What the first pipeline makes of an item, with readers that do something else."""
    crawler.get_extension(None).archive.pool = SimpleNamespace(call_in_turn=call_in_turn)
    return asyncio.run(ReadPipeline.from_crawler(crawler).process_item(item))


async def in_this_process(read, *arguments):
    return read(*arguments)


def test_an_attempt_that_gave_no_response_becomes_an_arrival_with_its_outcome(crawler):
    read = read_by(crawler, in_this_process)

    assert crawler.get_extension(None).looked == [read]
    assert (read.request, read.outcome, read.detail) == (ASKED, Outcome.TIMEOUT, "took too long")
    assert (read.archive_file, read.archive_end) == ("330100/330100-1.warc.gz", 99)


def test_an_item_whose_reading_is_cut_off_is_stored_as_such(crawler):
    async def cut_off(*_):
        raise LimitError("it takes too long")

    read = read_by(crawler, cut_off)

    assert read.outcome is Outcome.ERROR
    assert [(one.kind, one.detail) for one in read.issues] == [
        (IssueKind.REFUSED_LIMIT, "LimitError: it takes too long")
    ]


def test_an_item_that_the_end_of_the_run_overtakes_is_left_to_the_next(crawler):
    async def stopped(reading):
        reading.close()
        raise Stopped("the run is to end")

    crawler.stopping.in_flight = stopped

    with pytest.raises(DropItem, match="the next run reads it"):
        read_by(crawler, in_this_process)
    assert crawler.get_extension(None).looked == []


def test_a_failed_attempt_stays_queued_and_a_last_one_does_not(keeper, scheduler, pipeline):
    states = []
    for second in range(3):
        assert scheduler.next_request() is not None
        stored = pipeline.process_item(Arrival(ASKED, Outcome.TIMEOUT, f"2026-02-01T00:00:0{second}.000Z"))
        scheduler.stored(stored)
        states.append(keeper.archive.ledger.counts())
        keeper.archive.connection.execute("UPDATE frontier SET due_at = 0 WHERE state = 'queued'")

    assert states == [
        {(Role.LIST, LedgerState.QUEUED): 1},
        {(Role.LIST, LedgerState.QUEUED): 1},
        {(Role.LIST, LedgerState.FAILED): 1},
    ]


def test_an_answer_is_never_asked_for_again(keeper, scheduler, pipeline):
    scheduler.next_request()

    assert pipeline.process_item(arrival(Outcome.OK, 200)).retry_at is None
    assert keeper.archive.ledger.counts() == {(Role.LIST, LedgerState.DONE): 1}


def test_a_robots_txt_is_stored_as_an_attempt_and_never_queued(keeper, pipeline):
    robots = models.Request("330100", "hanweb-jpage", Role.ROBOTS, "http://www.hangzhou.gov.cn/robots.txt")

    assert pipeline.process_item(Arrival(robots, Outcome.TIMEOUT, AT)).retry_at is None

    assert keeper.archive.connection.execute("SELECT role, outcome FROM attempts").fetchall() == [("robots", "timeout")]
    assert keeper.archive.ledger.counts() == {(Role.LIST, LedgerState.QUEUED): 1}


def test_a_database_that_cannot_be_written_stops_the_crawl_and_loses_no_request(
    keeper, scheduler, pipeline, monkeypatch
):
    def full(*_args):
        raise WriteError("database or disk is full")

    monkeypatch.setattr(store, "arrive", full)
    scheduler.next_request()

    with pytest.raises(DropItem, match="disk is full"):
        pipeline.process_item(arrival(Outcome.OK, 200))

    assert keeper.halts == [STORE_FAILED]
    assert keeper.archive.ledger.counts() == {(Role.LIST, LedgerState.QUEUED): 1}


def test_what_is_stored_is_told_before_any_other_pipeline_has_the_item(crawler, scheduler, pipeline):
    told = {}
    crawler.signals.connect(lambda item: told.update(item=item), signal=arrival_stored, weak=False)
    scheduler.next_request()

    stored = pipeline.process_item(arrival(Outcome.OK, 200))

    assert told == {"item": stored}


def test_a_fault_of_ours_is_counted_and_an_item_that_was_dropped_is_not():
    crawler = SimpleNamespace(stats=MemoryStatsCollector(SimpleNamespace(settings=Settings())))
    extension = ArchiveExtension.__new__(ArchiveExtension)
    extension._crawler, extension._faults = crawler, 0

    with pytest.raises(DropItem), extension.storing():
        raise DropItem("the disk is full")
    assert crawler.stats.get_value(RULES_BROKEN) is None

    with pytest.raises(ValueError, match="a fault"), extension.storing():
        raise ValueError("a fault")
    assert crawler.stats.get_value(RULES_BROKEN) == "every response is stored"
