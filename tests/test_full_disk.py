"""A disk that is full ends a command in one line, and no half file stands under its final name.

No file may grow beyond a few blocks, as a shell sets it. The database of the copy needs no files beside it to be read,
so that what fails is what a command writes.
"""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from govcrawl.archive.layout import database_of

BLOCKS = 2
PROGRAM = "from govcrawl.cli import main; main()"
COMMANDS = {
    "export as CSV": ("export", "out", "--format", "csv"),
    "export as Parquet": ("export", "out", "--format", "parquet"),
    "release": ("release", "out"),
    "export-wacz": ("export-wacz", "330604", "2023", "out"),
    "manifest": ("manifest",),
    "index": ("index",),
}

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def archive(archive_copy: Path) -> Path:
    with closing(sqlite3.connect(database_of(archive_copy))) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return archive_copy


@pytest.fixture
def run(archive: Path, tmp_path: Path) -> Run:
    """Runs a command where files may have so many blocks, and stdout may be a file."""

    def run(command: tuple[str, ...], blocks: int | str = "unlimited", stdout: str = "/dev/null"):
        call = (sys.executable, "-c", PROGRAM, command[0], "--archive", str(archive), *command[1:])
        limited = ("/bin/sh", "-c", f'ulimit -f {blocks}; exec "$@" > {stdout}', "sh", *call)
        return subprocess.run(limited, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)

    return run


def make_live(archive: Path) -> None:
    """Invented figures are never released, so this archive is one whose records nobody has."""
    shutil.rmtree(archive / "warc")
    with closing(sqlite3.connect(database_of(archive))) as connection:
        connection.execute("UPDATE archive SET value = 'live' WHERE name = 'origin'")
        connection.commit()


def files_of(*folders: Path) -> dict[str, bytes]:
    """What stands under final names: parts that a killed command left are no such names."""
    found = (path for folder in folders for path in [folder, *folder.rglob("*")] if path.is_file())
    return {str(path): path.read_bytes() for path in found}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_full_disk_is_told_in_one_line_and_leaves_no_half_file(archive: Path, run: Run, tmp_path: Path, command):
    if command[0] == "release":
        make_live(archive)
    before = files_of(archive)

    done = run(command, BLOCKS)

    assert done.returncode == 1, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "make room" in done.stderr
    half = files_of(archive, tmp_path / "out")
    assert {path: data for path, data in half.items() if path in before} == before
    assert run(command).returncode == 0
    whole = files_of(archive, tmp_path / "out")
    assert half.items() - before.items() <= whole.items()
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".part")]


@pytest.mark.parametrize("command", [COMMANDS["manifest"], COMMANDS["index"], COMMANDS["export-wacz"]])
def test_what_was_made_before_stays(archive: Path, run: Run, tmp_path: Path, command):
    assert run(command).returncode == 0
    before = files_of(archive, tmp_path / "out")

    done = run(command, BLOCKS)

    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert files_of(archive, tmp_path / "out") == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("command", [("coverage",), ("as-of", "2030-01-01"), ("digest",), ("season", "--cron")])
def test_a_full_disk_behind_the_output_is_told_in_one_line(run: Run, command):
    done = run(command, stdout="/dev/full")

    told = "govcrawl: output: No space left on device; make room or mend the disk and try again\n"
    assert (done.returncode, done.stderr) == (1, told)
