"""How much one SELECT of a reader may ask for: the length of each value, of all rows together, the work of a function.

SQLite makes a value of a thousand million bytes in one step, in which no time limit is looked at. Its own limit of a
value's length refuses it before the step. The rows are counted as they leave SQLite. Some functions work far longer
than their values are long (`printf('%.*c', 1000000000, 'x')` counts to the end, `instr` compares each place with the
whole of what it looks for): they are called only where that is little.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from weakref import ref

MAX_VALUE = 1_000_000
"""Bytes of a text or blob; the longest sections of reports have a tenth of it."""

MAX_RESULT = 16_000_000
"""Characters and bytes of all rows of one result; a thousand rows of the widest table have half of it."""

MAX_HEAP = 128 * 1024 * 1024
"""Bytes that all of SQLite in this process may hold."""

TOO_MUCH: Mapping[type[Exception], str] = {
    sqlite3.DataError: "a text or blob of this answer is too long; ask for shorter ones",
    MemoryError: "this takes too much memory; ask for less",
}
"""What the errors mean that SQLite raises at these limits."""

_CELL = 16  # what a value counts beside its length
_MAX_PATTERN = 100  # of LIKE and GLOB: comparing may take as many steps as the lengths of text and pattern multiplied
_MAX_STEPS = 20_000_000  # of one call of a function: some hundredths of a second
_NUMBER = re.compile(r"\d++")


def limit_results(connection: sqlite3.Connection) -> None:
    """Let a connection give only values and results of these sizes."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, _MAX_PATTERN)
    connection.row_factory = _CountedRows()
    _guard_functions(connection)


def limit_heap() -> None:
    """Bound the memory of SQLite in this process for good: an aggregate looks at its length at its end only."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA hard_heap_limit = {MAX_HEAP}")


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


# ----------------------------------------------------------------------------------------------------- functions


def _guard_functions(connection: sqlite3.Connection) -> None:
    """Put before each costly function a look at what it is asked; SQLite's own does the work."""
    original = sqlite3.connect(":memory:", check_same_thread=False)
    original.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    for name, (arguments, call, steps) in _COSTLY.items():
        connection.create_function(name, arguments, _guarded(original, call, steps), deterministic=True)


def _guarded(original: sqlite3.Connection, name: str, steps: Callable[..., int]) -> Callable[..., Any]:
    def function(*values: object) -> Any:
        if steps(original, *values) > _MAX_STEPS:
            return _TOO_LONG
        try:
            (found,) = original.execute(f"SELECT {name}({', '.join('?' * len(values))})", values).fetchone()
        except sqlite3.DataError:
            return _TOO_LONG
        return found

    return function


_TOO_LONG = bytes(MAX_VALUE + 1)  # SQLite refuses it; an exception would be printed, and its text be lost


def _compared(_: sqlite3.Connection, text: object, looked_for: object = "", *__: object) -> int:
    """The steps of a function that compares each place of a text with all of another one."""
    return len(_as_text(text)) * len(_as_text(looked_for))


def _printed(original: sqlite3.Connection, form: object = "", *values: object) -> int:
    """What the widths of a format add up to, those given as values (`*`) too."""
    text = _as_text(form)
    widths = [int(number[:12]) for number in _NUMBER.findall(text)]
    if "*" in text:
        widths += [abs(original.execute("SELECT CAST(? AS INTEGER)", (value,)).fetchone()[0] or 0) for value in values]
    return _MAX_STEPS // MAX_VALUE * sum(widths)


def _as_text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


_COSTLY: dict[str, tuple[int, str, Callable[..., int]]] = {
    "instr": (2, "instr", _compared),
    "replace": (3, "replace", _compared),
    "trim": (2, "trim", _compared),
    "ltrim": (2, "ltrim", _compared),
    "rtrim": (2, "rtrim", _compared),
    "printf": (-1, "printf", _printed),
    "format": (-1, "printf", _printed),  # a name that older releases of SQLite do not know
}
"""Name → number of arguments, the function that does the work, and how its steps are counted."""
