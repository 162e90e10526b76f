"""The rows of a portal's lists: what a row says, what its address answers, and what a right crawl makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from govcrawl.replica.annual_reports.annual_report import AnnualReport
from govcrawl.replica.annual_reports.report_pages import ReportRendition
from govcrawl.replica.plan import Channel
from govcrawl.replica.request_response import ReplicaRoute


class ExpectedOutcome(StrEnum):
    """What a right crawl makes of a row's address. Outcomes of an attempt are named as in the vocabulary."""

    REPORT = "report"
    DUPLICATE = "duplicate"  # another address of a report in the same list
    IMAGE_ONLY = "image_only"
    ATTACHMENT_ONLY = "attachment_only"
    UNREADABLE = "unreadable"  # a report without any table
    NOT_A_REPORT = "not_a_report"
    SOFT_404 = "soft_404"
    ROBOTS = "robots"
    OUT_OF_REGISTRY = "out_of_registry"
    BLOCKED = "blocked"
    HTTP_ERROR = "http_error"
    TRUNCATED = "truncated"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    QUARANTINED = "quarantined"  # has the marks of a spam mirror: kept, but none of its figures counts
    UNLISTED = "unlisted"  # a report that no list shows; a search for its index number finds it
    UNKNOWN = "unknown"  # a page from outside; the replica does not know what it says


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A row of a list.

    `address` is a path on the portal, or a whole address on another host. `route` answers it; None where another row's
    route does, or nothing. `index_number` is what a list prints that prints numbers; `visible_index_number` is what the
    page shows. `organ` is the organ's code.
    """

    title: str
    address: str
    listed_on: str
    expected: ExpectedOutcome
    route: ReplicaRoute | None = None
    report: AnnualReport | None = None
    index_number: str | None = None
    organ: str = ""
    visible_index_number: str | None = None
    rendition: ReportRendition = ReportRendition.FULL


ChannelLists = Mapping[Channel, Sequence[ListEntry]]
"""The rows of each channel's list, in the order in which the list shows them."""


def newest_entries_first(entries: Iterable[ListEntry]) -> tuple[ListEntry, ...]:
    """The rows in the order in which lists show them."""
    return tuple(sorted(entries, key=lambda each: (each.listed_on, each.address), reverse=True))


def list_page_count(total: int, per_page: int) -> int:
    """How many pages a list of so many rows has; an empty list has one."""
    return max(1, -(-total // per_page))


def rows_of_page(entries: Sequence[ListEntry], number: int, per_page: int) -> Sequence[ListEntry]:
    """The rows on a page; the first page is number 1."""
    return entries[(number - 1) * per_page : number * per_page]
