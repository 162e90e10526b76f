"""The gazetteer of the portals that a database holds."""

import sqlite3

from govcrawl.agencies.gazetteer import Gazetteer, Place


def portal_gazetteer(connection: sqlite3.Connection) -> Gazetteer:
    """All portals of a database as places. Callers keep it with `connection_cache.cached_for_connection`."""
    rows = connection.execute("SELECT id, name, division_code, level FROM portals ORDER BY id")
    return Gazetteer(Place(*row) for row in rows)
