import sqlite3

import pytest

from govcrawl.db.connection import open_database, transaction
from govcrawl.errors import ArchiveError


def rows(connection):
    return connection.execute("SELECT count(*) FROM archive").fetchone()[0]


def add_row_and_fail(connection):
    with transaction(connection):
        with transaction(connection):
            connection.execute("INSERT INTO archive VALUES ('a', 'b')")
        raise ZeroDivisionError


def test_a_failed_transaction_leaves_nothing_and_an_inner_one_joins_it(connection):
    before = rows(connection)
    with pytest.raises(ZeroDivisionError):
        add_row_and_fail(connection)

    assert rows(connection) == before
    assert not connection.in_transaction


def test_a_reader_neither_waits_nor_writes(connection, path):
    with transaction(connection):
        connection.execute("INSERT INTO archive VALUES ('a', 'b')")
        reader = open_database(path, readonly=True)
        assert rows(reader) == rows(connection) - 1
    assert rows(reader) == rows(connection)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM archive")
    reader.close()


def test_reading_a_missing_database_says_what_to_do(tmp_path):
    with pytest.raises(ArchiveError, match="govcrawl rebuild"):
        open_database(tmp_path / "none.db", readonly=True)


def test_a_file_that_is_no_database_is_an_archive_error(tmp_path):
    path = tmp_path / "govcrawl.db"
    path.write_bytes(b"not a database at all, but long enough to be read as one" * 20)

    for readonly in (True, False):
        with pytest.raises(ArchiveError, match="not a database"):
            open_database(path, readonly=readonly)
