"""The content digest: equal for two databases with the same content, whatever their history.

The digest is SHA-256 over, for each table of `CONTENT`, a line with its name and a line for each row: a compact JSON
array of the columns named there, sorted by the first of them. `LEFT_OUT` lists the other columns, each with its reason.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Content:
    """The digested part of a table: columns as SQL expressions, and their source, an SQL FROM clause with its order."""

    table: str
    columns: tuple[str, ...]
    source: str

    @property
    def sql(self) -> str:
        """The query that returns the rows in order."""
        return f"SELECT {', '.join(self.columns)} FROM {self.source}"


_OPEN_ISSUES = """
SELECT id, stable_key, portal_id, document_id, report_version_id, kind, severity, "where", detail FROM findings
UNION ALL
SELECT x.id, x.stable_key, d.portal_id, v.document_id, x.report_version_id, x.kind, x.severity, x."where", x.detail
FROM findings_across AS x
JOIN report_versions AS v ON v.id = x.report_version_id
JOIN documents AS d ON d.id = v.document_id
WHERE x.closed_at IS NULL"""
# Issues of pages are computed from captures and stay. Issues between reports are computed from current versions. A
# closed one records an earlier state, which a rebuild does not pass through, so it is left out.

CONTENT = (
    Content(
        "portals",
        ("id", "name", "province", "division_code", "level", "host", "hosts", "home", "platforms", "backend", "reason",
         "note"),
        "portals ORDER BY id",
    ),
    Content(
        "agencies",
        ("id", "name", "portal_id", "organisation_code", "division_code", "scope", "registered",
         "listed"),
        "agencies ORDER BY id",
    ),
    Content(
        "listings",
        ("id", "portal_id", "index_number", "index_prefix", "index_year", "index_serial", "title", "url", "publisher",
         "listed_on", "document_number"),
        "listings ORDER BY id",
    ),
    Content(
        "documents",
        ("id", "portal_id", "url", "title", "index_number", "publisher", "published_on", "document_number",
         "disclosure_mode", "theme", "script", "is_report", "encoding", "attachments", "legible"),
        "documents ORDER BY id",
    ),
    Content(
        "reports",
        ("id", "agency_id", "year", "scope", "current_version_id", "url", "index_number", "published_on"),
        "reports ORDER BY id",
    ),
    Content(
        "report_copies",
        ("report_id", "document_id", "preferred", "nearness"),
        "report_copies ORDER BY report_id, document_id",
    ),
    Content(
        "report_versions",
        ("id", "report_id", "document_id", "form", "parser_version"),
        "report_versions ORDER BY id",
    ),
    Content(
        "sections",
        ("report_version_id", "id", "key", "heading", "text"),
        "sections ORDER BY report_version_id, id",
    ),
    Content(
        "facts",
        ("k.report_version_id", "c.item", "i.form", 'i."table"', 'i."row"', 'i."column"', "c.value", "c.status",
         "c.raw", "c.unit", "c.in_table", "c.in_row", "c.in_cell"),
        "version_keys AS k CROSS JOIN cells AS c ON c.version_key = k.key JOIN items AS i ON i.number = c.item"
        " ORDER BY k.report_version_id, c.item",
    ),
    Content(
        "checks",
        ("k.report_version_id", "p.identity", 'p."table"', "p.at", "s.outcome", 's."left"', 's."right"'),
        "version_keys AS k CROSS JOIN assessments AS s ON s.version_key = k.key JOIN places AS p ON p.number = s.place"
        ' ORDER BY k.report_version_id, p.identity, p."table", p.at',
    ),
    Content(
        "claims",
        ("report_version_id", "id", "kind", "value", "outcome", "text", "against"),
        "claims ORDER BY report_version_id, id",
    ),
    Content(
        "issues",
        ("id", "stable_key", "portal_id", "document_id", "report_version_id", "kind", "severity", '"where"', "detail"),
        f"({_OPEN_ISSUES}) ORDER BY id",
    ),
)  # fmt: skip
"""The tables of the digest, in its order. Narrow tables stand for the views over them."""

LEFT_OUT: Mapping[str, Mapping[str, str]] = {
    "listings": {"first_seen_at": "clock", "last_seen_at": "clock"},
    "documents": {"read_at": "clock", "sha256": "changes with the page's furniture", "extra": "holds view counters"},
    "report_versions": {
        "capture_id": "place in a file",
        "content": "made into the id",
        "valid_from": "clock",
        "valid_to": "clock",
    },
    "facts": {
        "id": "version and item",
        "label_zh": "the form's",
        "locator": "bytes in a body, which move with the page's furniture; table, row and cell are digested",
    },
    "checks": {"id": "made of the other columns"},
    "issues": {
        "capture_id": "place in a file",
        "first_seen_at": "clock",
        "closed_at": "clock",
        "verdict": "a person's",
    },
}
"""Columns of these tables that are not digested, each with its reason."""


def content_digest(connection: sqlite3.Connection) -> str:
    """Returns the digest as 64 hex digits."""
    total = hashlib.sha256()
    for line in lines(connection):
        total.update(line)
    return total.hexdigest()


def lines(connection: sqlite3.Connection) -> Iterator[bytes]:
    """Yields the digested lines, to find where two databases differ."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for content in CONTENT:
        yield f"{content.table}\n".encode()
        for row in connection.execute(content.sql):
            yield f"{encode(row)}\n".encode()
