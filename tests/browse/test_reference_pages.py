"""Data dictionary and About: generated, complete, and counted from the database."""

from pathlib import Path
from typing import Any

import pytest

from govcrawl import vocabulary
from govcrawl.browse import about, dictionary, words
from govcrawl.browse.page import Asked, QuestionError
from govcrawl.db import schema
from govcrawl.db.connection import read_database
from govcrawl.projection import database_of
from govcrawl.reports import forms


def ask(page: Any, archive: Path, **query: str) -> dict[str, Any]:
    with read_database(database_of(archive)) as connection:
        return page.content(connection, Asked(archive, query=query))


def test_every_column_that_readers_see_is_described(crawled: Path):
    described = {table["name"]: table["columns"] for table in ask(dictionary, crawled)["tables"]}
    known = schema.load()

    for name, relation in (*known.tables.items(), *known.views.items()):
        if not getattr(relation, "hidden", False):
            assert [column["name"] for column in described[name]] == [column.name for column in relation.columns]
            assert all(column["about"] for column in described[name])


def test_every_closed_list_is_there_with_all_its_words(crawled: Path):
    lists = {each["name"]: each for each in ask(dictionary, crawled, part="words")["words"]}

    assert lists["CoverageState"]["words"] == list(vocabulary.CoverageState)
    assert lists["CoverageState"]["group"] == "coverage_state"
    assert all(each["about"] for each in lists.values())


@pytest.mark.parametrize(("group", "listed"), [
    ("coverage_state", vocabulary.CoverageState), ("section_key", vocabulary.SectionKey),
])  # fmt: skip
def test_closed_lists_of_these_pages_have_names(group: str, listed: Any):
    assert [word for word in listed if f"{group}.{word}" not in words.load()["en"]] == []


def test_every_cell_of_every_form_is_there(crawled: Path):
    found = ask(dictionary, crawled, part="forms")["forms"]

    numbers = [item["number"] for form in found for table in form["tables"] for item in table["items"]]
    assert sorted(numbers) == sorted(forms.load().by_number)


def test_an_unknown_part_is_refused(crawled: Path):
    with pytest.raises(QuestionError):
        ask(dictionary, crawled, part="nonsense")


def test_limits_are_counted(crawled: Path):
    found = ask(about, crawled)
    limits = {each["limit"]: each["count"] for each in found["limits"]}

    assert found["origin"] == "replica"
    assert limits["unasked_portals"] > 2000
    assert all(f"limit.{name}" in words.load()["zh"] for name in limits)
    with read_database(database_of(crawled)) as connection:
        (cells,) = connection.execute("SELECT count(*) FROM coverage").fetchone()
    assert sum(each["count"] for each in found["states"]) == cells


def test_every_count_of_issues_is_that_of_the_list_it_leads_to(edited_copy: Path, get: Any):
    told = get(edited_copy, "/-/about.json").json()["issues"]
    listed = get(edited_copy, "/-/issues.json").json()["counts"]
    everything = get(edited_copy, "/-/issues.json?state=all").json()["counts"]

    assert told
    assert sorted(told, key=str) == sorted(listed, key=str)
    assert sum(each["count"] for each in told) < sum(each["count"] for each in everything)
