"""An organ's page: its years with figures, links, lateness, charts and what is still open."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from govcrawl.archive.layout import database_of
from govcrawl.browse.agency import AGENCY_PAGE, AgencyContent
from govcrawl.browse.page import NotInArchiveError, PageRequest
from govcrawl.db.connection import Connection, read_database

_WITH_MOST = """
SELECT agency_id FROM reports WHERE agency_id LIKE '330604:%' GROUP BY agency_id ORDER BY count(*) DESC, agency_id"""


@pytest.fixture
def connection(crawled: Path) -> Iterator[Connection]:
    with read_database(database_of(crawled)) as opened:
        yield opened


@pytest.fixture
def organ(connection: Connection) -> str:
    """The organ with the most reports."""
    return str(connection.execute(_WITH_MOST).fetchone()[0])


def ask(connection: Connection, archive: Path, organ: str) -> AgencyContent:
    return AGENCY_PAGE.content(connection, PageRequest(archive, {"agency": organ}))


def test_figures_are_those_of_the_current_versions(connection: Connection, crawled: Path, organ: str):
    reports = [report for year in ask(connection, crawled, organ).years for report in year.reports]
    query = 'SELECT value FROM current_facts WHERE report_id = ? AND "table" = ? AND "row" = ? AND "column" = ?'

    assert len(reports) > 2
    for report in reports:
        for quantity, figure in report.figures.items():
            told = connection.execute(query, (report.report, "applications", quantity, "total")).fetchone()
            assert (figure and figure.value) == (told and told[0])


def test_outcomes_add_up_to_the_total(connection: Connection, crawled: Path, organ: str):
    query = """SELECT value FROM current_facts WHERE report_id = ? AND "table" = 'applications'
    AND "row" = 'result_total' AND "column" = 'total'"""
    for year in ask(connection, crawled, organ).years:
        for report in year.reports:
            (total,) = connection.execute(query, (report.report,)).fetchone()
            assert sum(value or 0 for value in report.outcomes.values()) == total


def test_years_are_linked_by_what_was_carried(connection: Connection, crawled: Path, organ: str):
    reports = {year.year: year.reports[0] for year in ask(connection, crawled, organ).years if year.reports}

    for year, report in reports.items():
        over, before = report.figures["carried_over"], reports.get(year - 1)
        forward = before.figures["carried_forward"] if before else None
        known = over is not None and forward is not None
        assert report.link == ("unknown" if not known else "same" if over.value == forward.value else "differs")
    assert "same" in {report.link for report in reports.values()}


def test_lateness_is_counted_from_the_deadline(connection: Connection, crawled: Path, organ: str):
    for year in ask(connection, crawled, organ).years:
        for report in year.reports:
            day = "03-31" if report.scope == "government" else "01-31"
            assert report.due_on == f"{year.year + 1}-{day}"
            assert (report.days_late > 0) == (report.published_on > report.due_on)


def test_every_year_has_its_state_and_reason(connection: Connection, crawled: Path, organ: str):
    years = ask(connection, crawled, organ).years

    assert [year.year for year in years] == sorted((year.year for year in years), reverse=True)
    assert all(year.state == "ok" or year.reason for year in years)


def test_an_unknown_organ_is_not_here(connection: Connection, crawled: Path):
    with pytest.raises(NotInArchiveError):
        ask(connection, crawled, "330604:没有这个机关")


def test_a_figure_leads_to_its_cell(served: Any, tab: Any, organ: str):
    tab.goto(f"{served.address}/-/agency/{quote(organ)}")
    figure = tab.locator("table.years td.value a").first
    value = figure.inner_text()
    figure.click()

    assert "/-/cell/" in tab.url
    assert value in tab.locator("main").inner_text()


def test_charts_keep_their_place_and_have_a_table(served: Any, tab: Any, organ: str):
    tab.goto(f"{served.address}/-/agency/{quote(organ)}")

    for chart in tab.locator("figure.chart").all():
        image = chart.locator("img")
        assert image.evaluate("image => image.complete && image.naturalWidth > 0")
        assert image.get_attribute("alt")
        chart.locator("summary").focus()
        tab.keyboard.press("Enter")
        assert chart.locator("table").is_visible()
    assert tab.locator("figure.chart").count() == 2


def test_the_data_of_a_chart_are_one_click_away(served: Any, tab: Any, organ: str):
    tab.goto(f"{served.address}/-/agency/{quote(organ)}")
    csv = tab.locator("figure.chart .source a").nth(1).get_attribute("href")
    answer = tab.request.get(f"{served.address}{csv}")

    assert answer.headers["content-type"].startswith("text/plain") or "csv" in answer.headers["content-type"]
    assert answer.text().splitlines()[0].startswith("year,scope,report")
    assert len(answer.text().splitlines()) > 30
    tab.locator("figure.chart .source a").first.click()
    tab.wait_for_selector("table.rows-and-columns")
    assert tab.locator("table.rows-and-columns tbody tr").count() > 30
