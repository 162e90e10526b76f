"""The portals on a later day: what becomes of report pages after their publication, and what is published since.

Every page has a fate for each day, drawn from the seed, the day and its address. Most pages stay as they are, or change
in their furniture alone (a view counter, the date, a token, other links). Some have figures edited, some move to
another address, some are removed. A later day starts from the first day, not from the one before: an edit of day 1 may
be gone on day 2. The truth of a day is its manifest.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from random import Random

from govcrawl.replica.annual_reports.annual_report import AnnualReport, published_reports
from govcrawl.replica.annual_reports.printed_cells import PrintedCell
from govcrawl.replica.annual_reports.report_pages import ReportRendition
from govcrawl.replica.lists.addresses import ADDRESSED_BY_QUERY, FIRST_ARTICLE_NUMBER
from govcrawl.replica.lists.channel_lists import report_entry
from govcrawl.replica.lists.entries import ChannelLists, ExpectedOutcome, ListEntry, newest_entries_first
from govcrawl.replica.lists.other_entries import NEWS_TITLES
from govcrawl.replica.plan import Channel, PortalPlan, PublishingOrgan, ReplicaPlan
from govcrawl.replica.request_response import ReplicaRequest, ReplicaResponse, ReplicaRoute

FIRST_REPLICA_DAY = dt.date(2026, 1, 10)
"""The date of day 0 on pages that print a date."""
_MOVED_NUMBERS = FIRST_ARTICLE_NUMBER + 500_000
_NEW_NUMBERS = FIRST_ARTICLE_NUMBER + 700_000
_NEW_ORGAN = PublishingOrgan("机关事务管理局")
"""The organ that publishes its first report on a later day."""
_NEW_ORGAN_SHARE = 0.5
"""The share of portals with plain lists on which it does."""
_PLAIN_LISTS = frozenset({"column", "folder"})


class PageFate(StrEnum):
    """What becomes of a page on a later day."""

    LEFT = "left"
    FURNISHED = "furnished"
    EDITED = "edited"
    MOVED = "moved"
    REMOVED = "removed"


FATE_WEIGHTS: Mapping[PageFate, int] = {
    PageFate.LEFT: 40,
    PageFate.FURNISHED: 40,
    PageFate.EDITED: 12,
    PageFate.MOVED: 4,
    PageFate.REMOVED: 4,
}


def lists_on_day(plan: ReplicaPlan, portal: PortalPlan, lists: ChannelLists, seed: int, day: int) -> ChannelLists:
    """A portal's lists on a later day; a report with several rows stays as it is."""
    later = _LaterDay(portal, seed, day)
    rows = Counter(id(entry.report) for entries in lists.values() for entry in entries)

    def changed(channel: Channel, entry: ListEntry) -> tuple[ListEntry, ...]:
        if entry.report is None or rows[id(entry.report)] > 1:
            return (entry,)
        return later.entries(channel, entry, entry.report)

    new = {
        channel: [each for entry in entries for each in changed(channel, entry)] for channel, entries in lists.items()
    }
    for channel, entry in later.new_entries(plan):
        new[channel].append(entry)
    return {channel: newest_entries_first(entries) for channel, entries in new.items()}


