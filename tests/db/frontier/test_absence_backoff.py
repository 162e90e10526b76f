from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from govcrawl.db import store
from govcrawl.db.arrival import Crawl
from govcrawl.db.frontier.absence_backoff import is_absent, rest, rest_until
from govcrawl.db.frontier.ledger import Ledger
from govcrawl.db.store.crawls import FINISHED, crawl_finished, crawl_started
from govcrawl.models import Queued
from govcrawl.vocabulary import LedgerState, Outcome, Role

DAY = timedelta(days=1)


@pytest.fixture
def ask(connection, make):
    """A function that runs a round in which `/1` is asked for, if it is due, and is not there; how often it was."""
    rounds = []

    def ask(day, outcome=Outcome.SOFT_404, status=200, year=2023):
        rounds.append(day)
        crawl = Crawl(f"{len(rounds):016x}", "zhejiang", f"{day}T08:00:00Z", "1")
        crawl_started(connection, crawl)
        ledger = Ledger(connection, lambda _: "gov.cn", crawl=crawl.id)
        now = datetime.fromisoformat(crawl.started_at).timestamp()
        asked = replace(make.failed("/1", outcome), at=crawl.started_at, http_status=status)
        ledger.enqueue([Queued(asked.request, year)], now)
        taken = ledger.take("gov.cn", now)
        for _ in taken:
            store.arrive(connection, ledger, asked, now)
        crawl_finished(connection, crawl.id, crawl.started_at, FINISHED)
        return len(taken)

    return ask


@pytest.mark.parametrize(
    ("day", "length"),
    [
        (date(2023, 8, 1), 30 * DAY),
        (date(2023, 12, 28), timedelta(hours=18)),
        (date(2024, 1, 31), timedelta(hours=18)),
        (date(2024, 2, 1), 6 * DAY),
        (date(2024, 4, 14), 6 * DAY),
        (date(2024, 7, 1), 60 * DAY),
        (date(2026, 1, 22), 365 * DAY),
    ],
)
def test_the_longer_a_year_is_past_the_longer_its_absent_reports_rest(day, length):
    assert rest(2023, day) == length


def test_a_report_of_unknown_year_rests_a_month():
    assert datetime.fromtimestamp(rest_until(None, "2024-01-22T08:00:00Z"), UTC) == datetime(2024, 2, 21, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("role", "outcome", "status", "absent"),
    [
        (Role.DOCUMENT, Outcome.SOFT_404, 200, True),
        (Role.DOCUMENT, Outcome.HTTP_ERROR, 404, True),
        (Role.DOCUMENT, Outcome.HTTP_ERROR, 410, True),
        (Role.DOCUMENT, Outcome.HTTP_ERROR, 503, False),
        (Role.DOCUMENT, Outcome.BLOCKED, 200, False),
        (Role.LIST, Outcome.SOFT_404, 200, False),
    ],
)
def test_what_cannot_be_had_is_not_absent_and_lists_never_rest(role, outcome, status, absent):
    assert is_absent(role, outcome, status) is absent


def test_an_absent_report_is_asked_for_daily_in_its_january_and_rarely_later(ask):
    assert [ask(day) for day in ("2024-01-22", "2024-01-23", "2024-02-03", "2024-02-05", "2024-02-09")] == [
        1,
        1,
        1,
        0,
        1,
    ]
    assert [ask(day) for day in ("2026-01-22", "2026-01-23", "2026-12-31", "2027-01-23")] == [1, 0, 0, 1]


def test_what_failed_for_another_reason_is_asked_for_in_every_round(ask):
    assert [ask(day, Outcome.TIMEOUT, None) for day in ("2026-01-22", "2026-01-22", "2026-01-23")] == [1, 1, 1]


def test_the_year_a_request_names_counts_before_that_of_a_title(connection, make):
    absent = make.failed("/viewer?area=1&fbtime=2019", Outcome.SOFT_404)
    absent = replace(absent, request=replace(absent.request, context=(("area", "1"), ("year", "2019"))))
    store.arrive(connection, Ledger(connection, lambda _: "gov.cn"), absent)

    (due,) = connection.execute("SELECT due_at FROM frontier").fetchone()
    assert datetime.fromtimestamp(due, UTC) - datetime.fromisoformat(absent.at) == 365 * DAY


def test_a_replay_remembers_the_rest(connection, make):
    ledger = Ledger(connection, lambda _: "gov.cn")
    store.arrive(connection, ledger, make.failed("/1", Outcome.SOFT_404))

    assert ledger.counts() == {(Role.DOCUMENT, LedgerState.FAILED): 1}
