"""What a database holds, counted by state: the figures of a release's notes."""

import sqlite3
from collections.abc import Mapping

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
    """What is counted → word → how many, words in alphabetical order."""
    return {title: dict(sorted(connection.execute(query))) for title, query in _TALLIES.items()}
