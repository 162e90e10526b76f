"""Documents: the metadata of a page, from its latest legible capture.

The choice of the capture depends on the captures alone: legible before illegible, then the later one, then the digest
of the body. A suspected spam mirror counts as illegible: its content stays in the archive and is used nowhere.
"""

import json
import sqlite3
from dataclasses import dataclass

from govcrawl.db.ids import address_id
from govcrawl.db.rows import write_rows
from govcrawl.models import Capture, Reading
from govcrawl.vocabulary import IssueKind

_UNREAD = frozenset({IssueKind.PARSE_FAILED, IssueKind.REFUSED_LIMIT})
_QUARANTINED = frozenset({IssueKind.SUSPECTED_MIRROR})
_LATER = "(excluded.legible, excluded.read_at, excluded.sha256) >= (legible, read_at, documents.sha256)"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A row of `documents`: its fields are the table's columns."""

    id: str
    portal_id: str
    url: str
    title: str | None
    index_number: str | None
    publisher: str | None
    published_on: str | None
    document_number: str | None
    disclosure_mode: str | None
    theme: str | None
    script: str
    is_report: bool
    encoding: str
    extra: str
    attachments: str
    legible: bool
    read_at: str
    sha256: str


def is_legible(reading: Reading) -> bool:
    """True if a page could be read and is not in quarantine.

    A report that an earlier version of the software read is legible, even if the current parser fails on its page.
    """
    kinds = {issue.kind for issue in reading.issues}
    return not kinds & _QUARANTINED and (reading.report.is_report or not kinds & _UNREAD)


def document_row(capture: Capture, reading: Reading) -> DocumentRow:
    """Returns the row for one capture of a document."""
    document = reading.document
    return DocumentRow(
        id=address_id(capture.request.portal, capture.request.url),
        portal_id=capture.request.portal,
        url=capture.request.url,
        title=document.title,
        index_number=document.index_number,
        publisher=document.publisher,
        published_on=document.published_on,
        document_number=document.document_number,
        disclosure_mode=document.disclosure_mode,
        theme=document.theme,
        script=document.script,
        is_report=reading.report.is_report,
        encoding=reading.encoding,
        extra=json.dumps(dict(reading.extra), ensure_ascii=False, sort_keys=True),
        attachments=json.dumps(reading.attachments, ensure_ascii=False),
        legible=is_legible(reading),
        read_at=capture.fetched_at,
        sha256=capture.sha256,
    )


def store_document(connection: sqlite3.Connection, capture: Capture, reading: Reading) -> str:
    """Inserts or updates the document of a capture; returns its id."""
    row = document_row(capture, reading)
    write_rows(connection, "documents", (row,), only=_LATER)
    return row.id
