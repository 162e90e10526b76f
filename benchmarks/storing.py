"""What it costs to store a report whole, over inserting its cells and nothing else, and how small its facts lie.

The bare arm is the least that any store must do: one transaction a report, a narrow row a cell, no ids, no versions, no
sections, no ledger.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from benchmarks.ratios import Ratio, amount, interleaved, ratio
from govcrawl import forms, portals
from govcrawl.db import schema, store
from govcrawl.db.arrival import Arrival
from govcrawl.db.connection import open_database
from govcrawl.db.frontier.ledger import Ledger
from govcrawl.db.store import registry
from govcrawl.db.store.form_identities import sync_identities
from govcrawl.models import Capture, Reading, Request
from govcrawl.reading import read_bytes
from govcrawl.vocabulary import Origin, Outcome, Role

ROUNDS = 7
PORTAL = "330110"


def measure(bodies: Sequence[bytes]) -> tuple[Ratio, ...]:
    """The ratio of the two ways to store the reports that the bodies show, and the bytes that their facts take."""
    arrivals = [arrival(number, body) for number, body in enumerate(bodies)]
    with TemporaryDirectory() as folder:
        template, numbers = new_template(Path(folder)), count()
        arms = {
            "bare": lambda: insert_cells(Path(folder) / f"{next(numbers)}.db", arrivals),
            "store": lambda: store_all(copyfile(template, Path(folder) / f"{next(numbers)}.db"), arrivals),
        }
        times = interleaved(arms, ROUNDS)
    each = [1000 * seconds / len(arrivals) for seconds in times["store"]]
    return (
        ratio("a report stored whole, over its bare cells", times["store"], times["bare"], "at most 5"),
        amount("a report stored whole, CPU ms", each, "-"),
        amount("facts with locators, KB a report", [bytes_of_facts(arrivals) / 1000], "at most 7"),
    )


def bytes_of_facts(arrivals: Sequence[Arrival]) -> float:
    """Bytes of database pages that the facts of a report take, locators included, on average."""
    with TemporaryDirectory() as folder:
        path = new_template(Path(folder))
        store_all(path, arrivals)
        with closing(open_database(path, readonly=True)) as connection:
            (used,) = connection.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'cells'").fetchone()
            (reports,) = connection.execute("SELECT count(*) FROM report_versions").fetchone()
    return float(used / reports)


def arrival(number: int, body: bytes) -> Arrival:
    """A body as what a crawl would bring."""
    url = f"{portals.load_registry()[PORTAL].home}art/2024/1/22/art_1_{number}.html"
    request = Request(PORTAL, "hanweb-jpage", Role.DOCUMENT, url)
    digest = hashlib.sha256(body).hexdigest()
    capture = Capture(
        request, url, "2024-01-22T08:00:00.000Z", 200, digest, "text/html", "a.warc.gz", number * 900, 900
    )
    reading = read_bytes(body, "text/html", None, url)
    return Arrival(request, Outcome.OK, capture.fetched_at, 200, capture=capture, reading=reading)


def new_template(folder: Path) -> Path:
    """A database with registry and forms in it, as a crawl finds it."""
    path = folder / "template.db"
    schema.create(path, Origin.REPLICA)
    with closing(open_database(path)) as connection:
        registry.sync_portals(connection, portals.load_registry().values())
        registry.sync_items(connection, forms.load_forms().by_number.values())
        sync_identities(connection, {form.key: form.identities for form in forms.load_forms().values()})
    return path


def store_all(path: Path, arrivals: Sequence[Arrival]) -> None:
    """The whole store."""
    with closing(open_database(path)) as connection:
        ledger = Ledger(connection, lambda _: "yuhang.gov.cn")
        for each in arrivals:
            store.arrive(connection, ledger, each)


def insert_cells(path: Path, arrivals: Sequence[Arrival]) -> None:
    """The bare arm."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            "CREATE TABLE cells (report, item, value, start, length, PRIMARY KEY (report, item)) WITHOUT ROWID;"
        )
        for number, each in enumerate(arrivals):
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO cells VALUES (?, ?, ?, ?, ?)", bare_rows(number, each.reading))
            connection.execute("COMMIT")


def bare_rows(number: int, reading: Reading | None) -> list[tuple[object, ...]]:
    """A report's cells with their spans."""
    assert reading is not None
    return [
        (number, fact.item, fact.value, fact.locator and fact.locator.start, fact.locator and fact.locator.end)
        for fact in reading.facts
    ]
