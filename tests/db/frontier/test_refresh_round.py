"""What a round begins with: known lists always, other known pages when their time has come, new ones before them."""

from dataclasses import replace
from datetime import date

import pytest

from govcrawl.db import store
from govcrawl.db.arrival import Crawl
from govcrawl.db.frontier import refresh_round
from govcrawl.db.frontier.ledger import Ledger, Wanted
from govcrawl.db.store.crawls import FINISHED, crawl_finished, crawl_started
from govcrawl.models import ListPage, Queued
from govcrawl.vocabulary import LedgerState, Outcome, Role

HOST = "www.yuhang.gov.cn"
NOW = 1_700_000_000.0
DAY, NEXT_YEAR = date(2024, 1, 22), date(2025, 2, 1)
WANTED = Wanted(years=frozenset({2022, 2023}))


@pytest.fixture
def run(connection):
    """Starts a run of a spider after the last one ended; gives its ledger."""
    started = []

    def run(*, ended: str = FINISHED, wanted: Wanted = WANTED) -> Ledger:
        if started:
            crawl_finished(connection, started[-1], "2024-01-22T09:00:00Z", ended)
        started.append(f"{len(started):016x}")
        crawl_started(connection, Crawl(started[-1], "zhejiang", "2024-01-22T08:00:00Z", "1"))
        return Ledger(connection, lambda url: url.split("/")[2], crawl=started[-1], wanted=wanted)

    return run


@pytest.fixture
def begun(connection, run):
    """Begins the next round on a day; gives the paths in the order in which they are asked for."""

    def begun(day: date = DAY, *, wanted: Wanted = WANTED, ended: str = FINISHED, whole: bool = False) -> list[str]:
        ledger = run(wanted=wanted, ended=ended)
        refresh_round.begin(connection, ledger.crawl, wanted, day, NOW, whole=whole)
        return [entry.request.url.partition(HOST)[2] for entry in ledger.take(HOST, NOW, 99)]

    return begun


@pytest.fixture
def first(connection, run, make):
    """A finished first round: a front page that leads on, a column with rows, a list, and two reports."""
    ledger = run()
    row = make.listing("/art/1.html", "余杭区商务局2023年年报")
    pages = {
        "/": (Role.HOME, ListPage()),
        "/column": (Role.COLUMN, ListPage((row,))),
        "/list": (Role.LIST, ListPage((row,))),
    }
    for path, (role, page) in pages.items():
        arrival = make.listed(path, day="2024-01-22", page=page)
        request = replace(arrival.request, role=role, context=(("years", "2022,2023"),))
        capture = replace(arrival.capture, request=request)
        store.arrive(connection, ledger, replace(arrival, request=request, capture=capture, queued=()))
    for path, comparable in (("/art/1.html", True), ("/art/2.html", False)):
        ledger.enqueue([Queued(make.request(path), 2023)], NOW)
        store.arrive(connection, ledger, replace(make.read(path), comparable=comparable))
    return ledger


def test_a_round_on_the_same_day_reads_the_lists_and_nothing_else(first, begun):
    assert begun() == ["/column", "/list"]


def test_the_way_is_walked_again_when_its_time_has_come(first, begun):
    assert begun(date(2024, 1, 23)) == ["/", "/column", "/list"]


def test_known_documents_are_visited_when_due_and_come_last(first, begun, make):
    assert begun(date(2024, 2, 5))[-1] == "/art/1.html"
    first.enqueue([Queued(make.request("/art/9.html"), 2023)], NOW)
    assert begun(date(2024, 3, 5)) == ["/", "/column", "/list", "/art/9.html", "/art/1.html", "/art/2.html"]


def test_a_sweep_visits_everything_that_is_known(first, begun):
    assert begun(whole=True) == ["/", "/column", "/list", "/art/1.html", "/art/2.html"]


def test_what_this_round_has_read_is_not_begun_with(first, begun):
    assert begun(NEXT_YEAR, ended="shutdown", whole=True) == []


def test_documents_of_other_years_and_portals_are_left_alone(first, begun):
    assert "/art/1.html" not in begun(NEXT_YEAR, wanted=Wanted(years=frozenset({2022})))
    assert begun(NEXT_YEAR, wanted=Wanted(portals=frozenset({"330100"}))) == []


def test_what_was_asked_for_other_years_is_left_to_the_walk_which_asks_anew(first, begun, run, make):
    later = Wanted(years=frozenset({2022, 2023, 2024}))
    assert begun(wanted=later) == []

    home = replace(make.request("/", role=Role.HOME), context=(("years", "2022,2023,2024"),))
    ledger = run(wanted=later)
    assert ledger.seed([home], NOW) == 1
    assert ledger.take(HOST, NOW)[0].request.context == home.context


def test_the_front_page_of_a_portal_without_a_list_is_walked_every_time(connection, run, begun, make):
    ledger, request = run(), make.request("/", role=Role.HOME)
    ledger.settle(request, LedgerState.DONE, "2024-01-22T08:00:00Z", listed=0)

    assert begun() == ["/"]


def test_a_known_page_that_is_gone_is_visited_again_after_its_rest(connection, first, begun, run, make):
    gone = replace(make.failed("/art/1.html", Outcome.HTTP_ERROR), http_status=404, at="2024-03-01T08:00:00Z")
    store.arrive(connection, run(), gone)

    assert "/art/1.html" not in begun(date(2024, 3, 2), whole=True)
    (due_at,) = connection.execute("SELECT due_at FROM frontier WHERE url LIKE '%/art/1.html'").fetchone()
    assert due_at > NOW


def test_a_page_that_never_was_read_is_not_known(connection, run, begun, make):
    store.arrive(connection, run(), make.failed("/art/3.html", Outcome.BLOCKED))

    assert begun(NEXT_YEAR, whole=True) == []


def test_lists_left_over_tell_that_a_round_is_begun(connection, run, make):
    ledger = run()
    assert not refresh_round.is_begun(connection, WANTED)
    ledger.seed([make.request("/art/1.html")], NOW)
    assert not refresh_round.is_begun(connection, WANTED)
    ledger.seed([make.request("/list", role=Role.LIST)], NOW)
    assert refresh_round.is_begun(connection, WANTED)
    assert not refresh_round.is_begun(connection, Wanted(portals=frozenset({"330100"})))
