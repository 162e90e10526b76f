"""The stored response behind a page of ours: its row in the database, and its body from the archive."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from govcrawl import warc
from govcrawl.browse.page import Content, row
from govcrawl.models import Capture, Request
from govcrawl.pages.decoding import decoding_of
from govcrawl.vocabulary import Role
from govcrawl.warc import content_type

_CAPTURE = """
SELECT capture.id, capture.portal_id, portal.name AS portal, capture.document_id, capture.role, capture.url,
  capture.fetched_at, capture.http_status, capture.sha256, capture.media_type, capture.warc_file, capture.warc_offset,
  capture.warc_length, capture.truncated
FROM captures AS capture LEFT JOIN portals AS portal ON portal.id = capture.portal_id
WHERE capture.id = :capture"""


@dataclass(frozen=True, slots=True)
class Body:
    """What a capture holds: the decoded body, with what its header says of it."""

    data: bytes
    media_type: str | None
    charset: str | None

    @property
    def encoding(self) -> str:
        """The codec that it is read in."""
        return decoding_of(self.data, self.charset).encoding


def capture_of(connection: sqlite3.Connection, name: str) -> Content:
    """The row of a capture; NotHereError where there is none."""
    return row(connection, name, _CAPTURE, capture=name)


def body_of(archive: Path, capture: Content) -> Body:
    """The body of a capture, by its row; RecordError where the archive no longer holds it as it was written."""
    request = Request(capture["portal_id"], "", Role(capture["role"]), capture["url"])
    stored = Capture(
        request=request,
        url=capture["url"],
        fetched_at=capture["fetched_at"],
        status=capture["http_status"],
        sha256=capture["sha256"],
        media_type=capture["media_type"],
        warc_file=capture["warc_file"],
        warc_offset=capture["warc_offset"],
        warc_length=capture["warc_length"],
        truncated=bool(capture["truncated"]),
    )
    response = warc.read_response(archive, stored)
    return Body(response.body, *content_type(response.header("Content-Type")))