class _LaterDay:
    """One portal on one later day."""

    def __init__(self, portal: PortalPlan, seed: int, day: int) -> None:
        self._portal = portal
        self._seed = seed
        self._day = day
        self._date = (FIRST_REPLICA_DAY + dt.timedelta(days=day)).isoformat()

    def entries(self, channel: Channel, entry: ListEntry, report: AnnualReport) -> tuple[ListEntry, ...]:
        """What becomes of a report's row: one row, or none."""
        rng = self._random(entry.address)
        fate = rng.choices(list(FATE_WEIGHTS), list(FATE_WEIGHTS.values()))[0]
        if report.case or entry.expected is not ExpectedOutcome.REPORT:
            return (entry,)
        if channel.kind in ADDRESSED_BY_QUERY and fate in (PageFate.MOVED, PageFate.REMOVED):
            return (entry,)
        return self._fates[fate](self, channel, entry, report, rng)

    def new_entries(self, plan: ReplicaPlan) -> Iterator[tuple[Channel, ListEntry]]:
        """The first report of an organ, with the channel of its year; on some portals."""
        rng = self._random(_NEW_ORGAN.name)
        year = max(plan.years)
        channel = next((each for each in self._portal.channels if year in each.years), None)
        if channel is None or channel.kind not in _PLAIN_LISTS or rng.random() >= _NEW_ORGAN_SHARE:
            return
        grown = replace(self._portal, organs=(*self._portal.organs, _NEW_ORGAN))
        *_, report = published_reports(plan, grown, self._seed)
        yield channel, report_entry(grown, channel, report, _NEW_NUMBERS, report.title, ReportRendition.FULL)

    def _left(self, _: Channel, entry: ListEntry, __: AnnualReport, ___: Random) -> tuple[ListEntry, ...]:
        return (entry,)

    def _furnished(self, _: Channel, entry: ListEntry, __: AnnualReport, rng: Random) -> tuple[ListEntry, ...]:
        return (replace(entry, route=self._refurnished(entry.route, rng)),)

    def _edited(self, channel: Channel, entry: ListEntry, report: AnnualReport, rng: Random) -> tuple[ListEntry, ...]:
        changed = report_entry(self._portal, channel, edit_figures(report, rng), 0, entry.title, entry.rendition)
        return (replace(changed, address=entry.address, route=self._refurnished(changed.route, rng)),)

    def _moved(self, channel: Channel, entry: ListEntry, report: AnnualReport, rng: Random) -> tuple[ListEntry, ...]:
        number = _MOVED_NUMBERS + rng.randrange(100_000)
        return (report_entry(self._portal, channel, report, number, entry.title, entry.rendition),)

    def _removed(self, _: Channel, __: ListEntry, ___: AnnualReport, ____: Random) -> tuple[ListEntry, ...]:
        return ()

    _fates: Mapping[PageFate, Callable[..., tuple[ListEntry, ...]]] = {
        PageFate.LEFT: _left,
        PageFate.FURNISHED: _furnished,
        PageFate.EDITED: _edited,
        PageFate.MOVED: _moved,
        PageFate.REMOVED: _removed,
    }

    def _random(self, subject: str) -> Random:
        return Random(f"{self._seed}/{self._day}/{self._portal.portal.id}/{subject}")

    def _refurnished(self, route: ReplicaRoute | None, rng: Random) -> ReplicaRoute:
        """The route of the page with the furniture of the day."""
        assert route is not None
        charset = self._portal.charset.bytes
        furniture = [(mark.encode(charset), html.encode(charset)) for mark, html in _furniture(self._date, rng).items()]

        def respond(request: ReplicaRequest) -> ReplicaResponse:
            response = route(request)
            body = response.body
            for mark, html in furniture:
                body = body.replace(mark, mark + html if mark.startswith(b"</") else html + mark, 1)
            return replace(response, body=body, changed_on=self._date)

        return respond


def _furniture(date: str, rng: Random) -> Mapping[str, str]:
    """The HTML that a page has on a day by its mark: behind the mark where that is an end tag, else before it."""
    hits, token = rng.randrange(100, 9999), f"{rng.getrandbits(64):016x}"
    return {
        "</h1>": f'<p class="views">今天是{date}　浏览次数：<span id="hits">{hits}</span></p>',
        "</title>": f'\n<meta name="csrf-token" content="{token}">',
        '<div class="footer">': _related(token, rng),
    }


def _related(token: str, rng: Random) -> str:
    """A counter and links to other articles."""
    titles = rng.sample(NEWS_TITLES, 2)
    lines = "".join(f'<li><a href="/news/{token}{place}.html">{title}</a></li>' for place, title in enumerate(titles))
    return f"<p>浏览次数：{rng.randrange(100, 9999)} 次</p><div>相关阅读：</div><ul>{lines}</ul><!-- {token} -->"


def edit_figures(report: AnnualReport, rng: Random) -> AnnualReport:
    """The report with one to three figures raised; the prose states none of them."""
    stated = {place for claim in report.claims for place in claim.about}
    whole = [
        place
        for place, cell in report.cells.items()
        if place not in stated and isinstance(cell.value, int) and cell.text == str(cell.value)
    ]
    chosen = rng.sample(whole, min(len(whole), rng.randint(1, 3)))
    raised = {place: _raised(report.cells[place], rng) for place in chosen}
    return replace(report, cells={**report.cells, **raised})


def _raised(cell: PrintedCell, rng: Random) -> PrintedCell:
    assert isinstance(cell.value, int)
    value = cell.value + rng.randint(1, 9)
    return replace(cell, text=str(value), value=value)
