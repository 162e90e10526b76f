from datetime import date
from itertools import permutations

import pytest

from govcrawl.db.arrival import Crawl
from govcrawl.db.derived.coverage import update_coverage
from govcrawl.db.derived.update import update_derived
from govcrawl.db.store.crawls import FINISHED, crawl_finished, crawl_started, last_day

RUNS = (
    Crawl("a", "zhejiang", "2024-01-30T23:59:00Z", "1"),
    Crawl("b", "zhejiang", "2024-02-02T08:00:00Z", "1", day="2027-03-01"),
    Crawl("c", "zhejiang", "2024-02-03T08:00:00Z", "1"),
)


def test_an_empty_archive_stands_at_no_day(connection):
    assert last_day(connection) == date.min


def test_without_a_known_run_the_last_attempt_tells(connection, arrive, make):
    arrive(make.read(day="2024-01-22"), make.read("/art/2.html", day="2023-05-06"))

    assert last_day(connection) == date(2024, 1, 22)


def test_it_is_the_day_on_which_the_last_run_ended(connection):
    crawl_started(connection, RUNS[0])
    assert last_day(connection) == date(2024, 1, 30)

    crawl_finished(connection, "a", "2024-01-31T00:10:00Z", FINISHED)
    assert last_day(connection) == date(2024, 1, 31)


def test_a_run_that_was_given_a_day_stands_at_that(connection):
    crawl_started(connection, RUNS[1])
    crawl_finished(connection, "b", "2024-02-02T09:00:00Z", FINISHED, day="2027-03-02")

    assert last_day(connection) == date(2027, 3, 2)


@pytest.mark.parametrize("order", tuple(permutations(RUNS)), ids=lambda runs: "".join(run.id for run in runs))
def test_runs_may_be_replayed_in_any_order(connection, order):
    for run in order:
        crawl_started(connection, run)
        crawl_finished(connection, run.id, f"{run.started_at[:10]}T23:00:00Z", FINISHED, day=run.day)

    assert last_day(connection) == date(2024, 2, 3)


def test_the_coverage_is_of_the_calendar_of_that_day(connection, arrive, make):
    arrive(make.listed("/list", make.listing("/art/9.html", "另一篇")))
    crawl_started(connection, RUNS[1])
    update_derived(connection)
    summed_up = connection.execute("SELECT * FROM coverage").fetchall()

    update_coverage(connection, date(2027, 3, 1))

    assert connection.execute("SELECT max(year) FROM coverage").fetchone() == (2027,)
    assert connection.execute("SELECT * FROM coverage").fetchall() == summed_up


def test_what_came_after_a_day_that_a_run_was_given_counts_all_the_same(connection, arrive, make):
    arrive(make.read(day="2026-11-30"))
    crawl_started(connection, Crawl("a", "zhejiang", "2026-11-30T08:00:00Z", "1", day="2024-06-01"))
    update_derived(connection)

    assert connection.execute("SELECT count(*), max(year) FROM coverage WHERE state = 'ok'").fetchone() == (1, 2023)
    assert connection.execute("SELECT max(year) FROM coverage").fetchone() == (2024,)
