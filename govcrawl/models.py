"""The frozen dataclasses that cross packages, in the order of the flow.

`portal → listing → capture → document → report → fact`: a `Request` is sent to a `Portal`; a `Request` with its
`Response` is an `Exchange`; a list page gives `Listing`s; a stored response is a `Capture`; the metadata of a
document's page is a `Document`; the content of its tables and prose is a `Reading` made of `Report`, `Section`s,
`Fact`s, `Check`s, `Claim`s and `Issue`s. This module holds no logic.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from govcrawl.vocabulary import (
    CheckOutcome,
    ClaimOutcome,
    IssueKind,
    Role,
    Scope,
    Script,
    SectionKey,
    Severity,
    Status,
)

SqlValue = str | int | float | bytes | None
"""A value of a database row."""

Headers = tuple[tuple[str, str], ...]
"""Header fields in order, with repeated names."""

_INDEX_PAGE = re.compile(r"/index\.s?html?(?=$|\?)")


def identity_of(url: str) -> str:
    """Returns the address that identifies a document: a folder's index page counts as the folder."""
    return _INDEX_PAGE.sub("/", url)


@dataclass(frozen=True, slots=True)
class Portal:
    """One entry of the registry: a government's disclosure portal, or an organ's own site.

    `id` is the six-digit GB/T 2260 division code, or `<code>-<slug>` for an organ's own site and for a place without a
    code. `division_code` is that of the government: the id itself, or for an organ the code in it. `province` is the
    name of the registry file (pinyin). `hosts` may be empty; `reason` then says why. `platforms` are tried in order.
    `columns` are the known lists of annual reports, as ids (`1229063423`) or paths (`/xxgk/xxgknb/`). `examples` are
    addresses of real reports or lists. `organs` are known organ codes for per-organ endpoints. `backend` names a server
    that many portals share, `shared_with` the portals that may use the same host. `expect` is `blocked` if a challenge
    or no answer is expected, `since` the day on which it was seen. `basis` has a letter for each part of the entry that
    rests on a source (`HCLR`: home, family, list, report), in lower case if it is inferred.
    """

    id: str
    name: str
    province: str
    division_code: str
    level: str
    hosts: tuple[str, ...]
    home: str
    platforms: tuple[str, ...]
    columns: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    organs: tuple[str, ...] = ()
    backend: str | None = None
    shared_with: tuple[str, ...] = ()
    reason: str | None = None
    note: str | None = None
    expect: str | None = None
    since: str | None = None
    basis: str = ""

    @property
    def host(self) -> str | None:
        """The main host, or None for an entry without one."""
        return self.hosts[0] if self.hosts else None


@dataclass(frozen=True, slots=True)
class Request:
    """A request to a portal: enough to send it, to store its response and to send it again after a crash.

    `key` names the list that the request belongs to (`col1229063423`, `area=002510119`, `/xxgk/gknb/2023_nd/`).
    `context` is what the platform needs to read the response and cannot find in it (page number, year), as sorted
    pairs.
    """

    portal: str
    platform: str
    role: Role
    url: str
    key: str = ""
    method: str = "GET"
    headers: Headers = ()
    body: bytes = b""
    context: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """16 hex digits over portal, role, key, method, address and body: the same in every run.

        Role and key are included because they decide how the response is read: a column's page that is itself a report
        is two requests, of which one answer settles both. A document's address is its identity (see `identity_of`); any
        other request, and a redirected one, has the address as sent.
        """
        is_linked = self.role is Role.DOCUMENT and "via" not in dict(self.context)
        url = identity_of(self.url) if is_linked else self.url
        text = f"{self.portal}\n{self.role}\n{self.key}\n{self.method}\n{url}".encode() + b"\n" + self.body
        return hashlib.sha256(text).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Response:
    """A response. `body` has transfer and content encoding removed; its charset is unchanged."""

    url: str
    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """Returns the first header field of a name in any case, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its response: the only input of a platform's reading functions."""

    request: Request
    response: Response


@dataclass(frozen=True, slots=True)
class Listing:
    """A row of a portal's list: the address of a document and its metadata in the list.

    `url` is absolute and canonical (no fragment, no `xxgkhide`). Dates are `YYYY-MM-DD`. `index_number` is as
    published, or None if the list does not print it.
    """

    portal: str
    url: str
    title: str
    index_number: str | None = None
    publisher: str | None = None
    listed_on: str | None = None
    document_number: str | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """A request for the frontier, with the fields that decide its order.

    `year` is the report year in a title (None: unknown, always wanted), `index_number` that of the list.
    """

    request: Request
    year: int | None = None
    index_number: str | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A link to a host that the portal's entry does not list: its name, and the request for it."""

    name: str
    request: Request


