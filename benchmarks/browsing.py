"""How long the browse pages take on a database of 20,000 reports, and a search over its 120,000 sections.

`python -m benchmarks.browsing ARCHIVE [REPORTS]` copies an archive that the replica filled (`make demo`), adds reports
of its figures for organs that do not exist, through the store of the crawl, and asks for each page many times, for
other organs each time. What is printed are medians in milliseconds: of the clock, and of this process's CPU alone.
"""

import asyncio
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice, product
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette.app import Datasette

from benchmarks.crawling import bodies_in
from benchmarks.storing import arrival
from govcrawl import portals
from govcrawl.archive.layout import database_of
from govcrawl.browse.search_index import index_of, make_index
from govcrawl.browse.serving import DATASETTE_SETTINGS
from govcrawl.db import store
from govcrawl.db.arrival import Arrival
from govcrawl.db.connection import Connection, open_database
from govcrawl.db.derived.update import update_derived
from govcrawl.db.frontier.ledger import Ledger
from govcrawl.models import Reading, Section
from govcrawl.vocabulary import Scope

REPORTS = 20_000
ROUNDS = 24
LIMIT = 200
KINDS = (
    "财政局", "教育局", "民政局", "水利局", "交通运输局", "卫生健康局", "农业农村局", "商务局", "审计局", "统计局",
    "司法局", "生态环境局", "应急管理局", "市场监督管理局", "医疗保障局", "林业局", "气象局", "体育局", "信访局",
    "文化和旅游局", "自然资源局", "住房和城乡建设局", "人力资源和社会保障局", "退役军人事务局",
)  # fmt: skip
WORDS = ("诉讼", "公开", "信", "政府信息公开", "行政复议", "老年模式", "无障碍", "图解", "考核", "政务新媒体")


def main(archive: Path, count: int = REPORTS) -> None:
    """Make the database, then print a line a page."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(archive, Path(folder) / "archive"))
        started = time.perf_counter()
        added = fill(copy, count)
        print(f"{added} reports added in {time.perf_counter() - started:.0f} s")
        started = time.perf_counter()
        sections = make_index(copy)
        size = index_of(copy).stat().st_size / 1e6
        print(f"{sections} sections indexed in {time.perf_counter() - started:.0f} s, {size:.0f} MB")
        asyncio.run(time_pages(copy))


def fill(archive: Path, count: int) -> int:
    """Add reports to the database of an archive; how many there were organs and years for."""
    readings = [read for read in (arrival(0, body).reading for body in bodies_in(archive)) if read and read.report.form]
    with closing(open_database(database_of(archive))) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        ledger = Ledger(connection, lambda _: "example.gov.cn")
        added = 0
        for added, each in enumerate(islice(arrivals(readings), count), 1):  # noqa: B007 - the last is the count
            store.arrive(connection, ledger, each)
        update_derived(connection)
    return added


def arrivals(readings: Sequence[Reading]) -> Iterator[Arrival]:
    """What a crawl of a great many organs would bring, drawn from the reports that are there."""
    chance = random.Random(7)
    zhejiang = [
        portal for portal in portals.load_registry().values() if portal.province == "zhejiang" and "-" not in portal.id
    ]
    for number, (year, kind, portal) in enumerate(product(range(2017, 2026), KINDS, zhejiang)):
        model, *others = chance.sample(readings, 6)
        agency = f"{portal.name}{kind}"
        url = f"{portal.home}art/{year + 1}/1/{number}.html"
        document = replace(model.document, title=f"{agency}{year}年政府信息公开工作年度报告",
                           published_on=f"{year + 1}-0{chance.choice('1112')}-{chance.randint(10, 28)}")  # fmt: skip
        reading = replace(
            model,
            document=document,
            report=replace(model.report, agency=agency, year=year, scope=Scope.DEPARTMENT),
            sections=tuple(longer(section, others) for section in model.sections),
        )
        made = arrival(number, b"")
        assert made.capture is not None
        request = replace(made.request, portal=portal.id, url=url)
        capture = replace(made.capture, request=request, url=url)
        yield replace(made, request=request, capture=capture, reading=reading)


def longer(section: Section, others: Sequence[Reading]) -> Section:
    """A section as long as those of real reports: with what others write under the heading."""
    more = (each.text for other in others for each in other.sections if each.key == section.key)
    return replace(section, text="\n".join((section.text, *more)))


async def time_pages(archive: Path) -> None:
    """Ask for every page, for another organ each time."""
    application = Datasette([str(database_of(archive))], settings=DATASETTE_SETTINGS)
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        addresses = pages(connection)
    for name, asked in addresses.items():
        await application.client.get(asked[-1])
        print(f"  {name:<22} {await median_of(application, asked)}   aim below {LIMIT}")


def pages(connection: Connection) -> dict[str, list[str]]:
    """Page → addresses to ask for in turn."""
    organs = _column(connection, "SELECT agency_id FROM reports WHERE year = 2024 ORDER BY url")
    reports = _column(connection, "SELECT id FROM reports WHERE year = 2024 ORDER BY url")
    divisions = [f"33{number:02d}" for number in range(1, 12)]
    return {
        "home": ["/"],
        "home, a prefecture": [f"/?division={division}" for division in divisions],
        "agency": [f"/-/agency/{quote(organ)}" for organ in organs[::40]],
        "report": [f"/-/report/{quote(report)}" for report in reports[::40]],
        "cell": [f"/-/cell/{fact}" for fact in _kept_facts(connection)],
        "compare": [f"/-/compare?year={year}" for year in range(2018, 2025)],
        "compare, organs": [f"/-/compare?by=organ&division={division}" for division in divisions],
        "issues": ["/-/issues", "/-/issues?severity=error", "/-/issues?kind=published_late"],
        "search": [f"/-/search?q={quote(word)}" for word in WORDS],
        "search, narrowed": [f"/-/search?q={quote(word)}&year=2023&division=3304" for word in WORDS],
        "dictionary": ["/-/dictionary"],
        "about": ["/-/about"],
    }


def _kept_facts(connection: Connection) -> list[str]:
    """Figures whose page lies in the archive's WARC files."""
    query = """
    SELECT version.id || '-' || cell.item FROM report_versions AS version
    JOIN captures AS capture ON capture.id = version.capture_id AND capture.warc_file <> 'a.warc.gz'
    JOIN version_keys AS k ON k.report_version_id = version.id
    JOIN cells AS cell ON cell.version_key = k.key AND cell.item IN (1017, 2029)
    ORDER BY version.id LIMIT 12"""
    return _column(connection, query)


def _column(connection: Connection, query: str) -> list[str]:
    return [value for (value,) in connection.execute(query)]


async def median_of(application: Any, addresses: Sequence[str]) -> str:
    """The medians of the clock and of the CPU over the rounds."""
    clock, cpu = [], []
    for turn in range(ROUNDS):
        started, busy = time.perf_counter(), time.process_time()
        answer = await application.client.get(addresses[turn % len(addresses)])
        clock.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - busy) * 1000)
        assert answer.status_code == 200, (addresses[turn % len(addresses)], answer.text[:500])
    return f"{statistics.median(clock):6.0f} ms, CPU {statistics.median(cpu):6.0f} ms"


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
