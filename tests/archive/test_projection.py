"""The database is a projection: the same content however it came to be; the old one stands until the new is whole."""

from contextlib import closing
from pathlib import Path

import pytest

from govcrawl import __version__, reports
from govcrawl.archive.layout import database_of
from govcrawl.archive.projection import rebuild
from govcrawl.db.connection import open_database
from govcrawl.db.digest import content_digest
from govcrawl.errors import ArchiveError
from govcrawl.warc import ArchiveLock


def digest_of(archive: Path) -> str:
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        return content_digest(connection)


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_a_rebuild_gives_the_digest_of_the_crawl(crawled: Path, archive_copy: Path, processes: int):
    database_of(archive_copy).unlink()

    done = rebuild(archive_copy, processes)

    assert done.problems == ()
    assert digest_of(archive_copy) == digest_of(crawled)


@pytest.mark.parametrize("day", ["2020-02-29", "2027-01-01", "2031-08-05"])
def test_what_is_derived_does_not_depend_on_the_day_of_the_rebuild(archive_copy, crawled, monkeypatch, day):
    monkeypatch.setenv("GOVCRAWL_TODAY", day)

    rebuild(archive_copy, 1)

    for table in ("coverage", "serial_scopes", "version_spans", "agencies"):
        every = f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4"
        assert rows(archive_copy, every) == rows(crawled, every) != [], table


@pytest.fixture
def broken_reader(monkeypatch):
    """A reader of reports that fails on every page on the year 2023."""
    read = reports.read_report

    def broken(page, *arguments):
        found = read(page, *arguments)
        if found.report.year == 2023:
            raise ValueError("a fault of the new version")
        return found

    monkeypatch.setattr(reports, "read_report", broken)


def test_a_reader_that_fails_on_a_page_costs_none_of_its_old_rows(archive_copy: Path, crawled: Path, broken_reader):
    with closing(open_database(database_of(archive_copy))) as connection:
        connection.execute("UPDATE report_versions SET parser_version = '0.0.9'")

    done = rebuild(archive_copy, 1)

    assert done.problems
    assert all("a fault of the new version" in problem.what for problem in done.problems)
    content = 'SELECT r.year, f."table", f."row", f."column", f.value, f.raw, f.locator FROM facts AS f'
    join = " JOIN report_versions AS v ON v.id = f.report_version_id JOIN reports AS r ON r.id = v.report_id ORDER BY"
    assert rows(archive_copy, f"{content}{join} f.id") == rows(crawled, f"{content}{join} f.id")
    kept = dict(rows(archive_copy, "SELECT r.year, v.parser_version FROM report_versions AS v JOIN reports AS r"
                                   " ON r.id = v.report_id"))  # fmt: skip
    assert kept.pop(2023) == "0.0.9"
    assert set(kept.values()) == {__version__}
    failed = "SELECT count(*) FROM issues WHERE kind = 'parse_failed' AND report_version_id IS NOT NULL"
    assert rows(archive_copy, failed) == [(len(done.problems),)]


def test_what_was_kept_is_kept_again_and_gives_way_to_a_reader_that_works(
    archive_copy: Path, crawled: Path, broken_reader, monkeypatch
):
    once = rebuild(archive_copy, 1)
    kept = digest_of(archive_copy)

    assert rebuild(archive_copy, 1) == once
    assert digest_of(archive_copy) == kept
    monkeypatch.undo()
    assert rebuild(archive_copy, 1).problems == ()
    assert digest_of(archive_copy) == digest_of(crawled)


def test_a_page_that_never_was_read_is_an_issue_and_no_problem_of_the_rebuild(archive_copy: Path, broken_reader):
    database_of(archive_copy).unlink()

    assert rebuild(archive_copy, 1).problems == ()
    assert rows(archive_copy, "SELECT count(*) FROM reports WHERE year = 2023") == [(0,)]
    assert rows(archive_copy, "SELECT count(*) > 0 FROM issues WHERE kind = 'parse_failed'") == [(1,)]


def rows(archive: Path, query: str) -> list[tuple]:
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        return connection.execute(query).fetchall()


def test_a_rebuild_tells_how_far_it_is(archive_copy: Path):
    told: list[tuple[int, int]] = []

    rebuild(archive_copy, 1, lambda done, total: told.append((done, total)))

    assert told
    whole = sum(path.stat().st_size for path in (archive_copy / "warc").rglob("*.warc.gz"))
    assert told[-1] == (whole, whole)
    assert [done for done, _ in told] == sorted({done for done, _ in told})


def test_a_reader_keeps_the_old_database_while_it_is_replaced(archive_copy: Path):
    with closing(open_database(database_of(archive_copy), readonly=True)) as reader:
        before = reader.execute("SELECT count(*) FROM facts").fetchone()

        rebuild(archive_copy, 1)

        assert reader.execute("SELECT count(*) FROM facts").fetchone() == before


def test_a_damaged_record_is_named_and_costs_only_itself(archive_copy: Path):
    largest = max((archive_copy / "warc").rglob("*.warc.gz"), key=lambda path: path.stat().st_size)
    data = bytearray(largest.read_bytes())
    data[len(data) // 2] ^= 0xFF
    largest.write_bytes(data)

    done = rebuild(archive_copy, 1)

    assert len(done.problems) >= 1
    assert done.problems[0].warc_file in str(largest)
    assert done.arrivals > 10


def test_nothing_to_rebuild_from_is_said(tmp_path: Path):
    (tmp_path / "archive").mkdir()

    with pytest.raises(ArchiveError, match="no WARC files"):
        rebuild(tmp_path / "archive")


def test_an_archive_in_use_is_not_rebuilt(archive_copy: Path):
    before = database_of(archive_copy).read_bytes()

    with ArchiveLock(archive_copy), pytest.raises(ArchiveError, match="in use by process"):
        rebuild(archive_copy, 1)

    assert database_of(archive_copy).read_bytes() == before
