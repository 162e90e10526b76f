"""The portals on a later day: what becomes of report pages after they were published, and what is published since.

Each page has its fate on a day, drawn from seed, day and address: most are left as they are or only furnished anew (a
view counter, the day's date, a token, other reading); some have figures edited without a word, some move to another
address, some are taken off. A later day begins from the first one again: what was edited on day 1 may be taken back on
day 2. The truth of a day is its manifest, so what changed between two days is how their manifests differ.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from random import Random

from govcrawl.replica.annual_report import AnnualReport, reports_of
from govcrawl.replica.answers import Answer, Asked, Route
from govcrawl.replica.articles import Rendition
from govcrawl.replica.entries import FIRST_NUMBER, NEWS, Entry, Expected, Lists, entry_of, newest_first
from govcrawl.replica.plan import Channel, Organ, Plan, PortalPlan
from govcrawl.replica.printing import Shown

FIRST_DAY = dt.date(2026, 1, 10)
"""What day 0 is called on pages that print a date."""
MOVED_NUMBERS = FIRST_NUMBER + 500_000
NEW_NUMBERS = FIRST_NUMBER + 700_000
NEWCOMER = Organ("机关事务管理局")
NEWCOMERS_SHARE = 0.5
"""How many portals with plain lists publish one more report on a later day, and whose."""
PLAIN_LISTS = frozenset({"column", "folder"})
ASKED_BY_QUERY = frozenset({"viewer", "yichang-xxgk"})
"""Kinds of channel whose articles have no path of their own: nothing moves there and nothing is taken off."""


class Fate(StrEnum):
    """What becomes of a page on a later day."""

    LEFT = "left"
    FURNISHED = "furnished"
    EDITED = "edited"
    MOVED = "moved"
    REMOVED = "removed"


SHARES: Mapping[Fate, int] = {Fate.LEFT: 40, Fate.FURNISHED: 40, Fate.EDITED: 12, Fate.MOVED: 4, Fate.REMOVED: 4}


def lists_on(plan: Plan, portal: PortalPlan, lists: Lists, seed: int, day: int) -> Lists:
    """A portal's lists on a later day."""
    later = _Later(portal, seed, day)
    often = Counter(id(entry.report) for entries in lists.values() for entry in entries)
    told = {
        channel: [
            changed
            for entry in entries
            for changed in (
                later.entries(channel, entry, entry.report)
                if entry.report and often[id(entry.report)] == 1
                else (entry,)
            )
        ]
        for channel, entries in lists.items()
    }
    for channel, entry in later.newcomers(plan):
        told[channel].append(entry)
    return {channel: tuple(newest_first(entries)) for channel, entries in told.items()}


