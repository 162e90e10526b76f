"""What a new version of a reader changes is told fact by fact, and nothing else is."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from govcrawl import reading
from govcrawl.archive.projection import database_of, rebuild
from govcrawl.db.connection import open_database
from govcrawl.errors import ArchiveError
from govcrawl.publish.comparison import fact_differences
from govcrawl.vocabulary import Status

CELL = "proactive.rules.issued"


@pytest.fixture
def reread(archive_copy: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes the database of the archive's copy anew with a reader that alters facts; its path."""

    def make(alter) -> Path:
        read_report = reading.reports.read_report

        def altered(page, *known):
            read = read_report(page, *known)
            return replace(read, facts=tuple(fact for old in read.facts if (fact := alter(old))))

        monkeypatch.setattr(reading.reports, "read_report", altered)
        rebuild(archive_copy, 1)
        return database_of(archive_copy)

    return make


def facts_of(database: Path, where: str = "1") -> dict:
    query = (
        'SELECT document_id, "table" || \'.\' || "row" || \'.\' || "column", value, status FROM facts'
        " JOIN report_versions AS version ON version.id = report_version_id"
        f" WHERE {where}"
    )
    with closing(open_database(database, readonly=True)) as connection:
        return {(document, cell): (value, status) for document, cell, value, status in connection.execute(query)}


def cell_of(fact) -> str:
    return f"{fact.table}.{fact.row}.{fact.column}"


def test_the_same_reader_changes_nothing(crawled: Path, reread):
    assert list(fact_differences(database_of(crawled), reread(lambda fact: fact))) == []


def test_a_changed_value_is_told_with_document_cell_old_and_new(crawled: Path, reread):
    was = {key: value for key, value in facts_of(database_of(crawled), "status = 'number'").items() if key[1] == CELL}

    def add_one(fact):
        is_meant = cell_of(fact) == CELL and fact.status is Status.NUMBER
        return fact._replace(value=fact.value + 1) if is_meant else fact

    found = list(fact_differences(database_of(crawled), reread(add_one)))

    assert len(was) > 5
    assert {(one.document_id, one.cell): one.old[:2] for one in found} == was
    assert all(one.new == (one.old[0] + 1, *one.old[1:]) for one in found)
    assert all(one.url.startswith("http") and one.since[:2] == "20" for one in found)


def test_a_fact_no_longer_read_is_told_and_in_the_other_direction_as_new(crawled: Path, reread):
    old = database_of(crawled)
    new = reread(lambda fact: None if cell_of(fact) == CELL else fact)

    gone, come = list(fact_differences(old, new)), list(fact_differences(new, old))

    assert {(one.document_id, one.cell) for one in gone} == {key for key in facts_of(old) if key[1] == CELL}
    assert all(one.new is None and one.old is not None for one in gone)
    assert [(one.document_id, one.cell, one.new, one.old) for one in come] == [
        (one.document_id, one.cell, one.old, one.new) for one in gone
    ]


def test_a_document_that_one_database_lacks_gives_all_its_facts(crawled: Path, reread):
    new = reread(lambda fact: fact)
    with closing(open_database(new)) as connection:
        (document,) = connection.execute("SELECT min(document_id) FROM version_spans").fetchone()
        connection.execute("DELETE FROM version_spans WHERE document_id = ?", (document,))

    found = list(fact_differences(database_of(crawled), new))

    assert {one.document_id for one in found} == {document}
    assert {one.cell for one in found} == {cell for place, cell in facts_of(database_of(crawled)) if place == document}


def test_what_is_no_database_of_govcrawl_is_refused(crawled: Path, tmp_path: Path):
    with pytest.raises(ArchiveError, match="there is no database"):
        list(fact_differences(database_of(crawled), tmp_path / "none.db"))
    open_database(tmp_path / "other.db").close()
    with pytest.raises(ArchiveError, match=r"other\.db: this is no database of govcrawl's"):
        list(fact_differences(tmp_path / "other.db", database_of(crawled)))


def test_the_command_takes_databases_and_archives(govcrawl, crawled: Path, reread):
    new = reread(lambda fact: None if cell_of(fact) == CELL else fact)

    same = govcrawl("diff", crawled, database_of(crawled))
    other = govcrawl("diff", database_of(crawled), new.parent)
    wrong = govcrawl("diff", crawled, crawled / "none")

    assert (same.returncode, other.returncode, wrong.returncode) == (0, 1, 2)
    assert same.stdout == ""
    assert all(CELL in line and "-> no such cell" in line for line in other.stdout.splitlines())
    assert f"{len(other.stdout.splitlines())} facts differ" in other.stderr
