"""Releases: whole, described, checkable, compared with the last one, and never of invented figures."""

import csv
import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from govcrawl import reading, warc
from govcrawl.archive.layout import database_of
from govcrawl.archive.projection import rebuild
from govcrawl.db.connection import open_database
from govcrawl.db.digest import content_digest
from govcrawl.errors import ArchiveError, ArchiveWriteError, UsageError
from govcrawl.publish import release
from govcrawl.publish.release import latest_release, make_release
from govcrawl.vocabulary import Origin
from govcrawl.warc import ArchiveWriter, Fetched, StoredExchange, moment

pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")


@pytest.fixture(scope="session")
def live(crawled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive as a crawl of real portals leaves it: the responses of the crawled one under the origin `live`."""
    archive = tmp_path_factory.mktemp("live")
    warc.prepare(archive)
    with ArchiveWriter(archive, origin=Origin.LIVE, software="test", registry_digest="0") as writer:
        for stored in warc.iter_stored(crawled):
            if isinstance(stored, StoredExchange):
                response, capture = stored.exchange.response, stored.capture
                fetched = Fetched(
                    at=moment(capture.fetched_at), url=response.url, status=response.status, reason="",
                    headers=(("Content-Type", response.header("Content-Type") or ""),), wire_body=response.body,
                    body=response.body, media_type=capture.media_type,
                )  # fmt: skip
                writer.write_exchange(capture.request, fetched, stored.outcome)
    rebuild(archive, 1)
    return archive


@pytest.fixture(scope="session")
def released(live: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A first release, made in May."""
    folder = tmp_path_factory.mktemp("releases") / "may"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVCRAWL_TODAY", "2026-05-01")
        make_release(live, folder)
    return folder


def sums_of(folder: Path) -> dict[str, str]:
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {path: digest for digest, path in (line.split("  ") for line in lines)}


def digest_of(database: Path) -> str:
    with closing(open_database(database, readonly=True)) as connection:
        return content_digest(connection)


def test_every_file_is_there_with_its_checksum(released: Path):
    files = {path.relative_to(released).as_posix() for path in released.rglob("*") if path.is_file()}

    sums = sums_of(released)
    assert files == {*sums, "SHA256SUMS"}
    assert {
        "govcrawl.db",
        "datapackage.json",
        "NOTES.md",
        "delta.csv",
        "csv/facts.csv",
        "parquet/facts.parquet",
    } < files
    for name, expected in sums.items():
        assert hashlib.sha256((released / name).read_bytes()).hexdigest() == expected
    assert {path.name for path in released.parent.iterdir()} == {"may"}


def test_the_package_describes_every_data_file(released: Path):
    package = json.loads((released / "datapackage.json").read_text(encoding="utf-8"))

    sums = sums_of(released)
    assert {one["path"]: one["hash"] for one in package["resources"]} == {
        path: f"sha256:{digest}" for path, digest in sums.items() if path not in {"NOTES.md", "datapackage.json"}
    }
    names = [one["name"] for one in package["resources"]]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[-a-z0-9._]+", name) for name in names)
    tables = [one for one in package["resources"] if "schema" in one]
    assert len(tables) > 40
    assert all(field["description"] for one in tables for field in one["schema"]["fields"])


def test_the_standards_validator_accepts_the_tables(released: Path, tmp_path: Path, standard_tool):
    folder = Path(shutil.copytree(released, tmp_path / "release"))
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [one for one in package["resources"] if one.get("format") == "csv"]
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")

    command = (standard_tool("frictionless"), "validate", "datapackage.json")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)

    assert done.returncode == 0, done.stdout
    assert " VALID" in done.stdout


