"""What comes to the database from outside, as frozen dataclasses: one response, one run, one cell of a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

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


class FormItem(Protocol):
    """A cell of a form as `registry.sync_items` takes it: its number over all forms, its keys, label and unit."""

    @property
    def number(self) -> int:
        """The item number, unique over all forms."""

    @property
    def form(self) -> str:
        """The key of the form."""

    @property
    def table(self) -> str:
        """The key of the table."""

    @property
    def row(self) -> str:
        """The key of the row."""

    @property
    def column(self) -> str:
        """The key of the column."""

    @property
    def label_zh(self) -> str:
        """The label as the form prints it."""

    @property
    def unit(self) -> str | None:
        """The unit the form prints, or None."""


class FormTerm(Protocol):
    """An operand of an identity: `sign` times the cell of row or column `ref`, in `year` (`N`, `N-1`, `2020`)."""

    @property
    def ref(self) -> str:
        """The key of the row, for an identity of columns, or of the column, for one of rows."""

    @property
    def sign(self) -> int:
        """1 or -1."""

    @property
    def year(self) -> str | None:
        """The year it is taken from, None for the report's own."""


class FormIdentity(Protocol):
    """An identity of a form as `identities.sync_identities` takes it."""

    @property
    def key(self) -> str:
        """Its key."""

    @property
    def table(self) -> str:
        """The key of its table."""

    @property
    def kind(self) -> str:
        """`inequality_le` where the left side may be smaller, else an equation."""

    @property
    def for_each(self) -> str:
        """`column`, or `row` with what follows."""

    @property
    def left(self) -> Sequence[FormTerm]:
        """The left side."""

    @property
    def right(self) -> Sequence[FormTerm]:
        """The right side."""

    @property
    def soft(self) -> bool:
        """Whether a sound report may break it."""
