"""The portal of an organ that has an entry of its own: its own site once that was asked, until then where it was seen.

A report of the organ on its government's portal would else count for a site that no crawl has asked.
"""

import sqlite3

from govcrawl.agencies.gazetteer import Gazetteer, Place
from govcrawl.agencies.naming import Agency, nearness, registered_agencies
from govcrawl.db.connection_cache import cached_for_connection, portal_gazetteer

_WAS_ASKED = """
SELECT EXISTS (SELECT 1 FROM attempts WHERE portal_id = :portal)
  OR EXISTS (SELECT 1 FROM documents WHERE portal_id = :portal)"""

_SEEN_ON = """
SELECT DISTINCT document.portal_id
FROM reports AS report
JOIN report_copies AS copy ON copy.report_id = report.id
JOIN documents AS document ON document.id = copy.document_id
WHERE report.agency_id = ?"""


def update_agency_portals(connection: sqlite3.Connection) -> None:
    """Work out anew the portal of each organ that the registry lists by a site of its own."""
    known = cached_for_connection(connection, portal_gazetteer)
    rows = [
        (_portal_of(connection, agency, place, known).id, agency.id)
        for place in known.portals.values()
        if place.is_organ
        for agency in registered_agencies(place)
    ]
    connection.executemany("UPDATE agencies SET portal_id = ?1 WHERE id = ?2 AND portal_id <> ?1", rows)


def _portal_of(connection: sqlite3.Connection, agency: Agency, own: Place, known: Gazetteer) -> Place:
    (was_asked,) = connection.execute(_WAS_ASKED, {"portal": own.id}).fetchone()
    if was_asked:
        return own
    seen = [known.portals[portal] for (portal,) in connection.execute(_SEEN_ON, (agency.id,))]
    return min(seen, key=lambda place: (nearness(place, agency), place.id), default=own)