class _Later:
    """One portal on one later day."""

    def __init__(self, portal: PortalPlan, seed: int, day: int) -> None:
        self._portal = portal
        self._seed = seed
        self._day = day
        self._date = (FIRST_DAY + dt.timedelta(days=day)).isoformat()

    def entries(self, channel: Channel, entry: Entry, report: AnnualReport) -> tuple[Entry, ...]:
        """What becomes of a report's row: one row, or none."""
        rng = self._random(entry.address)
        fate = rng.choices(list(SHARES), list(SHARES.values()))[0]
        if report.case or entry.expected is not Expected.REPORT:
            return (entry,)
        if channel.kind in ASKED_BY_QUERY and fate in (Fate.MOVED, Fate.REMOVED):
            return (entry,)
        return self._fates[fate](self, channel, entry, report, rng)

    def newcomers(self, plan: Plan) -> Iterator[tuple[Channel, Entry]]:
        """A report of an organ that had published none, with the channel of its year; on some portals."""
        rng = self._random(NEWCOMER.name)
        year = max(plan.years)
        channel = next((each for each in self._portal.channels if year in each.years), None)
        if channel is None or channel.kind not in PLAIN_LISTS or rng.random() >= NEWCOMERS_SHARE:
            return
        grown = replace(self._portal, organs=(*self._portal.organs, NEWCOMER))
        *_, report = reports_of(plan, grown, self._seed)
        yield channel, entry_of(grown, channel, report, NEW_NUMBERS, report.title, Rendition.FULL)

    def _left(self, _: Channel, entry: Entry, __: AnnualReport, ___: Random) -> tuple[Entry, ...]:
        return (entry,)

    def _furnished(self, _: Channel, entry: Entry, __: AnnualReport, rng: Random) -> tuple[Entry, ...]:
        return (replace(entry, answer=self._anew(entry.answer, rng)),)

    def _edited(self, channel: Channel, entry: Entry, report: AnnualReport, rng: Random) -> tuple[Entry, ...]:
        changed = entry_of(self._portal, channel, edited(report, rng), 0, entry.title, entry.rendition)
        return (replace(changed, address=entry.address, answer=self._anew(changed.answer, rng)),)

    def _moved(self, channel: Channel, entry: Entry, report: AnnualReport, rng: Random) -> tuple[Entry, ...]:
        number = MOVED_NUMBERS + rng.randrange(100_000)
        return (entry_of(self._portal, channel, report, number, entry.title, entry.rendition),)

    def _removed(self, _: Channel, __: Entry, ___: AnnualReport, ____: Random) -> tuple[Entry, ...]:
        return ()

    _fates: Mapping[Fate, Callable[..., tuple[Entry, ...]]] = {
        Fate.LEFT: _left,
        Fate.FURNISHED: _furnished,
        Fate.EDITED: _edited,
        Fate.MOVED: _moved,
        Fate.REMOVED: _removed,
    }

    def _random(self, what: str) -> Random:
        return Random(f"{self._seed}/{self._day}/{self._portal.portal.id}/{what}")

    def _anew(self, shown: Route | None, rng: Random) -> Route:
        """The page with the furniture of the day."""
        assert shown is not None
        hits, token = rng.randrange(100, 9999), f"{rng.getrandbits(64):016x}"
        words = {
            "</h1>": f'<p class="views">今天是{self._date}　浏览次数：<span id="hits">{hits}</span></p>',
            "</title>": f'\n<meta name="csrf-token" content="{token}">',
            '<div class="footer">': _related(token, rng),
        }
        charset = self._portal.charset.bytes

        def answer(asked: Asked) -> Answer:
            page = shown(asked)
            body = page.body
            for mark, added in words.items():
                place = mark.encode(charset)
                pair = (place, added.encode(charset))
                body = body.replace(place, b"".join(pair if mark.startswith("</") else reversed(pair)), 1)
            return replace(page, body=body, changed_on=self._date)

        return answer


def _related(token: str, rng: Random) -> str:
    """What a reader might read next, and a counter: other titles each day."""
    titles = rng.sample(NEWS, 2)
    lines = "".join(f'<li><a href="/news/{token}{place}.html">{title}</a></li>' for place, title in enumerate(titles))
    return f"<p>浏览次数：{rng.randrange(100, 9999)} 次</p><div>相关阅读：</div><ul>{lines}</ul><!-- {token} -->"


def edited(report: AnnualReport, rng: Random) -> AnnualReport:
    """The report with one to three figures raised that its prose does not state."""
    stated = {place for claim in report.claims for place in claim.about}
    whole = [
        place
        for place, shown in report.cells.items()
        if place not in stated and isinstance(shown.value, int) and shown.text == str(shown.value)
    ]
    chosen = rng.sample(whole, min(len(whole), rng.randint(1, 3)))
    raised = {place: _raised(report.cells[place], rng) for place in chosen}
    return replace(report, cells={**report.cells, **raised})


def _raised(shown: Shown, rng: Random) -> Shown:
    assert isinstance(shown.value, int)
    value = shown.value + rng.randint(1, 9)
    return replace(shown, text=str(value), value=value)
