"""What was worked out from rows that only a sync changes (registry, forms), remembered for as long as a connection.

One process writes an archive, so nothing else can change these rows meanwhile; a sync forgets them.
"""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

_T = TypeVar("_T")
Recall = Callable[[sqlite3.Connection], Any]

_remembered: WeakKeyDictionary[sqlite3.Connection, dict[Recall, Any]] = WeakKeyDictionary()


def cached_for_connection(connection: sqlite3.Connection, recall: Callable[[sqlite3.Connection], _T]) -> _T:
    """What `recall` reads from the connection's database, read once."""
    known = _remembered.setdefault(connection, {})
    if recall not in known:
        known[recall] = recall(connection)
    result: _T = known[recall]
    return result


def clear_connection_cache(connection: sqlite3.Connection) -> None:
    """Read everything anew from now on."""
    _remembered.pop(connection, None)
