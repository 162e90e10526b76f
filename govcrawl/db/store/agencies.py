"""Agencies: inserted at first sight, with every spelling and the nearest portal.

Sightings commute: an agency's portal is the nearest it was seen on, then that of the lowest id; its name the longest
spelling seen, unless the registry gives one.
"""

import sqlite3
from collections.abc import Iterator

from govcrawl import zh
from govcrawl.agencies.gazetteer import Gazetteer, Place
from govcrawl.agencies.naming import SECOND_NAME, Agency, name_agency, nearness
from govcrawl.db.connection_cache import cached_for_connection, portal_gazetteer
from govcrawl.models import Reading
from govcrawl.vocabulary import AliasSource

Spelling = tuple[str, AliasSource]


def store_agency(connection: sqlite3.Connection, place: Place, reading: Reading) -> Agency:
    """The agency whose report a page of a portal is, put in with the spellings the page has for it."""
    known = cached_for_connection(connection, portal_gazetteer)
    agency = name_agency(reading.report.agency or reading.document.publisher, place, known)
    store_sighting(connection, agency, place)
    connection.executemany(
        "INSERT OR IGNORE INTO agency_aliases (agency_id, spelling, source) VALUES (?, ?, ?)",
        [(agency.id, *spelling) for spelling in _spellings(reading, agency, place, known)],
    )
    return agency


def _spellings(reading: Reading, agency: Agency, place: Place, known: Gazetteer) -> Iterator[Spelling]:
    """What the page calls the agency; its publisher may be another organ, and then is no spelling of this one."""
    stated, publisher = reading.report.agency, reading.document.publisher
    if stated:
        yield from spellings(stated, AliasSource.REPORT)
    if publisher and (publisher == stated or name_agency(publisher, place, known).id == agency.id):
        yield from spellings(publisher, AliasSource.PUBLISHER)


def spellings(name: str, source: AliasSource) -> Iterator[Spelling]:
    """A name as written, and the second name in it (…局（…局）)."""
    plain = zh.simplified(zh.raw(name))
    yield plain, source
    if second := SECOND_NAME.search(plain):
        yield second[1], AliasSource.SECOND_NAME


def store_sighting(connection: sqlite3.Connection, agency: Agency, place: Place, *, listed: bool = False) -> None:
    """Put an agency in at first sight, or add a sighting of it on a portal.

    What is only `listed` makes way for the first report: lists are worked out anew, and leave no trace in it.
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
