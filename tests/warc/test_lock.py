"""One process at a time, and folders that cannot be used are refused with one clear line."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from govcrawl.errors import ArchiveError
from govcrawl.warc import ArchiveLock, prepare

HOLD = """
import sys, time
from pathlib import Path
from govcrawl.warc import ArchiveLock
with ArchiveLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def owner(archive):
    """Another process that holds the archive."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(archive)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait(10)
    process.stdout.close()


def test_a_second_process_is_refused_with_the_owners_pid(archive, owner):
    with pytest.raises(ArchiveError, match=rf"in use by process {owner.pid} on \S+: wait") as raised:
        ArchiveLock(archive).acquire()
    assert raised.value.exit_code == 2
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_dead_owners_lock_is_free(archive, owner, end):
    owner.send_signal(end)
    owner.wait(10)
    with ArchiveLock(archive):
        assert (archive / ".lock").read_text().startswith(f"process {os.getpid()} on ")


def test_a_lock_is_given_back_and_taken_again(archive):
    for _ in range(3):
        with ArchiveLock(archive), pytest.raises(ArchiveError, match=f"process {os.getpid()} "):
            ArchiveLock(archive).acquire()
    ArchiveLock(archive).release()


def test_an_archive_that_cannot_be_locked_says_so(tmp_path):
    (tmp_path / ".lock").mkdir()

    with pytest.raises(ArchiveError, match=r"\.lock cannot be locked \(Is a directory\)"):
        ArchiveLock(tmp_path).acquire()


def test_prepare_makes_what_belongs_in_the_folder(tmp_path):
    prepare(tmp_path)
    prepare(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["warc"]
    assert list((tmp_path / "warc").iterdir()) == []


def test_prepare_refuses_what_is_no_usable_folder(tmp_path):
    file = tmp_path / "file"
    file.touch()
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "warc").touch()
    for folder, fault in (
        (tmp_path / "none", "does not exist: make it"),
        (file, "is not a folder"),
        (blocked, r"cannot be written \("),
        (Path("/proc/self"), r"cannot be written \("),
    ):
        with pytest.raises(ArchiveError, match=re.escape(str(folder)) + " " + fault) as raised:
            prepare(folder)
        assert "\n" not in str(raised.value)
        assert raised.value.exit_code == 2
