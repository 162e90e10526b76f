"""A run in which nothing moves ends with what it waits for; one that moves or waits for nothing goes on."""

from types import SimpleNamespace

import pytest

from govcrawl.archive.verification import verify_archive
from govcrawl.crawl import watchdog
from govcrawl.crawl.scheduler import LedgerScheduler
from govcrawl.crawl.watchdog import STALLED, Watchdog

from .conftest import Crawls

LIMIT = 600.0

DRILL = """
from govcrawl.crawl import shutdown, watchdog
from govcrawl.settings import *

DOWNLOADER_MIDDLEWARES = {**DOWNLOADER_MIDDLEWARES, "drill.Stuck": 940}
DOWNLOAD_TIMEOUT = 1
watchdog._LEAST = 2.0
watchdog.GRACE_SECONDS = 0.5
"""
"""The settings of a user whose own middleware is `drill.Stuck`."""

STUCK = """
import asyncio


class Stuck:
    asked = 0

    async def process_request(self, request):
        Stuck.asked += 1
        if Stuck.asked > 5:
            await asyncio.Event().wait()
"""


@pytest.fixture
def run(monkeypatch) -> SimpleNamespace:
    """A run whose clock and requests in flight a test sets; `ended` is what the watchdog said."""
    found = SimpleNamespace(now=0.0, waits=("http://a.gov.cn/1",), ended=[])
    scheduler = LedgerScheduler.__new__(LedgerScheduler)
    monkeypatch.setattr(LedgerScheduler, "in_flight", lambda _self: found.waits)
    monkeypatch.setattr(watchdog.time, "monotonic", lambda: found.now)
    looking = SimpleNamespace(running=False, stop=lambda: None)
    monkeypatch.setattr(watchdog, "create_looping_call", lambda _look: looking)
    monkeypatch.setattr(watchdog, "call_later", lambda *_: None)
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


def test_a_run_that_is_stuck_for_good_ends_with_a_whole_archive(tmp_path, healthy):
    crawls = Crawls(tmp_path, healthy[1])
    (tmp_path / "drill_settings.py").write_text(DRILL, encoding="utf-8")
    (tmp_path / "drill.py").write_text(STUCK, encoding="utf-8")
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = drill_settings\n", encoding="utf-8")

    ended = crawls.run("-a", "portal=330604", "-s", "GOVCRAWL_PATIENCE=1")

    assert ended.code == 1, ended.log
    assert "the run ends; it waits for" in ended.log
    assert "it is broken off" in ended.log
    assert "Traceback" not in ended.log
    assert crawls.rows("SELECT finish_reason FROM crawls") == [(STALLED,)]
    assert list(verify_archive(crawls.archive)) == []
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = govcrawl.settings\n", encoding="utf-8")
    assert crawls.run("-a", "portal=330604", "-a", "year=2023").code == 0
