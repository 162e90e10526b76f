"""Clones: reports that repeat the numbers of a table, or the prose of a section, of another report.

Tables with few different numbers (all-zero tables above all) are alike by chance, and short texts, or texts that many
organs share, are templates: neither counts. The original is the first of the matching reports, by year, then id.
"""

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from govcrawl import zh
from govcrawl.db.connection import transaction
from govcrawl.vocabulary import SectionKey

PROSE = (SectionKey.OVERVIEW, SectionKey.PROBLEMS)
"""The sections whose text an organ writes itself; the others hold tables or set phrases."""

_DIFFERENT_NUMBERS = 4  # the fewest different numbers, 0 not counted, that identify a table
_SHORTEST = 100  # characters
_TEMPLATE = 20  # organs: a text that more of them share is a template


class Bearer(NamedTuple):
    """A report that contains a matching part; sorted, the original comes first."""

    year: int
    report: str
    agency: str


_FIGURES = """
SELECT coalesce(r.year, 0), r.id, r.agency_id, i."table", c.item, c.value
FROM reports AS r
JOIN version_keys AS k ON k.report_version_id = r.current_version_id
JOIN cells AS c ON c.version_key = k.key AND c.value <> 0
JOIN items AS i ON i.number = c.item
ORDER BY r.id, i."table", c.item"""

_TEXTS = """
SELECT coalesce(r.year, 0), r.id, r.agency_id, s.key, s.text
FROM reports AS r JOIN sections AS s ON s.report_version_id = r.current_version_id
WHERE s.key IN (?, ?)"""


def update_clones(connection: sqlite3.Connection) -> None:
    """Replaces the table `clones`, computed from the current version of every report."""
    rows = sorted({*_clones(_same_figures(connection)), *_clones(_same_texts(connection))})
    with transaction(connection):
        connection.execute("DELETE FROM clones")
        connection.executemany("INSERT OR IGNORE INTO clones (report_id, part, original_id) VALUES (?, ?, ?)", rows)


def _clones(shown: Mapping[tuple[str, str], set[Bearer]]) -> Iterator[tuple[str, str, str]]:
    for (part, _), bearers in shown.items():
        original, *others = sorted(bearers)
        yield from ((other.report, part, original.report) for other in others)


def _same_figures(connection: sqlite3.Connection) -> Mapping[tuple[str, str], set[Bearer]]:
    shown: dict[tuple[str, str], set[Bearer]] = defaultdict(set)
    for (*bearer, table), cells in groupby(connection.execute(_FIGURES), key=itemgetter(0, 1, 2, 3)):
        figures = [(item, value) for *_, item, value in cells]
        if len({value for _, value in figures}) >= _DIFFERENT_NUMBERS:
            shown[table, _fingerprint(map(str, figures))].add(Bearer(*bearer))
    return shown


def _same_texts(connection: sqlite3.Connection) -> Mapping[tuple[str, str], set[Bearer]]:
    shown: dict[tuple[str, str], set[Bearer]] = defaultdict(set)
    for *bearer, section, text in connection.execute(_TEXTS, PROSE):
        plain = zh.raw(text)
        if len(plain) >= _SHORTEST:
            shown[section, _fingerprint([plain])].add(Bearer(*bearer))
    return {
        place: bearers for place, bearers in shown.items() if len({bearer.agency for bearer in bearers}) <= _TEMPLATE
    }


def _fingerprint(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
