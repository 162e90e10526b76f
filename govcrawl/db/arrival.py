"""What comes to the database from outside, as frozen dataclasses: one response, one run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from govcrawl.models import Capture, ListPage, Queued, Reading, Request
from govcrawl.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class Arrival:
    """Everything one attempt means for the database: committed whole or not at all.

    `at` is when the attempt ended (`YYYY-MM-DDTHH:MM:SSZ`). `capture` is the stored response, None where none came.
    At most one of `page` and `reading` is given. `queued` is what the response leads to (a redirect's target, a
    list's further pages and documents). `retry_at`, in seconds since the epoch, asks for another try then; without
    it a bad outcome settles the request as failed for this round. `archive_file` and `archive_end` are the WARC file
    that keeps the attempt and its size once the whole record group was appended. `comparable`: the answer carried what
    a later visit can ask by whether the page is unchanged.
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
    retry_at: float | None = None
    comparable: bool = False


@dataclass(frozen=True, slots=True)
class Crawl:
    """A run of a spider: `id` is 16 hex digits that its start record carries, `arguments` what it was called with.

    `day` (`YYYY-MM-DD`) is the day the run went by, None for the day it started on.
    """

    id: str
    spider: str
    started_at: str
    version: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    day: str | None = None