@dataclass(frozen=True, slots=True)
class ListPage:
    """The content of one response of a list, or of a page on the way to one.

    `rows` are its usable rows, `requests` the follow-up requests (further pages, further columns). `total` is the
    number of rows that the list states, `debris` are excerpts of unusable rows. `elsewhere` are columns on hosts that
    the portal's entry does not list. `open_ended` is true if the list has further pages and none could be requested.
    """

    rows: tuple[Listing, ...] = ()
    requests: tuple[Request, ...] = ()
    total: int | None = None
    debris: tuple[str, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """One stored response: its request, and the place of its record.

    `sha256` is over the decoded body (see `Response.body`), the bytes that locators refer to. `warc_file` is relative
    to `archive/warc/`. Offset and length are in bytes of the compressed response record.
    """

    request: Request
    url: str
    fetched_at: str
    status: int
    sha256: str
    media_type: str
    warc_file: str
    warc_offset: int
    warc_length: int
    truncated: bool = False

    @property
    def id(self) -> str:
        """16 hex digits over file and offset: the place of a record identifies it."""
        return capture_id(self.warc_file, self.warc_offset)


def capture_id(warc_file: str, offset: int) -> str:
    """Returns the id of the capture whose record is at an offset of a file."""
    return hashlib.sha256(f"{warc_file}:{offset}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What was agreed with a TLS server: version and suite as OpenSSL names them, None where it did not come so far.

    `certificates` are the SHA-256 of the certificates it showed (DER), its own first.
    """

    version: str | None
    suite: str | None
    certificates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The metadata of a page, as published. Dates are `YYYY-MM-DD`; None for 无, empty or not shown."""

    title: str | None = None
    index_number: str | None = None
    publisher: str | None = None
    published_on: str | None = None
    document_number: str | None = None
    disclosure_mode: str | None = None
    theme: str | None = None
    script: Script = Script.HANS


@dataclass(frozen=True, slots=True)
class Report:
    """The identity of a report; `agency` is in simplified characters, `form` is that of `applications`."""

    is_report: bool
    agency: str | None = None
    year: int | None = None
    scope: Scope = Scope.UNKNOWN
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the report with its heading; text as published, without page widgets."""

    key: SectionKey
    heading: str
    text: str


class Locator(NamedTuple):
    """The place of a cell's content in the decoded body: bytes `start` to `end`.

    `table` counts `<table>` from 0 in document order (nested included), `row` the `<tr>` in it, `cell` the `<td>` or
    `<th>` in that row of the source. All three are None for text and div grids.
    """

    start: int
    end: int
    table: int | None = None
    row: int | None = None
    cell: int | None = None


class Box(NamedTuple):
    """The place of a cell in a PDF: `page` from 1, `bbox` as left, top, right, bottom in points from the top left."""

    page: int
    bbox: tuple[float, float, float, float]


class TableCell(NamedTuple):
    """The place of a cell in a DOCX: table (nested ones included), row, and cell in that row, all from 0."""

    table: int
    row: int
    cell: int


class Fact(NamedTuple):
    """One numeric cell of a form. `item` is its number in the form; `value` is the number printed, never converted.

    A named tuple, as are `Check`, `Claim` and `Issue`: a page has hundreds, and a frozen dataclass is slow to make.
    """

    form: str
    table: str
    row: str
    column: str
    item: int
    value: int | float | None
    status: Status
    raw: str | None
    unit: str | None
    locator: Locator | Box | TableCell | None


class Check(NamedTuple):
    """An identity assessed at one place: `at` is a column key, or a row key, of `table`."""

    identity: str
    table: str
    at: str
    left: int | float | None
    right: int | float | None
    outcome: CheckOutcome


class Claim(NamedTuple):
    """A figure stated in the prose about a quantity that the tables give; `against` lists `table.row.column`."""

    kind: str
    value: int | float
    text: str
    outcome: ClaimOutcome
    against: tuple[str, ...] = ()


class Issue(NamedTuple):
    """Something not understood or wrong. `where` is stable across re-reads (`applications.granted.total`)."""

    kind: IssueKind
    severity: Severity
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that one stored page says: the unit that is stored whole or not at all."""

    sha256: str
    media_type: str
    encoding: str
    document: Document
    report: Report
    sections: tuple[Section, ...] = ()
    facts: tuple[Fact, ...] = ()
    checks: tuple[Check, ...] = ()
    claims: tuple[Claim, ...] = ()
    issues: tuple[Issue, ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()  # (address, link text)
    extra: Mapping[str, str] = field(default_factory=dict)  # further metadata labels, key → as published
