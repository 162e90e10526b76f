"""What goes into an archive and comes out: responses, exchanges, attempts, run marks, problems.

What comes out knows its file and the offset `end` behind it: what the ledger notes as indexed.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal

from govcrawl.models import Capture, Exchange, Headers, Request, Response, TlsFacts
from govcrawl.vocabulary import Outcome, Wall
from govcrawl.warc.http_block import freshened

Event = Literal["start", "host", "end"]
"""What a crawl record marks: a run's start, a host beside the registry that it began to ask, its end."""


@dataclass(frozen=True, slots=True)
class ConnectionSeen:
    """What the connection of an attempt showed: a wall, and what was agreed with a TLS server; None where nothing."""

    wall: Wall | None = None
    tls: TlsFacts | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one request brought back, as it is to be kept before anything reads it.

    `at` is aware. `wire_body` is the body as it came (transfer encoding removed by the HTTP client, content encoding
    kept), `body` the same decoded (`decoding.decode`). `truncated` is one of WARC's reasons (`length`, `time`,
    `disconnect`, `unspecified`) or None for a whole body. Header texts come from `http_block.to_text`. `seen` is what
    the connection, not the page, showed.
    """

    at: datetime
    url: str
    status: int
    reason: str
    headers: Headers
    wire_body: bytes
    body: bytes
    media_type: str
    sent_headers: Headers = ()
    truncated: str | None = None
    seen: ConnectionSeen = ConnectionSeen()


@dataclass(frozen=True, slots=True)
class AttemptFailure:
    """What is to be kept of an attempt that brought nothing: its outcome, a line in words, the wall if it is one."""

    outcome: Outcome
    detail: str
    wall: Wall | None = None


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """A kept response. A revisit is given as the page it stands for: the original's status and body, its own fields.

    `capture.status` is what the portal answered (304 for an unchanged page), `exchange.response.status` that of the
    page which is meant (200). `wall` is what the connection showed, None where that was nothing or the record is older;
    `vantage` from where was asked, as the crawl claims it.
    """

    capture: Capture
    exchange: Exchange
    outcome: Outcome
    warc_file: str
    end: int
    wall: Wall | None = None
    vantage: str | None = None


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """An attempt that gave no response to keep; `at` is ISO 8601 in UTC.

    `wall` is what stood in its way, None where that is no wall or the record is older; `vantage` as in an exchange.
    """

    request: Request
    outcome: Outcome
    at: str
    detail: str
    http_status: int | None
    warc_file: str
    end: int
    wall: Wall | None = None
    vantage: str | None = None


@dataclass(frozen=True, slots=True)
class StoredCrawl:
    """A mark of a run; `portal` is None for the run as a whole, `fields` what the crawl said of itself."""

    portal: str | None
    event: Event
    at: str
    fields: Mapping[str, Any]
    warc_file: str
    end: int


StoredRecord = StoredExchange | StoredAttempt | StoredCrawl


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the archive that cannot be read back as it was written; `url` where it can still be told."""

    warc_file: str
    offset: int
    url: str | None
    what: str

    def __str__(self) -> str:
        return f"{self.warc_file} at byte {self.offset} ({self.url or 'address unknown'}): {self.what}"


@dataclass(frozen=True, slots=True)
class HeldPage:
    """A page of the archive: where it lies, and what it holds."""

    capture: Capture
    response: Response

    def is_unchanged(self, fetched: Fetched) -> bool:
        """Whether what came is the page that is known: the portal says so, or the body is the same to the byte."""
        if fetched.status == HTTPStatus.NOT_MODIFIED:
            return True
        whole = fetched.status == self.response.status and fetched.truncated is None
        return whole and hashlib.sha256(fetched.body).hexdigest() == self.capture.sha256

    def as_of_today(self, fetched: Fetched) -> Response:
        """The page as what came confirms it, with the header fields of today."""
        unchanged = fetched.status == HTTPStatus.NOT_MODIFIED
        headers = freshened(self.response.headers, fetched.headers) if unchanged else fetched.headers
        return Response(fetched.url, self.response.status, headers, self.response.body)
