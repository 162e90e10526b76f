"""Rows known before a crawl: portals with their governments, and the cells of the forms.

Both are stored in full at the start of every crawl and rebuild. Pass the whole registry and all forms, whatever is
crawled; otherwise the content digests of a crawl and of its rebuild would differ.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from govcrawl.agencies.gazetteer import Place
from govcrawl.agencies.naming import registered_agencies
from govcrawl.db.connection import transaction
from govcrawl.db.connection_cache import clear_connection_cache
from govcrawl.db.rows import write_rows
from govcrawl.db.wide_views import make_wide_views
from govcrawl.forms import FormItem
from govcrawl.models import Portal
from govcrawl.vocabulary import AliasSource


@dataclass(frozen=True, slots=True)
class PortalRow:
    """A row of `portals`: its fields are the table's columns."""

    id: str
    name: str
    province: str
    division_code: str
    level: str
    host: str | None
    hosts: str
    home: str
    platforms: str
    backend: str | None
    reason: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """The columns of `agencies` that the registry defines."""

    id: str
    name: str
    portal_id: str
    division_code: str
    scope: str
    registered: bool = True
    listed: bool = False


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A row of `items`: its fields are the table's columns."""

    number: int
    form: str
    table: str
    row: str
    column: str
    label_zh: str
    unit: str | None


def sync_portals(connection: sqlite3.Connection, portals: Iterable[Portal]) -> None:
    """Stores the registry, with each portal's government and office.

    Entries that left the registry are deleted, unless rows refer to them.
    """
    entries = tuple(portals)
    with transaction(connection):
        write_rows(connection, "portals", (_portal_row(portal) for portal in entries))
        agencies = {row.id: row for portal in reversed(entries) for row in _agency_rows(portal)}
        write_rows(connection, "agencies", agencies.values())
        _write_names(connection, agencies.values())
        _drop_unlisted(connection, [portal.id for portal in entries], list(agencies))
    clear_connection_cache(connection)


def _portal_row(portal: Portal) -> PortalRow:
    return PortalRow(
        id=portal.id,
        name=portal.name,
        province=portal.province,
        division_code=portal.division_code,
        level=portal.level,
        host=portal.host,
        hosts=json.dumps(portal.hosts),
        home=portal.home,
        platforms=json.dumps(portal.platforms),
        backend=portal.backend,
        reason=portal.reason,
        note=portal.note,
    )


def _agency_rows(portal: Portal) -> list[AgencyRow]:
    place = Place(portal.id, portal.name, portal.division_code, portal.level)
    return [
        AgencyRow(agency.id, agency.name, portal.id, agency.division_code, agency.scope)
        for agency in registered_agencies(place)
    ]


def _write_names(connection: sqlite3.Connection, agencies: Iterable[AgencyRow]) -> None:
    connection.execute("DELETE FROM agency_aliases WHERE source = ?", (AliasSource.REGISTRY,))
    connection.executemany(
        "INSERT INTO agency_aliases (agency_id, spelling, source) VALUES (?, ?, ?)",
        [(row.id, row.name, AliasSource.REGISTRY) for row in agencies],
    )


_UNLISTED = """
registered AND id NOT IN (SELECT value FROM json_each(?))
AND id NOT IN (SELECT agency_id FROM reports) AND id NOT IN (SELECT agency_id FROM agency_aliases)"""


def _drop_unlisted(connection: sqlite3.Connection, portals: list[str], agencies: list[str]) -> None:
    listed = (json.dumps(agencies),)
    # Coverage is computed anew at the end of every run, so it must not keep an organ that no other table refers to.
    connection.execute(f"DELETE FROM coverage WHERE agency_id IN (SELECT id FROM agencies WHERE {_UNLISTED})", listed)
    connection.execute(f"DELETE FROM agencies WHERE {_UNLISTED}", listed)
    connection.execute(
        "DELETE FROM portals WHERE id NOT IN (SELECT value FROM json_each(?))"
        " AND id NOT IN (SELECT portal_id FROM agencies) AND id NOT IN (SELECT portal_id FROM listings)"
        " AND id NOT IN (SELECT portal_id FROM documents) AND id NOT IN (SELECT portal_id FROM serial_gaps)",
        (json.dumps(portals),),
    )


def sync_items(connection: sqlite3.Connection, items: Iterable[FormItem]) -> None:
    """Stores the cells of the forms, and creates the wide views over them."""
    cells = tuple(items)
    rows = [ItemRow(i.number, i.form, i.table, i.row, i.column, i.label_zh, i.unit) for i in cells]
    with transaction(connection):
        write_rows(connection, "items", rows)
        make_wide_views(connection, cells)
    clear_connection_cache(connection)
