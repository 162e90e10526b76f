"""`scrapy crawl` again is a refresh: what is unchanged costs next to nothing, what has changed is found.

One archive goes through a first crawl, a run with no change, a sweep on the same day and a sweep on a later day.
"""

import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest
from fastwarc.warc import ArchiveIterator

from govcrawl import warc
from govcrawl.archive.layout import database_of
from govcrawl.archive.projection import rebuild
from govcrawl.archive.verification import verify_archive
from govcrawl.db.connection import open_database
from govcrawl.db.digest import content_digest
from govcrawl.replica import Replica, running

PORTALS = {"330604": "both validators", "330681": "no validators", "330703": "a date only"}
LATER = 7  # a day on which all three portals have edited pages
SWEEP = ("-s", "GOVCRAWL_SWEEP=1")


@dataclass
class Run:
    """What one run of the crawl did: its log, the requests the replica saw, the bytes it added."""

    log: str
    documents: dict[str, int]
    written: int
    rows: dict[str, list[tuple]] = field(default_factory=dict)


class Refreshed:
    """An archive and the runs that made it."""

    def __init__(self, folder: Path) -> None:
        self.archive = folder / "archive"
        self.archive.mkdir()
        (folder / "scrapy.cfg").write_text("[settings]\ndefault = govcrawl.settings\n", encoding="utf-8")

    def crawl(self, base: str, *arguments: str, today: str = "2026-11-22") -> Run:
        with urlopen(f"{base}/.replica/reset", timeout=120):
            before = self.size()
        settings = ("-s", f"GOVCRAWL_REPLICA={base}", "-a", f"portal={','.join(PORTALS)}", *arguments)
        command = (sys.executable, "-m", "scrapy", "crawl", "zhejiang", *settings)
        environment = {**os.environ, "GOVCRAWL_TODAY": today}
        done = subprocess.run(
            command, cwd=self.archive.parent, env=environment, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, done.stderr
        with urlopen(f"{base}/.replica/log", timeout=120) as answer:
            return Run(done.stderr, json.load(answer)["documents"], self.size() - before)

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.archive.rglob("*.warc.gz"))

    def query(self, query: str, *values: object) -> list[tuple]:
        with closing(open_database(database_of(self.archive), readonly=True)) as connection:
            return connection.execute(query, values).fetchall()

    def digest(self) -> str:
        with closing(open_database(database_of(self.archive), readonly=True)) as connection:
            return content_digest(connection)


@dataclass
class Story:
    """The archive at its end, with what each of its runs did and left."""

    refreshed: Refreshed
    first: Run
    unchanged: Run
    swept: Run
    later: Run
    digests: list[str]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    refreshed = Refreshed(tmp_path_factory.mktemp("refresh"))
    runs, digests = [], []
    for day, arguments in ((0, ()), (0, ()), (0, SWEEP), (LATER, SWEEP)):
        with running(Replica(day=day)) as base:
            runs.append(refreshed.crawl(base, *arguments))
            digests.append(refreshed.digest())
            runs[-1].rows["spans"] = refreshed.query("SELECT * FROM version_spans ORDER BY 1")
    return Story(refreshed, *runs, digests)


def pages(day: int) -> dict[str, dict]:
    manifest = Replica(day=day).manifest["pages"]
    return {page["url"]: page for page in manifest if page["portal"] in PORTALS and page["expected"] == "report"}


def last(log: str, pattern: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(pattern, log)[-1]))


def test_a_run_with_no_change_asks_for_no_report_page(story: Story):
    assert sum(story.first.documents.values()) > 50
    assert sum(story.unchanged.documents.values()) == 0
    assert "0 report pages fetched for the first time, 0 report pages fetched again" in story.unchanged.log
    assert story.digests[1] == story.digests[0]
    assert story.unchanged.rows == story.first.rows


def test_a_run_with_no_change_writes_next_to_nothing(story: Story):
    share = story.unchanged.written / story.first.written
    assert share < 0.05, f"{story.unchanged.written} of {story.first.written} bytes"


def test_lists_and_robots_are_reported_apart(story: Story):
    pattern = (
        r"requests: (\d+) for report pages, (\d+) for lists and the way to them, (\d+) for robots.txt; (\d+) bytes"
    )
    documents, lists, robots, written = last(story.unchanged.log, pattern)

    assert (documents, robots) == (0, len(PORTALS))
    assert 0 < lists < last(story.first.log, pattern)[1]
    assert written <= story.unchanged.written


