"""Values computed once per connection from rows that only a sync changes (registry, forms).

An archive has one writing process, so no other process changes these rows meanwhile; a sync clears the cache.
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
    """Returns `recall(connection)`, computed once per connection."""
    known = _remembered.setdefault(connection, {})
    if recall not in known:
        known[recall] = recall(connection)
    result: _T = known[recall]
    return result


def clear_connection_cache(connection: sqlite3.Connection) -> None:
    """Drops all cached values of a connection."""
    _remembered.pop(connection, None)


def portal_gazetteer(connection: sqlite3.Connection) -> Gazetteer:
    """Returns all portals of a database as places. Callers cache it with `cached_for_connection`."""
    rows = connection.execute("SELECT id, name, division_code, level FROM portals ORDER BY id")
    return Gazetteer(Place(*row) for row in rows)
