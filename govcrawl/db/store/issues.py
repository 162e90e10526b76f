"""Issues: stored under a stable key, with the first and last capture that shows them.

An issue is closed if a later reading of its document lacks it (a view computes that). A verdict refers to the stable
key, so it survives every re-read.
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
