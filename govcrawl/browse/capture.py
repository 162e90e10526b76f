"""The page of a capture: when, from where and with which digest it was kept, and the page itself in a closed frame."""

import sqlite3

from govcrawl.browse.evidence import capture_of
from govcrawl.browse.page import Asked, Content, Page, rows

_REPORTS = """
SELECT report.id, agency.name AS agency, report.year, version.id AS version, version.capture_id = :capture AS first
FROM report_versions AS version
JOIN reports AS report ON report.id = version.report_id
JOIN agencies AS agency ON agency.id = report.agency_id
JOIN captures AS capture ON capture.report_version_id = version.id
WHERE capture.id = :capture"""

_OTHERS = """
SELECT id, fetched_at, http_status, sha256 FROM captures WHERE document_id = :document ORDER BY fetched_at, id"""


def content(connection: sqlite3.Connection, asked: Asked) -> Content:
    """A capture, the reports that its page shows, and every capture of the same document."""
    capture = capture_of(connection, asked.path["capture"])
    return {
        "capture": capture,
        "reports": rows(connection, _REPORTS, capture=capture["id"]),
        "captures": rows(connection, _OTHERS, document=capture["document_id"]),
    }


PAGE = Page("capture", "/-/capture/{capture}", content)
