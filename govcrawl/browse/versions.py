"""The versions of a report in time: which address showed which one from when to when, and what changed in between."""

import json
import sqlite3

from govcrawl.browse.page import Content, rows

# What spans the captures is worked out when a crawl ends: until then a new version has only its own times.
_VERSIONS = """
SELECT version.id, version.document_id, document.url, version.form,
  version.id = report.current_version_id AS is_current,
  COALESCE(span.first_capture_id, version.capture_id) AS capture_id,
  COALESCE(span.valid_from, version.valid_from) AS valid_from,
  COALESCE(span.last_seen_at, version.valid_to) AS last_seen_at,
  span.captures, span.ended_at, span.ending, moved.url AS moved_to, revision.prior_version_id AS before,
  revision.sections, revision.checks_opened, revision.checks_closed
FROM report_versions AS version
JOIN reports AS report ON report.id = version.report_id
JOIN documents AS document ON document.id = version.document_id
LEFT JOIN version_spans AS span ON span.report_id = version.report_id AND span.report_version_id = version.id
LEFT JOIN revisions AS revision ON revision.capture_id = span.first_capture_id
LEFT JOIN documents AS moved ON moved.id = span.moved_to
WHERE version.report_id = :report
ORDER BY 7, version.id"""

_LISTS = ("sections", "checks_opened", "checks_closed")


def line_of_versions(connection: sqlite3.Connection, report: str) -> list[Content]:
    """The times in which an address showed one version, the earliest first; a version that came back has two.

    `before` is the version that it took the place of, with the headings of `sections` that changed and the checks that
    fail from then on (`checks_opened`) or no more (`checks_closed`); all None for the first.
    """
    found = rows(connection, _VERSIONS, report=report)
    return [{**each, **{name: json.loads(each[name]) if each[name] else [] for name in _LISTS}} for each in found]
