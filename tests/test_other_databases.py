"""Every command that reads a database says of one that is no good what it is, in one line, and leaves it as it is."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from govcrawl.archive.layout import database_of
from govcrawl.cli import main


def empty(path: Path) -> None:
    path.touch()


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE notes (x); INSERT INTO notes VALUES ('mine')")


def no_database(path: Path) -> None:
    path.write_bytes(b"a text that somebody gave this name\n" * 500)


def half_made(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE archive (name, value); CREATE TABLE captures (x); CREATE TABLE reports (x)"
        )


def of_another_version(path: Path) -> None:
    """An archive's tables, some with other columns; views that name what is no longer there go first."""
    with closing(sqlite3.connect(path)) as connection:
        for kind, name in connection.execute("SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL").fetchall():
            if kind == "view":
                connection.execute(f"DROP VIEW {name}")
        for table in ("captures", "reports", "domains", "facts_", "report_versions", "agencies"):
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
                connection.executescript(f"DROP TABLE {table}; CREATE TABLE {table} (unheard_of)")


KINDS = (empty, foreign, no_database, half_made, of_another_version)
COMMANDS = {
    "digest": ("digest",),
    "verify": ("verify",),
    "coverage": ("coverage", "--year", "2023"),
    "export": ("export", "out", "--format", "csv"),
    "as-of": ("as-of", "2030-01-01"),
    "index": ("index",),
    "export-wacz": ("export-wacz", "330604", "2023", "out.wacz"),
    "release": ("release", "out"),
    "portals rest": ("portals", "rest"),
    "portals rest --clear": ("portals", "rest", "--clear", "330604"),
    "portals explain": ("portals", "explain", "https://www.shangyu.gov.cn/art/1.html"),
    "portals allow": ("portals", "allow", "zwgk.shangyu.gov.cn"),
}

Made = Callable[[Callable[[Path], None]], Path]


@pytest.fixture
def made(crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """A function that makes an archive whose database is of a kind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = govcrawl.settings\n", encoding="utf-8")

    def made(kind: Callable[[Path], None]) -> Path:
        archive = tmp_path / "archive"
        archive.mkdir()
        if kind is of_another_version:
            shutil.copy(database_of(crawled), archive)
        kind(database_of(archive))
        return archive

    return made


CASES = [
    pytest.param(command, kind, id=f"{name} of {kind.__name__}")
    for name, command in COMMANDS.items()
    for kind in KINDS
    if (name, kind) != ("portals allow", of_another_version)  # it reads nothing that differs
]


@pytest.mark.parametrize(("command", "kind"), CASES)
def test_a_database_that_is_no_good_is_told_in_one_line(made: Made, command: tuple[str, ...], kind):
    archive = made(kind)
    before = database_of(archive).read_bytes()
    words = 2 if command[0] == "portals" else 1

    done = CliRunner().invoke(main, (*command[:words], "--archive", str(archive), *command[words:]))

    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1), done.output
    assert "govcrawl rebuild" in done.stderr or "its origin is replica" in done.stderr
    assert str(archive) in done.stderr
    if kind is not of_another_version:
        assert database_of(archive).read_bytes() == before


@pytest.mark.parametrize("kind", [foreign, no_database, half_made, of_another_version])
def test_a_crawl_or_an_import_leaves_it_alone(made: Made, tmp_path: Path, crawled: Path, kind):
    archive, theirs = made(kind), tmp_path / "theirs.warc.gz"
    shutil.copy(max((crawled / "warc").rglob("*.warc.gz"), key=lambda path: path.stat().st_size), theirs)

    done = CliRunner().invoke(main, ("import", "--archive", str(archive), str(theirs)))

    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1), done.output


def test_a_foreign_database_stays_as_it_is_to_the_byte(made: Made, tmp_path: Path, crawled: Path):
    archive, theirs = made(foreign), tmp_path / "theirs.warc.gz"
    shutil.copy(max((crawled / "warc").rglob("*.warc.gz"), key=lambda path: path.stat().st_size), theirs)
    before = database_of(archive).read_bytes()

    CliRunner().invoke(main, ("import", "--archive", str(archive), str(theirs)))

    assert database_of(archive).read_bytes() == before
    assert not list(archive.glob("govcrawl.db-*"))
