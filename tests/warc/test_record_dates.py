"""A record is dated between the first archive of the web and now; one rule for records of ours and of others."""

from datetime import UTC, datetime, timedelta

import pytest

from govcrawl.warc import CLOCKS_DIFFER, misdated, timestamp


@pytest.mark.parametrize("date", ["1996-01-01T00:00:00Z", "2024-02-29T12:00:00.123Z", "2024-01-01T00:00:00+08:00"])
def test_a_date_of_the_time_of_web_archives_is_right(date):
    assert misdated(date) is None


@pytest.mark.parametrize("hours", [-1, 0, 23])
def test_clocks_may_differ_by_a_day(hours):
    assert misdated(timestamp(datetime.now(UTC) + timedelta(hours=hours))) is None


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("1995-12-31T23:59:59Z", "1995-12-31"),
        ("1970-01-01T00:00:00Z", "1970-01-01"),
        ("9999-12-31T00:00:00Z", "9999-12-31"),
        ("0001-01-01T00:00:00Z", "0001-01-01"),
    ],
)
def test_a_date_before_or_after_is_named(date, day):
    assert misdated(date) == f"the record is dated {day}: no page of the web was kept on that day"


def test_more_than_a_day_ahead_is_after_now():
    assert "no page of the web" in misdated(timestamp(datetime.now(UTC) + CLOCKS_DIFFER + timedelta(minutes=5)))


@pytest.mark.parametrize("date", [None, "", "yesterday", "9999-12-31T23:59:59-01:00", "2024-13-01T00:00:00Z", "\ud83d"])
def test_what_is_no_date_says_nothing(date):
    assert misdated(date) == "the record does not say when it was made"
