"""Archives that earlier versions made open as they are, read back clean, and give the same content when rebuilt."""

import lzma
import shutil
from contextlib import closing
from itertools import dropwhile
from pathlib import Path

import pytest

from govcrawl.archive.layout import database_of
from govcrawl.archive.projection import rebuild
from govcrawl.archive.verification import verify_archive
from govcrawl.db.connection import open_database
from govcrawl.db.digest import content_digest, lines

ARCHIVES = Path(__file__).parent / "fixtures" / "archives"
VERSIONS = tuple(sorted(folder.name for folder in ARCHIVES.iterdir()))
LARGEST = 1_000_000


@pytest.fixture(params=VERSIONS)
def kept(request: pytest.FixtureRequest) -> Path:
    """The folder of an archive as its version left it, packed."""
    return ARCHIVES / request.param


@pytest.fixture
def archive(kept: Path, tmp_path: Path) -> Path:
    """The archive unpacked, to be worked on."""
    folder = tmp_path / "archive"
    shutil.copytree(kept / "warc", folder / "warc")
    shutil.copy(kept / "verdicts.jsonl", folder)
    database_of(folder).write_bytes(lzma.decompress((kept / "govcrawl.db.xz").read_bytes()))
    return folder


def digest_of(archive: Path) -> str:
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        return content_digest(connection)


def rows(archive: Path, query: str) -> list[tuple]:
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        return connection.execute(query).fetchall()


def said(kept: Path) -> str:
    return (kept / "digest.txt").read_text("ascii").strip()


def content(archive: Path) -> set[bytes]:
    """What the digest is made of, but for the registry's lines, which every mended entry changes."""
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        return set(dropwhile(lambda line: line != b"agencies\n", lines(connection)))


def meant(kept: Path) -> list[str]:
    """The lines that a rebuild of today takes away or adds on purpose, as `rebuilt.diff` beside the digest has them."""
    written = kept / "rebuilt.diff"
    return written.read_text("utf-8").splitlines() if written.exists() else []


def test_every_version_has_its_archive():
    assert "0.1.0" in VERSIONS


def test_its_database_has_the_digest_that_was_printed(kept: Path, archive: Path):
    assert digest_of(archive) == said(kept)


def test_every_record_and_locator_reads_back(archive: Path):
    assert list(verify_archive(archive)) == []


def test_a_rebuild_gives_the_same_content(kept: Path, archive: Path):
    verdicts = "SELECT kind, verdict FROM issues WHERE verdict IS NOT NULL"
    before, held = rows(archive, verdicts), content(archive)

    done = rebuild(archive, 1)

    assert done.problems == ()
    today = content(archive)
    changes = [f"- {line.decode().strip()}" for line in held - today] + [
        f"+ {line.decode().strip()}" for line in today - held
    ]
    assert sorted(changes) == meant(kept)
    assert rows(archive, verdicts) == before != []


def test_what_is_derived_does_not_depend_on_the_day_of_the_rebuild(archive: Path, monkeypatch: pytest.MonkeyPatch):
    tables = ("coverage", "serial_gaps", "version_spans", "revisions", "changes")
    seen = []
    for day in ("2020-02-29", "2031-08-05"):
        monkeypatch.setenv("GOVCRAWL_TODAY", day)
        rebuild(archive, 1)
        seen.append({table: rows(archive, f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4") for table in tables})

    assert all(seen[0].values())
    assert seen[0] == seen[1]


def test_it_is_small(kept: Path):
    assert sum(path.stat().st_size for path in kept.rglob("*")) <= LARGEST
