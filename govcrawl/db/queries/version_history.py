"""The versions of each document over time, for the comparison of two databases."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from govcrawl.errors import ArchiveError

RecordedFigure = tuple[int | float | None, str, str | None]
"""A cell's value, status and unit."""

_VERSIONS = """
SELECT span.document_id, document.url, span.valid_from, span.report_version_id
FROM version_spans AS span
JOIN documents AS document ON document.id = span.document_id
ORDER BY span.document_id, span.valid_from, span.first_capture_id"""

_FIGURES = """
SELECT "table" || '.' || "row" || '.' || "column", value, status, unit
FROM facts WHERE report_version_id = ?"""


@dataclass(frozen=True, slots=True)
class History:
    """The versions of a document as `(time of the first capture, version)`, the earliest first; a version may recur."""

    document_id: str
    url: str
    versions: tuple[tuple[str, str], ...]

    def at(self, moment: str) -> str | None:
        """Returns the version at a moment, or None before the first."""
        return next((version for since, version in reversed(self.versions) if since <= moment), None)


def histories(connection: sqlite3.Connection) -> Mapping[str, History]:
    """Returns document id → history, for each document that was read as a report, sorted by id.

    Raises ArchiveError for a database without the promised tables.
    """
    found: dict[str, History] = {}
    for document, url, since, version in _versions(connection):
        before = found[document].versions if document in found else ()
        found[document] = History(document, url, (*before, (since, version)))
    return found


def _versions(connection: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    try:
        return connection.execute(_VERSIONS).fetchall()
    except sqlite3.DatabaseError as error:
        (_, _, path) = connection.execute("PRAGMA database_list").fetchone()
        raise ArchiveError(f"{path}: this is no database of govcrawl's ({error}); name another") from error


def figures_of(connection: sqlite3.Connection, version: str | None) -> Mapping[str, RecordedFigure]:
    """Returns `table.row.column` → figure for every fact of a version; empty for None."""
    return {cell: tuple(figure) for cell, *figure in connection.execute(_FIGURES, (version,))}
