"""What a run asked for and what of it was new, counted from its attempts."""

from dataclasses import replace

import pytest

from govcrawl.db import store
from govcrawl.db.arrival import Crawl
from govcrawl.db.frontier.ledger import Ledger, Wanted
from govcrawl.db.queries.run_yield import Yield, yield_of
from govcrawl.db.store.crawls import crawl_started
from govcrawl.vocabulary import Outcome, Role

EVERYTHING = Wanted()


@pytest.fixture
def brought(connection):
    """Stores arrivals in a run that starts on a day; what the run brought."""

    def brought(day: str, *arrivals, wanted: Wanted = EVERYTHING) -> Yield:
        crawl_started(connection, Crawl(day.replace("-", "") * 2, "zhejiang", f"{day}T07:00:00Z", "1"))
        ledger = Ledger(connection, lambda url: url.split("/")[2], crawl=day.replace("-", "") * 2)
        for arrival in arrivals:
            store.arrive(connection, ledger, arrival)
        return yield_of(connection, ledger.crawl, wanted)

    return brought


def test_pages_are_new_fetched_again_or_unchanged(brought, make):
    first = brought("2024-01-22", make.read("/1.html"), make.read("/2.html"))
    unchanged = make.read("/2.html", day="2024-02-22")
    unchanged = replace(unchanged, http_status=304, capture=replace(unchanged.capture, status=304))
    second = brought(
        "2024-02-22", make.read("/1.html", day="2024-02-22"), unchanged, make.read("/3.html", day="2024-02-22")
    )

    assert first == Yield(documents=2, lists=0, robots=0, new=2, again=0, unchanged=0, known=0)
    assert second == Yield(documents=3, lists=0, robots=0, new=1, again=1, unchanged=1, known=2)


def test_lists_and_robots_are_counted_apart_and_what_a_gate_refused_not_at_all(brought, make):
    arrivals = (
        make.listed("/list"),
        make.failed("/", Outcome.BLOCKED, Role.HOME),
        make.failed("/robots.txt", Outcome.HTTP_ERROR, Role.ROBOTS),
        make.failed("/art/1.html", Outcome.ROBOTS),
        make.failed("/art/2.html", Outcome.TIMEOUT),
    )
    assert brought("2024-01-22", *arrivals) == Yield(1, 2, 1, new=0, again=0, unchanged=0, known=0)


def test_known_are_the_pages_of_the_portals_wanted(brought, make):
    brought("2024-01-22", make.read("/1.html"))

    assert brought("2024-02-22", wanted=Wanted(frozenset({"330110"}))).known == 1
    assert brought("2024-03-22", wanted=Wanted(frozenset({"330100"}))).known == 0
