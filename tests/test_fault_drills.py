"""Commands that are killed leave what was, or what was to be; started again they finish what they began.

A few kills in `make test`, many in `make soak`, each at a random moment of the command's life.
"""

import hashlib
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from govcrawl import warc
from govcrawl.archive import manifests
from govcrawl.archive.layout import database_of
from govcrawl.archive.verification import verify_archive
from govcrawl.db.connection import open_database
from govcrawl.db.digest import content_digest

FEW, MANY = 2, 20
KILLS = [FEW, pytest.param(MANY, marks=pytest.mark.soak)]


@dataclass(frozen=True)
class Drill:
    """A command of `govcrawl`: started and killed at random moments, then run to its end."""

    arguments: tuple[str, ...]

    def kill(self, times: int) -> Iterator[None]:
        """Yields after each kill; the moments are spread over the seconds that such a command takes."""
        moments = random.Random(11)
        for _ in range(times):
            process = self._started()
            time.sleep(moments.uniform(0.2, 4.0))
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=600)
            yield

    def finish(self) -> None:
        process = self._started()
        _, complaint = process.communicate(timeout=600)
        assert process.returncode == 0, complaint

    def _started(self) -> "subprocess.Popen[str]":
        command = (sys.executable, "-c", "from govcrawl.cli import main; main()", *self.arguments)
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def drill(archive_copy: Path) -> Callable[..., Drill]:
    return lambda *arguments: Drill((*map(str, arguments), "--archive", str(archive_copy)))


def digest_of(archive: Path) -> str:
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        return content_digest(connection)


@pytest.mark.parametrize("times", KILLS)
def test_a_killed_rebuild_leaves_the_old_database(archive_copy: Path, drill, times: int):
    before = digest_of(archive_copy)
    rebuild = drill("rebuild", "--processes", "1")

    for _ in rebuild.kill(times):
        assert digest_of(archive_copy) == before
    rebuild.finish()

    assert digest_of(archive_copy) == before
    assert list(verify_archive(archive_copy)) == []
    assert not list(archive_copy.glob("*.new*"))


@pytest.mark.parametrize("times", KILLS)
def test_a_killed_import_is_finished_by_the_next(archive_copy: Path, crawled: Path, drill, tmp_path: Path, times: int):
    theirs = [Path(shutil.copy(warc.warc_path(crawled, name), tmp_path)) for name in warc.warc_files(crawled)]
    before = digest_of(crawled)
    shutil.rmtree(archive_copy)
    archive_copy.mkdir()
    imported = drill("import", *theirs)

    for _ in imported.kill(times):
        found = [one for one in warc.everything(archive_copy) if isinstance(one, warc.Problem)]
        assert found == []
    imported.finish()
    after = digest_of(archive_copy)
    imported.finish()

    stored = [one.capture for one in warc.iter_stored(archive_copy) if isinstance(one, warc.StoredExchange)]
    places = {(one.url, one.fetched_at, one.sha256) for one in stored}
    assert len(places) == len(stored) > 20
    assert digest_of(archive_copy) == after != before
    assert list(verify_archive(archive_copy)) == []


@pytest.mark.parametrize("times", KILLS)
def test_a_killed_manifest_or_wacz_is_whole_or_not_there(archive_copy: Path, drill, tmp_path: Path, times: int):
    (path,) = manifests.write_manifests(archive_copy).paths[-1:]
    whole = path.read_bytes()
    exported = drill("export-wacz", "330604", "2023", tmp_path / "reports.wacz")
    exported.finish()
    wacz = (tmp_path / "reports.wacz").read_bytes()

    for command, place, content in ((drill("manifest"), path, whole), (exported, tmp_path / "reports.wacz", wacz)):
        place.unlink()
        for _ in command.kill(times):
            assert not place.exists() or place.read_bytes() == content
        command.finish()
        assert place.read_bytes() == content
        assert not list(place.parent.glob("*.part"))


@pytest.mark.parametrize("times", KILLS)
def test_a_killed_export_has_no_half_file(archive_copy: Path, drill, tmp_path: Path, times: int):
    export = drill("export", tmp_path / "whole", "--format", "csv")
    export.finish()
    content = {path.name: digest_of_file(path) for path in (tmp_path / "whole").iterdir()}
    export = drill("export", tmp_path / "killed", "--format", "csv")

    for _ in export.kill(times):
        written = [path for path in (tmp_path / "killed").glob("*") if path.suffix != ".part"]
        assert all(content[path.name] == digest_of_file(path) for path in written)
    export.finish()

    assert {path.name: digest_of_file(path) for path in (tmp_path / "killed").iterdir()} == content


def digest_of_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
