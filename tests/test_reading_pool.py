"""Reading processes: what needs too much ends its reader and nothing else; what did nothing wrong is read."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from govcrawl import models, reading, reading_pool, reports, warc
from govcrawl.archive.layout import database_of
from govcrawl.archive.projection import rebuild
from govcrawl.archive.verification import verify_archive
from govcrawl.db.connection import read_database
from govcrawl.errors import InputError, LimitError
from govcrawl.reading_pool import ReadingPool
from govcrawl.vocabulary import IssueKind, Outcome, Role


@pytest.fixture(autouse=True)
def short_limits(monkeypatch) -> None:
    monkeypatch.setattr(reading_pool, "CPU_SECONDS", 1)


@pytest.fixture
def one() -> Iterator[ReadingPool]:
    with ReadingPool() as found:
        yield found


def busy() -> None:
    while True:
        pass


def busy_in_a_library() -> None:
    """Works without ever giving way to a signal handler or a thread of Python, as a library written in C does."""
    "".join(sorted("x" * 99)).replace("x", "y" * 99).count("yz")
    pow(7, 10**9)


def greedy() -> int:
    return len(bytearray(2 * reading_pool.MEMORY_BYTES))


def dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dies_once(mark: Path) -> str:
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "read"


@pytest.mark.parametrize("reading_of", [busy, busy_in_a_library, dies])
def test_what_ends_its_reader_is_refused_and_the_next_is_read(one: ReadingPool, reading_of):
    with pytest.raises(LimitError, match="more than"):
        one.call(reading_of)

    assert one.call(len, "the next") == 8


def test_what_takes_too_much_memory_is_told_and_the_reader_lives(one: ReadingPool):
    reader = one.call(os.getpid)

    with pytest.raises(LimitError, match="1 GB of memory"):
        one.call(greedy)

    assert one.call(os.getpid) == reader


def test_many_small_readings_are_no_large_one(one: ReadingPool):
    until = time.monotonic() + 2.5
    spent = 0.0
    while time.monotonic() < until or spent < 1.5:
        spent = one.call(_compute)

    assert spent > 1.5 * reading_pool.CPU_SECONDS


def _compute() -> float:
    sum(range(2_000_000))
    return time.process_time()


def test_a_reader_that_something_else_killed_says_nothing_about_the_record(one: ReadingPool, tmp_path: Path):
    assert one.call(dies_once, tmp_path / "mark") == "read"


def test_an_error_of_a_reading_is_an_error_of_the_call(one: ReadingPool):
    with pytest.raises(InputError, match="no such thing"):
        one.call(_refuses)


def _refuses() -> None:
    raise InputError("no such thing")


def test_calls_of_an_event_loop_are_answered_in_their_order(one: ReadingPool):
    answered: list[int] = []

    async def ask(number: int) -> None:
        answered.append(await one.call_in_turn(int, number))

    async def all_of_them() -> None:
        await asyncio.gather(*map(ask, range(30)))

    asyncio.run(all_of_them())

    assert answered == list(range(30))


def test_readers_that_are_busy_end_when_they_are_told_to():
    found = ReadingPool()
    reader = found.call(os.getpid)
    begun = threading.Thread(target=partial(_refused, found))
    begun.start()

    found.end()

    begun.join(timeout=30)
    assert not begun.is_alive()
    assert not Path(f"/proc/{reader}").exists()


def _refused(found: ReadingPool) -> None:
    with pytest.raises(LimitError):
        found.call(time.sleep, 600)


def test_a_terminal_s_signals_do_not_reach_a_reader(one: ReadingPool):
    reader = one.call(os.getpid)

    for sent in (signal.SIGINT, signal.SIGTERM):
        os.kill(reader, sent)

    assert one.call(os.getpid) == reader


@pytest.mark.parametrize("alone", [True, False])
def test_readers_end_with_a_process_that_is_killed(alone: bool):
    program = (
        "import os, time; from govcrawl import reading_pool\n"
        f"reading_pool.is_alone = lambda: {alone}\n"
        "if __name__ == '__main__':\n"
        "    print(reading_pool.ReadingPool().call(os.getpid), flush=True); time.sleep(600)\n"
    )
    with subprocess.Popen((sys.executable, "-c", program), stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        reader = int(parent.stdout.readline())
        parent.kill()
        # The output ends when the last process that holds it has ended.
        assert (reader > 0, parent.communicate(timeout=60)) == (True, ("", None))


# ------------------------------------------------------------------------------------------------ what is read by them


_A_REPORT = "SELECT min(d.url) FROM documents AS d JOIN report_versions AS v ON v.document_id = d.id"


@pytest.fixture
def frozen_by_one_page(crawled: Path, monkeypatch) -> str:
    """A reader of reports that never ends on one page; the page's address."""
    with read_database(database_of(crawled)) as connection:
        (url,) = connection.execute(_A_REPORT).fetchone()
    read = reports.read_report
    monkeypatch.setattr(reports, "read_report", lambda page, at, *more: busy() if at == url else read(page, at, *more))
    return url


