"""The database is a projection: the same content however it came to be; the old one stands until the new is whole."""

from contextlib import closing
from pathlib import Path

import pytest

from govcrawl.db.connection import open_database
from govcrawl.db.digest import digest
from govcrawl.errors import ArchiveError
from govcrawl.projection import database_of, rebuild
from govcrawl.warc import ArchiveLock


def digest_of(archive: Path) -> str:
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        return digest(connection)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_rebuild_gives_the_digest_of_the_crawl(crawled: Path, archive_copy: Path, processes: int):
    database_of(archive_copy).unlink()

    done = rebuild(archive_copy, processes)

    assert done.problems == ()
    assert digest_of(archive_copy) == digest_of(crawled)


def test_a_rebuild_tells_how_far_it_is(archive_copy: Path):
    told: list[tuple[int, int]] = []

    rebuild(archive_copy, 1, lambda done, total: told.append((done, total)))

    assert told
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == list(range(1, len(told) + 1))


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
