import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from scrapy import Request

from govcrawl import models
from govcrawl.crawl.archive_extension import domain_of_address
from govcrawl.crawl.scheduler import LedgerScheduler, Turns
from govcrawl.db import schema
from govcrawl.db.arrival import Arrival
from govcrawl.db.connection import open_database
from govcrawl.db.frontier.ledger import Ledger
from govcrawl.models import Queued
from govcrawl.vocabulary import LedgerState, Origin, Outcome, Role
from govcrawl.warc import StoredAttempt

SPIDER = SimpleNamespace(parse=lambda *_: None, failed=lambda *_: None)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def asked(host: str, path: str = "", role: Role = Role.LIST) -> models.Request:
    return models.Request("330100", "hanweb-jpage", role, f"http://{host}/{path}")


def document(host: str, path: str, index_number: str | None = None) -> Queued:
    return Queued(asked(host, path, Role.DOCUMENT), 2023, index_number)


class Run:
    """A scheduler over a real ledger, its waits and alarms in view."""

    def __init__(self, ledger: Ledger, patience: float = 10.0) -> None:
        self.ledger = ledger
        self.clock = Clock()
        self.waits: dict[str, float] = {}
        self.alarms: list[float] = []
        self.scheduler = LedgerScheduler(
            ledger,
            lambda request: self.waits.get(domain_of_address(request.url), 0.0),
            patience,
            self.alarms.append,
            self.clock,
        )
        self.scheduler.open(SPIDER)

    def seed(self, request: models.Request) -> None:
        self.scheduler.enqueue_request(Request(request.url, meta={"asked": request}))

    def next(self) -> str | None:
        request = self.scheduler.next_request()
        return request and request.url.removeprefix("http://")

    def settle(self, request: models.Request, *queued: Queued, retry_at: float | None = None) -> None:
        """As the pipelines do."""
        outcome = Outcome.OK if retry_at is None else Outcome.TIMEOUT
        state = LedgerState.DONE if retry_at is None else LedgerState.QUEUED
        self.ledger.enqueue(queued, time.time())
        self.ledger.settle(request, state, "2026-02-01T00:00:00Z", retry_at)
        self.scheduler.stored(Arrival(request, outcome, "2026-02-01T00:00:00Z", queued=queued, retry_at=retry_at))


@pytest.fixture
def ledger(tmp_path):
    path = tmp_path / "govcrawl.db"
    schema.create(path, Origin.REPLICA)
    connection = open_database(path)
    yield Ledger(connection, domain_of_address)
    connection.close()


@pytest.fixture
def run(ledger):
    return Run(ledger)


def test_one_request_is_in_flight_per_registered_domain(run):
    for host in ("www.hangzhou.gov.cn", "jxj.hangzhou.gov.cn", "www.yuhang.gov.cn"):
        run.seed(asked(host))

    assert [run.next(), run.next(), run.next()] == ["jxj.hangzhou.gov.cn/", "www.yuhang.gov.cn/", None]

    run.settle(asked("jxj.hangzhou.gov.cn"))
    assert run.next() == "www.hangzhou.gov.cn/"


def test_lists_come_first_then_documents_by_index_number(run):
    column = asked("www.hangzhou.gov.cn", "col")
    run.seed(column)
    assert run.next() == "www.hangzhou.gov.cn/col"
    run.settle(
        column,
        document("www.hangzhou.gov.cn", "c", "002489452/2024-00300"),
        document("www.hangzhou.gov.cn", "b", "002489452/2024-00230"),
        document("www.hangzhou.gov.cn", "a", "002489604/2022-00485"),
        document("www.hangzhou.gov.cn", "z"),
        Queued(asked("www.hangzhou.gov.cn", "page2")),
    )

    order = []
    while (url := run.next()) is not None:
        path = url.rpartition("/")[2]
        order.append(path)
        run.settle(asked("www.hangzhou.gov.cn", path, Role.LIST if path == "page2" else Role.DOCUMENT))
    assert order == ["page2", "b", "c", "a", "z"]


def test_a_list_found_late_goes_before_documents_already_held(run):
    run.ledger.enqueue([document("www.hangzhou.gov.cn", name) for name in "abc"], 0.0)
    run.seed(asked("www.yuhang.gov.cn"))
    run = Run(run.ledger)
    assert {run.next(), run.next()} == {"www.hangzhou.gov.cn/a", "www.yuhang.gov.cn/"}

    run.settle(asked("www.yuhang.gov.cn"), Queued(asked("www.hangzhou.gov.cn", "list")))
    run.settle(asked("www.hangzhou.gov.cn", "a", Role.DOCUMENT))

    assert run.next() == "www.hangzhou.gov.cn/list"


def test_domains_take_turns(run):
    hosts = ("www.hangzhou.gov.cn", "www.yuhang.gov.cn", "www.ningbo.gov.cn")
    run.ledger.enqueue([document(host, name) for host in hosts for name in "ab"], 0.0)
    run = Run(run.ledger)

    seen = []
    for _ in range(6):
        url = run.next()
        seen.append(url.partition("/")[0])
        run.settle(asked(*url.split("/"), Role.DOCUMENT))
    assert sorted(seen[:3]) == sorted(seen[3:]) == sorted(hosts)


