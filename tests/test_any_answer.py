"""No answer of any server stops the archive: it is kept, read, stored, rebuilt to the same content, and verified."""

import os
import shutil
from contextlib import closing, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy.exceptions import IgnoreRequest

from govcrawl import portals, reading, warc
from govcrawl.archive import projection
from govcrawl.archive.layout import database_of
from govcrawl.archive.projection import rebuild
from govcrawl.archive.verification import verify_archive
from govcrawl.crawl.warc_middleware import WarcMiddleware
from govcrawl.db import store
from govcrawl.db.arrival import Arrival
from govcrawl.db.connection import open_database
from govcrawl.db.digest import content_digest
from govcrawl.models import Request
from govcrawl.reading_pool import ReadingPool
from govcrawl.vocabulary import IssueKind, Origin, Outcome, Role
from govcrawl.warc import ArchiveWriter

from .exchanges import exchanges, sent

LIMIT = 1 << 20


def crawled_through_the_door(archive: Path, seed: int, count: int) -> int:
    """Keeps exchanges as a crawl does and stores them; returns how many attempts were stored."""
    warc.prepare(archive)
    registry = portals.shipped()
    stopped: list[str] = []
    with ArchiveWriter(archive, origin=Origin.LIVE, software="test", registry_digest=registry.digest) as writer:
        middleware = WarcMiddleware(writer, LIMIT, lambda reason, _error: stopped.append(reason), registry.at)
        for asked, answer in exchanges(seed, count):
            request = sent(asked)
            with suppress(IgnoreRequest):  # its attempt is kept all the same, and counted below
                middleware.process_response(request, answer)
    assert stopped == []
    with closing(projection.open_projection(archive, Origin.LIVE, registry)) as connection:
        with ReadingPool() as readers:
            found, problems = projection.catch_up(connection, warc.recover(archive, {}), registry, readers)
        projection.summed_up(connection, archive)
    assert problems == ()
    return len(found)


def digest_of(archive: Path) -> str:
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        return content_digest(connection)


def faults_after_a_rebuild(archive: Path) -> list[str]:
    """What is wrong with an archive before a rebuild, with the rebuild, and after it."""
    before, faults = digest_of(archive), list(verify_archive(archive))
    faults += map(str, rebuild(archive, 1).problems)
    faults += [] if digest_of(archive) == before else ["the rebuild has another digest"]
    return faults + list(verify_archive(archive))


def test_some_answers(tmp_path: Path):
    assert crawled_through_the_door(tmp_path, 0, 200) == 200
    assert faults_after_a_rebuild(tmp_path) == []


def test_what_an_attempt_quotes_is_stored_whatever_its_bytes_are(archive_copy: Path):
    archive, registry = archive_copy, portals.shipped()
    request = Request("330604", "generic", Role.DOCUMENT, "https://www.shangyu.gov.cn/art/1.html")
    attempt = Arrival(request, Outcome.HTTP_ERROR, "2026-11-30T00:00:00Z", detail="sends on to \udcf8\ud83d")

    with closing(projection.open_projection(archive, Origin.REPLICA, registry)) as connection:
        assert list(projection.replay(connection, (attempt,))) == [attempt]
        (told,) = connection.execute("SELECT detail FROM attempts WHERE at = ?", (attempt.at,)).fetchone()

    assert told == "sends on to \\udcf8\\ud83d"


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 120))
def test_twenty_thousand_answers(tmp_path: Path, seed: int):
    assert crawled_through_the_door(tmp_path, seed, 1000) == 1000
    assert faults_after_a_rebuild(tmp_path) == []


# ------------------------------------------------------------------------------------------- faults of our own, inside


def faulty(monkeypatch, owner, name: str, when, told: Path) -> None:
    """Makes a function fail for one record in a while, and tell so in a file: a reader is a process of its own."""
    right = getattr(owner, name)

    def wrong(*arguments, **named):
        if when(arguments):
            with told.open("a", encoding="utf-8") as file:
                file.write(f"{name}\n")
            raise LookupError(f"{name} fails at {object()}")
        return right(*arguments, **named)

    monkeypatch.setattr(owner, name, wrong)


@pytest.fixture(scope="module")
def short_archive(crawled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of the crawled archive: its lists, and the first documents."""
    archive = Path(shutil.copytree(crawled, tmp_path_factory.mktemp("short") / "archive"))
    (name,) = (name for name in warc.warc_files(archive) if not name.startswith(warc.RUNS))
    stored = (one for one in warc.iter_file(archive, name) if isinstance(one, warc.StoredExchange))
    documents = [one for one in stored if one.capture.request.role is Role.DOCUMENT]
    os.truncate(warc.warc_path(archive, name), documents[3].end)
    rebuild(archive, 1)
    return archive


STEPS = [
    (reading.platforms, "classify"),
    (reading, "redirect_target"),
    (reading, "wall_met"),
    (reading.platforms, "read"),
    (reading, "follow_ups"),
    (reading.platforms, "parts_of"),
    (reading, "read_document"),
    (store, "_store_capture"),
    (store, "_store_content"),
    (store, "_store_page"),
    (store, "_store_reading"),
    (store, "store_document"),
    (store, "_store_report"),
    (store, "store_agency"),
    (store, "store_version"),
    (store, "store_listings"),
    (store, "store_issues"),
    (store, "update_report_fields"),
]


@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _, name in STEPS])
def test_a_fault_at_any_step_costs_one_record(short_archive: Path, tmp_path: Path, monkeypatch, owner, name: str):
    archive_copy = Path(shutil.copytree(short_archive, tmp_path / "archive"))
    calls = SimpleNamespace(count=0)

    def third(_arguments) -> bool:
        calls.count += 1
        return calls.count == 3

    faulty(monkeypatch, owner, name, third, tmp_path / "failed")

    done = rebuild(archive_copy, 1)

    assert (tmp_path / "failed").read_text(encoding="utf-8").split() == [name]
    assert done.problems == ()
    before, after = (attempts(archive, "SELECT outcome, count(*) FROM attempts GROUP BY outcome") for archive in (
        short_archive, archive_copy))  # fmt: skip
    assert sum(after.values()) == sum(before.values())
    assert after.get(Outcome.ERROR, 0) == before.get(Outcome.ERROR, 0) + 1
    told = attempts(
        archive_copy, "SELECT detail, 1 FROM attempts WHERE outcome = 'error' AND detail LIKE '%could not%'"
    )
    assert list(told) == [f"what came could not be read or stored (LookupError: {name} fails at <object object>)"]
    issues = attempts(archive_copy, "SELECT kind, count(*) FROM findings WHERE \"where\" = 'record' GROUP BY kind")
    assert issues == {IssueKind.PARSE_FAILED: 1}


def attempts(archive: Path, query: str) -> dict:
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        return dict(connection.execute(query).fetchall())
