"""Documents that were fetched once and now answer 404, 410 or a soft 404.

A row missing from a list proves nothing; only a response from the document's own address counts.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from govcrawl.db.frontier.revisit_calendar import is_absent
from govcrawl.vocabulary import Outcome, Role


@dataclass(frozen=True, slots=True)
class Absence:
    """The last response of an absent document: its day, outcome and HTTP status."""

    on: str
    outcome: Outcome
    http_status: int | None

    def __str__(self) -> str:
        """`http_error 404 on 2025-02-01`."""
        return f"{' '.join(filter(None, (self.outcome, _status(self))))} on {self.on}"


def _status(absence: Absence) -> str:
    return str(absence.http_status) if absence.outcome is Outcome.HTTP_ERROR else ""


_LAST = """
SELECT frontier.listing_id, substr(max(attempt.at), 1, 10), attempt.outcome, attempt.http_status
FROM attempts AS attempt JOIN frontier ON frontier.id = attempt.request_id
WHERE attempt.role = 'document' AND substr(attempt.at, 1, 10) <= ?
GROUP BY frontier.listing_id
HAVING attempt.outcome IN ('soft_404', 'http_error')"""


def absences(connection: sqlite3.Connection, until: date = date.max) -> Mapping[str, Absence]:
    """Document → its absence, for each whose address said last, until a day, that there is nothing."""
    found = {
        document: Absence(on, Outcome(outcome), status)
        for document, on, outcome, status in connection.execute(_LAST, (until.isoformat(),))
    }
    return {
        key: absence for key, absence in found.items() if is_absent(Role.DOCUMENT, absence.outcome, absence.http_status)
    }