def test_tables_and_database_say_the_same(live: Path, released: Path):
    with (released / "csv" / "facts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with closing(sqlite3.connect(released / "govcrawl.db")) as connection:
        facts = connection.execute("SELECT id, status FROM facts ORDER BY id").fetchall()
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    assert sorted((row["id"], row["status"]) for row in rows) == facts
    assert len(facts) > 1000
    assert digest_of(released / "govcrawl.db") == digest_of(database_of(live))
    assert mode == "delete"


def test_the_same_archive_on_the_same_day_gives_the_same_release(live: Path, released: Path, tmp_path, monkeypatch):
    monkeypatch.setenv("GOVCRAWL_TODAY", "2026-05-01")

    make_release(live, tmp_path / "may")

    assert sums_of(tmp_path / "may") == sums_of(released)


def test_the_notes_count_by_state_and_say_what_is_not_known(live: Path, released: Path):
    notes = (released / "NOTES.md").read_text(encoding="utf-8")

    with closing(open_database(database_of(live), readonly=True)) as connection:
        states = connection.execute("SELECT state, count(*) FROM coverage GROUP BY state").fetchall()
        (numbers,) = connection.execute("SELECT count(*) FROM current_facts WHERE status = 'number'").fetchone()
    assert states
    assert all(f"| {state} | {count} |" in notes for state, count in states)
    assert f"| number | {numbers} |" in notes
    assert all(limit in notes for limit in release.RELEASE_LIMITS)
    assert "the first release" in notes


def test_the_delta_lists_what_a_later_release_changes(live: Path, released: Path, tmp_path: Path, monkeypatch):
    shutil.copytree(released, tmp_path / "may")
    archive = Path(shutil.copytree(live, tmp_path / "elsewhere" / "archive"))
    read_report = reading.reports.read_report
    cell = ("proactive", "rules", "issued")

    def altered(page, *known):
        read = read_report(page, *known)
        facts = (
            fact._replace(value=-4.5)
            if (fact.table, fact.row, fact.column) == cell and fact.value is not None
            else fact
            for fact in read.facts
        )
        return replace(read, facts=tuple(facts))

    monkeypatch.setattr(reading.reports, "read_report", altered)
    rebuild(archive, 1)
    monkeypatch.setenv("GOVCRAWL_TODAY", "2026-06-01")

    make_release(archive, tmp_path / "june")
    make_release(archive, tmp_path / "july")

    with (tmp_path / "june" / "delta.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    notes = (tmp_path / "june" / "NOTES.md").read_text(encoding="utf-8")
    assert len(rows) > 5
    assert {row["cell"] for row in rows} == {"proactive.rules.issued"}
    assert {(row["new_value"], row["new_status"]) for row in rows} == {("-4.5", "number")}
    assert f"Since the release `may`: 0 facts new, 0 facts gone, {len(rows)} facts changed" in notes
    assert len((tmp_path / "july" / "delta.csv").read_text(encoding="utf-8").splitlines()) == 1
    assert "Since the release `june`: 0 facts new" in (tmp_path / "july" / "NOTES.md").read_text(encoding="utf-8")


def test_a_release_to_compare_with_may_be_named(live: Path, released: Path, tmp_path: Path):
    make_release(live, tmp_path / "r2", since=released)

    assert "Since the release `may`" in (tmp_path / "r2" / "NOTES.md").read_text(encoding="utf-8")
    assert latest_release(tmp_path) == tmp_path / "r2"
    assert latest_release(tmp_path, but=tmp_path / "r2") is None
    with pytest.raises(UsageError, match="this is no release"):
        make_release(live, tmp_path / "r3", since=tmp_path)


def test_invented_figures_are_never_released(crawled: Path, live: Path, archive_copy: Path, tmp_path: Path):
    with pytest.raises(ArchiveError, match="its origin is replica"):
        make_release(crawled, tmp_path / "r1")
    shutil.copy(database_of(live), database_of(archive_copy))
    with pytest.raises(ArchiveError, match="its origin is replica"):
        make_release(archive_copy, tmp_path / "r1")

    assert not (tmp_path / "r1").exists()


def test_a_release_that_fails_leaves_nothing_in_its_place(live: Path, tmp_path: Path, monkeypatch):
    def full(connection, path):
        path.write_bytes(b"half")
        raise ArchiveWriteError(f"{path}: the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(release, "copy_whole", full)
        with pytest.raises(ArchiveWriteError, match="the disk is full"):
            make_release(live, tmp_path / "r1")
    assert not (tmp_path / "r1").exists()

    make_release(live, tmp_path / "r1")

    assert {path.name for path in tmp_path.iterdir()} == {"r1"}
    assert digest_of(tmp_path / "r1" / "govcrawl.db") == digest_of(database_of(live))


def test_the_command(govcrawl, live: Path, crawled: Path, tmp_path: Path):
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "file").touch()

    made = govcrawl("release", tmp_path / "r1", "--archive", live)
    again = govcrawl("release", tmp_path / "r1", "--archive", live)
    invented = govcrawl("release", tmp_path / "r2", "--archive", crawled)
    nothing = govcrawl("release", tmp_path / "r2", "--archive", tmp_path / "none")
    used = govcrawl("release", tmp_path / "used", "--archive", live)

    assert [done.returncode for done in (made, again, invented, nothing, used)] == [0, 2, 2, 2, 2]
    assert all(len(done.stderr.splitlines()) == 1 for done in (again, invented, nothing, used))
    assert str(tmp_path / "r1" / "SHA256SUMS") in made.stdout.splitlines()
    assert not (tmp_path / "r2").exists()