@pytest.mark.parametrize("processes", [1, 2])
def test_a_page_that_freezes_its_reader_costs_a_rebuild_only_itself(
    archive_copy, crawled, frozen_by_one_page, processes: int
):
    database_of(archive_copy).unlink()

    done = rebuild(archive_copy, processes)

    assert done.problems == ()
    with read_database(database_of(archive_copy)) as connection:
        refused = (
            "SELECT d.url FROM issues AS i JOIN documents AS d ON d.id = i.document_id WHERE kind = 'refused_limit'"
        )
        assert connection.execute(refused).fetchall() == [(frozen_by_one_page,)]
        others = connection.execute("SELECT count(*) FROM report_versions").fetchone()
    with read_database(database_of(crawled)) as connection:
        assert connection.execute("SELECT count(*) - 1 FROM report_versions").fetchone() == others
    assert list(verify_archive(archive_copy)) == []


def test_a_page_that_was_read_before_keeps_its_rows_where_a_slower_reader_is_cut_off(archive_copy, frozen_by_one_page):
    with read_database(database_of(archive_copy)) as connection:
        before = connection.execute("SELECT count(*) FROM facts").fetchall()

    done = rebuild(archive_copy, 1)

    assert ["more than" in problem.what for problem in done.problems] == [True]
    with read_database(database_of(archive_copy)) as connection:
        assert connection.execute("SELECT count(*) FROM facts").fetchall() == before


@pytest.mark.parametrize(("role", "outcome"), [(Role.DOCUMENT, Outcome.OK), (Role.LIST, Outcome.ERROR)])
def test_what_is_cut_off_is_a_refused_document_or_a_failed_list(crawled: Path, role: Role, outcome: Outcome):
    stored = next(
        one
        for one in warc.iter_stored(crawled)
        if isinstance(one, warc.StoredExchange) and one.exchange.request.role is role
    )

    arrival = reading.refused(stored, LimitError("it takes too long"))

    assert arrival.outcome is outcome
    issues: tuple[models.Issue, ...] = (*arrival.issues, *(arrival.reading.issues if arrival.reading else ()))
    assert [one.kind for one in issues] == [IssueKind.REFUSED_LIMIT]


def test_a_file_that_freezes_its_reader_is_an_object_and_the_next_is_read(
    one: ReadingPool, tmp_path: Path, monkeypatch
):
    slow, next_one = tmp_path / "slow.html", tmp_path / "next.html"
    slow.write_text("<p>慢</p>", encoding="utf-8")
    next_one.write_text("<p>快</p>", encoding="utf-8")
    right = reading._read
    monkeypatch.setattr(reading, "_read", lambda body, *more: busy() if "慢".encode() in body else right(body, *more))

    with ReadingPool() as found:
        refused, read = (reading.read_file(path, None, found) for path in (slow, next_one))

    assert [issue.kind for issue in refused.issues] == [IssueKind.REFUSED_LIMIT]
    assert IssueKind.REFUSED_LIMIT not in {issue.kind for issue in read.issues}


def test_a_pdf_that_unpacks_to_more_than_the_memory_is_refused_by_its_limit(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(reading_pool, "MEMORY_BYTES", 1 << 27)
    page = zlib.compress(b" " * (1 << 28), 9)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(page), page),
    )
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%b\nendobj\n" % numbered for numbered in enumerate(objects, 1))
    bomb = tmp_path / "bomb.pdf"
    bomb.write_bytes(body + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n0\n%%EOF")

    with ReadingPool() as found:
        refused = reading.read_file(bomb, None, found)

    assert [(issue.kind, issue.detail) for issue in refused.issues] == [(IssueKind.REFUSED_LIMIT, reading_pool.CUT_OFF)]
