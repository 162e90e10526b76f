"""Versions: the distinct contents of a report's copy, with their facts, sections, checks and claims.

Figures, sections, form and attachments make a version; the page around them does not. All rows of a version come from
the earliest capture that shows it, so locators refer to one body in whatever order the captures arrived.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from govcrawl import __version__
from govcrawl.db.connection_cache import cached_for_connection
from govcrawl.db.ids import digest_of
from govcrawl.db.rows import insert
from govcrawl.db.schema import code
from govcrawl.models import Check, Claim, Fact, Locator, Reading, Section
from govcrawl.vocabulary import CheckOutcome, Status

_STATUS = {status: code(status) for status in Status}
_OUTCOME = {outcome: code(outcome) for outcome in CheckOutcome}
_NUMBER = Status.NUMBER
_LARGEST = 2**63
_FIGURE = attrgetter("item", "value", "status", "raw", "unit")
_encode = json.JSONEncoder(ensure_ascii=False).encode

_COLUMNS = {
    "cells": (
        "version_key", "item", "value", "status", "raw", "unit", "in_table", "in_row", "in_cell", "start", "length",
    ),
    "assessments": ("version_key", "place", "outcome", "left", "right"),
    "sections": ("id", "report_version_id", "key", "heading", "text"),
    "claims": ("id", "report_version_id", "kind", "value", "outcome", "text", "against"),
}  # fmt: skip
"""The columns of the row tuples below, in their order."""

FactRow = tuple[
    int,
    int,
    int | float | None,
    int,
    str | None,
    str | None,
    int | None,
    int | None,
    int | None,
    int | None,
    int | None,
]
StoredNumber = int | float | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The report and document that a reading belongs to, its capture, and when that was fetched."""

    report_id: str
    document_id: str
    capture_id: str
    at: str


def content_of(reading: Reading) -> str:
    """Returns 16 hex digits over the content: figures, sections, form and attachments."""
    content = (
        reading.report.form,
        list(zip(*sorted(map(_FIGURE, reading.facts)), strict=True)),  # columns: many values, few lists
        [(section.key, section.heading, section.text) for section in reading.sections],
        [address for address, _ in reading.attachments],
    )
    return digest_of(_encode(content))


def store_version(connection: sqlite3.Connection, evidence: Evidence, reading: Reading) -> str:
    """Stores a reading as a new version, or extends the interval of a known one; returns the version's id."""
    content = content_of(reading)
    version = digest_of(evidence.document_id, evidence.report_id, content)
    known = connection.execute("SELECT valid_from, capture_id FROM report_versions WHERE id = ?", (version,)).fetchone()
    if known is None:
        _insert(connection, version, content, evidence, reading)
    elif (evidence.at, evidence.capture_id) < known:
        _move_to_earlier(connection, version, evidence, reading)
    else:
        connection.execute(
            "UPDATE report_versions SET valid_to = max(valid_to, ?) WHERE id = ?", (evidence.at, version)
        )
    return version


def _insert(connection: sqlite3.Connection, version: str, content: str, evidence: Evidence, reading: Reading) -> None:
    connection.execute(
        "INSERT INTO report_versions"
        " (id, report_id, document_id, capture_id, content, form, parser_version, valid_from, valid_to)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            version,
            evidence.report_id,
            evidence.document_id,
            evidence.capture_id,
            content,
            reading.report.form,
            __version__,
            evidence.at,
            evidence.at,
        ),
    )
    key = connection.execute("INSERT INTO version_keys (report_version_id) VALUES (?)", (version,)).lastrowid
    assert key is not None
    _insert_content(connection, version, key, reading)


def _move_to_earlier(connection: sqlite3.Connection, version: str, evidence: Evidence, reading: Reading) -> None:
    connection.execute(
        "UPDATE report_versions SET capture_id = ?, valid_from = ? WHERE id = ?",
        (evidence.capture_id, evidence.at, version),
    )
    (key,) = connection.execute("SELECT key FROM version_keys WHERE report_version_id = ?", (version,)).fetchone()
    for table in ("cells", "assessments"):
        connection.execute(f"DELETE FROM {table} WHERE version_key = ?", (key,))
    for table in ("sections", "claims"):
        connection.execute(f"DELETE FROM {table} WHERE report_version_id = ?", (version,))
    _insert_content(connection, version, key, reading)


