"""Values computed once per connection from rows that only a sync changes (registry, forms).

One process writes an archive, so nothing else can change these rows meanwhile; a sync forgets them.
"""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from govcrawl.agencies.gazetteer import Gazetteer, Place

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


def portal_gazetteer(connection: sqlite3.Connection) -> Gazetteer:
    """All portals of a database as places. Callers keep it with `connection_cache.cached_for_connection`."""
    rows = connection.execute("SELECT id, name, division_code, level FROM portals ORDER BY id")
    return Gazetteer(Place(*row) for row in rows)