def test_a_sweep_of_unchanged_pages_brings_304_where_the_portal_can_say_so(story: Story):
    query = (
        "SELECT captures.portal_id, outcome, captures.http_status, count(*) FROM captures JOIN attempts USING (id)"
        " WHERE crawl_id = (SELECT id FROM crawls ORDER BY started_at LIMIT 1 OFFSET 2) AND shows = 'report'"
        " GROUP BY 1, 2, 3"
    )
    told = {row[:3] for row in story.refreshed.query(query)}

    assert told == {
        ("330604", "not_modified", 304),
        ("330681", "ok", 200),
        ("330703", "not_modified", 304),
    }
    assert story.digests[2] == story.digests[0]


def test_every_unchanged_page_is_a_revisit_record_of_the_right_profile(story: Story):
    profiles: Counter[str] = Counter()
    for path in sorted(story.refreshed.archive.rglob("33*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                profiles[record.headers.get("WARC-Profile", "").rpartition("/")[2]] += 1

    assert profiles["server-not-modified"] > 40
    assert profiles["identical-payload-digest"] > 20
    assert story.swept.written < 0.4 * story.first.written


def test_a_revisit_is_a_sighting(story: Story):
    ends = {row[0]: row[7] for row in story.first.rows["spans"]}
    assert all(row[7] > ends[row[0]] for row in story.swept.rows["spans"])
    assert story.refreshed.query("SELECT count(*) FROM version_spans WHERE valid_from < last_seen_at") != [(0,)]


def test_a_later_day_is_told_to_the_cell(story: Story):
    before, after = pages(0), pages(LATER)
    edited = {
        (url, place)
        for url in before.keys() & after.keys()
        for place, figure in before[url]["facts"].items()
        if after[url]["facts"][place] != figure
    }
    query = 'SELECT url, "table" || \'.\' || "row" || \'.\' || "column" FROM changes JOIN documents ON documents.id ='
    assert len(edited) > 5
    assert set(story.refreshed.query(f"{query} document_id")) == edited
    assert story.refreshed.query("SELECT count(*) FROM revisions WHERE sections <> '[]'") <= [(1,)]


def test_pages_that_left_and_reports_that_came_are_found(story: Story):
    before, after = pages(0), pages(LATER)
    ended = story.refreshed.query(
        "SELECT url FROM version_spans JOIN documents ON documents.id = document_id"
        " WHERE ending IN ('removed', 'moved')"
    )
    known = {url for (url,) in story.refreshed.query("SELECT url FROM documents WHERE is_report")}

    assert {url for (url,) in ended} == before.keys() - after.keys()
    assert after.keys() - before.keys() <= known


def test_lists_come_first_then_what_is_new_then_what_is_known(story: Story):
    query = (
        "SELECT attempts.portal_id, attempts.role, EXISTS (SELECT 1 FROM captures AS earlier"
        " WHERE earlier.document_id = captures.document_id AND earlier.fetched_at < captures.fetched_at)"
        " FROM attempts JOIN captures USING (id) WHERE attempts.role <> 'robots'"
        " AND crawl_id = (SELECT id FROM crawls ORDER BY started_at DESC LIMIT 1) ORDER BY at, attempts.id"
    )
    ranks = {"document": 1}
    for portal in PORTALS:
        asked = [ranks.get(role, 0) + known for of, role, known in story.refreshed.query(query) if of == portal]
        assert asked == sorted(asked), portal
    assert 1 in [ranks.get(role, 0) + known for _, role, known in story.refreshed.query(query)]


def told(story: Story) -> dict[str, list[tuple]]:
    tables = ("version_spans", "revisions", "changes", "report_versions", "serial_gaps", "coverage")
    return {table: sorted(story.refreshed.query(f"SELECT * FROM {table}"), key=str) for table in tables}


def test_rebuilding_replays_revisits_as_sightings(story: Story):
    before = told(story)

    rebuild(story.refreshed.archive, 2)

    assert story.refreshed.digest() == story.digests[-1]
    assert told(story) == before
    assert list(verify_archive(story.refreshed.archive)) == []


def test_neither_the_order_of_files_nor_the_number_of_processes_changes_anything(story: Story, monkeypatch):
    before, files = told(story), warc.warc_files(story.refreshed.archive)
    shuffled = tuple(random.Random(7).sample(files, len(files)))
    assert shuffled != files
    monkeypatch.setattr(warc, "warc_files", lambda _: shuffled)

    rebuild(story.refreshed.archive, 4)

    assert story.refreshed.digest() == story.digests[-1]
    assert told(story) == before


def test_after_a_rebuild_a_run_with_no_change_still_fetches_nothing(story: Story):
    rebuild(story.refreshed.archive, 1)

    with running(Replica(day=LATER)) as base:
        again = story.refreshed.crawl(base)

    assert sum(again.documents.values()) == 0
    assert story.refreshed.digest() == story.digests[-1]
