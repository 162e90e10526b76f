"""Organs that only lists name: a row promises a report of an organ, and no report of it was read.

Worked out anew from all rows: an organ that a list names is one with the agency whose report the row led to, or with
the one agency of its division whose name it cuts short; only else is it an agency of its own.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from govcrawl import zh
from govcrawl.agencies.gazetteer import Gazetteer
from govcrawl.agencies.naming import Agency, abbreviates, name_agency
from govcrawl.db.connection import transaction
from govcrawl.db.connection_cache import cached_for_connection, portal_gazetteer
from govcrawl.db.store.agencies import spellings, store_sighting
from govcrawl.vocabulary import AliasSource

_TITLE = re.compile(
    r"(?P<before>.*?)(?:政府信息(?:主动)?公开|政务公开|信息公开).{0,24}?(?:报告|年报|统计表)(?:\((?P<behind>[^()]+)\))?$"
)
_YEAR = re.compile(r"(?:20\d\d|二[〇零○O][〇零○O一二三四五六七八九]{2})(?:年度?|(?=\W|$))")
_EDGES = re.compile(r"^(?:关于|公布|发布|《|[-:,、.])+|(?:关于|开展|工作|的|《|[-:,、.])+$")
_ORGAN = re.compile(
    r".{1,40}(?:[局委办厅署院馆社处队]|办公室|委员会|政府|街道|办事处|[镇乡]|中心|管委会|公司|集团|大学|学院)(?:\(.+\))?"
)
_SEVERAL = re.compile(r"各|全[省市区县]|所属|下属|部门|街镇|镇街|汇总")


class ListedRow(NamedTuple):
    """A row of a list: where, what it says, and the agency whose report it led to, if it did."""

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
"""What stands in the name of a part of an organ or of a smaller place's organ, which no other name cuts short."""


def organ_of(title: str, publisher: str | None = None) -> str | None:
    """The organ whose annual report a title announces, as written but for width, script and white space.

    Where the title names none (2023年政府信息公开工作年度报告) it is the publisher, if that is an organ. None for
    titles of anything else, and of several organs' reports together.
    """
    folded = zh.fold(title)
    match = _TITLE.fullmatch(folded)
    if not match or _SEVERAL.search(folded):
        return None
    stated = [_EDGES.sub("", _YEAR.sub("", part)) for part in (match["before"], match["behind"]) if part]
    candidates = [name for name in stated if name] or [zh.fold(publisher or "")]
    return next((name for name in candidates if _ORGAN.fullmatch(name)), None)


def update_listed_organs(connection: sqlite3.Connection) -> None:
    """Bring the agencies that only lists name, and the spellings of lists, up to date."""
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
    """Each agency that a list names, with the name; those not known yet are put in."""
    known, names = cached_for_connection(connection, portal_gazetteer), _short_names(connection)
    for row in connection.execute(_ROWS).fetchall():
        listed = ListedRow(*row)
        name = organ_of(listed.title, listed.publisher)
        if name is None:
            continue
        place = known.portals[listed.portal]
        agency = name_agency(name, place, known)
        same = [listed.agency] if listed.agency else _same(agency, names[agency.division_code], known)
        if not same:
            store_sighting(connection, agency, place, listed=True)
        if len(same) < 2:
            yield (same or [agency.id])[0], name


def _short_names(connection: sqlite3.Connection) -> Mapping[str, dict[str, str]]:
    """Division → short names of its agencies → their ids, as they are before lists add theirs."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for key, division in connection.execute("SELECT id, division_code FROM agencies"):
        names[division][key.partition(":")[2]] = key
    return names


def _same(agency: Agency, names: Mapping[str, str], known: Gazetteer) -> list[str]:
    """The agencies that a listed organ may be one with: that of its name, else those whose name or its is cut short."""
    if agency.short in names:
        return [names[agency.short]]
    division = known.portals[agency.division_code].name
    return [key for short, key in names.items() if cut_short(agency.short, short, division)]


def cut_short(one: str, other: str, division: str) -> bool:
    """Whether one of two short names of a division is the other cut short (杭州市经信局, 杭州市经济和信息化局)."""
    if not (one.startswith(division) and other.startswith(division)):
        return False
    short, full = sorted((one.removeprefix(division), other.removeprefix(division)), key=len)
    return len(short) <= _LONGEST_SHORT and not _PART_OF.search(full) and abbreviates(short, full)
