"""Issues: stored under a stable key, with the first and last capture that shows them.

An issue is closed once a later capture of its document was read without it: `CLOSED_AT` says so in SQL, for every query
that asks. A person's verdict hangs on an issue's stable key and outlives every re-read.
"""

import sqlite3
from collections.abc import Iterable

from govcrawl.db.ids import address_id, digest_of, stable_key
from govcrawl.models import Capture, Issue

_SEEN = """
INSERT INTO findings (
  id, stable_key, portal_id, document_id, report_version_id, capture_id, kind, severity, "where", detail,
  first_seen_at, last_seen_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
  capture_id = CASE WHEN (excluded.first_seen_at, excluded.capture_id) < (first_seen_at, capture_id)
    THEN excluded.capture_id ELSE capture_id END,
  first_seen_at = min(first_seen_at, excluded.first_seen_at),
  last_seen_at = max(last_seen_at, excluded.last_seen_at)"""

CLOSED_AT = """(
  SELECT min(later.fetched_at) FROM captures AS later
  WHERE later.document_id = finding.document_id AND later.shows IN ('report', 'other')
    AND later.fetched_at > finding.last_seen_at)"""
"""The time at which `finding`, a row of `findings`, was closed, as an SQL expression; NULL while the issue is open."""


def issues_sql(findings: str = "TRUE", across: str = "TRUE") -> str:
    """A SELECT of issues from both tables that hold them, with the columns of the view `issues` but for `verdict`.

    An issue is open where its `closed_at` is NULL. The arguments are SQL conditions, one for each table, on the row
    `finding`: each is met inside its own SELECT, where it can use an index, which a filter on the view cannot.
    """
    return f"""
  SELECT finding.id, finding.stable_key, finding.portal_id, finding.document_id, finding.report_version_id,
    finding.capture_id, finding.kind, finding.severity, finding."where", finding.detail, finding.first_seen_at,
    {CLOSED_AT} AS closed_at
  FROM findings AS finding
  WHERE {findings}
  UNION ALL
  SELECT finding.id, finding.stable_key, document.portal_id, version.document_id, finding.report_version_id,
    version.capture_id, finding.kind, finding.severity, finding."where", finding.detail, finding.first_seen_at,
    finding.closed_at
  FROM findings_across AS finding
  JOIN report_versions AS version ON version.id = finding.report_version_id
  JOIN documents AS document ON document.id = version.document_id
  WHERE {across}"""


def store_issues(
    connection: sqlite3.Connection,
    capture: Capture,
    issues: Iterable[Issue],
    document: str | None = None,
    version: str | None = None,
) -> None:
    """Stores the issues of a capture: of a report version, of a document without one, or of a list."""
    request = capture.request
    subject = document or address_id(request.portal, request.url)
    connection.executemany(
        _SEEN,
        [
            (
                digest_of(subject, version or "", issue.kind, issue.where, issue.detail),
                stable_key(subject, issue),
                request.portal,
                document,
                version,
                capture.id,
                issue.kind,
                issue.severity,
                issue.where,
                issue.detail,
                capture.fetched_at,
                capture.fetched_at,
            )
            for issue in issues
        ],
    )
