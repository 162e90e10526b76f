"""What somebody else left in an archive's folder is named and passed over, never followed, never lost in silence."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from govcrawl import warc
from govcrawl.archive.layout import VERDICTS, database_of
from govcrawl.archive.projection import rebuild
from govcrawl.db.connection import open_database, read_database
from govcrawl.db.digest import content_digest
from govcrawl.db.schema import create
from govcrawl.db.store.verdicts import parse_verdicts
from govcrawl.errors import ArchiveError
from govcrawl.vocabulary import Origin
from govcrawl.warc import ArchiveLock

GOOD = '{"stable_key":"a","verdict":"publisher_error","decided_at":"2026-01-02T03:04:05Z"}'
BAD = (
    b'{"stable_key":"a","verd', b"[1]", b"1", b"null", b'"a"', b"{}", b"\xff\xfe", b"[" * 100_000, b"{",
    b'{"stable_key":1,"verdict":"x","decided_at":"y"}', b'{"stable_key":"\\ud83d","verdict":"x","decided_at":"y"}',
    b'{"stable_key":"a","verdict":"x","decided_at":"y","more":"z"}',
    b'{"stable_key":"a","verdict":"x","decided_at":null}',
)  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_a_line_that_is_no_verdict_is_named_and_the_others_count(bad: bytes):
    verdicts, faults = parse_verdicts(GOOD.encode() + b"\n" + bad + b"\n\n" + GOOD.encode())

    assert [verdict.stable_key for verdict in verdicts] == ["a", "a"]
    assert [offset for offset, _ in faults] == [len(GOOD) + 1]
    assert faults[0][1].startswith("line 2 is no verdict")


def test_a_rebuild_and_a_second_one_name_the_line(archive_copy: Path):
    (archive_copy / VERDICTS).write_bytes(GOOD.encode() + b'\n{"stable_key":')

    for _ in range(2):
        (problem,) = rebuild(archive_copy, 1).problems
        assert str(problem).startswith(f"{VERDICTS} at byte {len(GOOD) + 1}")


def test_captures_that_the_records_no_longer_hold_are_named_and_their_database_is_kept(archive_copy: Path):
    (name,) = (name for name in warc.warc_files(archive_copy) if not name.startswith(warc.RUNS))
    stored = [one for one in warc.iter_file(archive_copy, name) if isinstance(one, warc.StoredExchange)]
    before = database_of(archive_copy).read_bytes()
    os.truncate(warc.warc_path(archive_copy, name), stored[-3].end)

    done = rebuild(archive_copy, 1)

    lost = [str(problem) for problem in done.problems]
    assert len(lost) == 2
    assert all("govcrawl.db.before, has this capture" in line for line in lost)
    kept = database_of(archive_copy).with_name("govcrawl.db.before")
    assert len(kept.read_bytes()) == len(before)
    assert rebuild(archive_copy, 1).problems == ()


def test_the_lock_follows_no_link(tmp_path: Path):
    precious = tmp_path / "precious"
    precious.write_text("mine", encoding="utf-8")
    (tmp_path / ".lock").symlink_to(precious)

    with pytest.raises(ArchiveError, match="is a link"):
        ArchiveLock(tmp_path).acquire()

    assert precious.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("made", ["", "CREATE TABLE t (x)", "CREATE TABLE archive (name, value)"])
def test_a_database_of_somebody_else_is_told_in_one_line(tmp_path: Path, made: str):
    with closing(sqlite3.connect(tmp_path / "govcrawl.db")) as connection:
        connection.executescript(made)

    with pytest.raises(ArchiveError, match="no database of govcrawl's"), read_database(tmp_path / "govcrawl.db"):
        pass


def test_a_database_of_another_version_is_told_where_it_is_asked(archive_copy: Path):
    with closing(open_database(database_of(archive_copy))) as connection:
        connection.execute("ALTER TABLE captures RENAME COLUMN sha256 TO digest")

    with (
        pytest.raises(ArchiveError, match="made by another version"),
        read_database(database_of(archive_copy)) as connection,
    ):
        connection.execute("SELECT sha256 FROM captures")


def test_a_foreign_database_is_never_written_into(tmp_path: Path):
    path = tmp_path / "govcrawl.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE notes (x); INSERT INTO notes VALUES ('mine')")

    with pytest.raises(ArchiveError, match="no database of govcrawl's"):
        create(path, Origin.LIVE)

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("notes",)]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to become another user")
def test_an_archive_that_may_not_be_written_to_is_read(crawled: Path):
    """In a folder that another user may enter; pytest's own may be entered by its owner alone."""
    with TemporaryDirectory() as folder:
        archive = Path(shutil.copytree(crawled, Path(folder) / "archive"))
        with closing(open_database(database_of(archive))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            expected = content_digest(connection)
        Path(folder).chmod(0o755)
        assert _as_nobody(lambda: digest_of(archive)) == expected


def digest_of(archive: Path) -> str:
    with read_database(database_of(archive)) as connection:
        return content_digest(connection)


def _as_nobody(work: Callable[[], str]) -> str:
    """What some work gives when a user does it who owns nothing, in a process of its own that always ends."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setuid(65534)
            os.write(writing, work().encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    return os.read(reading, 200).decode()
