"""Figures that portals changed without a word are found, and nothing else on their pages passes for a change.

The pages of three days are read and stored as a crawl would, without its waiting; the truth of a day is the manifest.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import parse_qsl, urlsplit

import pytest

from govcrawl import portals, projection, reading
from govcrawl.db import store
from govcrawl.db.connection import Connection
from govcrawl.db.ledger import Ledger
from govcrawl.db.spans import update_spans
from govcrawl.models import Capture, Exchange, Request, Response
from govcrawl.replica import Replica
from govcrawl.replica.answers import Asked
from govcrawl.vocabulary import Origin, Outcome, Role
from govcrawl.warc import StoredExchange

DAYS = (0, 1, 2)
PROVINCE = "33"

Cell = tuple[str, str, int]
"""Address, place in the form, day."""


@pytest.fixture(scope="module")
def manifests() -> dict[int, dict[str, dict]]:
    """By day and address, the pages whose figures are known."""
    return {day: {page["url"]: page for page in Replica(day=day).manifest["pages"] if is_chosen(page)} for day in DAYS}


def is_chosen(page: dict) -> bool:
    return page["expected"] == "report" and page["portal"].startswith(PROVINCE)


@pytest.fixture(scope="module")
def archived(manifests, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A database that has seen every report page on each of the days."""
    folder = tmp_path_factory.mktemp("days")
    addresses = {url: page["portal"] for pages in manifests.values() for url, page in pages.items()}
    with closing(projection.open_projection(folder, Origin.REPLICA, portals.load())) as connection:
        ledger = Ledger(connection, lambda url: urlsplit(url).hostname or "")
        for day in DAYS:
            replica = Replica(day=day)
            for place, (url, portal) in enumerate(addresses.items()):
                stored = visited(replica, portals.load()[portal].id, url, f"2026-0{day + 1}-01T00:00:00Z", place)
                store.arrive(connection, ledger, reading.arrival(stored, portals.load()[portal]))
        update_spans(connection)
        yield connection


def visited(replica: Replica, portal: str, url: str, at: str, place: int) -> StoredExchange:
    parts = urlsplit(url)
    asked = Asked("GET", parts.hostname or "", parts.path, dict(parse_qsl(parts.query)), scheme=parts.scheme)
    answer = replica.answer(asked)
    request = Request(portal, "hanweb-jpage", Role.DOCUMENT, url)
    response = Response(url, answer.status, (("Content-Type", answer.media_type),), answer.body)
    capture = Capture(request, url, at, answer.status, "0" * 64, "text/html", f"{portal}/{at}.warc.gz", place, 1)
    outcome = Outcome.OK if answer.status == 200 else Outcome.HTTP_ERROR
    return StoredExchange(capture, Exchange(request, response), outcome, capture.warc_file, place + 1)


def planted(manifests) -> set[Cell]:
    """Every cell that a portal changed between two days on which it showed the page."""
    found = set()
    for before, after in ((0, 1), (1, 2)):
        for url in manifests[before].keys() & manifests[after].keys():
            was, now = manifests[before][url]["facts"], manifests[after][url]["facts"]
            found |= {(url, place, after) for place in was if was[place] != now[place]}
    return found


def told(connection: Connection) -> set[Cell]:
    query = (
        'SELECT url, "table" || \'.\' || "row" || \'.\' || "column", CAST(substr(seen_at, 6, 2) AS INTEGER) - 1'
        " FROM changes JOIN documents ON documents.id = document_id"
        " WHERE julianday(seen_at) - julianday(prior_seen_at) < 32"
    )
    return set(connection.execute(query))


def test_silent_edits_are_found_and_told_to_the_cell(archived: Connection, manifests):
    edits, changes = planted(manifests), told(archived)

    recall = len(edits & changes) / len(edits)
    noise = len(changes - edits) / len(changes)
    figures = f"{len(edits)} cells edited, {len(changes)} told, recall {recall:.4f}, noise {noise:.4f}"
    assert len(edits) > 120, figures
    assert recall >= 0.995, figures
    assert noise < 0.02, f"{figures}: {sorted(changes - edits)[:5]}"


def test_furniture_makes_no_version(archived: Connection, manifests):
    edited = {(url, day) for url, _, day in planted(manifests)}
    query = (
        "SELECT url, CAST(substr(seen_at, 6, 2) AS INTEGER) - 1, sections FROM revisions"
        " JOIN documents ON documents.id = document_id"
        " WHERE julianday(seen_at) - julianday(prior_seen_at) < 32"
    )
    revised = archived.execute(query).fetchall()
    digests = archived.execute(
        "SELECT count(*) FROM captures WHERE shows = 'report' AND fetched_at > '2026-02'"
    ).fetchone()[0]
    false = [(url, day, sections) for url, day, sections in revised if (url, day) not in edited]

    assert digests > 400
    assert len(false) / digests < 0.02, f"{len(false)} of {digests} visits made a version of furniture: {false[:5]}"
    assert {(url, day) for url, day, _ in revised} >= edited


def test_a_figure_that_is_taken_back_has_its_first_version_again(archived: Connection, manifests):
    back = {
        url
        for url in manifests[0].keys() & manifests[1].keys() & manifests[2].keys()
        if manifests[0][url]["facts"] == manifests[2][url]["facts"] != manifests[1][url]["facts"]
    }
    query = (
        "SELECT count(*), count(DISTINCT report_version_id) FROM version_spans"
        " JOIN documents ON documents.id = document_id WHERE url = ?"
    )
    assert len(back) > 15
    assert {archived.execute(query, (url,)).fetchone() for url in back} == {(3, 2)}


def test_pages_that_moved_are_told_from_pages_that_were_taken_off(archived: Connection, manifests):
    by_report: dict[tuple, set[str]] = defaultdict(set)
    for url, page in (*manifests[1].items(), *manifests[2].items()):
        by_report[page["portal"], page["agency"], page["report_year"], page["title"]].add(url)
    left = [page for url, page in manifests[0].items() if url not in manifests[1]]
    moved = {
        page["url"]
        for page in left
        if by_report[page["portal"], page["agency"], page["report_year"], page["title"]] - manifests[0].keys()
    }
    query = (
        "SELECT url, ending FROM version_spans JOIN documents ON documents.id = document_id"
        " WHERE valid_from < '2026-02' AND ended_at >= '2026-02' AND ended_at < '2026-03' AND ending <> 'changed'"
    )
    endings = dict(archived.execute(query).fetchall())

    assert len(moved) > 3
    assert len(left) > len(moved) + 3
    assert endings == {page["url"]: "moved" if page["url"] in moved else "removed" for page in left}
