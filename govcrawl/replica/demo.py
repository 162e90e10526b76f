"""The demo: the replica on loopback, crawled as a user would, and every stored figure compared with the truth.

`python -m govcrawl.replica.demo` crawls into `demo/archive`, prints a table of portals, how many pages equal the
manifest, whether the crawls named the walled portals and no others, and where the database is; it ends with 1 if
anything differs. Run again, it says how many report pages were fetched a second time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from govcrawl.db.connection import open_database
from govcrawl.db.queries.crawl_summary import PortalSummary, by_portal, figures_at
from govcrawl.db.queries.portal_answers import PORTALS_ANSWER
from govcrawl.db.store.crawls import rules_broken
from govcrawl.replica.lists.entries import ExpectedOutcome
from govcrawl.replica.replica import Replica
from govcrawl.replica.request_log import RequestLog
from govcrawl.replica.server import running
from govcrawl.terminal import say
from govcrawl.vocabulary import Outcome

_ARCHIVE = Path("demo", "archive")
_SPIDERS = ("zhejiang", "hubei")
_HEADINGS = ("portal", "name", "listed", "fetched", "parsed", "checks failing", "issues")

_ManifestPage = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PageComparison:
    """How many pages have the figures of the manifest, and a line for each that has not."""

    equal: int
    differences: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many pages were compared."""
        return self.equal + len(self.differences)


def run_demo(archive: Path = _ARCHIVE) -> int:
    """Runs the demo into an archive; 0 where every page equals the manifest and nothing forbidden was requested.

    The crawls themselves end with 1, since some portals are walls: they must have named just those.
    """
    replica = Replica()
    reports = expected_reports(replica)
    archive.mkdir(parents=True, exist_ok=True)
    database = archive / "govcrawl.db"
    known = _stored(database, reports)
    with running(replica) as base_url:
        codes = [_crawl(spider, base_url, archive) for spider in _SPIDERS]
    if not database.exists():
        _say(f"{database}: no database was made; the crawl's own lines above say why")
        return 1
    connection = open_database(database, readonly=True)
    comparison = compare_pages((page, figures_at(connection, page["portal"], page["url"])) for page in reports)
    broken, walled = rules_broken(connection), walled_portals(replica)
    named = named_portals(chain.from_iterable(broken.values()))
    as_planned = named == walled and codes == [int(bool(broken.get(spider))) for spider in _SPIDERS]
    _say(*portal_table(by_portal(connection)), "", *comparison.differences[:20])
    _say(f"{comparison.equal} of {comparison.total} pages equal the manifest")
    forbidden = _say_requests(replica.request_log, known)
    _say(f"{len(named & walled)} of {len(walled)} walled portals were named{_others(named - walled)}")
    _say(f"database: {database}")
    return int(bool(comparison.differences or forbidden or not as_planned))


def _say_requests(log: RequestLog, known: Sequence[_ManifestPage]) -> int:
    """Says how many requests were forbidden, which is returned, and how many known report pages were fetched again."""
    forbidden: int = log.summary()["forbidden"]
    _say(f"{forbidden} requests for what robots.txt or the registry forbids")
    if known:
        _say(f"{count_refetched(log, known)} report pages fetched again, {len(known)} known from earlier runs")
    return forbidden


def expected_reports(replica: Replica) -> list[_ManifestPage]:
    """The manifest's page of every report that a right crawl of the demo's provinces finds."""
    crawled = {portal["portal"] for portal in replica.manifest["portals"] if portal["province"] in _SPIDERS}
    pages = replica.manifest["pages"]
    return [page for page in pages if page["expected"] is ExpectedOutcome.REPORT and page["portal"] in crawled]


def walled_portals(replica: Replica) -> set[str]:
    """The portals of the demo's provinces that no crawl can read."""
    portals = (portal for portal in replica.manifest["portals"] if portal["province"] in _SPIDERS)
    return {portal["portal"] for portal in portals if portal["expected"] != Outcome.OK}


def named_portals(broken: Iterable[str]) -> set[str]:
    """The portals that a crawl says gave no answer, no list or only challenges; another rule stands for itself."""
    told = ((line, line.removeprefix(f"{PORTALS_ANSWER}: portal ")) for line in broken)
    return {line if line == rest else rest.partition(" ")[0] for line, rest in told}


def _others(names: Iterable[str]) -> str:
    return f", and besides: {', '.join(sorted(names))}" if names else ""


def _crawl(spider: str, base_url: str, archive: Path) -> int:
    settings = (f"GOVCRAWL_REPLICA={base_url}", f"GOVCRAWL_ARCHIVE={archive}")
    options = (part for setting in settings for part in ("-s", setting))
    command = [sys.executable, "-m", "scrapy", "crawl", spider, *options]
    _say(f"$ scrapy crawl {spider} {' '.join(f'-s {setting}' for setting in settings)}")
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "govcrawl.settings"}
    return subprocess.run(command, check=False, env=environment).returncode  # noqa: S603 - our own command


def _stored(database: Path, reports: Sequence[_ManifestPage]) -> list[_ManifestPage]:
    """The reports that an earlier run has stored."""
    if not database.exists():
        return []
    connection = open_database(database, readonly=True)
    return [page for page in reports if figures_at(connection, page["portal"], page["url"])]


def compare_pages(pairs: Iterable[tuple[_ManifestPage, Any]]) -> PageComparison:
    """Compares figures with the manifest's; each pair is a page of the manifest and its stored figures."""
    equal, differences = 0, []
    for page, figures in pairs:
        if figures == page["facts"]:
            equal += 1
        else:
            differences.append(f"{page['url']}: {_difference(page['facts'], figures)}")
    return PageComparison(equal, tuple(differences))


def _difference(wanted: dict[str, Any], stored: dict[str, Any]) -> str:
    if not stored:
        return "no report is stored"
    places = [place for place in {**wanted, **stored} if wanted.get(place) != stored.get(place)]
    first = places[0]
    return f"{len(places)} cells differ, first {first}: wants {wanted.get(first)}, stored {stored.get(first)}"


def count_refetched(log: RequestLog, known: Iterable[_ManifestPage]) -> int:
    """How many of these pages were requested in this run."""
    documents = log.documents()
    return sum(page["url"].partition("://")[2] in documents for page in known)


# ------------------------------------------------------------------------------------------------------------- printing


def portal_table(portals: Sequence[PortalSummary]) -> list[str]:
    """The portals as lines of aligned columns, with the sums in the last line."""
    counts = [(each.listed, each.fetched, each.parsed, each.checks_failing, each.issues) for each in portals]
    sums = [sum(row[place] for row in counts) for place in range(len(_HEADINGS) - 2)]
    names = [*((each.portal_id, each.name) for each in portals), ("all", "")]
    cells = [_HEADINGS, *((*name, *map(str, row)) for name, row in zip(names, [*counts, sums], strict=True))]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(_padded(text, width) for text, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _padded(text: str, width: int) -> str:
    room = " " * (width - _width(text))
    return room + text if text.isdigit() and len(text) < 6 else text + room


def _width(text: str) -> int:
    """How many columns of a terminal the text is wide."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _say(*lines: str) -> None:
    for line in lines:
        say(line)


if __name__ == "__main__":
    sys.exit(run_demo())
