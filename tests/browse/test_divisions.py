"""Divisions: prefixes of their codes, and areas that have no code of their own."""

from contextlib import closing
from pathlib import Path

import pytest

from govcrawl.archive.layout import database_of
from govcrawl.browse.divisions import division_prefix, requested_division
from govcrawl.browse.page import InvalidQueryError, PageRequest
from govcrawl.db.connection import open_database

CORPS = "650000-xjbt:新疆生产建设兵团"


@pytest.mark.parametrize(
    ("code", "prefix"),
    [("330000", "33"), ("330100", "3301"), ("330604", "330604"), ("33", "33"), ("3301", "3301"), ("", ""),
     ("650000-xjbt", "65"), ("500000-ljxq", "50")],
)  # fmt: skip
def test_the_prefix_of_a_division(code: str, prefix: str):
    assert division_prefix(code) == prefix


@pytest.mark.parametrize("code", ["3", "330", "33060", "3306041", "650000-xjbt", "３３", "33 ", "shaoxing"])
def test_what_is_no_code_is_refused(tmp_path: Path, code: str):
    with pytest.raises(InvalidQueryError, match="two, four or six digits"):
        requested_division(PageRequest(tmp_path, query={"division": code}))


def test_an_area_without_a_code_has_its_pages(archive_copy: Path, get):
    with closing(open_database(database_of(archive_copy))) as connection:
        connection.execute(
            "INSERT INTO coverage (agency_id, year, state, reason) VALUES (?, 2023, 'overdue', '')", (CORPS,)
        )
    agency = get(archive_copy, f"/-/agency/{CORPS}.json").json()
    compared = get(archive_copy, "/-/compare.json?division=65&year=2023&by=organ").json()

    assert [step["division"] for step in agency["lineage"]] == ["65"]
    assert [line["agency_id"] for line in compared["lines"]] == [CORPS]
