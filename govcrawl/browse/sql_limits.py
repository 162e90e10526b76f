"""How much one SELECT of a reader may ask for: the length of each value, and of all rows together.

SQLite makes a value of a thousand million bytes in one step, in which no time limit is looked at. Its own limit of a
value's length refuses it before the step. The rows are counted as they leave SQLite.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import ref

MAX_VALUE = 1_000_000
"""Bytes of a text or blob; the longest sections of reports have a tenth of it."""

MAX_RESULT = 16_000_000
"""Characters and bytes of all rows of one result; a thousand rows of the widest table have half of it."""

_CELL = 16  # what a value counts beside its length
_MAX_PATTERN = 1_000  # of LIKE and GLOB: comparing takes as many steps as text and pattern have together multiplied


def limit_results(connection: sqlite3.Connection) -> None:
    """Let a connection give only values and results of these sizes."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, _MAX_PATTERN)
    connection.row_factory = _CountedRows()


@contextmanager
def without_limits(connection: sqlite3.Connection) -> Iterator[None]:
    """A block of SELECTs of ours, which may read whatever is stored."""
    length = connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2**31 - 1)
    rows, connection.row_factory = connection.row_factory, sqlite3.Row
    try:
        yield
    finally:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, length)
        connection.row_factory = rows


class _CountedRows:
    """Rows as Datasette wants them, up to the size of one result."""

    def __init__(self) -> None:
        self._cursor: ref[sqlite3.Cursor] | None = None
        self._left = 0

    def __call__(self, cursor: sqlite3.Cursor, values: tuple[object, ...]) -> sqlite3.Row:
        if self._cursor is None or self._cursor() is not cursor:
            self._cursor, self._left = ref(cursor), MAX_RESULT
        self._left -= sum(_CELL + (len(value) if isinstance(value, str | bytes) else 0) for value in values)
        if self._left < 0:
            raise sqlite3.OperationalError("the result is too large; ask for fewer rows or shorter texts")
        return sqlite3.Row(cursor, values)
