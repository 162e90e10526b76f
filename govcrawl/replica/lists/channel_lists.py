"""The lists of a portal's channels: every report in the channel of its year, and the rows that oddities add."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from govcrawl.replica.annual_reports.annual_report import AnnualReport
from govcrawl.replica.annual_reports.index_numbers import code_on_portal
from govcrawl.replica.annual_reports.report_pages import (
    ReportRendition,
    html_report,
    jsonp_report,
    visible_index_number,
)
from govcrawl.replica.lists.addresses import FIRST_ARTICLE_NUMBER, report_address
from govcrawl.replica.lists.dense_catalogue import catalogue_entries
from govcrawl.replica.lists.entries import ExpectedOutcome, ListEntry, newest_entries_first
from govcrawl.replica.lists.other_entries import other_column_entries, stray_entries
from govcrawl.replica.plan import Channel, PortalPlan
from govcrawl.replica.request_response import ReplicaResponse, cached_route


def build_lists(plan: PortalPlan, reports: Iterable[AnnualReport]) -> dict[Channel, tuple[ListEntry, ...]]:
    """The rows of each of the portal's channels, newest first."""
    in_order = sorted(reports, key=lambda each: (each.published_on, each.agency, each.year))
    lists: dict[Channel, list[ListEntry]] = {channel: [] for channel in plan.channels}
    for place, report in enumerate(in_order):
        channel = next(each for each in plan.channels if report.year in each.years)
        lists[channel] += _entries_of_report(plan, channel, report, FIRST_ARTICLE_NUMBER + 37 * place)
    for oddity in plan.oddities:
        channel = next((each for each in plan.channels if oddity.year in each.years), plan.channels[0])
        lists[channel] += stray_entries(plan, channel, oddity)
    for channel in plan.channels:
        lists[channel] += other_column_entries(plan, channel, len(lists[channel])) if channel.every_column else ()
        lists[channel] += catalogue_entries(plan, channel, in_order) if channel.catalogue else ()
    return {channel: newest_entries_first(entries) for channel, entries in lists.items()}


def _entries_of_report(plan: PortalPlan, channel: Channel, report: AnnualReport, number: int) -> Iterator[ListEntry]:
    """A report's row, and those of its other renditions, of its mirror and of its copies."""
    number = report.case.article if report.case else number
    original = report_entry(plan, channel, report, number, report.title, ReportRendition.FULL)
    yield original
    for step, rendition in enumerate((ReportRendition.IMAGES, ReportRendition.PICTURED), 1):
        suffix = plan.oddity_value(rendition, report.organ, report.year)
        if suffix is not None:
            yield report_entry(plan, channel, report, number + step, report.title + suffix, rendition)
    mirror = plan.oddity_value("mirror", report.organ, report.year)
    if mirror is not None:
        elsewhere = f"https://{mirror}{original.address}"
        yield replace(original, address=elsewhere, expected=ExpectedOutcome.OUT_OF_REGISTRY, route=None)
    if channel.hides and number % 4 == 0:
        yield _without_metadata(plan, report, original)
    if channel.twins and number % 3 == 0:
        twin = original.address.replace(".shtml", "_app.shtml")
        yield replace(original, address=twin, expected=ExpectedOutcome.DUPLICATE)


def report_entry(
    plan: PortalPlan, channel: Channel, report: AnnualReport, number: int, title: str, rendition: ReportRendition
) -> ListEntry:
    """The row of a report's page in a channel; `number` is the article's."""
    address = report_address(plan, channel, report, number)
    skin = "viewer" if channel.kind == "viewer" else plan.skin
    make_page = _PAGE_MAKERS.get(channel.kind, html_report)
    return ListEntry(
        title=title,
        address=address,
        listed_on=report.published_on,
        expected=_expected(plan, report, address, rendition),
        route=cached_route(partial(make_page, plan, report, skin, title, rendition)),
        report=report,
        index_number=report.index_number,
        visible_index_number=visible_index_number(report, skin, rendition),
        organ=code_on_portal(plan, report.organ),
        rendition=rendition,
    )


def _expected(plan: PortalPlan, report: AnnualReport, address: str, rendition: ReportRendition) -> ExpectedOutcome:
    if plan.forbids(address):
        return ExpectedOutcome.ROBOTS
    if rendition is ReportRendition.IMAGES:
        return ExpectedOutcome.IMAGE_ONLY
    is_listed = plan.oddity_value("unlisted", report.organ, report.year) is None
    return ExpectedOutcome.REPORT if is_listed else ExpectedOutcome.UNLISTED


def _without_metadata(plan: PortalPlan, report: AnnualReport, original: ListEntry) -> ListEntry:
    """The row of the same page with a parameter that switches its metadata block off."""
    shown = original.route
    hidden = cached_route(partial(html_report, plan, report, plan.skin, report.title, ReportRendition.HIDDEN))
    assert shown is not None
    return replace(
        original,
        address=original.address + "?xxgkhide=1",
        expected=ExpectedOutcome.DUPLICATE,
        visible_index_number=None,
        route=lambda request: (hidden if request.parameters.get("xxgkhide") else shown)(request),
    )


_PAGE_MAKERS: Mapping[str, Callable[[PortalPlan, AnnualReport, str, str, ReportRendition], ReplicaResponse]] = {
    "yichang-xxgk": jsonp_report
}
"""What makes a report's page, by the kind of channel; `report_page` where none is named."""
