"""What a machine captured whose clock was ahead is not the newest for ever."""

from itertools import permutations

import pytest

from govcrawl.db.derived.update import update_derived
from govcrawl.db.store.crawls import last_mark, newest_record, note_mark

AHEAD, RIGHT = "2099-03-01T08:00:00.000Z", "2026-01-03T08:00:00.000Z"
MARKS = (("_crawl/_crawl-1.warc.gz", 900, AHEAD), ("_crawl/_crawl-2.warc.gz", 100, RIGHT))


@pytest.fixture
def current(connection, arrive, make):
    """A function that gives the day from which the current version is valid, after captures of some days."""

    def current(*days: str) -> str:
        for number, day in enumerate(days):
            arrive(make.read(day=day, reading=make.reading(facts=(make.fact(2012, number),))))
        update_derived(connection)
        query = "SELECT valid_from FROM report_versions WHERE id = (SELECT current_version_id FROM reports)"
        return connection.execute(query).fetchone()[0][:10]

    return current


@pytest.mark.parametrize("marks", tuple(permutations(MARKS)))
def test_the_newest_by_a_clock_that_was_put_right_is_current(connection, current, marks):
    for mark in marks:
        note_mark(connection, *mark)

    assert last_mark(connection) == RIGHT
    assert current("2026-01-02", "2099-03-01", "2026-01-03") == "2026-01-03"


def test_while_the_clock_is_ahead_nobody_can_tell(connection, current):
    note_mark(connection, *MARKS[0])

    assert current("2026-01-02", "2099-03-01") == "2099-03-01"


def test_what_is_only_known_from_a_clock_ahead_is_shown(connection, current):
    note_mark(connection, *MARKS[1])

    assert current("2099-03-01") == "2099-03-01"


def test_a_day_of_difference_is_none(connection, current):
    note_mark(connection, *MARKS[1])

    assert current("2026-01-03", "2026-01-04T07:00:00Z") == "2026-01-04"


def test_an_archive_without_runs_has_no_clock(connection, current):
    assert last_mark(connection) is None
    assert current("2026-01-02", "2099-03-01", "2026-01-03") == "2099-03-01"


def test_the_newest_record_is_told(connection, arrive, make):
    assert newest_record(connection) is None

    arrive(make.read(day="2026-01-02"), make.read("/art/2.html", day="2025-01-02"))

    assert newest_record(connection) == "2026-01-02T08:00:00Z"
