"""A database as one file to hand on: compact, whole, of one moment, whatever is written to the original meanwhile."""

import sqlite3
from contextlib import closing
from pathlib import Path

from govcrawl.db.connection import open_database
from govcrawl.errors import ArchiveWriteError


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
