"""A crawl that dies at any point and is started again ends where an undisturbed one does, and loses nothing.

Two ways to die: at every single write, sync, rename and commit of a small crawl, counted, in a forked process; and by
kill -9 at random moments of whole commands. After each the invariants of the fault drills hold: every page is archived
and current once, nothing is there twice, every row's record verifies, the database is sound and equal to an undisturbed
one, and every request has an outcome.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import scrapy
from scrapy.http import Response

from govcrawl import platforms, portals, reading
from govcrawl.archive import projection
from govcrawl.archive.layout import database_of
from govcrawl.archive.verification import verify_archive
from govcrawl.crawl.archive_extension import OpenArchive, new_crawl
from govcrawl.crawl.conditional_requests import ConditionalRequests
from govcrawl.crawl.warc_middleware import WarcMiddleware
from govcrawl.db import connection as connecting
from govcrawl.db import store
from govcrawl.db.connection import open_database
from govcrawl.db.digest import content_digest
from govcrawl.db.frontier.ledger import Wanted
from govcrawl.db.queries.evidence import database_faults
from govcrawl.reading_pool import ReadingPool
from govcrawl.replica import Replica, running
from govcrawl.replica.request_response import ReplicaRequest
from govcrawl.vocabulary import Origin, Role

PORTAL, YEAR = "330703", 2023
DIED = 9


@pytest.fixture(scope="module")
def replica() -> Replica:
    return Replica()


# ---------------------------------------------------------------------------------------------- counted fault points


def crawl(archive: Path, replica: Replica, *, whole: bool = False) -> int:
    """What a run does, without its engine: from opening the archive to closing it; how many requests it made."""
    portal = portals.load_registry()[PORTAL]
    wanted = Wanted(frozenset({PORTAL}), frozenset({YEAR}))
    run = OpenArchive(archive, Origin.REPLICA, new_crawl("zhejiang", {"year": str(YEAR)}), wanted, ReadingPool())
    try:
        run.begin(whole=whole)
        keeping = WarcMiddleware(
            run.writer, 1 << 24, lambda _, error: pytest.fail(str(error)), portals.load_registry().at
        )
        conditions = ConditionalRequests(run.connection, archive)
        starts = platforms.start(portal, (YEAR,))
        run.ledger.seed([asked for asked in starts if asked.role is not Role.HOME], time.time())
        made = 0
        while entries := run.ledger.take("jindong.gov.cn", time.time()):
            request = scrapy.Request(entries[0].request.url, meta={"asked": entries[0].request})
            conditions.process_request(request)
            keeping.process_response(request, answered(replica, request))
            store.arrive(run.connection, run.ledger, reading.arrival(request.meta["stored"], portal), time.time())
            made += 1
        run.close("finished")
    finally:
        run.pool.end()
        run.lock.release()
    return made


def answered(replica: Replica, request: scrapy.Request) -> Response:
    parts = urlsplit(request.url)
    asked = ReplicaRequest(
        request.method, parts.hostname or "", parts.path, dict(parse_qsl(parts.query)), scheme=parts.scheme
    )
    answer = replica.respond(asked)
    told = dict(answer.validation)
    status = 304 if told and request.headers.get("If-Modified-Since", b"").decode() in told.values() else answer.status
    headers = {"Content-Type": answer.media_type, **told}
    return Response(request.url, status=status, headers=headers, body=b"" if status == 304 else answer.body)


class Counter:
    """Counts the points at which something becomes durable, and dies at the one it is told to."""

    def __init__(self, dies_at: int = 0) -> None:
        self.count = 0
        self._dies_at = dies_at

    def point(self, before: Callable[[], object] = lambda: None) -> None:
        """One point; where it is the last, what is half done is done by half."""
        self.count += 1
        if self.count == self._dies_at:
            before()
            os._exit(DIED)

    def install(self) -> None:
        """Have every write, sync, rename and commit of this process counted from now on."""
        write, execute = os.write, sqlite3.Connection.execute

        def counted_write(file: int, data: bytes) -> int:
            self.point(lambda: write(file, bytes(data)[: len(data) // 2]))
            written = write(file, data)
            self.point()
            return written

        def counted_execute(connection: sqlite3.Connection, sql: str, *values: object) -> sqlite3.Cursor:
            durable = sql == "COMMIT" or (not connection.in_transaction and sql.lstrip()[:6] in {"INSERT", "UPDATE"})
            if durable:
                self.point()
            cursor = execute(connection, sql, *values)
            if durable:
                self.point()
            return cursor

        os.write = counted_write
        for name in ("fsync", "fdatasync", "rename", "replace", "unlink"):
            setattr(os, name, partial(self._counted, getattr(os, name)))
        connecting._Connection.execute = counted_execute

    def _counted(self, call: Callable[..., object], *arguments: object, **options: object) -> object:
        self.point()
        return call(*arguments, **options)


def in_child(task: Callable[[], int]) -> int:
    """The exit code of a forked process that runs a task."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = task()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@dataclass(frozen=True)
