"""Opens the database: one writer in WAL mode, and any number of readers that it never locks.

A killed process loses no committed transaction. A power cut may lose the last commits but never corrupts the file. Lost
commits are restored from the archive, which is written first.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from govcrawl.errors import ArchiveError, ArchiveWriteError

WriteError = sqlite3.OperationalError
"""Raised by every statement that the disk refuses; its transaction is rolled back."""

Connection = sqlite3.Connection
"""The type for annotations in packages that hold a connection but contain no SQL."""

_BUSY_SECONDS = 30.0
_CACHED_STATEMENTS = 256
_CACHE_KIB = 32 * 1024  # ids are digests, so the rows of one report lie on pages all over the indexes
_CHECKPOINT_PAGES = 4000  # 16 MB: a page that is written many times is copied back once


_OTHER_TABLES = ("no such table", "no such column", "no such view", "foreign key mismatch")
_NO_RIGHTS = ("attempt to write a readonly database", "unable to open database file")


class _Connection(sqlite3.Connection):
    """A connection that supports weak references, which `connection_cache` needs."""


def open_database(path: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """Returns a connection in autocommit mode (use `transaction`), with foreign keys enforced; WAL mode for writing.

    Raises:
        ArchiveError: The file is missing (when `readonly`), cannot be opened, or is no database.
    """
    if readonly and not path.is_file():
        raise ArchiveError(f"{path}: there is no database; crawl first, or make it with `govcrawl rebuild`")
    try:
        connection = sqlite3.connect(
            reading_uri(path) if readonly else f"{path.absolute().as_uri()}?mode=rwc",
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            factory=_Connection,
            cached_statements=_CACHED_STATEMENTS,
        )
        _prepare(connection, readonly=readonly)
    except sqlite3.DatabaseError as error:
        raise database_error(path, error) from error
    return connection


def reading_uri(path: Path) -> str:
    """The address under which SQLite opens a database for reading, whatever characters are in its path.

    SQLite makes files beside a database in WAL mode even to read it. Where the folder cannot be written to, it opens
    the database as one that nobody changes. Where changes stand in such a file, they are read with it or not at all.
    """
    is_still = not os.access(path.parent, os.W_OK) and not _waiting_changes(path)
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if is_still else ''}"


def _waiting_changes(path: Path) -> int:
    """The bytes of changes that stand beside a database and are not in its file yet."""
    changes = path.with_name(f"{path.name}-wal")
    return changes.stat().st_size if changes.is_file() else 0


def opened_state(path: Path) -> tuple[int, ...] | None:
    """What is equal as long as a database opened for reading shows what is stored; None where there is no file.

    It is the file itself, and its size, time and changes where it was opened as one that nobody changes: its owner may.
    """
    try:
        file = path.stat()
    except FileNotFoundError:
        return None
    if os.access(path.parent, os.W_OK):
        return (file.st_ino,)
    return (file.st_ino, file.st_mtime_ns, file.st_size, _waiting_changes(path))


@contextmanager
def read_database(path: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection that is closed after the block.

    Raises:
        ArchiveError: as `open_database`, or the tables are not those that this version reads.
        ArchiveWriteError: The disk refuses what a query needs.
    """
    with closing(open_database(path, readonly=True)) as connection:
        try:
            _require_archive(path, connection)
            yield connection
        except sqlite3.DatabaseError as error:
            if is_of_disk(error):
                raise ArchiveWriteError(f"{path}: {error}; make room or mend the disk and try again") from error
            if isinstance(error, sqlite3.OperationalError) and not str(error).startswith((*_OTHER_TABLES, *_NO_RIGHTS)):
                raise
            raise database_error(path, error) from error


def is_of_disk(error: sqlite3.Error) -> bool:
    """Whether the disk is full or refuses: a query may need room too, for what it sorts."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


def _require_archive(path: Path, connection: sqlite3.Connection) -> None:
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if missing := {"archive", "captures", "reports"} - found:
        what = f"this is no database of govcrawl's (it has no table {min(missing)})"
        raise ArchiveError(f"{path}: {what}; put it aside and run `govcrawl rebuild`")


def database_error(path: Path, error: sqlite3.Error) -> ArchiveError:
    """What an error of SQLite means for whoever uses the archive, and what to do."""
    said = str(error)
    if said.startswith(_OTHER_TABLES):
        return ArchiveError(f"{path}: made by another version ({said}); run `govcrawl rebuild`")
    if said.startswith(_NO_RIGHTS):
        folder = "" if os.access(path.parent, os.W_OK) else f", nor write to {path.parent}, which its last changes need"
        return ArchiveError(
            f"{path}: you may not {'write' if folder else 'use'} it{folder} ({said}); get the permission"
        )
    return ArchiveError(f"{path}: {said}; put it aside and run `govcrawl rebuild`")


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
    """Runs all statements inside as one transaction; inside another transaction they become part of it."""
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
    """Writes the connection's snapshot into a new file that needs no `-wal` file beside it.

    Raises ArchiveWriteError if the file exists or cannot be written.
    """
    try:
        connection.execute("VACUUM INTO ?", (str(path),))
        with closing(open_database(path)) as copy:
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        raise ArchiveWriteError(f"{path}: {error}; make room or name another place") from error


def archive_property(connection: Connection, name: str) -> str | None:
    """Returns the value stored under a name in the table `archive`, or None."""
    row = connection.execute("SELECT value FROM archive WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else None


def set_archive_property(connection: Connection, name: str, value: str) -> None:
    """Stores a value under a name in the table `archive`, replacing an earlier one."""
    connection.execute(
        "INSERT INTO archive (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )
