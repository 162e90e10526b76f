"""A run in which nothing moves ends with what it waits for; one that moves or waits for nothing goes on."""

from types import SimpleNamespace

import pytest

from govcrawl.crawl import watchdog
from govcrawl.crawl.scheduler import LedgerScheduler
from govcrawl.crawl.watchdog import STALLED, Watchdog

LIMIT = 600.0


@pytest.fixture
def run(monkeypatch) -> SimpleNamespace:
    """A run whose clock and requests in flight a test sets; `ended` is what the watchdog said."""
    found = SimpleNamespace(now=0.0, waits=("http://a.gov.cn/1",), ended=[])
    scheduler = LedgerScheduler.__new__(LedgerScheduler)
    monkeypatch.setattr(LedgerScheduler, "in_flight", lambda _self: found.waits)
    monkeypatch.setattr(watchdog.time, "monotonic", lambda: found.now)
    monkeypatch.setattr(watchdog, "create_looping_call", lambda _look: SimpleNamespace(running=False))
    keeper = SimpleNamespace(stop=lambda reason, line: found.ended.append((reason, line)))
    monkeypatch.setattr(watchdog.ArchiveExtension, "of", lambda _crawler: keeper)
    found.dog = Watchdog(SimpleNamespace(engine=SimpleNamespace(scheduler=scheduler)), LIMIT)
    return found


def test_a_run_that_waits_for_what_never_comes_ends_with_its_address(run):
    run.now = LIMIT + 1
    run.dog._look()

    assert run.ended == [
        (STALLED, "nothing moved for 601 s, the run ends; it waits for 1: http://a.gov.cn/1"),
    ]


def test_a_run_that_moved_lately_goes_on(run):
    run.now = LIMIT - 1
    run.dog.moved()
    run.now = 2 * LIMIT - 2
    run.dog._look()

    assert run.ended == []


def test_a_run_that_waits_for_nothing_goes_on(run):
    run.waits, run.now = (), 10 * LIMIT
    run.dog._look()

    assert run.ended == []


def test_many_addresses_are_counted(run):
    run.waits, run.now = tuple(f"http://a.gov.cn/{number}" for number in range(9)), LIMIT * 2
    run.dog._look()

    assert run.ended[0][1].endswith("it waits for 9: " + ", ".join(run.waits[:5]) + " …")
