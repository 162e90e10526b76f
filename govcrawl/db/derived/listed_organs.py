"""Listed organs: organs named by a list row that promises a report, without a report that was read.

They are computed from all rows. A listed organ is the agency whose report the row led to, or the only agency of its
division that has the same name or an abbreviation of it; otherwise it becomes an agency of its own.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from govcrawl import zh
from govcrawl.agencies.gazetteer import Gazetteer
from govcrawl.agencies.naming import Agency, abbreviates, is_of_unknown_organ, name_agency
from govcrawl.db.connection import transaction
from govcrawl.db.connection_cache import cached_for_connection, portal_gazetteer
from govcrawl.db.store.agencies import spellings, store_sighting
from govcrawl.titles import is_division, is_organ, name_in, read_title
from govcrawl.vocabulary import AliasSource


class ListedRow(NamedTuple):
    """A list row: its portal, title and publisher, and the agency of the report it led to, if any."""

    portal: str
    title: str
    publisher: str | None
    agency: str | None


_ROWS = """
SELECT DISTINCT listing.portal_id, listing.title, listing.publisher, report.agency_id
FROM listings AS listing
LEFT JOIN report_copies AS copy ON copy.document_id = listing.id
LEFT JOIN reports AS report ON report.id = copy.report_id
ORDER BY 1, 2, 3, 4"""

_LONGEST_SHORT = 5  # characters: 农业农村局; longer names are written out
_PART_OF = re.compile(r"[镇乡街区县市分所队站]")
"""Characters in the name of a part of an organ or of a lower organ, which is no abbreviation of another name."""


def organ_of(title: str, publisher: str | None = None) -> str | None:
    """Returns the organ whose annual report a title announces, in normal width, otherwise as written.

    If the title names none (2023年政府信息公开工作年度报告), the publisher is returned if it is an organ. None for
    other titles, for titles of several organs' reports together, and for divisions, whose governments are in the
    registry.
    """
    said = read_title(title)
    if not said.is_report or (said.names_others and not said.organ):
        return None
    name = said.organ or name_in(publisher or "")
    return zh.narrow(name) if name and is_organ(name) and not is_division(name) else None


def update_listed_organs(connection: sqlite3.Connection) -> None:
    """Replaces the agencies that only lists name, and the spellings from lists."""
    with transaction(connection):
        connection.execute("DELETE FROM agency_aliases WHERE source = ?", (AliasSource.LIST,))
        connection.execute("DELETE FROM coverage WHERE agency_id IN (SELECT id FROM agencies WHERE listed)")
        connection.execute("DELETE FROM agencies WHERE listed")
        for agency, name in _listed(connection):
            connection.executemany(
                "INSERT OR IGNORE INTO agency_aliases (agency_id, spelling, source) VALUES (?, ?, ?)",
                [(agency, spelling, AliasSource.LIST) for spelling, _ in spellings(name, AliasSource.LIST)],
            )


def _listed(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yields each agency that a list names, with the name; inserts those not known yet."""
    known, names = cached_for_connection(connection, portal_gazetteer), _short_names(connection)
    for row in connection.execute(_ROWS).fetchall():
        listed = ListedRow(*row)
        name = organ_of(listed.title, listed.publisher)
        if name is None:
            continue
        place = known.portals[listed.portal]
        agency = name_agency(name, place, known)
        led_to = listed.agency if listed.agency and not is_of_unknown_organ(listed.agency) else None
        same = [led_to] if led_to else _same(agency, names[agency.division_code], known)
        if not same:
            store_sighting(connection, agency, place, listed=True)
        if len(same) < 2:
            yield (same or [agency.id])[0], name


def _short_names(connection: sqlite3.Connection) -> Mapping[str, dict[str, str]]:
    """Division → short name → agency id, before the lists add theirs."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for key, division in connection.execute("SELECT id, division_code FROM agencies"):
        names[division][key.partition(":")[2]] = key
    return names


def _same(agency: Agency, names: Mapping[str, str], known: Gazetteer) -> list[str]:
    """The ids of agencies with the name of a listed organ, else of those whose name or its abbreviates the other."""
    if agency.short in names:
        return [names[agency.short]]
    division = known.portals[agency.division_code].name
    return [key for short, key in names.items() if cut_short(agency.short, short, division)]


def cut_short(one: str, other: str, division: str) -> bool:
    """True if one of two short names of a division abbreviates the other (杭州市经信局, 杭州市经济和信息化局)."""
    if not (one.startswith(division) and other.startswith(division)):
        return False
    short, full = sorted((one.removeprefix(division), other.removeprefix(division)), key=len)
    return len(short) <= _LONGEST_SHORT and not _PART_OF.search(full) and abbreviates(short, full)
