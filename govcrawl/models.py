"""The frozen dataclasses that cross packages, in the order of the flow.

`portal → listing → capture → document → report → fact`: a `Portal` is walked by `Request`s; a `Request` with its
`Response` is an `Exchange`; a list page gives `Listing`s; a kept response is a `Capture`; what a document's page says
about itself is a `Document`; what its tables and prose say is a `Reading` made of `Report`, `Section`s, `Fact`s,
`Check`s, `Claim`s and `Issue`s. Nothing here reads, writes or decides anything.
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
"""Header fields in order, repeated names kept."""

_INDEX_PAGE = re.compile(r"/index\.s?html?(?=$|\?)")


def identity_of(url: str) -> str:
    """The address by which a document is known: a folder and the folder's index page are one."""
    return _INDEX_PAGE.sub("/", url)


@dataclass(frozen=True, slots=True)
class Portal:
    """One entry of the registry: a government's disclosure portal, or an organ's own site.

    `id` is the six-digit GB/T 2260 division code, or `<code>-<slug>` for an organ's own site and for a place without
    a code. `division_code` is that of the government: the id itself, for an organ the code in it. `province` is the
    name of the registry file (pinyin). `hosts` may be empty; `reason` then says why. `platforms` are tried in order.
    `columns` are the known lists of annual reports, as ids (`1229063423`) or paths (`/xxgk/xxgknb/`); `examples` are
    addresses of real reports or lists; `organs` are known organ codes for per-organ endpoints. `backend` names a
    server that many portals share, `shared_with` the portals that may use the same host. `expect` is `blocked` where a
    wall or silence is no surprise, `since` the day on which it was seen. `basis` says in letters what rests on a source
    (`HCLR`: home, family, list, report) and what is inferred (the same in small letters).
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
    """What is to be asked of a portal: enough to send it, to file its answer and to send it again after a crash.

    `key` names the list the request belongs to (`col1229063423`, `area=002510119`, `/xxgk/gknb/2023_nd/`), `context`
    is what the platform needs to read the answer and cannot find in it (page number, year), as sorted pairs.
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

        Role and key are in it because they decide how the answer is read: a column's page that is itself a report is
        asked for as both. A document is known by its identity, every other page, and one that was sent on, by the
        address that is asked.
        """
        is_linked = self.role is Role.DOCUMENT and "via" not in dict(self.context)
        url = identity_of(self.url) if is_linked else self.url
        text = f"{self.portal}\n{self.role}\n{self.key}\n{self.method}\n{url}".encode() + b"\n" + self.body
        return hashlib.sha256(text).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `body` has transfer and content encoding removed, its charset untouched."""

    url: str
    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header field of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its response: all that a platform's reading functions may look at."""

    request: Request
    response: Response


@dataclass(frozen=True, slots=True)
class Listing:
    """A row of a portal's list: where a document is and what the list says of it.

    `url` is absolute and canonical (no fragment, no `xxgkhide`). Dates are `YYYY-MM-DD`. `index_number` is as
    published, or None where the list does not print it.
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
    """A request for the frontier with what its place in the walk depends on.

    `year` is the report year a title gives (None: unknown, always wanted), `index_number` as listed.
    """

    request: Request
    year: int | None = None
    index_number: str | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A link of a portal's page to a host that the portal does not list: its name, and the request it would become."""

    name: str
    request: Request


@dataclass(frozen=True, slots=True)
class ListPage:
    """What one response of a list (or a page on the way to one) gives.

    `rows` are its usable rows, `requests` what to ask next (further pages, further columns), `total` the number of
    rows the list says it has, `debris` the rows that could not be used, as short excerpts, `elsewhere` the columns on
    hosts that the portal does not list. `open_ended` says that the list goes on and no further page could be asked for.
    """

    rows: tuple[Listing, ...] = ()
    requests: tuple[Request, ...] = ()
    total: int | None = None
    debris: tuple[str, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """One stored response: where its record lies and what it was asked for.

    `sha256` is over the decoded body (see `Response.body`), the same bytes that locators point into.
    `warc_file` is relative to `archive/warc/`; offset and length are bytes of the compressed response record.
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
        """16 hex digits over file and offset: the record's place is its identity."""
        return capture_id(self.warc_file, self.warc_offset)


def capture_id(warc_file: str, offset: int) -> str:
    """The id of the capture whose record lies at an offset of a file."""
    return hashlib.sha256(f"{warc_file}:{offset}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Document:
    """What a page says of itself, as published; dates are `YYYY-MM-DD`; None for 无, empty or not shown."""

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
    """Whose report of which year a page is; `agency` in simplified characters, `form` that of `applications`."""

    is_report: bool
    agency: str | None = None
    year: int | None = None
    scope: Scope = Scope.UNKNOWN
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the report under its heading, text as published without page widgets."""

    key: SectionKey
    heading: str
    text: str


class Locator(NamedTuple):
    """Where a cell's content lies in the decoded body: bytes `start` to `end`.

    `table` counts `<table>` from 0 in document order (nested included), `row` the `<tr>` in it, `cell` the `<td>` or
    `<th>` in that row of the source. All three are None for text and div grids.
    """

    start: int
    end: int
    table: int | None = None
    row: int | None = None
    cell: int | None = None


class Box(NamedTuple):
    """Where a cell lies in a PDF: `page` from 1, `bbox` as left, top, right, bottom in points from the top left."""

    page: int
    bbox: tuple[float, float, float, float]


class TableCell(NamedTuple):
    """Where a cell stands in a DOCX: the table, nested ones included, its row, and the cell in that row, all from 0."""

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
    """A figure stated in the prose about a quantity the tables give; `against` lists `table.row.column`."""

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
    """Everything one stored page says: the unit that is stored whole or not at all."""

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
