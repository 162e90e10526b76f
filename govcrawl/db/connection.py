"""Opening the database: one writer in WAL mode, any number of readers that it never locks.

A killed process loses nothing that was committed; a power cut may lose the last commits and never corrupts. Both are
made good from the archive, which was written first.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from govcrawl.errors import ArchiveError, ArchiveWriteError

WriteError = sqlite3.OperationalError
"""What every statement raises that the disk refuses; nothing of its transaction is kept."""

Connection = sqlite3.Connection
"""For the annotations of packages that hold a connection and leave the SQL to this one."""

_BUSY_SECONDS = 30.0
_CACHED_STATEMENTS = 256
_CACHE_KIB = 32 * 1024  # ids are digests, so a report touches pages all over the indexes
_CHECKPOINT_PAGES = 4000  # 16 MB: pages written again and again are copied back once


class _Connection(sqlite3.Connection):
    """What SQLite gives, made fit for weak references: `remembering` hangs on it."""


def open_database(path: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """A connection in autocommit mode (use `transaction`), foreign keys held, for writing in WAL mode.

    Raises:
        ArchiveError: The file is missing (to read), cannot be opened, or is no database.
    """
    if readonly and not path.is_file():
        raise ArchiveError(f"{path}: there is no database; crawl first, or make it with `govcrawl rebuild`")
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={'ro' if readonly else 'rwc'}",
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            factory=_Connection,
            cached_statements=_CACHED_STATEMENTS,
        )
        _prepare(connection, readonly=readonly)
    except sqlite3.DatabaseError as error:
        raise ArchiveError(f"{path}: {error}; put it aside and run `govcrawl rebuild`") from error
    return connection


@contextmanager
def read_database(path: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection that is closed after the block; ArchiveError as `open_database` raises it."""
    with closing(open_database(path, readonly=True)) as connection:
        yield connection


def _prepare(connection: sqlite3.Connection, *, readonly: bool) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    if readonly:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All statements inside take effect together or not at all; inside another transaction they join it."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:  # SQLite has rolled back by itself when the disk is full
        connection.execute("ROLLBACK")


def copy_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Write what a connection sees into a new file, which needs no `-wal` beside it to be read.

    Raises ArchiveWriteError where the disk refuses, or the file is there.
    """
    try:
        connection.execute("VACUUM INTO ?", (str(path),))
        with closing(open_database(path)) as copy:
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        raise ArchiveWriteError(f"{path}: {error}; make room or name another place") from error


def archive_property(connection: Connection, name: str) -> str | None:
    """The word under a name, or None."""
    row = connection.execute("SELECT value FROM archive WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else None


def set_archive_property(connection: Connection, name: str, value: str) -> None:
    """Put a word under a name, in the place of an earlier one."""
    connection.execute(
        "INSERT INTO archive (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )
