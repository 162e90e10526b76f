"""The report years that the crawls of each portal asked for, from the arguments of the runs."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

_CRAWLS = "SELECT spider, arguments FROM crawls WHERE substr(started_at, 1, 10) <= ?"


@dataclass(frozen=True, slots=True)
class AskedYears:
    """Portal → years, for portals only crawled for certain years. Any other portal was asked for all years."""

    narrowed: Mapping[str, frozenset[int]]

    def includes(self, portal: str, year: int) -> bool:
        """True if a portal was asked for a year, or if no crawl of it is known (an imported archive)."""
        return portal not in self.narrowed or year in self.narrowed[portal]


def asked_years(connection: sqlite3.Connection, until: date) -> AskedYears:
    """The years asked for until a day."""
    provinces: dict[str, list[str]] = defaultdict(list)
    for portal, province in connection.execute("SELECT id, province FROM portals"):
        provinces[province].append(portal)
    crawls = connection.execute(_CRAWLS, (until.isoformat(),)).fetchall()
    return narrowed((provinces[spider], json.loads(arguments)) for spider, arguments in crawls)


def narrowed(crawls: Iterable[tuple[Iterable[str], Mapping[str, str]]]) -> AskedYears:
    """Returns the years that crawls asked for. A crawl is the portals of its spider and the spider's arguments."""
    years: dict[str, set[int]] = defaultdict(set)
    whole: set[str] = set()
    for province, arguments in crawls:
        portals = _words(arguments.get("portal", "")) or set(province)
        asked = {int(year) for year in _words(arguments.get("year", ""))}
        whole |= set() if asked else portals
        for portal in portals:
            years[portal] |= asked
    return AskedYears({portal: frozenset(asked) for portal, asked in years.items() if portal not in whole})


def _words(text: str) -> set[str]:
    return {word.strip() for word in text.split(",")} - {""}
