"""Agencies: inserted when first seen, with every spelling and the nearest portal.

Sightings commute. An agency's portal is the nearest one it was seen on, on a tie the one with the lowest id. Its name
is the registry's, else the longest spelling seen.
"""

import sqlite3
from collections.abc import Iterator

from govcrawl import zh
from govcrawl.agencies.gazetteer import Gazetteer, Place
from govcrawl.agencies.naming import SECOND_NAME, Agency, name_agency, nearness, unknown_agency
from govcrawl.db.connection_cache import cached_for_connection, portal_gazetteer
from govcrawl.models import Reading
from govcrawl.vocabulary import AliasSource

Spelling = tuple[str, AliasSource]


def store_agency(connection: sqlite3.Connection, place: Place, document: str, reading: Reading) -> Agency:
    """Inserts or updates the agency of a report read on a portal, with the page's spellings; returns the agency.

    A report whose organ is not certain is filed under its own document.
    """
    known = cached_for_connection(connection, portal_gazetteer)
    stated = reading.report.agency
    agency = name_agency(stated, place, known) if stated else unknown_agency(document, place, known)
    store_sighting(connection, agency, place)
    connection.executemany(
        "INSERT OR IGNORE INTO agency_aliases (agency_id, spelling, source) VALUES (?, ?, ?)",
        [(agency.id, *spelling) for spelling in _spellings(reading, agency, place, known)],
    )
    return agency


def _spellings(reading: Reading, agency: Agency, place: Place, known: Gazetteer) -> Iterator[Spelling]:
    """The page's spellings of the agency. A publisher that is another organ is left out."""
    stated, publisher = reading.report.agency, reading.document.publisher
    if stated:
        yield from spellings(stated, AliasSource.REPORT)
    if publisher and (publisher == stated or name_agency(publisher, place, known).id == agency.id):
        yield from spellings(publisher, AliasSource.PUBLISHER)


def spellings(name: str, source: AliasSource) -> Iterator[Spelling]:
    """Yields a name as written, and the second name in it (…局（…局）)."""
    plain = zh.simplified(zh.raw(name))
    yield plain, source
    if second := SECOND_NAME.search(plain):
        yield second[1], AliasSource.SECOND_NAME


def store_sighting(connection: sqlite3.Connection, agency: Agency, place: Place, *, listed: bool = False) -> None:
    """Inserts an agency when first seen, else updates its portal and name from a sighting on a portal.

    The first report replaces a row that is only `listed`: lists are evaluated anew, and leave no trace in it.
    """
    query = "SELECT portal_id, name, registered, listed FROM agencies WHERE id = ?"
    known = connection.execute(query, (agency.id,)).fetchone()
    if known is None:
        connection.execute(
            "INSERT INTO agencies (id, name, portal_id, division_code, scope, registered, listed)"
            " VALUES (?, ?, ?, ?, ?, 0, ?)",
            (agency.id, agency.name, place.id, agency.division_code, agency.scope, listed),
        )
        return
    portal, name, is_registered, was_listed = known
    if was_listed and not listed:
        portal, name = place.id, agency.name
    if portal != place.id:
        both = (cached_for_connection(connection, portal_gazetteer).portals[portal], place)
        portal = min(both, key=lambda candidate: (nearness(candidate, agency), candidate.id)).id
    if not is_registered:
        name = max(name, agency.name, key=lambda spelling: (len(spelling), spelling))
    if (portal, name, listed) != (*known[:2], bool(was_listed)):
        connection.execute(
            "UPDATE agencies SET portal_id = ?, name = ?, listed = ? WHERE id = ?", (portal, name, listed, agency.id)
        )
