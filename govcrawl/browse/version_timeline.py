"""The versions of a report in time: which address showed which version in which period, and what changed in between."""

import json
import sqlite3
from dataclasses import dataclass

from govcrawl.browse.sql import select_rows

# Periods are worked out when a crawl ends: until then a new version has only its own times.
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


@dataclass(frozen=True, slots=True)
class VersionPeriod:
    """A period in which an address showed one version."""

    id: str  # id of the version
    document_id: str  # id of the document
    url: str  # address of the document
    form: str | None  # form of the version
    is_current: int  # 1: the current version of the report
    capture_id: str  # id of the first capture of the period
    valid_from: str  # time of that capture, in UTC
    last_seen_at: str  # time of the last capture of the period, in UTC
    captures: int | None  # captures in the period; null until the crawl has ended
    ended_at: str | None  # time of the capture that ended it, in UTC
    ending: str | None  # how it ended: `changed`, `replaced`, `removed` or `moved`
    moved_to: str | None  # address to which the document moved
    before: str | None  # id of the version that it took the place of
    sections: list[str]  # headings of the sections that differ from it
    checks_opened: list[str]  # checks that fail since, as `identity` and place
    checks_closed: list[str]  # checks that fail no longer


def version_timeline(connection: sqlite3.Connection, report: str) -> list[VersionPeriod]:
    """The periods of a report's versions, the earliest first; a version that came back has two."""
    found = select_rows(connection, _VERSIONS, report=report)
    return [
        VersionPeriod(**period | {name: json.loads(period[name]) if period[name] else [] for name in _LISTS})
        for period in found
    ]
