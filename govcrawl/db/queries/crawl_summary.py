"""Totals for people: the result of a crawl per portal, and the content of a database counted by state."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from govcrawl.db.ids import address_id
from govcrawl.vocabulary import Role

_BY_PORTAL = """
SELECT portal.id, portal.name,
  (SELECT count(*) FROM listings WHERE portal_id = portal.id),
  (SELECT count(*) FROM documents WHERE portal_id = portal.id),
  (SELECT count(*) FROM documents WHERE portal_id = portal.id AND is_report AND legible),
  (SELECT count(*)
    FROM documents AS document
    JOIN report_copies AS copy ON copy.document_id = document.id
    JOIN reports AS report ON report.id = copy.report_id AND copy.preferred
    JOIN version_keys AS k ON k.report_version_id = report.current_version_id
    JOIN assessments AS assessed ON assessed.version_key = k.key
    WHERE document.portal_id = portal.id AND assessed.outcome = 1),
  (SELECT count(*)
    FROM findings AS finding
    WHERE finding.portal_id = portal.id AND finding.severity <> 'info' AND NOT EXISTS (
      SELECT 1 FROM captures AS later
      WHERE later.document_id = finding.document_id AND later.shows IN ('report', 'other')
        AND later.fetched_at > finding.last_seen_at
    ))
FROM portals AS portal
WHERE portal.id IN (SELECT portal_id FROM attempts)
ORDER BY portal.id"""

_BY_YEAR = """
SELECT document.portal_id, report.year, count(DISTINCT report.id)
FROM reports AS report
JOIN report_copies AS copy ON copy.report_id = report.id
JOIN documents AS document ON document.id = copy.document_id
WHERE report.year IS NOT NULL
GROUP BY document.portal_id, report.year"""

_FIGURES = """
SELECT fact."table" || '.' || fact."row" || '.' || fact."column", fact.value, fact.status
FROM report_versions AS version
JOIN facts AS fact ON fact.report_version_id = version.id
WHERE version.id = (
  SELECT read.id
  FROM report_copies AS copy
  JOIN report_versions AS read ON read.report_id = copy.report_id AND read.document_id = copy.document_id
  WHERE copy.document_id = ?
  ORDER BY read.valid_to DESC, read.valid_from DESC, read.id LIMIT 1
)"""


@dataclass(frozen=True, slots=True)
class PortalSummary:
    """Counts for one portal: rows listed, documents fetched and read as reports, failing checks, open issues.

    `checks_failing` counts those of the current versions of preferred copies; `issues` leaves out severity `info`.
    """

    portal_id: str
    name: str
    listed: int
    fetched: int
    parsed: int
    checks_failing: int
    issues: int


def by_portal(connection: sqlite3.Connection) -> tuple[PortalSummary, ...]:
    """Returns a summary of each portal with an attempt, sorted by id."""
    return tuple(PortalSummary(*row) for row in connection.execute(_BY_PORTAL))


def reports_by_year(connection: sqlite3.Connection) -> Mapping[tuple[str, int], int]:
    """Returns (portal, report year) → number of reports that its pages carry."""
    return {(portal, year): count for portal, year, count in connection.execute(_BY_YEAR)}


def listed_years(connection: sqlite3.Connection) -> frozenset[int]:
    """Returns the report years in the titles of list rows."""
    query = "SELECT DISTINCT report_year FROM frontier WHERE role = ? AND report_year IS NOT NULL"
    return frozenset(year for (year,) in connection.execute(query, (Role.DOCUMENT,)))


@dataclass(frozen=True, slots=True)
class ReportAt:
    """A report that stands at an address: whose it is and of which year, None where that is unknown."""

    agency: str
    year: int | None


def reports_at(connection: sqlite3.Connection, portal: str, url: str) -> tuple[ReportAt, ...]:
    """The reports that a portal's page at an address carries."""
    query = """
    SELECT agency.name, report.year
    FROM report_copies AS copy
    JOIN reports AS report ON report.id = copy.report_id
    JOIN agencies AS agency ON agency.id = report.agency_id
    WHERE copy.document_id = ? ORDER BY report.year, agency.name"""
    return tuple(ReportAt(*row) for row in connection.execute(query, (address_id(portal, url),)))


def figures_at(connection: sqlite3.Connection, portal: str, url: str) -> Mapping[str, int | float | str | None]:
    """Returns the figures of the report at an address: `table.row.column` → number, or the status if there is none.

    Empty if the address is not in the database or carries no report.
    """
    rows = connection.execute(_FIGURES, (address_id(portal, url),))
    return {place: value if status == "number" else status for place, value, status in rows}


_TALLIES: Mapping[str, str] = {
    "Agencies × years by state": "SELECT state, count(*) FROM coverage GROUP BY state",
    "Portals": "SELECT CASE WHEN host IS NULL THEN 'without a host' ELSE 'with a host' END, count(*)"
    " FROM portals GROUP BY 1",
    "Reports by form": "SELECT COALESCE(version.form, 'none'), count(*) FROM reports AS report"
    " JOIN report_versions AS version ON version.id = report.current_version_id GROUP BY 1",
    "Facts of current reports by what stands in the cell": "SELECT status, count(*) FROM current_facts GROUP BY status",
    "Checks of current reports by outcome": "SELECT checked.outcome, count(*) FROM reports AS report"
    " JOIN checks AS checked ON checked.report_version_id = report.current_version_id GROUP BY 1",
    "Open issues by kind": "SELECT kind, count(*) FROM issues WHERE closed_at IS NULL GROUP BY kind",
    "Requests by outcome": "SELECT outcome, count(*) FROM attempts GROUP BY outcome",
}


def tallies(connection: sqlite3.Connection) -> Mapping[str, Mapping[str, int]]:
    """Returns what is counted → word → count, with the words sorted."""
    return {title: dict(sorted(connection.execute(query))) for title, query in _TALLIES.items()}