def _insert_content(connection: sqlite3.Connection, version: str, key: int, reading: Reading) -> None:
    insert(connection, "cells", _COLUMNS["cells"], _cells(connection, key, reading.facts))
    insert(connection, "assessments", _COLUMNS["assessments"], _assessments(connection, key, reading.checks))
    insert(connection, "sections", _COLUMNS["sections"], _sections(version, reading.sections))
    insert(connection, "claims", _COLUMNS["claims"], _claims(version, reading.claims))


def _cells(connection: sqlite3.Connection, key: int, facts: Sequence[Fact]) -> list[FactRow]:
    if not facts:
        return []
    units = cached_for_connection(connection, _units)
    return [_cell(key, fact, units.get(fact.item)) for fact in facts]


def _units(connection: sqlite3.Connection) -> dict[int, str | None]:
    return dict(connection.execute("SELECT number, unit FROM items"))


def _cell(key: int, fact: Fact, form_unit: str | None) -> FactRow:
    """A fact as a narrow row: values that follow from the form or from the number are left out."""
    value, status, raw = fact.value, fact.status, fact.raw
    if type(value) is not int or not -_LARGEST < value < _LARGEST:
        value = _plain(value)
    if status is _NUMBER:  # an enum's hash is slow, and most cells hold numbers
        shown, expected = 0, str(value) if type(value) is int else None
    else:
        shown, expected = _STATUS[status], "" if status is Status.BLANK else None
    if raw == expected:
        raw = None
    unit = None if fact.unit == form_unit else fact.unit or ""
    if not isinstance(fact.locator, Locator):  # only `parse` reads PDF and DOCX, whose locators are not byte spans
        return (key, fact.item, value, shown, raw, unit, None, None, None, None, None)
    start, end, table, row, cell = fact.locator
    return (key, fact.item, value, shown, raw, unit, table, row, cell, start, end - start)


def _plain(value: StoredNumber) -> StoredNumber:
    """The number as SQLite can store it: integral values as integers, beyond 64 bits as floats."""
    if value is None or -_LARGEST < value < _LARGEST:
        return int(value) if isinstance(value, float) and value.is_integer() else value
    return float(str(value))


def _assessments(
    connection: sqlite3.Connection, key: int, checks: Iterable[Check]
) -> list[tuple[int, int, int, StoredNumber, StoredNumber]]:
    places = cached_for_connection(connection, _places)
    return [
        (key, place, _OUTCOME[check.outcome], _plain(check.left), _plain(check.right))
        for check in checks
        if (place := places.get((check.identity, check.table, check.at)) or _new_place(connection, check))
    ]


def _places(connection: sqlite3.Connection) -> dict[tuple[str, str, str], int]:
    query = 'SELECT identity, "table", at, number FROM places'
    return {(identity, table, at): number for identity, table, at, number in connection.execute(query)}


def _new_place(connection: sqlite3.Connection, check: Check) -> int:
    """The number of a place that is in no current form. Not cached: its transaction may be rolled back."""
    place = (check.identity, check.table, check.at)
    query = 'SELECT number FROM places WHERE identity = ? AND "table" = ? AND at = ?'
    known = connection.execute(query, place).fetchone()
    if known:
        return int(known[0])
    return connection.execute('INSERT INTO places (identity, "table", at) VALUES (?, ?, ?)', place).lastrowid or 0


def _sections(version: str, sections: Iterable[Section]) -> list[tuple[str, ...]]:
    return [
        (f"{version}-s{number}", version, section.key, section.heading, section.text)
        for number, section in enumerate(sections)
    ]


def _claims(version: str, claims: Iterable[Claim]) -> list[tuple[str | StoredNumber, ...]]:
    return [
        (
            f"{version}-c{number}",
            version,
            claim.kind,
            _plain(claim.value),
            claim.outcome,
            claim.text,
            json.dumps(claim.against, ensure_ascii=False),
        )
        for number, claim in enumerate(claims)
    ]
