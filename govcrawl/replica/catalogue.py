"""A catalogue with a dense counter: rows of other information beside the reports, and serials that no row bears.

A channel's `catalogue` is how many pieces of information its counter counts a year. The reports have theirs among them
(see `numbering`); all others are rows of a sentence each, but for those that an oddity `withheld` keeps back: the
serials right behind a report's, as many as it says. An oddity `unlisted` takes a report out of the list: only a
question for its index number finds it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from govcrawl import index_number
from govcrawl.replica.annual_report import AnnualReport
from govcrawl.replica.plan import Channel, PortalPlan

SUBJECTS = ("便民服务指引", "惠企政策一览", "办事窗口安排", "重点项目进展")
NUMBERS_BEFORE = 90_000
"""How far before a portal's first article the catalogue's pages are numbered."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of other information: its title, day and index number, and the number of its page."""

    title: str
    listed_on: str
    index_number: str
    page: int


def pieces(plan: PortalPlan, channel: Channel, reports: Sequence[AnnualReport]) -> Iterator[Piece]:
    """Every piece that the catalogue lists beside some reports, series by series."""
    page = NUMBERS_BEFORE
    for prefix, taken in _taken(reports).items():
        gone = withheld(plan, reports, prefix)
        for serial in range(1, channel.catalogue + 1):
            page -= 1
            if serial not in taken | gone:
                yield _piece(plan, prefix, serial, page)


def _piece(plan: PortalPlan, prefix: str, serial: int, page: int) -> Piece:
    day = dt.date(int(prefix[-5:-1]), 1, 1) + dt.timedelta(5 * serial)
    return Piece(
        f"{plan.region}{SUBJECTS[serial % len(SUBJECTS)]}（{serial}）", day.isoformat(), f"{prefix}{serial:05d}", page
    )


def withheld(plan: PortalPlan, reports: Sequence[AnnualReport], prefix: str) -> set[int]:
    """The serials of a series that no page bears."""
    kept_back: set[int] = set()
    for report in reports:
        count = plan.odd("withheld", report.organ, report.year)
        if count and report.index_number and report.index_number.startswith(prefix):
            first = _serial(report.index_number) + 1
            kept_back |= set(range(first, first + int(count)))
    return kept_back - _taken(reports)[prefix]


def withheld_runs(plan: PortalPlan, reports: Sequence[AnnualReport]) -> Iterator[tuple[str, int, list[int]]]:
    """What is kept back on a portal: prefix and year of each series with its serials, in order."""
    for series in _taken(reports):
        if serials := withheld(plan, reports, series):
            number = index_number.parse_index_number(f"{series}00001")
            assert number is not None
            yield number.prefix, number.year, sorted(serials)


def _taken(reports: Iterable[AnnualReport]) -> Mapping[str, set[int]]:
    """Series (`002489452/2024-`) → the serials of its reports."""
    taken: dict[str, set[int]] = {}
    for report in reports:
        if report.index_number:
            series = report.index_number.rpartition("-")[0] + "-"
            taken.setdefault(series, set()).add(_serial(report.index_number))
    return taken


def _serial(number: str) -> int:
    return int(number.rpartition("-")[2])