class Whole:
    """An undisturbed archive: its digest and how many rows its tables have."""

    archive: Path
    digest: str
    rows: dict[str, int]


TABLES = ("listings", "documents", "reports", "report_versions", "cells", "assessments", "sections", "claims")


def told(archive: Path) -> tuple[str, dict[str, int]]:
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        counts = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}
        return content_digest(connection), counts


def assert_sound(archive: Path, whole: Whole, *, repeated: int) -> None:
    """The invariants after a drill and its resume; at most so many pages were fetched a second time."""
    found, rows = told(archive)
    assert (found, rows) == (whole.digest, whole.rows)
    assert list(verify_archive(archive)) == []
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        assert list(database_faults(connection)) == []
        again = (
            "SELECT count(*) - count(DISTINCT request_id) FROM captures WHERE http_status = 200 AND role = 'document'"
        )
        assert connection.execute(again).fetchone()[0] <= repeated
        unfiled = "SELECT count(*) FROM captures LEFT JOIN attempts USING (id) WHERE attempts.id IS NULL"
        assert connection.execute(unfiled).fetchone() == (0,)
        open_ = f"SELECT count(*) FROM frontier WHERE state = 'queued' AND coalesce(report_year, {YEAR}) = {YEAR}"
        assert connection.execute(open_).fetchone() == (0,)
    assert not list(archive.glob("*.new*"))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a database that knows the registry and nothing else, so that a drill begins with the crawl."""
    archive = tmp_path_factory.mktemp("empty")
    projection.open_projection(archive, Origin.REPLICA, portals.load_registry()).close()
    return archive


@pytest.fixture(scope="module")
def whole(empty: Path, replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    archive = Path(shutil.copytree(empty, tmp_path_factory.mktemp("whole") / "archive"))
    assert crawl(archive, replica) > 3
    return Whole(archive, *told(archive))


def points(archive: Path, task: Callable[[], object]) -> int:
    """How many points at which something becomes durable a task has, counted on an archive of its own."""

    def counted() -> int:
        counter = Counter()
        counter.install()
        task()
        (archive / "points").write_text(str(counter.count))
        return 0

    assert in_child(counted) == 0
    return int((archive / "points").read_text())


def dying(task: Callable[[], object], at: int) -> Callable[[], int]:
    def run() -> int:
        Counter(at).install()
        task()
        return 0

    return run


def drilled(start: Path, folder: Path, task: Callable[[Path], object], step: int) -> Iterator[tuple[int, Path]]:
    """For every `step`-th point an archive in which the task died there."""
    total = points(folder, partial(task, Path(shutil.copytree(start, folder / "counted"))))
    assert total > 10
    for at in range(1, total + 1, step):
        archive = Path(shutil.copytree(start, folder / f"died-{at}"))
        assert in_child(dying(partial(task, archive), at)) == DIED, f"point {at} of {total}"
        yield at, archive
        shutil.rmtree(archive)


EVERY = [pytest.param(5, id="some"), pytest.param(1, id="every", marks=pytest.mark.soak)]


@pytest.mark.parametrize("step", EVERY)
def test_a_crawl_that_dies_at_any_point_is_completed_by_the_next(empty, whole, replica, tmp_path, step):
    for _, archive in drilled(empty, tmp_path, lambda archive: crawl(archive, replica), step):
        crawl(archive, replica)
        assert_sound(archive, whole, repeated=1)


@pytest.mark.parametrize("step", EVERY)
def test_a_refresh_that_dies_at_any_point_is_completed_by_the_next(whole, replica, tmp_path, step):
    for _, archive in drilled(whole.archive, tmp_path, lambda archive: crawl(archive, replica, whole=True), step):
        crawl(archive, replica, whole=True)
        assert_sound(archive, whole, repeated=0)


def test_a_resume_that_dies_too_is_completed_by_the_one_after_it(empty, whole, replica, tmp_path):
    for at, archive in drilled(empty, tmp_path, lambda archive: crawl(archive, replica), 17):
        for again in (1, 3, at % 7 + 4):
            assert in_child(dying(partial(crawl, archive, replica), again)) == DIED
        crawl(archive, replica)
        assert_sound(archive, whole, repeated=4)


@pytest.mark.parametrize("step", [pytest.param(40, id="some"), pytest.param(1, id="every", marks=pytest.mark.soak)])
def test_a_rebuild_that_dies_at_any_point_leaves_a_whole_database(whole, tmp_path, step):
    for at, archive in drilled(whole.archive, tmp_path, lambda archive: projection.rebuild(archive, 1), step):
        assert told(archive)[0] == whole.digest, f"point {at}"
        projection.rebuild(archive, 1)
        assert_sound(archive, whole, repeated=0)


# ------------------------------------------------------------------------------------------------------ random kills


class Commands:
    """Whole commands on one archive, each in a process of its own, as a user starts them."""

    def __init__(self, archive: Path, base: str, seed: int) -> None:
        self.archive = archive
        self._moments = random.Random(seed)
        options = ("-s", f"GOVCRAWL_REPLICA={base}", "-a", f"portal={PORTAL}", "-a", f"year={YEAR}")
        crawling = (sys.executable, "-m", "scrapy", "crawl", "zhejiang", *options)
        govcrawl = (sys.executable, "-c", "from govcrawl.cli import main; main()")
        self._commands = {
            "crawl": crawling,
            "refresh": (*crawling, "-s", "GOVCRAWL_SWEEP=1"),
            "rebuild": (*govcrawl, "rebuild", "--archive", str(archive)),
            "export": (
                *govcrawl,
                "export",
                str(archive.parent / "export"),
                "--format",
                "csv",
                "--archive",
                str(archive),
            ),
        }

    def kill(self, name: str) -> int:
        """Start a command and kill it at a random moment of the seconds it takes; its exit code."""
        process = self._started(name)
        time.sleep(self._moments.uniform(0.5, 5.0))
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=600)
        return process.returncode

    def finish(self, name: str) -> None:
        process = self._started(name)
        _, complaint = process.communicate(timeout=600)
        assert process.returncode == 0, complaint
        assert "Traceback" not in complaint

    def _started(self, name: str) -> "subprocess.Popen[str]":
        environment = {**os.environ, "GOVCRAWL_ARCHIVE": str(self.archive)}
        command = self._commands[name]
        where = self.archive.parent
        return subprocess.Popen(command, cwd=where, env=environment, stdout=-1, stderr=-1, text=True)


KILLS = [
    pytest.param({"crawl": 4, "refresh": 3, "rebuild": 2, "export": 1}, id="10"),
    pytest.param({"crawl": 40, "refresh": 30, "rebuild": 20, "export": 10}, id="100", marks=pytest.mark.soak),
]


@pytest.mark.parametrize("kills", KILLS)
def test_commands_killed_at_random_moments_end_where_undisturbed_ones_do(replica, tmp_path, kills):
    with running(replica) as base:
        undisturbed = Commands(folder(tmp_path / "undisturbed"), base, 0)
        killed = Commands(folder(tmp_path / "killed"), base, 20260131)
        undisturbed.finish("crawl")
        whole = Whole(undisturbed.archive, *told(undisturbed.archive))
        undisturbed.finish("export")

        for name, times in kills.items():
            for _ in range(times):
                assert killed.kill(name) in {-signal.SIGKILL, 0}
            killed.finish(name)
            assert_sound(killed.archive, whole, repeated=kills["crawl"])

    exported, expected = (one.archive.parent / "export" / "sections.csv" for one in (killed, undisturbed))
    assert exported.read_bytes() == expected.read_bytes()
    assert not list((killed.archive.parent / "export").glob("*.part"))


def folder(path: Path) -> Path:
    """An empty archive in a folder from which Scrapy finds the project."""
    archive = path / "archive"
    archive.mkdir(parents=True)
    (path / "scrapy.cfg").write_text("[settings]\ndefault = govcrawl.settings\n", encoding="utf-8")
    return archive
