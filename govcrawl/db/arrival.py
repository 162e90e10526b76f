"""The input of the database as frozen dataclasses: one response, one run."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from govcrawl.errors import LimitError
from govcrawl.models import Capture, Issue, ListPage, Queued, Reading, Request
from govcrawl.vocabulary import IssueKind, Outcome, Severity, Wall

RECORD = "record"
"""The place of an issue with a whole record, which could not be read or stored."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Everything one attempt means for the database. It is committed whole or not at all.

    `at` is when the attempt ended (`YYYY-MM-DDTHH:MM:SSZ`). `capture` is the stored response, None if there was none.
    Both `page` and `reading` are set only for a page on the way that is itself a document it lists; `answered` is then
    the request for that document, which need not be sent. `queued` holds the requests that the response leads to (the
    target of a redirect, a list's further pages and documents). `retry_at` is when the request is tried again, in
    seconds since the epoch; without it a bad outcome settles the request as failed for this round. `archive_file` is
    the WARC file that holds the attempt, `archive_end` its size in bytes after the whole record group was appended.
    `comparable` is true if the response has a validator (ETag, Last-Modified) for a conditional request. `wall` is what
    stood in the way of the page, `vantage` from where the crawl claims to have asked. `issues` are those of the attempt
    itself.
    """

    request: Request
    outcome: Outcome
    at: str
    http_status: int | None = None
    detail: str | None = None
    capture: Capture | None = None
    archive_file: str | None = None
    archive_end: int | None = None
    page: ListPage | None = None
    reading: Reading | None = None
    queued: tuple[Queued, ...] = ()
    answered: Request | None = None
    retry_at: float | None = None
    comparable: bool = False
    wall: Wall | None = None
    vantage: str | None = None
    issues: tuple[Issue, ...] = ()

    def failed(self, error: Exception) -> Self:
        """The attempt without its content, because reading or storing that failed: outcome `error`, and an issue."""
        told = in_plain_words(error)
        kind = IssueKind.REFUSED_LIMIT if isinstance(error, LimitError) else IssueKind.PARSE_FAILED
        issue = Issue(kind, Severity.ERROR, RECORD, told)
        return replace(
            self,
            outcome=Outcome.ERROR,
            detail=f"what came could not be read or stored ({told})",
            page=None,
            reading=None,
            queued=(),
            answered=None,
            issues=(issue,),
        )


_PLACE_IN_MEMORY = re.compile(r" at 0x[0-9a-f]+")


def in_plain_words(error: Exception) -> str:
    """What an error says, as text that can be stored and that is the same in every process."""
    return storable(_PLACE_IN_MEMORY.sub("", f"{type(error).__name__}: {error}"))


def storable(text: str) -> str:
    """Returns a text as SQLite takes it: halves of characters, and bytes that are no text, are written out."""
    return text.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class Crawl:
    """A run of a spider: `id` is 16 hex digits that its start record carries, `arguments` what it was called with.

    `day` (`YYYY-MM-DD`) is the day the run went by, None for the day it started on. `vantage` is from where it
    claims to ask, None where nobody said.
    """

    id: str
    spider: str
    started_at: str
    version: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    day: str | None = None
    vantage: str | None = None
