"""The first page: what is held, and a heat map with no empty cell, each cell leading to its reason."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from govcrawl.archive.layout import database_of
from govcrawl.browse import plugin
from govcrawl.browse.coverage_legend import coverage_legend
from govcrawl.browse.home import HOME_PAGE, ORGANS_PER_PAGE, HomeContent
from govcrawl.browse.page import InvalidQueryError, PageRequest
from govcrawl.db.connection import Connection, open_database, read_database
from govcrawl.vocabulary import CoverageState


@pytest.fixture
def connection(crawled: Path) -> Iterator[Connection]:
    with read_database(database_of(crawled)) as opened:
        yield opened


def ask(connection: Connection, archive: Path, **query: str) -> HomeContent:
    return HOME_PAGE.content(connection, PageRequest(archive, query=query))


def test_shares_count_what_coverage_says(connection: Connection, crawled: Path):
    found = ask(connection, crawled, division="3306")
    (line,) = [line for line in found.divisions if line.division == "330604"]

    for year, cell in zip(found.years, line.cells, strict=True):
        states = [state for (state,) in connection.execute(
            "SELECT state FROM coverage WHERE agency_id LIKE '330604:%' AND year = ?", (year,))]  # fmt: skip
        unwanted = sum(state in {"exempt", "out_of_scope", "never_listed", "not_due"} for state in states)
        assert (cell.ok, cell.wanted) == (states.count("ok"), len(states) - unwanted)


def test_no_organ_has_an_empty_cell(connection: Connection, crawled: Path):
    found = ask(connection, crawled, division="330604")

    assert found.organs
    for organ in found.organs:
        assert [cell.year for cell in organ.cells] == found.years
        assert all(cell.reason for cell in organ.cells if cell.state != "ok")


def test_pages_show_every_organ_once(connection: Connection, crawled: Path):
    shown, page = [], 1
    while page:
        found = ask(connection, crawled, page=str(page), division="33")
        assert len(found.organs) <= ORGANS_PER_PAGE
        shown += [organ.id for organ in found.organs]
        page = found.next_page

    (expected,) = connection.execute("SELECT count(DISTINCT agency_id) FROM coverage WHERE agency_id < '34'").fetchone()
    assert len(shown) == len(set(shown)) == expected


def test_one_division_alone_is_opened_to_those_below(connection: Connection, crawled: Path):
    found = ask(connection, crawled)

    assert {len(line.division) for line in found.divisions} == {4}
    assert next(line.name for line in found.divisions if line.division == "3306") == "绍兴市"


def test_organs_are_found_by_name(connection: Connection, crawled: Path):
    found = ask(connection, crawled, organ="上虞区教育")

    assert found.organs
    assert all("上虞区教育" in organ.name for organ in found.organs)


def test_refuses_what_is_no_division(connection: Connection, crawled: Path):
    with pytest.raises(InvalidQueryError):
        ask(connection, crawled, division="shaoxing")


def test_changes_stand_with_the_newest_first(archive_copy: Path):
    with closing(open_database(database_of(archive_copy))) as connection:
        versions = connection.execute(
            "SELECT capture_id, document_id, report_id, id FROM report_versions ORDER BY id LIMIT 2"
        ).fetchall()
        for number, (capture, document, report, version) in enumerate(versions):
            row = (
                capture,
                capture,
                document,
                report,
                version,
                version,
                f"2025-03-0{number + 1}T00:00:00Z",
                "2025-01-01",
            )
            connection.execute(
                "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, '[\"一、总体情况\"]', '[]', '[\"sum.x.y\"]')",
                row,
            )
        found = ask(connection, archive_copy).changes

    assert [change.report for change in found] == [versions[1][2], versions[0][2]]
    assert (found[0].sections, found[0].checks_opened, found[0].checks_closed) == (1, 0, 1)
    assert found[0].agency


def test_every_state_has_a_sign_of_its_own():
    signs = [each.sign for each in coverage_legend()]

    assert [each.state for each in coverage_legend()] == list(CoverageState)
    assert len(set(signs)) == len(signs)


def test_the_heat_map_leads_to_the_reason(served: Any, tab: Any):
    tab.goto(f"{served.address}/?division=330604")
    cell = tab.locator("#organs tbody tr").first.locator("td a").first
    told = cell.get_attribute("title")
    cell.click()

    assert "/-/agency/" in tab.url
    row = tab.locator("tr:target")
    assert row.count() == 1
    assert row.locator("td .muted").first.inner_text() in told


def test_the_heat_map_leads_down_to_counties(served: Any, tab: Any):
    tab.goto(f"{served.address}/")
    tab.locator("#divisions").get_by_role("link", name="绍兴市", exact=True).click()
    tab.locator("#divisions").get_by_role("link", name="上虞区", exact=True).click()

    assert "division=330604" in tab.url
    assert tab.locator("#organs tbody tr").count() > 1


def test_both_languages_and_json(crawled: Path, get: Any):
    chinese, english = (get(crawled, "/", **{"accept-language": each}).text for each in ("zh", "en"))
    data = get(crawled, "/index.json").json()

    assert "收录情况" in chinese
    assert "Coverage" in english
    assert data["holds"]["reports"] > 10


def test_the_first_page_of_other_databases_is_left_alone(crawled: Path, tmp_path: Path):
    app = pytest.importorskip("datasette.app", reason="the extra `browse` is not installed")
    other = tmp_path / "cakes.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE cakes (name)")

    assert plugin.register_routes(app.Datasette([str(other)])) == []
    assert plugin.register_routes(app.Datasette([str(database_of(crawled))])) != []
