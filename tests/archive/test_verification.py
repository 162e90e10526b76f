"""Verification finds what is off, names it, and says nothing of what is right."""

import sqlite3
from contextlib import closing
from datetime import datetime
from itertools import islice
from pathlib import Path

import pytest

from govcrawl import platforms, warc
from govcrawl.archive.layout import database_of
from govcrawl.archive.projection import open_projection, rebuild, registry_of
from govcrawl.archive.verification import verify_archive
from govcrawl.db import store
from govcrawl.db.connection import open_database
from govcrawl.db.queries.evidence import evidence_count
from govcrawl.vocabulary import Origin, Outcome
from govcrawl.warc import ArchiveWriter, Fetched, StoredExchange


def test_a_whole_archive_has_no_fault_and_its_facts_have_places(crawled: Path):
    assert list(verify_archive(crawled)) == []
    with closing(open_database(database_of(crawled), readonly=True)) as connection:
        assert evidence_count(connection) > 1000


def test_a_flipped_byte_is_named_with_file_and_offset(archive_copy: Path):
    largest = max((archive_copy / "warc").rglob("*.warc.gz"), key=lambda path: path.stat().st_size)
    data = bytearray(largest.read_bytes())
    data[len(data) // 2] ^= 0xFF
    largest.write_bytes(data)

    faults = list(verify_archive(archive_copy))

    assert any(largest.name in fault and "at byte" in fault for fault in faults)


def test_a_fact_that_its_bytes_do_not_say_is_named(archive_copy: Path):
    with closing(sqlite3.connect(database_of(archive_copy))) as connection:
        connection.execute(
            "UPDATE cells SET start = start + 1 WHERE (version_key, item) ="
            " (SELECT version_key, item FROM cells WHERE length > 1 AND start IS NOT NULL LIMIT 1)"
        )
        connection.commit()

    faults = list(verify_archive(archive_copy))

    assert len(faults) == 1
    assert "fact" in faults[0]
    assert "bytes" in faults[0]


@pytest.fixture
def nothing_stored(archive_copy: Path) -> Path:
    """An archive whose database has none of its records yet."""
    database_of(archive_copy).unlink()
    open_projection(archive_copy, Origin.REPLICA, registry_of(archive_copy)).close()
    return archive_copy


def test_records_that_the_next_run_can_store_are_no_fault(nothing_stored: Path):
    assert list(verify_archive(nothing_stored)) == []


def test_a_record_that_the_next_run_could_not_store_is_named(nothing_stored: Path, monkeypatch):
    right = store.store_document

    def wrong(connection, capture, *more):
        if "2023" in more[0].document.title:
            raise OverflowError("too large for a column")
        return right(connection, capture, *more)

    monkeypatch.setattr(store, "store_document", wrong)

    faults = list(verify_archive(nothing_stored))

    assert faults
    assert all("could not be read or stored (OverflowError: too large for a column)" in fault for fault in faults)
    assert all(" at byte " in fault for fault in faults)


def test_a_record_that_is_stored_as_an_attempt_alone_is_named(archive_copy: Path, monkeypatch):
    monkeypatch.setattr(platforms, "read", broken_list)

    rebuild(archive_copy, 1)

    faults = list(verify_archive(archive_copy))
    assert faults
    assert all("(LookupError: no such list)" in fault for fault in faults)


def broken_list(*_):
    raise LookupError("no such list")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("sha256 = 'other'", "says sha256 other"),
        ("warc_offset = warc_offset + 1", "says warc_offset"),
        ("warc_length = 7", "says warc_length 7"),
        ("url = url || '#'", "says url"),
        ("id = 'other'", "the archive no such record"),
    ],
)
def test_an_index_that_differs_from_the_records_is_named_with_file_offset_and_address(
    archive_copy: Path, change: str, what: str
):
    with closing(sqlite3.connect(database_of(archive_copy))) as connection:
        one = "SELECT id, url FROM captures WHERE role = 'home' LIMIT 1"
        capture, url = connection.execute(one).fetchone()
        connection.execute(f"UPDATE captures SET {change} WHERE id = ?", (capture,))
        connection.commit()

    named = [fault for fault in verify_archive(archive_copy) if ".warc.gz at byte" in fault]

    assert len(named) == 1
    assert what in named[0]
    assert url in named[0]


def test_every_capture_whose_file_is_gone_is_named(archive_copy: Path):
    largest = max((archive_copy / "warc").rglob("*.warc.gz"), key=lambda path: path.stat().st_size)
    with closing(open_database(database_of(archive_copy), readonly=True)) as connection:
        query = "SELECT url FROM captures WHERE warc_file LIKE '%' || ?"
        lost = [url for (url,) in connection.execute(query, (largest.name,))]
    largest.unlink()

    faults = list(verify_archive(archive_copy))

    assert lost
    for url in lost:
        assert any(f"({url}): the database has this capture" in fault and largest.name in fault for fault in faults)


def test_facts_without_their_records_are_counted(archive_copy: Path):
    for path in (archive_copy / "warc").rglob("*.warc.gz"):
        path.unlink()

    faults = list(verify_archive(archive_copy))

    assert any("rest on records that are not there" in fault for fault in faults)


def test_a_sample_of_a_whole_archive_has_no_fault(crawled: Path):
    assert list(verify_archive(crawled, sample=5)) == []


@pytest.mark.parametrize("day", ["1970-01-01", "2099-01-01"])
def test_a_record_of_ours_that_is_dated_where_no_page_was_kept_is_named(archive_copy: Path, day: str):
    (first,) = islice((one for one in warc.iter_stored(archive_copy) if isinstance(one, StoredExchange)), 1)
    request, response = first.exchange.request, first.exchange.response
    at = datetime.fromisoformat(f"{day}T12:00:00Z")
    fetched = Fetched(at, response.url, 200, "OK", (), response.body, response.body, "text/html")
    with ArchiveWriter(archive_copy, origin=Origin.REPLICA, software="test", registry_digest="0") as writer:
        writer.write_exchange(request, fetched, Outcome.OK)
        writer.write_attempt(request, Outcome.TIMEOUT, at, "no answer")
        writer.write_crawl(None, "start", at, {"id": "a"})

    named = [fault for fault in verify_archive(archive_copy) if f"is dated {day}" in fault]

    assert len(named) == 3
    assert all(".warc.gz at byte" in fault for fault in named)
    assert request.url in named[0]