def test_a_domain_that_must_wait_is_passed_over_and_the_engine_is_woken_for_it(run):
    run.seed(asked("www.hangzhou.gov.cn"))
    run.seed(asked("www.yuhang.gov.cn"))
    run.waits["hangzhou.gov.cn"] = 1.5

    assert [run.next(), run.next()] == ["www.yuhang.gov.cn/", None]
    assert run.alarms == [1.5]

    run.clock.now += 1.5
    run.waits.clear()
    assert run.next() == "www.hangzhou.gov.cn/"


def test_the_run_is_pending_until_the_last_item_is_stored(run):
    request = asked("www.hangzhou.gov.cn")
    run.seed(request)
    assert run.scheduler.has_pending_requests()

    run.next()
    assert run.next() is None
    assert run.scheduler.has_pending_requests()

    run.settle(request)
    assert run.next() is None
    assert not run.scheduler.has_pending_requests()


def test_a_host_that_rests_longer_than_the_patience_holds_neither_the_run_nor_another_host(run):
    for host in ("www.hangzhou.gov.cn", "www.yuhang.gov.cn"):
        run.seed(asked(host))
    run.waits["hangzhou.gov.cn"] = 600.0

    assert [run.next(), run.next()] == ["www.yuhang.gov.cn/", None]
    assert run.scheduler.tries(asked("www.yuhang.gov.cn")) == 1


def test_a_run_with_nothing_else_left_gives_out_what_rests_to_be_refused_and_not_to_be_tried_again(run):
    requests = [asked("www.hangzhou.gov.cn", path) for path in ("a", "b")]
    for request in requests:
        run.seed(request)
    run.waits["hangzhou.gov.cn"] = 600.0
    assert run.next() is None

    for request in requests:
        assert run.scheduler.has_pending_requests()
        assert run.next() == request.url.removeprefix("http://")
        assert run.scheduler.tries(request) is None
        run.ledger.settle(request, LedgerState.FAILED, "2026-02-01T00:00:00Z")
        run.scheduler.stored(Arrival(request, Outcome.BLOCKED, "2026-02-01T00:00:00Z"))

    assert run.next() is None
    assert not run.scheduler.has_pending_requests()


@pytest.fixture
def later(monkeypatch) -> Callable[[float], None]:
    """The time of day stands still; it goes on by the seconds given to this."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    return lambda seconds: monkeypatch.setattr(time, "time", lambda: now + seconds)


def test_a_failed_attempt_comes_back_when_it_is_due_and_counts_its_tries(run, later):
    request = asked("www.hangzhou.gov.cn")
    run.seed(request)
    run.next()
    assert run.scheduler.tries(request) == 1

    run.settle(request, retry_at=time.time() + 5)
    assert run.next() is None
    assert run.scheduler.has_pending_requests()

    later(6)
    run.clock.now += 6
    assert run.next() == "www.hangzhou.gov.cn/"
    assert run.scheduler.tries(request) == 2


def test_what_a_killed_run_postponed_is_taken_up_once_due(ledger, later):
    ledger.seed([asked("www.hangzhou.gov.cn")], time.time() + 5)
    run = Run(ledger)
    assert run.next() is None
    assert run.scheduler.has_pending_requests()

    later(6)
    run.clock.now += 6
    assert run.next() == "www.hangzhou.gov.cn/"


def test_what_was_in_flight_when_a_run_was_killed_is_asked_again(run):
    run.seed(asked("www.hangzhou.gov.cn"))
    run.next()

    revived = Ledger(run.ledger._connection, domain_of_address)
    assert Run(revived).next() == "www.hangzhou.gov.cn/"


def test_a_request_whose_pipeline_failed_is_not_asked_again_in_this_run_and_costs_no_other(run):
    bad, good = asked("www.hangzhou.gov.cn", "bad"), asked("www.hangzhou.gov.cn", "good")
    run.seed(bad)
    run.seed(good)
    assert run.next() == "www.hangzhou.gov.cn/bad"

    run.scheduler.failed(StoredAttempt(bad, Outcome.ERROR, "2026-02-01T00:00:00Z", "", None, "330100/x.warc.gz", 1))

    assert run.next() == "www.hangzhou.gov.cn/good"
    run.settle(good)
    assert run.next() is None
    assert not run.scheduler.has_pending_requests()


def test_robots_answers_pass_by_without_touching_the_frontier(run):
    run.seed(asked("www.hangzhou.gov.cn"))
    run.next()

    run.scheduler.stored(Arrival(asked("www.hangzhou.gov.cn", "robots.txt", Role.ROBOTS), Outcome.OK, "2026-02-01"))

    assert run.next() is None
    assert run.scheduler.has_pending_requests()


def test_a_turn_is_kept_once_and_alarms_beside_it():
    turns = Turns()
    turns.add("a", 2.0)
    turns.add("a", 1.0)
    turns.alarm("a", 3.0)
    turns.add("b", 2.5)

    assert [turns.pop() for _ in range(3)] == ["a", "b", "a"]
    assert turns.next_at() is None
