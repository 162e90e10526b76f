"""Serial gaps: runs of index numbers that were not seen. They are leads, never proof of withdrawal.

Counters are shared by whole portals, count other kinds of information and reuse numbers, so each run has an assessment
from its series. A gap lies between two seen serials. A number whose document was fetched and is now absent is a run of
its own.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from govcrawl import index_number
from govcrawl.db.connection import transaction
from govcrawl.db.derived.absences import absences
from govcrawl.db.derived.serial_scopes import CounterScope, Sighting, scopes
from govcrawl.index_number import IndexNumber, SerialGap
from govcrawl.vocabulary import GapAssessment, SerialScope

DENSE = 0.5
"""Below this share of seen serials, most of a series is something other than what the lists show."""

_SEEN = """
SELECT listing.portal_id, listing.id, coalesce(document.index_number, listing.index_number),
  report.agency_id, coalesce(document.publisher, listing.publisher), coalesce(document.published_on, listing.listed_on)
FROM listings AS listing
LEFT JOIN documents AS document ON document.id = listing.id
LEFT JOIN report_copies AS copy ON copy.document_id = listing.id
LEFT JOIN reports AS report ON report.id = copy.report_id
WHERE coalesce(document.index_number, listing.index_number) IS NOT NULL
  AND (:portal IS NULL OR listing.portal_id = :portal)
ORDER BY listing.portal_id"""


@dataclass(frozen=True, slots=True)
class Run:
    """A gap and its most likely meaning."""

    gap: SerialGap
    assessment: GapAssessment


@dataclass(slots=True)
class Series:
    """The serials of one prefix and year (or month): those present, and those whose document is gone."""

    present: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)

    def add(self, sighting: Sighting) -> None:
        """Adds a sighting. A serial in both sets counts as present."""
        (self.gone if sighting.gone else self.present).add(sighting.number.serial)

    @property
    def seen(self) -> set[int]:
        """All serials that were ever seen."""
        return self.present | self.gone

    def assessment(self, scope: CounterScope) -> GapAssessment:
        """Returns the most likely meaning of a serial that was never seen."""
        if scope.kind is SerialScope.SITE:
            return GapAssessment.SITE_WIDE_COUNTER
        dense = len(self.seen) >= DENSE * (max(self.seen) - min(self.seen) + 1)
        return GapAssessment.UNSEEN if dense else GapAssessment.OTHER_CLASS


def update_gaps(connection: sqlite3.Connection) -> int:
    """Work out `serial_gaps` and `serial_scopes` anew from all listings and documents; how many runs there are."""
    portals = _by_portal(connection)
    learnt = {portal: scopes(sightings) for portal, sightings in portals.items()}
    runs = [_row(portal, run) for portal, seen in portals.items() for run in runs_of(seen, learnt[portal])]
    with transaction(connection):
        connection.execute("DELETE FROM serial_gaps")
        connection.executemany(
            "INSERT INTO serial_gaps (portal_id, index_prefix, year, month, first_serial, last_serial, assessment)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            runs,
        )
        connection.execute("DELETE FROM serial_scopes")
        connection.executemany(
            "INSERT INTO serial_scopes (portal_id, index_prefix, scope, numbers, organs) VALUES (?, ?, ?, ?, ?)",
            [
                (portal, prefix, scope.kind, scope.numbers, scope.organs)
                for portal, prefixes in learnt.items()
                for prefix, scope in sorted(prefixes.items())
            ],
        )
    return len(runs)


def _by_portal(connection: sqlite3.Connection, only: str | None = None) -> Mapping[str, list[Sighting]]:
    gone = absences(connection)
    portals: dict[str, list[Sighting]] = defaultdict(list)
    for portal, document, text, organ, publisher, day in connection.execute(_SEEN, {"portal": only}):
        if number := index_number.parse_index_number(text):
            portals[portal].append(Sighting(number, organ, publisher, day, document in gone))
    return portals


def _row(portal: str, run: Run) -> tuple[str | int, ...]:
    gap = run.gap
    return (portal, gap.prefix, gap.year, gap.month or 0, gap.first_serial, gap.last_serial, run.assessment)


def runs_of(sightings: Sequence[Sighting], learnt: Mapping[str, CounterScope]) -> list[Run]:
    """Returns the gaps of one portal's numbers, sorted. Serials that other prefixes of one counter use are no gap."""
    series: dict[tuple[str, int, int | None], Series] = defaultdict(Series)
    taken: dict[int, set[int]] = defaultdict(set)
    numbers: list[IndexNumber] = []
    for sighting in sightings:
        scope = learnt[sighting.number.prefix]
        number = sighting.number if scope.kind is SerialScope.MONTH else replace(sighting.number, month=None)
        numbers.append(number)
        series[number.prefix, number.year, number.month].add(sighting)
        if scope.in_step:
            taken[number.year].add(number.serial)
    unseen = (
        Run(gap, series[gap.prefix, gap.year, gap.month].assessment(learnt[gap.prefix]))
        for gap in index_number.gaps(numbers, taken)
    )
    gone = (
        Run(SerialGap(*key, first, last), GapAssessment.SEEN_THEN_GONE)
        for key, members in series.items()
        for first, last in together(members.gone - members.present)
    )
    return sorted(
        [*unseen, *gone], key=lambda run: (run.gap.prefix, run.gap.year, run.gap.month or 0, run.gap.first_serial)
    )


def together(serials: Iterable[int]) -> list[tuple[int, int]]:
    """Groups serials into runs of consecutive ones, as (first, last)."""
    runs = groupby(enumerate(sorted(serials)), key=lambda pair: pair[1] - pair[0])
    return [(members[0], members[-1]) for members in ([serial for _, serial in run] for _, run in runs)]


def beside_reports(connection: sqlite3.Connection, portal: str, reach: int) -> list[str]:
    """The index numbers of a portal that were never seen and lie at most `reach` behind or before a report's.

    In a series without a report, any seen number stands in for it.
    """
    sightings = _by_portal(connection, portal).get(portal, [])
    learnt = scopes(sightings)
    found = (
        (abs(serial - anchor.number.serial), index_number.with_serial(anchor.number, serial))
        for run in runs_of(sightings, learnt)
        if run.assessment is not GapAssessment.SEEN_THEN_GONE
        for serial, anchor in _anchored(run.gap, sightings, reach)
    )
    return [number for _, number in sorted(found)]


def _anchored(gap: SerialGap, sightings: Iterable[Sighting], reach: int) -> Iterator[tuple[int, Sighting]]:
    """The serials of a gap within reach, each with the nearest number of a report, else of any document."""
    members = [each for each in sightings if _is_of(each.number, gap)]
    anchors = [each for each in members if each.organ] or members
    near = {
        serial
        for each in anchors
        for serial in range(each.number.serial - reach, each.number.serial + reach + 1)
        if gap.first_serial <= serial <= gap.last_serial
    }
    for serial in near:
        yield serial, min(anchors, key=lambda each: (abs(each.number.serial - serial), each.number.text))


def _is_of(number: IndexNumber, gap: SerialGap) -> bool:
    return (number.prefix, number.year) == (gap.prefix, gap.year) and gap.month in {None, number.month}
