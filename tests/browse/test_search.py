"""Search: the index is a file of its own, and its page finds words in a real browser."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from govcrawl.archive.layout import database_of
from govcrawl.browse import search_index
from govcrawl.browse.page import InvalidQueryError, PageRequest
from govcrawl.browse.search import SEARCH_PAGE, SearchContent
from govcrawl.browse.search_index import SearchQuery, find_sections, index_of, make_index
from govcrawl.db.connection import open_database, read_database
from govcrawl.errors import ArchiveError


@pytest.fixture
def indexed(archive_copy: Path) -> Path:
    make_index(archive_copy)
    return archive_copy


def ask(archive: Path, **query: str) -> SearchContent:
    with read_database(database_of(archive)) as connection:
        return SEARCH_PAGE.content(connection, PageRequest(archive, query=query))


def texts(archive: Path) -> list[tuple[str, str]]:
    query = """
    SELECT section.id, section.text FROM sections AS section
    JOIN reports AS report ON report.current_version_id = section.report_version_id
    WHERE section.key <> 'other_heading'"""
    with read_database(database_of(archive)) as connection:
        return [tuple(row) for row in connection.execute(query)]


@pytest.mark.parametrize("word", ["复议", "开", "图解", "，公开", "依申请公开", "没有这样的词"])
def test_finds_exactly_the_sections_with_a_word(indexed: Path, word: str):
    bare = word.strip("，")
    with read_database(database_of(indexed)) as connection:
        hits = find_sections(indexed, SearchQuery(word), connection, 0, 1000)

    assert hits is not None
    assert {section for _, section in hits.places} == {key for key, text in texts(indexed) if bare in text}
    assert not hits.stale


def test_is_narrowed_by_year_division_organ_and_section(indexed: Path):
    everything = ask(indexed, q="公开")
    one = next(hit for hit in everything.hits if hit.key == "overview")

    narrowed = ask(indexed, q="公开", year=str(one.year), division="330604", organ=one.agency, section="overview")

    assert [hit.section for hit in narrowed.hits] == [one.section]
    assert ask(indexed, q="公开", year="2001").hits == []
    assert ask(indexed, q="公开", division="42").hits == []
    assert ask(indexed, q="公开", organ="没有这个机关").hits == []


def test_shows_the_newest_first_and_turns_pages(indexed: Path):
    first = ask(indexed, q="公")
    second = ask(indexed, q="公", page="2")

    years = [hit.year for hit in first.hits + second.hits]
    assert years == sorted(years, reverse=True)
    assert first.next_page == 2
    assert {hit.section for hit in first.hits}.isdisjoint(hit.section for hit in second.hits)


def test_says_that_there_is_no_index_or_that_it_is_of_an_earlier_state(archive_copy: Path):
    assert ask(archive_copy, q="公开").indexed is False

    make_index(archive_copy)
    assert ask(archive_copy, q="公开").stale is False

    with closing(open_database(database_of(archive_copy))) as connection:
        agency = connection.execute("SELECT id FROM agencies LIMIT 1").fetchone()[0]
        connection.execute("INSERT INTO reports (id, agency_id, scope) VALUES ('new', ?, 'unknown')", (agency,))
    assert ask(archive_copy, q="公开").stale is True


def test_an_index_is_in_place_whole_or_not_at_all(indexed: Path):
    before = index_of(indexed).read_bytes()
    database_of(indexed).rename(indexed / "away")

    with pytest.raises(ArchiveError):
        make_index(indexed)

    assert index_of(indexed).read_bytes() == before
    assert sorted(path.name for path in indexed.glob("search*")) == ["search.db"]


def test_refuses_questions_without_sense(indexed: Path):
    for query in ({"q": "公" * 101}, {"section": "nonsense"}, {"year": "last"}, {"division": "33060"}, {"page": "-1"}):
        with pytest.raises(InvalidQueryError):
            ask(indexed, **{"q": "公开", **query})


def test_a_search_that_takes_too_long_is_interrupted(indexed: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search_index, "_MAX_SECONDS", -1.0)
    monkeypatch.setattr(search_index, "_STEPS", 1)

    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        ask(indexed, q="公开")


def test_the_command_makes_the_index(archive_copy: Path, govcrawl: Any):
    done = govcrawl("index", "--archive", archive_copy)

    assert done.returncode == 0
    assert done.stdout.startswith(f"{index_of(archive_copy)}: ")


def test_a_browser_finds_a_word_of_two_characters(served: Any, tab: Any):
    make_index(served.archive)
    tab.goto(f"{served.address}/")
    tab.get_by_role("searchbox").fill("复议")
    tab.get_by_role("search").get_by_role("button").click()

    marks = tab.locator("article.hit mark").all_inner_texts()
    assert marks
    assert set(marks) == {"复议"}
    tab.locator("article.hit h2 a").first.click()
    assert tab.title().endswith("政府信息公开年报档案")
    assert "/-/report/" in tab.url


def test_what_is_asked_for_is_shown_as_text(served: Any, tab: Any):
    make_index(served.archive)
    tab.goto(f"{served.address}/-/search?q={quote('<script>alert(1)</script>复议')}")

    assert tab.locator("main script").count() == 0
    assert tab.locator("input[name=q]").input_value() == "<script>alert(1)</script>复议"
