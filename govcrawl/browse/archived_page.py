"""The stored response behind a page of ours: its row, its body from the archive, and the body as a sanitized page."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from govcrawl import warc
from govcrawl.browse.page import InvalidQueryError, PageRequest
from govcrawl.browse.sql import select_one
from govcrawl.errors import InputError, LimitError
from govcrawl.models import Capture, Request
from govcrawl.pages.decoding import decoding_of
from govcrawl.pages.sanitized import Highlight, inert_page, inert_source
from govcrawl.vocabulary import Role
from govcrawl.warc import content_type

_LAST_BYTE = 100_000_000

_CAPTURE = """
SELECT capture.id, capture.portal_id, portal.name AS portal, capture.document_id, capture.role, capture.url,
  capture.fetched_at, capture.http_status, capture.sha256, capture.media_type, capture.warc_file, capture.warc_offset,
  capture.warc_length, capture.truncated
FROM captures AS capture LEFT JOIN portals AS portal ON portal.id = capture.portal_id
WHERE capture.id = :capture"""


@dataclass(frozen=True, slots=True)
class CaptureDetails:
    """A stored response and where its record lies."""

    id: str  # id of the capture
    portal_id: str  # id of the portal that was asked
    portal: str | None  # its name
    document_id: str | None  # id of the document that it shows; null for a list
    role: str  # why it was asked for, a word of `Role`
    url: str  # address that answered
    fetched_at: str  # time in UTC
    http_status: int  # HTTP status
    sha256: str  # of the decoded body
    media_type: str  # as the response names it
    warc_file: str  # file under `archive/warc/`
    warc_offset: int  # first byte of the record
    warc_length: int  # bytes of the record
    truncated: int  # 1: the body did not arrive whole and was not read


@dataclass(frozen=True, slots=True)
class StoredBody:
    """The decoded body of a capture, with the media type and charset of its header."""

    data: bytes
    media_type: str | None
    charset: str | None

    @property
    def encoding(self) -> str:
        """The codec in which it is read."""
        return decoding_of(self.data, self.charset).encoding


def capture_details(connection: sqlite3.Connection, capture: str) -> CaptureDetails:
    """A capture by its id; NotInArchiveError where there is none."""
    return CaptureDetails(**select_one(connection, capture, _CAPTURE, capture=capture))


def stored_body(archive: Path, capture: CaptureDetails) -> StoredBody:
    """The body of a capture; RecordError where the archive no longer holds it as it was written."""
    stored = Capture(
        request=Request(capture.portal_id, "", Role(capture.role), capture.url),
        url=capture.url,
        fetched_at=capture.fetched_at,
        status=capture.http_status,
        sha256=capture.sha256,
        media_type=capture.media_type,
        warc_file=capture.warc_file,
        warc_offset=capture.warc_offset,
        warc_length=capture.warc_length,
        truncated=bool(capture.truncated),
    )
    response = warc.read_response(archive, stored)
    return StoredBody(response.body, *content_type(response.header("Content-Type")))


def sanitized_page(connection: sqlite3.Connection, request: PageRequest) -> str:
    """The capture in the path as HTML that cannot act; a page beyond a limit is shown as text.

    `?start=` and `?end=` mark a span of its bytes; `?cell=1` says that the span is the content of a table cell.
    """
    body = stored_body(request.archive, capture_details(connection, request.path["capture"]))
    span = _marked_span(request)
    try:
        return inert_page(body.data, body.media_type, body.charset, span)
    except (LimitError, InputError):
        return inert_source(body.data, body.charset, span)


def _marked_span(request: PageRequest) -> Highlight | None:
    if not request.value("end"):
        return None
    start, end = (request.number(name, _LAST_BYTE) or 0 for name in ("start", "end"))
    if start > end:
        raise InvalidQueryError(f"start={start}: give a start that is not behind the end")
    return Highlight(start, end, in_cell=bool(request.value("cell")))
