"""The facts that were public on a day: one copy of each report, in the version of that day."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple


class PublicFact(NamedTuple):
    """A cell of a report as it was public on a day; fields are named as in `facts_in_time`."""

    report_id: str
    agency: str
    division_code: str
    year: int | None
    scope: str
    form: str
    table: str
    row: str
    column: str
    value: int | float | None
    status: str
    unit: str | None
    url: str
    valid_from: str
    last_seen_at: str
    ended_at: str | None


_FACTS_ON = """
WITH shown AS (
  SELECT span.*, document.url, row_number() OVER (
    PARTITION BY span.report_id ORDER BY copy.nearness, document.url
  ) AS place
  FROM version_spans AS span
  JOIN report_copies AS copy ON copy.report_id = span.report_id AND copy.document_id = span.document_id
  JOIN documents AS document ON document.id = span.document_id
  WHERE span.valid_from < :day || 'T24' AND coalesce(span.ended_at, '9') >= :day || 'T24'
)
SELECT report.id, agency.name, agency.division_code, report.year, report.scope,
  fact.form, fact."table", fact."row", fact."column", fact.value, fact.status, fact.unit,
  shown.url, shown.valid_from, shown.last_seen_at, shown.ended_at
FROM shown
JOIN reports AS report ON report.id = shown.report_id
JOIN agencies AS agency ON agency.id = report.agency_id
JOIN facts AS fact ON fact.report_version_id = shown.report_version_id
WHERE shown.place = 1
ORDER BY report.id, fact.id"""


def facts_on(connection: sqlite3.Connection, day: date) -> Iterator[PublicFact]:
    """Yields the facts of every report that was public at the end of a day (UTC), from the copy nearest to its organ.

    A report is public from its first capture until a capture shows that it is not.
    """
    return map(PublicFact._make, connection.execute(_FACTS_ON, {"day": day.isoformat()}))
