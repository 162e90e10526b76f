"""A catalogue with a dense counter: rows of other information beside the reports, and serials that no row has.

A channel's `catalogue` is how many numbers its counter gives out in a year. The reports have theirs among them (see
`annual_reports/index_numbers.py`). The others are rows of one sentence each. An oddity `withheld` on a report leaves
out the rows right behind that report's number, as many as its value says. An oddity `unlisted` takes the report itself
out of the list: only a search for its index number finds it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from govcrawl import index_number
from govcrawl.replica.annual_reports.annual_report import AnnualReport
from govcrawl.replica.lists.addresses import FIRST_ARTICLE_NUMBER, article_address
from govcrawl.replica.lists.entries import ExpectedOutcome, ListEntry
from govcrawl.replica.page_templates import plain_article
from govcrawl.replica.plan import Channel, PortalPlan
from govcrawl.replica.request_response import cached_route

_SUBJECTS = ("便民服务指引", "惠企政策一览", "办事窗口安排", "重点项目进展")
_FIRST_NUMBER = FIRST_ARTICLE_NUMBER - 90_000
"""The number of the catalogue's first page."""


def catalogue_entries(plan: PortalPlan, channel: Channel, reports: Sequence[AnnualReport]) -> Iterator[ListEntry]:
    """The other rows of a channel with a catalogue, series by series."""
    reports = [report for report in reports if report.year in channel.years]
    number = _FIRST_NUMBER
    for series, taken in _serials_by_series(reports).items():
        left_out = taken | _withheld_serials(plan, reports, series)
        for serial in range(1, channel.catalogue + 1):
            number += 1
            if serial not in left_out:
                yield _entry(plan, channel, series, serial, number)


def _entry(plan: PortalPlan, channel: Channel, series: str, serial: int, number: int) -> ListEntry:
    listed_on = (dt.date(int(series[-5:-1]), 1, 1) + dt.timedelta(5 * serial)).isoformat()
    title = f"{plan.region}{_SUBJECTS[serial % len(_SUBJECTS)]}（{serial}）"
    return ListEntry(
        title=title,
        address=article_address(plan, channel, None, listed_on, number),
        listed_on=listed_on,
        expected=ExpectedOutcome.NOT_A_REPORT,
        route=cached_route(partial(plain_article, plan, title, f"{title}，内容为演练所设。")),
        index_number=f"{series}{serial:05d}",
    )


def withheld_by_series(plan: PortalPlan, reports: Sequence[AnnualReport]) -> Iterator[tuple[str, int, list[int]]]:
    """The serials that no page of a portal has: prefix and year of each series with its serials, in order."""
    for series in _serials_by_series(reports):
        if serials := _withheld_serials(plan, reports, series):
            number = index_number.parse_index_number(f"{series}00001")
            assert number is not None
            yield number.prefix, number.year, sorted(serials)


def _withheld_serials(plan: PortalPlan, reports: Sequence[AnnualReport], series: str) -> set[int]:
    """The serials of a series that no page has."""
    withheld: set[int] = set()
    for report in reports:
        count = plan.oddity_value("withheld", report.organ, report.year)
        if count and report.index_number and report.index_number.startswith(series):
            first = _serial(report.index_number) + 1
            withheld |= set(range(first, first + int(count)))
    return withheld - _serials_by_series(reports)[series]


def _serials_by_series(reports: Iterable[AnnualReport]) -> Mapping[str, set[int]]:
    """The serials of the reports by series, which is all of an index number before its serial (`002489452/2024-`)."""
    serials: dict[str, set[int]] = {}
    for report in reports:
        if report.index_number:
            series = report.index_number.rpartition("-")[0] + "-"
            serials.setdefault(series, set()).add(_serial(report.index_number))
    return serials


def _serial(number: str) -> int:
    return int(number.rpartition("-")[2])
