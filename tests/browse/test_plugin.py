"""Datasette over an archive: described, filtered by what people type, and honest about replica figures."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from govcrawl.browse.plugin import metadata
from govcrawl.browse.queries import QUERIES
from govcrawl.projection import database_of

datasette = pytest.importorskip("datasette.app", reason="the extra `browse` is not installed")


def get(archive: Path, path: str) -> Any:
    async def ask() -> Any:
        application = datasette.Datasette([str(database_of(archive))])
        return await application.client.get(path)

    return asyncio.run(ask())


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_canned_queries_run(crawled: Path, name: str):
    answer = get(crawled, f"/govcrawl/{name}.json?_shape=objects")

    assert answer.status_code == 200
    assert answer.json()["ok"]


def test_tables_are_described_and_inner_ones_hidden(crawled: Path):
    tables = {table["name"]: table for table in get(crawled, "/govcrawl.json").json()["tables"]}

    assert tables["frontier"]["hidden"]
    assert tables["_sqlite_migrations"]["hidden"]
    assert not tables["reports"]["hidden"]
    assert "decoded body" in get(crawled, "/govcrawl/facts?_size=1").text


@pytest.mark.parametrize("query", ["value=0", "status=number", "form=f2021", "table=applications", "column=total"])
def test_a_view_is_filtered_by_what_people_type(crawled: Path, query: str):
    rows = get(crawled, f"/govcrawl/facts.json?_shape=array&_size=3&_nocount=1&_nofacet=1&{query}").json()

    name, _, wanted = query.partition("=")
    assert rows
    assert all(str(row[name]) == wanted for row in rows)


def test_a_replica_archive_says_that_its_figures_are_invented(crawled: Path):
    assert "every figure here is invented" in get(crawled, "/govcrawl").text


def test_every_described_table_says_what_each_column_holds():
    tables = metadata()["databases"]["govcrawl"]["tables"]

    described = [table for table in tables.values() if "description" in table]
    assert len(described) > 20
    assert all(all(table["columns"].values()) for table in described)
