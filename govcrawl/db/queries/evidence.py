"""Facts with their locators, and captures in order: the input of verification."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from govcrawl.db.arrival import RECORD
from govcrawl.models import Capture, Locator, Request


@dataclass(frozen=True, slots=True)
class FactPlace:
    """A fact's text and its locator in the body of its capture."""

    fact_id: str
    raw: str
    locator: Locator


@dataclass(frozen=True, slots=True)
class Behind:
    """A capture of a document that carries a report, with the place of its record."""

    document_id: str
    title: str | None
    url: str
    fetched_at: str
    http_status: int
    warc_file: str
    warc_offset: int


def captures_behind(connection: sqlite3.Connection, portal: str, year: int) -> tuple[Behind, ...]:
    """Returns every capture of the documents that carry a portal's reports on a year, in the order of fetching."""
    rows = connection.execute(
        "SELECT DISTINCT document.id, document.title, capture.url, capture.fetched_at, capture.http_status,"
        "  capture.warc_file, capture.warc_offset"
        " FROM reports AS report"
        " JOIN report_copies AS copy ON copy.report_id = report.id"
        " JOIN documents AS document ON document.id = copy.document_id"
        " JOIN captures AS capture ON capture.document_id = document.id"
        " WHERE document.portal_id = ? AND report.year = ?"
        " ORDER BY capture.fetched_at, capture.id",
        (portal, year),
    )
    return tuple(Behind(*row) for row in rows)


def captured(connection: sqlite3.Connection, portal: str) -> set[tuple[str, str, str]]:
    """Returns `(address that answered, fetched_at, sha256 of the body)` of each capture of a portal."""
    query = "SELECT url, fetched_at, sha256 FROM captures WHERE portal_id = ?"
    return set(connection.execute(query, (portal,)))


def capture_at(connection: sqlite3.Connection, request: Request, url: str, at: str, sha256: str) -> Capture | None:
    """Returns a portal's capture by address that answered, time and digest, as one of a request; None if unknown."""
    row = connection.execute(
        "SELECT url, fetched_at, http_status, sha256, media_type, warc_file, warc_offset, warc_length"
        " FROM captures WHERE portal_id = ? AND url = ? AND fetched_at = ? AND sha256 = ?",
        (request.portal, url, at, sha256),
    ).fetchone()
    return Capture(request, *row) if row else None


@dataclass(frozen=True, slots=True)
class Indexed:
    """The place of a capture's record and the digest of its body, according to the database."""

    capture_id: str
    url: str
    warc_file: str
    warc_offset: int
    warc_length: int
    sha256: str


_INDEXED = "SELECT id, url, warc_file, warc_offset, warc_length, sha256 FROM captures"


def captures_in_order(connection: sqlite3.Connection) -> Iterator[Indexed]:
    """Yields every capture, sorted by file and offset."""
    return (Indexed(*row) for row in connection.execute(f"{_INDEXED} ORDER BY warc_file, warc_offset"))


def capture_of(connection: sqlite3.Connection, capture: str) -> Indexed | None:
    """Returns the capture with an id, or None."""
    row = connection.execute(f"{_INDEXED} WHERE id = ?", (capture,)).fetchone()
    return Indexed(*row) if row else None


def captures_not_stored(connection: sqlite3.Connection) -> Iterator[tuple[Indexed, str]]:
    """Yields the captures of which only the attempt is stored, with what failed."""
    found = connection.execute('SELECT capture_id, detail FROM findings WHERE "where" = ? ORDER BY 1', (RECORD,))
    for identity, detail in found.fetchall():
        if capture := capture_of(connection, identity):
            yield capture, detail


def places_in(connection: sqlite3.Connection, capture: str) -> tuple[FactPlace, ...]:
    """Returns the facts read from a capture, each with its locator; empty if no version refers to the capture."""
    rows = connection.execute(
        "SELECT fact.id, fact.raw, fact.locator FROM captures AS capture"
        " JOIN report_copies AS copy ON copy.document_id = capture.document_id"
        " JOIN report_versions AS version ON version.report_id = copy.report_id"
        "   AND version.document_id = copy.document_id AND version.capture_id = capture.id"
        " JOIN facts AS fact ON fact.report_version_id = version.id"
        " WHERE capture.id = ? AND fact.locator IS NOT NULL",
        (capture,),
    )
    return tuple(FactPlace(fact, raw or "", Locator(**json.loads(locator))) for fact, raw, locator in rows)


def evidence_count(connection: sqlite3.Connection) -> int:
    """Returns the number of facts with a locator."""
    (count,) = connection.execute("SELECT count(*) FROM cells WHERE start IS NOT NULL").fetchone()
    return int(count)


def database_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Yields the faults that SQLite itself finds: broken pages, and rows that refer to missing rows."""
    for (message,) in connection.execute("PRAGMA integrity_check"):
        if message != "ok":
            yield message
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"{table} row {row} refers to a row of {parent} that is not there"
