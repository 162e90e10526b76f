"""The spider of a province: which portals, which report years, and where to begin.

`scrapy crawl zhejiang -a year=2023,2024 -a portal=330100,330110`. Without arguments: every portal of the province and
every report year from 2008, when the first reports were due, to last year.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlsplit

import scrapy

from govcrawl import platforms, portals
from govcrawl.clock import today
from govcrawl.errors import UsageError
from govcrawl.forms import FIRST_REPORT_YEAR
from govcrawl.models import Portal
from govcrawl.spiders.request_meta import meta_of
from govcrawl.spiders.stored_spider import StoredSpider


class PortalSpider(StoredSpider):
    """Walks the portals of `province` (the name of a registry file).

    `year` and `portal` are comma lists; anything that does not exist raises UsageError before a request is made.
    """

    province: ClassVar[str]

    def __init__(self, year: str = "", portal: str = "", **unknown: Any) -> None:
        super().__init__()
        if unknown:
            raise UsageError(f"unknown argument {', '.join(sorted(unknown))}; there are: portal, year")
        self.arguments = {name: value for name, value in (("portal", portal), ("year", year)) if value}
        self.years = years_wanted(year, today())
        self.portals = portals_wanted(portal, portals.load_registry().province(self.province))

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The requests a round begins with: the known lists of each portal, and its home page to find others.

        In replica mode only those to hosts that the replica serves.
        """
        served = frozenset(self.settings.getlist("GOVCRAWL_HOSTS"))
        beginnings = {portal.id: platforms.start(portal, self.years) for portal in self.portals}
        idle = [portal for portal in self.portals if not beginnings[portal.id]]
        if idle:
            self.logger.info("%s", not_crawled(idle, len(self.portals)))
        for requests in beginnings.values():
            for asked in requests:
                if not served or urlsplit(asked.url).hostname in served:
                    yield scrapy.Request(asked.url, meta=meta_of(asked))


def not_crawled(portals: Sequence[Portal], wanted: int) -> str:
    """The line that names portals nothing is asked of, with the reason that coverage gives them too."""
    reasons = Counter(f"no address ({one.reason})" if one.reason else ", ".join(one.platforms) for one in portals)
    told = "; ".join(f"{count} {reason}" for reason, count in reasons.most_common())
    examples = ", ".join(f"{portal.id} {portal.name}" for portal in portals[:3])
    return f"{len(portals)} of {wanted} portals are planned, not crawled: {told}; the first: {examples}"


def years_wanted(text: str, day: date) -> tuple[int, ...]:
    """The report years of a comma list, sorted; all of them for an empty text. Raises UsageError for any other year."""
    last = day.year - 1
    if not text:
        return tuple(range(FIRST_REPORT_YEAR, last + 1))
    words = [word.strip() for word in text.split(",")]
    wrong = [word for word in words if not (word.isdecimal() and FIRST_REPORT_YEAR <= int(word) <= last)]
    if wrong:
        raise UsageError(
            f"year={text}: {wrong[0] or 'nothing'} is no report year; give years from {FIRST_REPORT_YEAR} to {last}"
        )
    return tuple(sorted({int(word) for word in words}))


def portals_wanted(text: str, known: tuple[Portal, ...]) -> tuple[Portal, ...]:
    """The portals of a comma list of ids, in the registry's order; all for no text. UsageError for any other id."""
    if not text:
        return known
    ids = {word.strip() for word in text.split(",")}
    wrong = sorted(ids - {portal.id for portal in known})
    if wrong:
        examples = ", ".join(portal.id for portal in known[:3])
        raise UsageError(f"portal={text}: the province has no portal {wrong[0]!r}; it has {len(known)}: {examples}, …")
    return tuple(portal for portal in known if portal.id in ids)
