"""The versions of a report in time."""

import sqlite3

from govcrawl.browse.page import Content, rows

_VERSIONS = """
SELECT version.id, version.document_id, version.capture_id, version.form, version.valid_from, version.valid_to,
  version.id = report.current_version_id AS is_current, document.url
FROM report_versions AS version
JOIN reports AS report ON report.id = version.report_id
JOIN documents AS document ON document.id = version.document_id
WHERE version.report_id = :report
ORDER BY version.valid_from, version.id"""


def line_of_versions(connection: sqlite3.Connection, report: str) -> list[Content]:
    """The versions of a report, the earliest first, each with the version of the same copy `before` it (or None)."""
    latest: dict[str, str] = {}
    found = rows(connection, _VERSIONS, report=report)
    for version in found:
        version["before"] = latest.get(version["document_id"])
        latest[version["document_id"]] = version["id"]
    return found
