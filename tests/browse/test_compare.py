"""Comparison: rates that the cells bear out, and a map that is clicked and reached by keyboard."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from govcrawl.archive.layout import database_of
from govcrawl.browse.compare import COMPARE_PAGE, CompareContent
from govcrawl.browse.page import InvalidQueryError, PageRequest
from govcrawl.db.connection import Connection, read_database


@pytest.fixture
def connection(crawled: Path) -> Iterator[Connection]:
    with read_database(database_of(crawled)) as opened:
        yield opened


def ask(connection: Connection, archive: Path, **query: str) -> CompareContent:
    return COMPARE_PAGE.content(connection, PageRequest(archive, query=query))


def test_rates_are_those_of_the_wide_view(connection: Connection, crawled: Path):
    found = ask(connection, crawled, by="organ", year="2023", rate="granted")
    query = """SELECT granted__total + partially_granted__total, result_total__total
    FROM applications_wide WHERE report_id = ?"""

    with_rates = [line for line in found.lines if line.standing == "rate"]
    assert len(with_rates) > 2
    for line in with_rates:
        top, bottom = connection.execute(query, (line.report,)).fetchone()
        assert (line.numerator, line.denominator) == (top, bottom)
        assert line.rate == pytest.approx(top / bottom)


def test_organs_that_owe_a_report_and_have_none_are_between_all_and_nothing(connection: Connection, crawled: Path):
    found = ask(connection, crawled, by="organ")

    missing = [line for line in found.lines if line.standing == "missing"]
    assert missing
    assert all((line.low, line.high) == (0, 1) for line in missing)
    assert found.summary.missing == len(missing)
    assert found.summary.low < found.summary.rate < found.summary.high


def test_a_county_sums_up_its_organs(connection: Connection, crawled: Path):
    counties = ask(connection, crawled, by="county", year="2023")
    organs = ask(connection, crawled, by="organ", year="2023", division="330604")

    (line,) = [line for line in counties.lines if line.division == "330604"]
    assert {key: getattr(line, key) for key in asdict(organs.summary)} == asdict(organs.summary)
    (tile,) = [tile for tile in counties.map.tiles if tile.division == "330604"]
    assert (tile.rate, tile.level) == (line.rate, 4)


def test_kinds_of_organs_are_not_mixed(connection: Connection, crawled: Path):
    found = ask(connection, crawled, by="organ", scope="office")

    assert {line.scope for line in found.lines} == {"office"}


def test_organs_of_one_level_are_compared(connection: Connection, crawled: Path):
    everybody = ask(connection, crawled, by="organ").lines
    counties = ask(connection, crawled, by="organ", level="county").lines
    prefectures = ask(connection, crawled, by="organ", level="prefecture").lines

    assert counties
    assert not any(line.division.endswith("00") for line in counties)
    assert all(line.division.endswith("00") for line in prefectures)
    assert len(counties) + len(prefectures) == len(everybody)


def test_the_highest_rate_comes_first_where_asked(connection: Connection, crawled: Path):
    rates = [line.rate for line in ask(connection, crawled, by="organ", sort="rate").lines]

    known = [rate for rate in rates if rate is not None]
    assert known == sorted(known, reverse=True)
    assert rates == known + [None] * (len(rates) - len(known))


@pytest.mark.parametrize(
    "query", [{"rate": "x"}, {"by": "x"}, {"scope": "x"}, {"level": "x"}, {"sort": "x"}, {"division": "x"}]
)
def test_refuses_questions_without_sense(connection: Connection, crawled: Path, query: dict[str, str]):
    with pytest.raises(InvalidQueryError):
        ask(connection, crawled, **query)


def test_an_archive_without_reports_is_compared_too(connection: Connection, crawled: Path):
    found = ask(connection, crawled, year="2009", division="33")

    assert found.summary.rate is None
    assert found.map.scale == []


def test_the_map_is_clicked(served: Any, tab: Any):
    tab.goto(f"{served.address}/-/compare?year=2023")
    tab.locator("svg.tiles a[aria-label*='上虞区']").click()

    assert "division=330604" in tab.url
    assert tab.locator("table.rates tbody tr").count() > 1
    tab.locator("table.rates tbody th a").first.click()
    assert "/-/agency/" in tab.url


def test_the_map_is_reached_by_keyboard(served: Any, tab: Any):
    tab.goto(f"{served.address}/-/compare?year=2023&lang=en")
    tab.locator("svg.tiles a").first.focus()
    tab.keyboard.press("Tab")
    focused = tab.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == tab.locator("svg.tiles a").nth(1).get_attribute("aria-label")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**by=organ**")

    assert tab.locator("html").get_attribute("lang") == "en"
