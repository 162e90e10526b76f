import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from govcrawl.db import schema
from govcrawl.db.connection import open_database
from govcrawl.errors import ArchiveError
from govcrawl.vocabulary import Origin, Status

PROMISED = {
    "portals": "id name division_code host platforms",
    "agencies": "id name portal_id organisation_code division_code",
    "crawls": "id spider started_at finished_at finish_reason version",
    "attempts": "id crawl_id url at outcome http_status",
    "captures": "id url fetched_at sha256 warc_file warc_offset warc_length media_type",
    "listings": "id portal_id index_number index_prefix index_year index_serial title url listed_on first_seen_at"
    " last_seen_at",
    "documents": "id portal_id url title index_number publisher published_on document_number disclosure_mode theme"
    " script",
    "reports": "id agency_id year scope current_version_id url index_number published_on",
    "report_copies": "report_id document_id preferred",
    "report_versions": "id report_id document_id capture_id form parser_version valid_from valid_to",
    "sections": "id report_version_id key heading text",
    "facts": "id report_version_id table row column value status raw unit locator",
    "current_facts": "id report_id agency division_code year scope form table row column label_zh value status unit",
    "checks": "id report_version_id identity at outcome left right",
    "claims": "id report_version_id kind value outcome text against",
    "issues": "id stable_key report_version_id capture_id kind severity detail first_seen_at closed_at verdict",
    "coverage": "agency_id year state reason",
    "serial_gaps": "index_prefix year first_serial last_serial assessment",
    "proactive_wide": "report_id agency year form rules__issued",
    "applications_wide": "report_id agency year form new_received__total",
    "review_litigation_wide": "report_id agency year form cases__reconsideration_total",
}
"""What other programs rely on: tables and views with the columns promised."""


@pytest.mark.parametrize(("name", "columns"), PROMISED.items(), ids=PROMISED)
def test_every_promised_column_exists(connection, name, columns):
    found = {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}

    assert set(columns.split()) <= found


def test_every_table_and_view_is_described(connection):
    known = schema.load_schema()
    described = set(known.tables) | set(known.views)
    made = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}

    assert {name for name in made if not name.startswith(("sqlite_", "_sqlite"))} == described | {
        "proactive_wide",
        "applications_wide",
        "review_litigation_wide",
    }
    for relation in (*known.tables.values(), *known.views.values()):
        assert relation.about.endswith(".")
        assert all(column.about.endswith(".") for column in relation.columns), relation.name


def test_tables_have_the_columns_of_their_description(connection):
    for table in schema.load_schema().tables.values():
        found = [row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")]

        assert found == [column.name for column in table.columns]


def test_closed_lists_are_held(connection):
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        connection.execute(
            "INSERT INTO crawls (id, spider, round, started_at, version, arguments)"
            " VALUES ('c', 's', 's#1', 'now', '1', '{}')"
        ).connection.execute(
            "INSERT INTO attempts (id, crawl_id, request_id, portal_id, role, url, at, outcome)"
            " VALUES ('a', 'c', 'r', '330100', 'document', 'u', 'now', 'perhaps')"
        )


def test_the_code_of_a_word_is_its_place():
    assert [schema.code(status) for status in Status] == [0, 1, 2, 3, 4]


def test_it_runs_in_wal_mode_with_foreign_keys(connection):
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.execute(
            "INSERT INTO sections (id, report_version_id, key, heading, text)"
            " VALUES ('a', 'no version', 'overview', '', '')"
        )


def test_an_archive_has_one_origin(path):
    schema.create(path, Origin.REPLICA)
    schema.create(path, Origin.REPLICA)

    with pytest.raises(ArchiveError, match="origin replica, not live"):
        schema.create(path, Origin.LIVE)


def test_a_database_of_a_later_version_is_refused(path):
    schema.create(path, Origin.LIVE)
    with closing(open_database(path)) as connection:
        connection.execute("UPDATE _sqlite_migrations SET name = '9999 of the future'")

    with pytest.raises(ArchiveError, match="9999 of the future"):
        schema.create(path, Origin.LIVE)


def test_a_database_with_the_tables_of_another_version_is_refused(path):
    schema.create(path, Origin.LIVE)
    with closing(open_database(path)) as connection:
        connection.execute("ALTER TABLE captures DROP COLUMN comparable")

    with pytest.raises(ArchiveError, match=r"captures differs.*govcrawl rebuild"):
        schema.create(path, Origin.LIVE)


def test_making_it_again_changes_nothing(connection, path):
    before = list(connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name"))
    schema.create(path, Origin.REPLICA)

    assert list(connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name")) == before


# ------------------------------------------------------------------------------------------ made with sqlite-utils

FIXTURES = Path(__file__).parents[1] / "fixtures" / "schema"
MADE = (
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index') AND name NOT LIKE '%sqlite_%'"
)


def normalised(statements) -> set[str]:
    """Statements without what SQLite does not mind: quotes and white space."""
    return {re.sub(r"\s+", " ", re.sub(r'"|\s(?=\))|(?<=\()\s', "", text)).strip("; ") for text in statements}


def test_tables_and_indexes_are_those_that_are_written_down(connection):
    """A deliberate change of `schema.toml` changes `tables.sql` as well."""
    expected = normalised((FIXTURES / "tables.sql").read_text(encoding="utf-8").split(";\n")) - {""}

    assert normalised(sql for (sql,) in connection.execute(MADE)) == expected


def test_a_database_of_0_1_0_asks_for_a_rebuild_in_one_line(tmp_path):
    path = tmp_path / "old.db"
    with closing(open_database(path)) as old:
        old.executescript((FIXTURES / "0.1.0.sql").read_text(encoding="utf-8"))
        schema.MIGRATIONS.ensure_migrations_table(Database(old))
        Database(old).table("_sqlite_migrations").insert(
            {"migration_set": "govcrawl", "name": "0001 tables", "applied_at": "2026-11-29"}
        )

    with pytest.raises(ArchiveError, match=r"made by another version .*; run `govcrawl rebuild`") as error:
        schema.create(path, Origin.REPLICA)
    assert "\n" not in str(error.value)


PLAIN = [table for table in schema.load_schema().tables.values() if not (table.constraints or table.without_rowid)]


@pytest.mark.parametrize("table", PLAIN, ids=lambda table: table.name)
def test_a_table_that_sqlite_utils_makes_has_the_statement_of_its_description(connection, table):
    (made,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table.name,)).fetchone()

    assert normalised([made]) == normalised([table.sql])


@pytest.mark.parametrize("name", ["captures", "version_keys", "agencies"])
def test_a_migration_may_transform_a_table_with_its_constraints(connection, name):
    table = Database(connection).table(name)
    before = normalised([table.schema]), len(table.indexes), table.count

    table.transform(defaults={table.pks[0]: "0"})
    changed = normalised([table.schema])
    table.transform(defaults={table.pks[0]: None})

    assert changed != before[0]
    assert (normalised([table.schema]), len(table.indexes), table.count) == before


def test_the_migrations_are_listed_by_the_command_of_sqlite_utils(path):
    schema.create(path, Origin.LIVE)
    command = (sys.executable, "-m", "sqlite_utils", "migrate", str(path), schema.__file__, "--list")

    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout

    assert told.index("Applied:") < told.index("0001 tables") < told.index("Pending:")
