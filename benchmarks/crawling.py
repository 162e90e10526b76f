"""Crawls over a bare Scrapy spider, on the same local server, with the same requests in flight.

All arms fetch the same pages of the replica with one request in flight per domain and no delay, in processes of
their own, taking turns: the whole crawl, the crawl that archives and leaves the reports unread, the bare spider. Pages
per second is what a user feels; CPU per page says the same on a busy machine.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from benchmarks.ratios import Ratio, amount, ratio
from govcrawl.archive.layout import database_of
from govcrawl.db.connection import open_database

ROUNDS = 5
REPOSITORY = Path(__file__).parents[1]
UNREAD = {"ITEM_PIPELINES": json.dumps({"benchmarks.unread.ListsOnly": 100, "govcrawl.pipelines.StorePipeline": 200})}
_STAT = re.compile(r"'(response_received_count|elapsed_time_seconds)': ([\d.]+)")


@dataclass(frozen=True, slots=True)
class Run:
    """One turn of an arm."""

    pages: int
    seconds: float
    cpu: float


@contextmanager
def replica() -> Iterator[str]:
    """A replica in a process of its own; gives its base address."""
    command = (sys.executable, "-c", "from govcrawl.replica import serve_replica; serve_replica()")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def crawl(base: str, folder: Path, more: Mapping[str, str] = MappingProxyType({})) -> Run:
    """One crawl of Zhejiang into a fresh archive, everything on, with more settings."""
    kept = {"GOVCRAWL_REPLICA": base, "GOVCRAWL_ARCHIVE": folder / "archive", "DOWNLOAD_DELAY": 0, "STATS_DUMP": 1}
    settings = {**kept, **more}
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    (folder / "archive").mkdir(parents=True)
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = govcrawl.settings\n", encoding="utf-8")
    command = (sys.executable, "-m", "scrapy", "crawl", "zhejiang", *options)
    log, cpu = _timed(command, folder)
    stats = dict(_STAT.findall(log))
    return Run(int(stats["response_received_count"]), float(stats["elapsed_time_seconds"]), cpu)


def bare(base: str, addresses: Path) -> Run:
    """One run of the reference spider over the same addresses."""
    command = (sys.executable, "-m", "benchmarks.bare_spider", base, str(addresses))
    done, cpu = _timed(command, Path.cwd())
    found = json.loads(done.splitlines()[-1])
    return Run(found["pages"], found["seconds"], cpu)


def _timed(command: tuple[str, ...], folder: Path) -> tuple[str, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    place = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=folder, env=place, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout + done.stderr, cpu


def addresses_in(archive: Path) -> list[str]:
    """The addresses that a crawl fetched with a plain GET."""
    query = "SELECT DISTINCT url FROM captures WHERE role = 'document' AND http_status = 200 ORDER BY url"
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        return [url for (url,) in connection.execute(query)]


def bodies_in(archive: Path) -> list[bytes]:
    """The bodies of the report pages that a crawl kept, for the parsing benchmark."""
    from govcrawl import warc  # noqa: PLC0415 - only this arm reads WARC
    from govcrawl.vocabulary import Role  # noqa: PLC0415

    stored = (item for item in warc.iter_stored(archive) if isinstance(item, warc.StoredExchange))
    return [
        item.exchange.response.body
        for item in stored
        if item.exchange.request.role is Role.DOCUMENT and b"<table" in item.exchange.response.body
    ]


def measure(scratch: Path, rounds: int = ROUNDS) -> tuple[Ratio, ...]:
    """Pages a second and CPU a page of the crawls over the bare spider; leaves an archive in `scratch/warm`."""
    with replica() as base:
        crawl(base, scratch / "warm")
        addresses = scratch / "addresses.json"
        addresses.write_text(json.dumps(addresses_in(scratch / "warm" / "archive")), encoding="utf-8")
        bare(base, addresses)
        turns = [turn(base, scratch, addresses) for _ in range(rounds)]
    whole, unread, reference = zip(*turns, strict=True)
    return (
        ratio("crawl + archive over bare Scrapy, pages a second", speeds(unread), speeds(reference), "at least 0.75"),
        ratio("everything over bare Scrapy, pages a second", speeds(whole), speeds(reference), "at least 0.40"),
        ratio("crawl + archive over bare Scrapy, CPU a page", costs(unread), costs(reference), "-"),
        ratio("everything over bare Scrapy, CPU a page", costs(whole), costs(reference), "-"),
        amount("bare Scrapy itself, pages a second", speeds(reference), "-"),
        amount("bare Scrapy itself, CPU a page, ms", [1000 * cost for cost in costs(reference)], "-"),
    )


def turn(base: str, scratch: Path, addresses: Path) -> tuple[Run, Run, Run]:
    """One round: everything, crawl + archive, bare."""
    with tempfile.TemporaryDirectory(dir=scratch) as first, tempfile.TemporaryDirectory(dir=scratch) as second:
        return crawl(base, Path(first)), crawl(base, Path(second), UNREAD), bare(base, addresses)


def speeds(runs: tuple[Run, ...]) -> list[float]:
    """Pages a second of each run."""
    return [run.pages / run.seconds for run in runs]


def costs(runs: tuple[Run, ...]) -> list[float]:
    """CPU seconds a page of each run, start of the process included."""
    return [run.cpu / run.pages for run in runs]
