"""Readings restored from the rows they were stored as.

If a new version of the software fails on a page, a rebuild keeps what an earlier version read there.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from govcrawl.db.connection import open_database
from govcrawl.errors import ArchiveError
from govcrawl.models import Capture, Check, Claim, Document, Fact, Issue, Locator, Reading, Report, Section
from govcrawl.vocabulary import CheckOutcome, ClaimOutcome, IssueKind, Scope, Script, SectionKey, Severity, Status

_CAPTURE = """
SELECT capture.report_version_id, capture.sha256, capture.media_type, document.encoding, document.script,
  document.extra, document.attachments, agency.name, report.year, report.scope, version.form, version.parser_version,
  document.title, document.index_number, document.publisher, document.published_on, document.document_number,
  document.disclosure_mode, document.theme
FROM captures AS capture
JOIN report_versions AS version ON version.id = capture.report_version_id
JOIN reports AS report ON report.id = version.report_id
JOIN agencies AS agency ON agency.id = report.agency_id
JOIN documents AS document ON document.id = capture.document_id
WHERE capture.id = ?"""

_FACTS = """
SELECT form, "table", "row", "column", id, value, status, raw, unit, locator
FROM facts WHERE report_version_id = ?"""

_CHECKS = 'SELECT identity, "table", at, "left", "right", outcome FROM checks WHERE report_version_id = ?'
_CLAIMS = """
SELECT kind, value, text, outcome, against FROM claims WHERE report_version_id = ? ORDER BY length(id), id"""
_SECTIONS = "SELECT key, heading, text FROM sections WHERE report_version_id = ? ORDER BY length(id), id"
_ISSUES = 'SELECT kind, severity, "where", detail FROM findings WHERE report_version_id = ? ORDER BY id'


class Former:
    """The readings of an earlier database. It records which version of the software made each reading it returned."""

    def __init__(self, connection: sqlite3.Connection | None) -> None:
        self._connection = connection
        self._readers: dict[str, str] = {}

    def reading(self, capture: Capture) -> Reading | None:
        """Returns the stored reading of a capture; None if there is none, or no earlier database."""
        found = reading_of(self._connection, capture.id) if self._connection else None
        if found is None:
            return None
        reading, self._readers[capture.id] = found
        return reading

    def captures_missing_from(self, connection: sqlite3.Connection) -> tuple[tuple[str, int, str], ...]:
        """Returns (WARC file, offset, address) of each of its captures that a new database lacks."""
        if self._connection is None:
            return ()
        rows = self._connection.execute(
            "SELECT id, warc_file, warc_offset, url FROM captures ORDER BY warc_file, warc_offset"
        )
        has = "SELECT 1 FROM captures WHERE id = ?"
        return tuple(place for known, *place in rows if connection.execute(has, (known,)).fetchone() is None)

    def sign(self, connection: sqlite3.Connection) -> None:
        """Stores in a new database, for each reading taken over, the version of the software that made it."""
        connection.executemany(
            "UPDATE report_versions SET parser_version = ? WHERE capture_id = ?",
            [(reader, capture) for capture, reader in self._readers.items()],
        )


@contextmanager
def former_of(path: Path) -> Iterator[Former]:
    """Yields the readings of the database at a path; none if it is missing or if this software cannot read it."""
    if not path.is_file():
        yield Former(None)
        return
    try:
        connection = open_database(path, readonly=True)
        connection.execute(_CAPTURE, ("",))
    except (ArchiveError, sqlite3.DatabaseError):
        yield Former(None)
        return
    with closing(connection):
        yield Former(connection)


def reading_of(connection: sqlite3.Connection, capture: str) -> tuple[Reading, str] | None:
    """Returns a capture's reading and the version of the software that made it; None if it was not read as a report.

    The metadata is that of the document, which a later capture may have updated.
    """
    row = connection.execute(_CAPTURE, (capture,)).fetchone()
    if row is None:
        return None
    version, sha256, media_type, encoding, script, extra, attachments, agency, year, scope, form, parser, *shown = row
    reading = Reading(
        sha256=sha256,
        media_type=media_type,
        encoding=encoding,
        document=replace(Document(*shown), script=Script(script)),
        report=Report(is_report=True, agency=agency, year=year, scope=Scope(scope), form=form),
        sections=tuple(Section(SectionKey(key), *said) for key, *said in connection.execute(_SECTIONS, (version,))),
        facts=tuple(map(_fact, connection.execute(_FACTS, (version,)))),
        checks=tuple(
            Check(identity, table, at, left, right, CheckOutcome(outcome))
            for identity, table, at, left, right, outcome in connection.execute(_CHECKS, (version,))
        ),
        claims=tuple(map(_claim, connection.execute(_CLAIMS, (version,)))),
        issues=tuple(
            Issue(IssueKind(kind), Severity(severity), where, detail)
            for kind, severity, where, detail in connection.execute(_ISSUES, (version,))
        ),
        attachments=tuple((address, text) for address, text in json.loads(attachments)),
        extra=json.loads(extra),
    )
    return reading, parser


def _fact(row: tuple[Any, ...]) -> Fact:
    form, table, line, column, key, value, status, raw, unit, locator = row
    item = int(key.rpartition("-")[2])
    place = Locator(**json.loads(locator)) if locator else None
    return Fact(form, table, line, column, item, value, Status(status), raw, unit, place)


def _claim(row: tuple[str, int | float, str, str, str]) -> Claim:
    kind, value, text, outcome, against = row
    return Claim(kind, value, text, ClaimOutcome(outcome), tuple(json.loads(against)))
