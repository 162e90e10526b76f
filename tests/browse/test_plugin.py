"""Datasette over an archive: described, filtered by what people type, and honest about replica figures."""

import asyncio
import csv
import io
import re
import sqlite3
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm

from govcrawl.archive.layout import database_of
from govcrawl.browse.datasette_tables import CANNED_QUERIES, cell_link, datasette_metadata, shown_relations
from govcrawl.browse.page import BrowsePage, PageRequest
from govcrawl.browse.responses import page_response
from govcrawl.browse.serving import DATASETTE_SETTINGS

VIEWS = [relation for relation in shown_relations() if not relation.key]


@pytest.mark.parametrize("name", sorted(CANNED_QUERIES))
def test_canned_queries_run(get, crawled: Path, name: str):
    answer = get(crawled, f"/govcrawl/{name}.json?_shape=objects")

    assert answer.status_code == 200
    assert answer.json()["ok"]


def test_tables_are_described_and_inner_ones_hidden(get, crawled: Path):
    tables = {table["name"]: table for table in get(crawled, "/govcrawl.json").json()["tables"]}

    assert tables["frontier"]["hidden"]
    assert tables["_sqlite_migrations"]["hidden"]
    assert not tables["reports"]["hidden"]
    assert "decoded body" in get(crawled, "/govcrawl/facts?_size=1").text


@pytest.mark.parametrize("view", VIEWS, ids=lambda relation: relation.name)
def test_every_column_of_a_view_is_filtered_by_what_people_type(get, crawled: Path, view):
    with closing(sqlite3.connect(f"file:{database_of(crawled)}?mode=ro", uri=True)) as database:
        found = database.execute(f'SELECT * FROM "{view.name}" LIMIT 400').fetchall()
    samples = {
        column.name: next((row[place] for row in found if row[place] is not None), None)
        for place, column in enumerate(view.columns)
    }

    for name, sample in samples.items():
        if sample is not None and "__" not in name:
            rows = get(
                crawled, f"/govcrawl/{view.name}.json?_shape=array&_size=3&{name}__exact={quoted(sample)}"
            ).json()
            assert rows, f"{name}={sample}"
            assert all(row[name] == sample for row in rows)


def quoted(value: object) -> str:
    return urllib.parse.quote(str(value))


def test_views_are_neither_counted_nor_faceted_unless_asked_for_by_name(get, crawled: Path):
    assert get(crawled, "/govcrawl/facts.json?_size=1").json()["filtered_table_rows_count"] is None
    assert get(crawled, "/govcrawl/facts.json?_size=1").json()["suggested_facets"] == []
    assert "status" in get(crawled, "/govcrawl/facts.json?_size=1&_facet=status").json()["facet_results"]
    assert get(crawled, "/govcrawl/reports.json?_size=1").json()["filtered_table_rows_count"] > 0


def test_a_table_for_a_spreadsheet_runs_no_formula(get, archive_copy: Path):
    hostile = '=HYPERLINK("http://127.0.0.1/","a")\n,-x'
    with closing(sqlite3.connect(database_of(archive_copy))) as database, database:
        database.execute("UPDATE documents SET title = ?, publisher = '-8', theme = '＋1'", (hostile,))

    text = get(archive_copy, "/govcrawl/documents.csv?_size=2").text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    assert [row["title"] for row in rows] == [f"'{hostile}"] * 2
    assert [row["publisher"] for row in rows] == ["-8"] * 2
    assert [row["theme"] for row in rows] == ["'＋1"] * 2


def test_a_replica_archive_says_that_its_figures_are_invented(get, crawled: Path):
    assert "every figure here is invented" in get(crawled, "/govcrawl").text


def test_every_described_table_says_what_each_column_holds():
    tables = datasette_metadata("govcrawl")["databases"]["govcrawl"]["tables"]

    described = [table for table in tables.values() if "description" in table]
    assert len(described) > 20
    assert all(all(table["columns"].values()) for table in described)


def test_cells_of_the_tables_lead_to_our_pages(get, crawled: Path):
    reports = get(crawled, "/govcrawl/report_versions?_size=3").text
    facts = get(crawled, "/govcrawl/current_facts?_size=3").text

    assert re.search(r'<a href="/-/report/330604:[^"]+/\d{4}/\w+">', reports)
    assert re.search(r'<a href="/-/capture/[0-9a-f]{16}">', reports)
    (cell, *_) = re.findall(r'<a href="(/-/cell/[0-9a-f]{16}-\d+)">', facts)
    assert get(crawled, cell).status_code == 200


def test_only_names_of_our_things_are_links():
    assert cell_link("documents", "title", "x") is None
    assert cell_link("facts", "id", None) is None
    assert cell_link(None, "capture_id", 3) is None
    assert cell_link(None, "report_id", '"><script>') == "/-/report/%22%3E%3Cscript%3E"


def test_a_query_that_takes_too_long_is_stopped(crawled: Path):
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    def slow(connection: sqlite3.Connection, _: PageRequest) -> dict[str, Any]:
        return {"rows": connection.execute(endless).fetchall()}

    async def ask() -> tuple[int, int]:
        shown = Datasette([str(database_of(crawled))], settings={**DATASETTE_SETTINGS, "sql_time_limit_ms": 100})
        own = await shown.client.get("/-/slow")
        return own.status_code, (await shown.client.get("/govcrawl.json", params={"sql": endless})).status_code

    plugin = SlowPage(slow)
    pm.register(plugin, name="slow")
    try:
        with ThreadPoolExecutor(1) as beside:
            assert beside.submit(asyncio.run, ask()).result() == (503, 400)
    finally:
        pm.unregister(plugin)


class SlowPage:
    """A plugin with a page whose SELECT never ends."""

    __name__ = "slow"

    def __init__(self, content) -> None:
        self.page = BrowsePage("error", "/-/slow", content)

    @hookimpl
    def register_routes(self):
        async def view(datasette, request):
            return await page_response(self.page, datasette, request)

        return [(self.page.pattern, view)]


@pytest.mark.parametrize("sql", ["DELETE FROM reports", "UPDATE documents SET title = 'x'", "ATTACH 'x.db' AS x"])
def test_nothing_can_be_written(get, crawled: Path, sql: str):
    assert get(crawled, f"/govcrawl.json?sql={urllib.parse.quote(sql)}").status_code == 400


def test_the_connection_itself_is_read_only(crawled: Path):
    async def write() -> None:
        shown = Datasette([str(database_of(crawled))])
        await shown.get_database("govcrawl").execute_fn(lambda connection: connection.execute("DELETE FROM reports"))

    with ThreadPoolExecutor(1) as beside, pytest.raises(sqlite3.OperationalError, match="readonly"):
        beside.submit(asyncio.run, write()).result()
