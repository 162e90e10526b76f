"""Data dictionary and About: generated, complete, and counted from the database."""

from pathlib import Path
from typing import Any

import pytest

from govcrawl import forms, vocabulary
from govcrawl.archive.layout import database_of
from govcrawl.browse.about import ABOUT_PAGE
from govcrawl.browse.dictionary import DICTIONARY_PAGE
from govcrawl.browse.i18n import load_messages
from govcrawl.browse.page import BrowsePage, InvalidQueryError, PageRequest
from govcrawl.db import schema
from govcrawl.db.connection import read_database


def ask(page: BrowsePage, archive: Path, **query: str) -> Any:
    with read_database(database_of(archive)) as connection:
        return page.content(connection, PageRequest(archive, query=query))


def test_every_column_that_readers_see_is_described(crawled: Path):
    described = {table.name: table.columns for table in ask(DICTIONARY_PAGE, crawled).tables}
    known = schema.load_schema()

    for name, relation in (*known.tables.items(), *known.views.items()):
        if not getattr(relation, "hidden", False):
            assert [column.name for column in described[name]] == [column.name for column in relation.columns]
            assert all(column.about for column in described[name])


def test_every_closed_list_is_there_with_all_its_words(crawled: Path):
    lists = {each.name: each for each in ask(DICTIONARY_PAGE, crawled, part="words").words}

    assert lists["CoverageState"].words == list(vocabulary.CoverageState)
    assert lists["CoverageState"].group == "coverage_state"
    assert all(each.about for each in lists.values())


@pytest.mark.parametrize(("group", "listed"), [
    ("coverage_state", vocabulary.CoverageState), ("section_key", vocabulary.SectionKey),
])  # fmt: skip
def test_closed_lists_of_these_pages_have_names(group: str, listed: Any):
    assert [word for word in listed if f"{group}.{word}" not in load_messages()["en"]] == []


def test_every_cell_of_every_form_is_there(crawled: Path):
    found = ask(DICTIONARY_PAGE, crawled, part="forms").forms

    numbers = [item.number for form in found for table in form.tables for item in table.items]
    assert sorted(numbers) == sorted(forms.load_forms().by_number)


def test_an_unknown_part_is_refused(crawled: Path):
    with pytest.raises(InvalidQueryError):
        ask(DICTIONARY_PAGE, crawled, part="nonsense")


def test_limits_are_counted(crawled: Path):
    found = ask(ABOUT_PAGE, crawled)
    limits = {each.limit: each.count for each in found.limits}

    assert found.origin == "replica"
    assert limits["unasked_portals"] > 2000
    assert all(f"limit.{name}" in load_messages()["zh"] for name in limits)
    with read_database(database_of(crawled)) as connection:
        (cells,) = connection.execute("SELECT count(*) FROM coverage").fetchone()
    assert sum(each.count for each in found.states) == cells


def test_every_count_of_issues_is_that_of_the_list_it_leads_to(edited_copy: Path, get: Any):
    told = get(edited_copy, "/-/about.json").json()["issues"]
    listed = get(edited_copy, "/-/issues.json").json()["counts"]
    everything = get(edited_copy, "/-/issues.json?state=all").json()["counts"]

    assert told
    assert sorted(told, key=str) == sorted(listed, key=str)
    assert sum(each["count"] for each in told) < sum(each["count"] for each in everything)
