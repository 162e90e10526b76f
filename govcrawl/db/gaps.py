"""Runs of index numbers that no list showed: where to look, never what was withdrawn.

Counters are shared by whole sites, count other kinds of information and take numbers back, so each run carries what
the series itself says about it.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from govcrawl import index_number
from govcrawl.db.connection import transaction
from govcrawl.index_number import Gap, IndexNumber
from govcrawl.vocabulary import GapAssessment

_DENSE = 0.5  # below this share of seen serials, most of a series is something else than what the lists show

_SEEN = """
SELECT listing.portal_id, coalesce(document.index_number, listing.index_number),
  coalesce(report.agency_id, listing.publisher)
FROM listings AS listing
LEFT JOIN documents AS document ON document.id = listing.id
LEFT JOIN report_copies AS copy ON copy.document_id = listing.id
LEFT JOIN reports AS report ON report.id = copy.report_id
WHERE coalesce(document.index_number, listing.index_number) IS NOT NULL
ORDER BY listing.portal_id"""


@dataclass(slots=True)
class Series:
    """The numbers of one prefix and year on one portal, and the organs that were seen to use them."""

    numbers: list[IndexNumber] = field(default_factory=list)
    organs: set[str] = field(default_factory=set)

    def assessment(self) -> GapAssessment:
        """What an unseen serial of this series most likely is."""
        if len(self.organs) > 1:
            return GapAssessment.SITE_WIDE_COUNTER
        serials = {number.serial for number in self.numbers}
        dense = len(serials) >= _DENSE * (max(serials) - min(serials) + 1)
        return GapAssessment.UNSEEN if dense else GapAssessment.OTHER_CLASS


def update_gaps(connection: sqlite3.Connection) -> int:
    """Work out `serial_gaps` anew from all listings and documents; how many runs there are."""
    rows = list(_rows(connection.execute(_SEEN)))
    with transaction(connection):
        connection.execute("DELETE FROM serial_gaps")
        connection.executemany("INSERT INTO serial_gaps VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    return len(rows)


def _rows(seen: Iterable[tuple[str, str, str | None]]) -> Iterator[tuple[str | int, ...]]:
    for portal, series in _by_portal(seen).items():
        for members in series.values():
            assessment = members.assessment()
            for gap in index_number.gaps(members.numbers):
                yield _row(portal, gap, assessment)


def _row(portal: str, gap: Gap, assessment: GapAssessment) -> tuple[str | int, ...]:
    return (portal, gap.prefix, gap.year, gap.month or 0, gap.first_serial, gap.last_serial, assessment)


def _by_portal(seen: Iterable[tuple[str, str, str | None]]) -> dict[str, dict[tuple[str, int, int], Series]]:
    portals: dict[str, dict[tuple[str, int, int], Series]] = defaultdict(lambda: defaultdict(Series))
    for portal, text, organ in seen:
        if number := index_number.parse(text):
            series = portals[portal][number.prefix, number.year, number.month or 0]
            series.numbers.append(number)
            if organ:
                series.organs.add(organ)
    return portals
