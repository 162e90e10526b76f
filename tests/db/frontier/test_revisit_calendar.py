"""The policy of visits: in the season often, later rarely, without validators more rarely, never all on one day."""

from collections import Counter
from datetime import date, timedelta

import pytest

from govcrawl.db.frontier.revisit_calendar import interval, is_due, way_is_due

JANUARY = date(2026, 1, 20)


@pytest.mark.parametrize(
    ("year", "days"),
    [(2025, 7), (2024, 180), (2023, 180), (2020, 365), (2008, 365), (None, 90)],
)
def test_the_older_the_report_the_rarer_the_visit(year, days):
    assert interval(year, JANUARY, comparable=True) == timedelta(days)


def test_a_season_ends_in_april():
    assert interval(2025, date(2026, 4, 15), comparable=True) == timedelta(7)
    assert interval(2025, date(2026, 4, 16), comparable=True) == timedelta(60)


@pytest.mark.parametrize("year", [2025, 2024, 2010, None])
def test_a_page_that_must_be_fetched_whole_is_visited_less_often(year):
    assert interval(year, JANUARY, comparable=False) >= 2 * interval(year, JANUARY, comparable=True) - timedelta(10)
    assert interval(year, JANUARY, comparable=False) > interval(year, JANUARY, comparable=True)


def test_pages_come_due_on_different_days_around_the_mean():
    pages = [f"{number * 2654435761 % 2**32:08x}00000000" for number in range(1000)]

    def first_day(page: str) -> int:
        return next(
            days for days in range(400) if is_due(page, 2020, JANUARY, JANUARY + timedelta(days), comparable=True)
        )

    due = Counter(map(first_day, pages))
    assert min(due) >= 292
    assert max(due) <= 438
    assert max(due.values()) < 30


def test_nothing_is_due_on_the_day_of_its_visit():
    assert not any(
        is_due(f"{place:08x}00000000", year, JANUARY, JANUARY, comparable=comparable)
        for place in (0, 2**31, 2**32 - 1)
        for year in (2025, 2010, None)
        for comparable in (True, False)
    )


@pytest.mark.parametrize(
    ("walked", "day", "due"),
    [
        (date(2026, 1, 9), date(2026, 1, 10), True),
        (date(2026, 1, 10), date(2026, 1, 10), False),
        (date(2025, 12, 20), date(2025, 12, 21), True),
        (date(2026, 6, 1), date(2026, 6, 7), False),
        (date(2026, 6, 1), date(2026, 6, 8), True),
    ],
)
def test_the_way_to_lists_is_walked_daily_in_the_season_and_weekly_else(walked, day, due):
    assert way_is_due(walked, day) is due
