"""Readers beside a crawl: what a read takes while the crawl writes, over what it takes when nobody does.

A reader opens the database anew for each read, as a visitor of the pages would, and adds up the figures of some
reports. It reads as long as the crawl runs, then as often, within reason, with the crawl over.
"""

import random
import statistics
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import crawling
from benchmarks.ratios import Ratio, amount, ratio
from govcrawl.archive.projection import database_of
from govcrawl.db.connection import WriteError, open_database

ROUNDS = 3
LEAST = 20  # reports a database has before anybody reads, and reports a read adds up
ENOUGH = 500  # reads
PAUSE = 0.02
_VERSIONS = "SELECT id FROM report_versions ORDER BY id"
_SUM = "SELECT count(*), sum(value) FROM facts WHERE report_version_id = ?"


class Reader:
    """Reads a database; keeps the seconds of each read, and how many were refused because it was locked."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._chance = random.Random(5)
        self.seconds: list[float] = []
        self.locked = 0

    def read(self) -> None:
        """One read: the figures of some reports added up."""
        started = time.perf_counter()
        try:
            with closing(open_database(self._database, readonly=True)) as connection:
                versions = [version for (version,) in connection.execute(_VERSIONS)]
                for version in self._chance.choices(versions, k=LEAST):
                    connection.execute(_SUM, (version,)).fetchone()
        except WriteError:
            self.locked += 1
        self.seconds.append(time.perf_counter() - started)
        time.sleep(PAUSE)

    def is_fit(self) -> bool:
        """Whether there is enough to read."""
        if not self._database.is_file():
            return False
        with closing(open_database(self._database, readonly=True)) as connection:
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'facts'").fetchone()
            return bool(tables) and len(connection.execute(_VERSIONS).fetchall()) >= LEAST


def measure(rounds: int = ROUNDS) -> tuple[Ratio, ...]:
    """p99 and median of a read beside a crawl over one alone, and how many reads were refused."""
    with crawling.replica() as base:
        pairs = [one_round(base) for _ in range(rounds)]
    beside, alone = zip(*pairs, strict=True)
    locked = [float(reader.locked) for reader in beside]
    return (
        ratio("a read beside a crawl over one alone, p99", each(beside, p99), each(alone, p99), "at most 2"),
        ratio("a read beside a crawl over one alone, median", each(beside, median), each(alone, median), "-"),
        amount(f"reads refused as locked, of {min(len(reader.seconds) for reader in beside)} and more", locked, "0"),
    )


def one_round(base: str) -> tuple[Reader, Reader]:
    """The reader beside a crawl of its own, and the one after it."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
        database = database_of(Path(folder) / "archive")
        crawl = pool.submit(crawling.crawl, base, Path(folder))
        beside, alone = Reader(database), Reader(database)
        read_beside(crawl, beside)
        crawl.result()
        for _ in beside.seconds[:ENOUGH]:
            alone.read()
    return beside, alone


def read_beside(crawl: "Future[crawling.Run]", reader: Reader) -> None:
    """Read as long as the crawl runs, from when there is enough to read."""
    while not crawl.done() and not reader.is_fit():
        time.sleep(0.1)
    while not crawl.done():
        reader.read()


def each(readers: tuple[Reader, ...], figure: Callable[[list[float]], float]) -> list[float]:
    """A figure of each reader's times."""
    return [figure(reader.seconds) for reader in readers]


def p99(seconds: list[float]) -> float:
    """What 99 of 100 reads stay below."""
    return statistics.quantiles(seconds, n=100)[-1]


def median(seconds: list[float]) -> float:
    """What half of the reads stay below."""
    return statistics.median(seconds)
