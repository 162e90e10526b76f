"""One signal: what was not sent is not sent any more, what is slow is not waited for, nothing is asked twice for it."""

import asyncio
import itertools
import signal
import time
from types import SimpleNamespace

import pytest

from govcrawl.archive.verification import verify_archive
from govcrawl.crawl.shutdown import GracefulShutdown, Stopped
from govcrawl.replica import Replica, running

from .conftest import Crawls, journal

SOME = ("-a", "portal=330604", "-a", "year=2019,2023")
SLOW_SECONDS = 30.0


class SlowReplica(Replica):
    """A replica whose articles take half a minute."""

    def __init__(self) -> None:
        super().__init__()
        self.articles = 0

    def respond(self, request):
        if request.path.startswith("/art/"):
            self.articles += 1
            time.sleep(SLOW_SECONDS)
        return super().respond(request)


def stopping(grace: float) -> GracefulShutdown:
    return GracefulShutdown(SimpleNamespace(crawling=True), grace)  # type: ignore[arg-type] - it looks at nothing else


def test_what_waits_for_its_turn_is_let_go_at_once_and_what_is_in_flight_after_the_grace():
    async def run() -> tuple[list, list[float]]:
        run_, begun, ends = stopping(0.2), time.monotonic(), []

        async def watched(wait):
            try:
                return await wait
            finally:
                ends.append(time.monotonic() - begun)

        waits = [
            watched(run_.before_sending(asyncio.sleep(9))),
            watched(run_.in_flight(asyncio.sleep(0.05, "an answer"))),
            watched(run_.in_flight(asyncio.sleep(9))),
        ]
        tasks = [asyncio.ensure_future(wait) for wait in waits]
        await asyncio.sleep(0)
        run_.begin()
        return await asyncio.gather(*tasks, return_exceptions=True), ends

    (unsent, answered, slow), ends = asyncio.run(run())

    assert isinstance(unsent, Stopped)
    assert answered == "an answer"
    assert isinstance(slow, Stopped)
    assert ends[0] < 0.05 <= ends[1] < 0.2 <= ends[2] < 2


def test_a_wait_that_somebody_else_cancels_is_no_stop():
    async def run() -> None:
        task = asyncio.ensure_future(stopping(0.1).in_flight(asyncio.sleep(9)))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())


def test_a_crawl_ends_within_ten_seconds_of_a_signal_though_a_host_takes_longer(tmp_path):
    replica = SlowReplica()
    with running(replica) as base:
        crawls = Crawls(tmp_path, base)
        process = crawls.start(*SOME, "-s", "DOWNLOAD_TIMEOUT=60")
        until(lambda: replica.articles > 0)
        signalled = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=60)

    assert time.monotonic() - signalled < 10
    assert process.returncode == 1
    assert "Traceback" not in log
    assert crawls.rows("SELECT finish_reason FROM crawls") == [("shutdown",)]
    assert crawls.rows("SELECT count(*) FROM attempts WHERE role = 'document'") == [(0,)]
    assert crawls.rows("SELECT DISTINCT state FROM frontier WHERE role = 'document'") == [("queued",)]


def test_after_one_signal_no_report_page_is_asked_for_again(tmp_path):
    with running(Replica()) as base:
        crawls = Crawls(tmp_path, base)
        with crawls.start(*SOME, "-s", "DOWNLOAD_DELAY=0.3") as process:
            until(lambda: len(journal(base)["documents"]) > 2)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
        assert crawls.run(*SOME).code == 0
        asked = journal(base)["documents"]

    assert len(asked) > 5
    assert set(asked.values()) == {1}


FREEZING = """
from govcrawl import reports
from govcrawl.settings import *


def frozen(*_):
    while True:
        pass


reports.read_report = frozen
"""
"""Settings with a reader of reports that never ends."""


def test_a_crawl_ends_within_ten_seconds_of_a_signal_though_a_page_keeps_its_reader(tmp_path):
    (tmp_path / "freezing.py").write_text(FREEZING, encoding="utf-8")
    with running(Replica()) as base:
        crawls = Crawls(tmp_path, base)
        (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = freezing\n", encoding="utf-8")
        with crawls.start(*SOME) as process:
            until(lambda: journal(base)["documents"])
            signalled = time.monotonic()
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=60)
        ended = time.monotonic()
        (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = govcrawl.settings\n", encoding="utf-8")
        left = crawls.rows("SELECT count(*) FROM attempts WHERE role = 'document'")
        resumed = crawls.run(*SOME)
        asked = journal(base)["documents"]

    assert ended - signalled < 10
    assert "Traceback" not in log
    assert left == [(0,)]
    assert list(verify_archive(crawls.archive)) == []
    assert resumed.code == 0, resumed.log
    assert "archived and not stored yet: stored now" in resumed.log
    assert set(asked.values()) == {1}


def test_a_signal_before_the_crawl_has_begun_is_no_success(tmp_path):
    with running(Replica()) as base, Crawls(tmp_path, base).start(*SOME) as process:
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)

    assert process.returncode != 0


def until(happened, seconds: float = 60.0) -> None:
    for _ in itertools.takewhile(lambda _: not happened(), range(int(seconds * 10))):
        time.sleep(0.1)
    assert happened()
