"""A crawl says once that its archive is newer than the clock, and goes on."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from govcrawl.crawl.archive_extension import CLOCK_TOLERANCE, newer_than_clock
from govcrawl.warc import timestamp

from .conftest import Crawls
from .town import page, serving

NOW = datetime(2026, 1, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize("ahead", [-timedelta(days=900), timedelta(), CLOCK_TOLERANCE])
def test_an_archive_of_the_past_is_nothing_to_tell(ahead: timedelta):
    assert newer_than_clock(timestamp(NOW + ahead), NOW) is None


def test_an_empty_archive_is_nothing_to_tell():
    assert newer_than_clock(None, NOW) is None


@pytest.mark.parametrize("ahead", [CLOCK_TOLERANCE + timedelta(seconds=1), timedelta(days=26_000)])
def test_an_archive_of_the_future_is_told_with_what_to_do(ahead: timedelta):
    told = newer_than_clock(timestamp(NOW + ahead), NOW)

    assert timestamp(NOW + ahead) in told
    assert "the clock says 2026-01-02T08:00:00.000Z: set the clock right" in told


@pytest.mark.parametrize("change", ["captures SET fetched_at", "crawls SET finished_at"])
def test_a_crawl_warns_once(archive_copy: Path, tmp_path: Path, change: str):
    with closing(sqlite3.connect(archive_copy / "govcrawl.db")) as connection:
        connection.execute(f"UPDATE {change} = '2099-01-01T00:00:00.000Z' WHERE rowid = 1")
        connection.commit()
    with serving({("www.hd.gov.cn", "/"): page("邯郸市人民政府")}) as town:
        crawls = Crawls(tmp_path, town.base)
        assert crawls.archive == archive_copy
        ended = crawls.run("-a", "portal=130400", "-a", "year=2024", spider="hebei")

    warned = [line for line in ended.log.splitlines() if "set the clock right" in line]
    assert len(warned) == 1, ended.log
    assert "WARNING the archive holds a record of 2099-01-01" in warned[0]
