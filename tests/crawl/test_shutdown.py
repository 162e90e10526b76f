"""One signal: what was not sent is not sent any more, what is slow is not waited for, nothing is asked twice for it."""

import asyncio
import itertools
import signal
import threading
import time
from types import SimpleNamespace

import pytest

from govcrawl.crawl.shutdown import GRACE_SECONDS, Stopped, Stopping
from govcrawl.replica import Replica, running

from .conftest import Crawls, journal

SOME = ("-a", "portal=330604", "-a", "year=2019,2023")


class SlowReplica(Replica):
    """A replica whose articles come only when the crawl has ended."""

    def __init__(self) -> None:
        super().__init__()
        self.articles = 0
        self.crawl_ended = threading.Event()

    def answer(self, asked):
        if asked.path.startswith("/art/"):
            self.articles += 1
            self.crawl_ended.wait()
        return super().answer(asked)


def stopping(grace: float) -> Stopping:
    return Stopping(SimpleNamespace(crawling=True), grace)  # type: ignore[arg-type] - it looks at nothing else


def test_what_waits_for_its_turn_is_let_go_at_once_and_what_is_in_flight_after_the_grace():
    async def run() -> list[str]:
        run_, ends, first = stopping(0.2), [], asyncio.Event()
        never = asyncio.get_running_loop().create_future()

        async def watched(name, wait):
            try:
                ends.append(f"{name}: {await wait}")
            except Stopped:
                ends.append(f"{name}: stopped")
            first.set()

        async def answer():
            await first.wait()
            return "an answer"

        waits = {
            "slow": run_.in_flight(asyncio.shield(never)),
            "answered": run_.in_flight(answer()),
            "unsent": run_.before_sending(asyncio.shield(never)),
        }
        tasks = [asyncio.ensure_future(watched(*each)) for each in waits.items()]
        await asyncio.sleep(0)
        run_.begin()
        await asyncio.gather(*tasks)
        return ends

    assert asyncio.run(run()) == ["unsent: stopped", "answered: an answer", "slow: stopped"]


def test_a_wait_that_somebody_else_cancels_is_no_stop():
    async def run() -> None:
        task = asyncio.ensure_future(stopping(0.1).in_flight(asyncio.sleep(9)))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())


def test_a_crawl_ends_after_a_signal_though_a_host_never_answers(tmp_path):
    assert GRACE_SECONDS < 10, "the run is to end within ten seconds"
    replica = SlowReplica()
    with running(replica) as base:
        crawls = Crawls(tmp_path, base)
        process = crawls.start(*SOME, "-s", "DOWNLOAD_TIMEOUT=600")
        try:
            until(lambda: replica.articles > 0)
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=500)
        finally:
            replica.crawl_ended.set()

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
            process.communicate(timeout=600)
        assert crawls.run(*SOME).code == 0
        asked = journal(base)["documents"]

    assert len(asked) > 5
    assert set(asked.values()) == {1}


def test_a_signal_before_the_crawl_has_begun_is_no_success(tmp_path):
    with running(Replica()) as base, Crawls(tmp_path, base).start(*SOME) as process:
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=600)

    assert process.returncode != 0


def until(happened, seconds: float = 600.0) -> None:
    for _ in itertools.takewhile(lambda _: not happened(), range(int(seconds * 10))):
        time.sleep(0.1)
    assert happened()
