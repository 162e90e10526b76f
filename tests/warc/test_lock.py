"""One process at a time, and folders that cannot be used are refused with one clear line."""

import errno
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import filelock
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


def test_the_lock_library_and_we_mean_the_same_lock(archive):
    with ArchiveLock(archive), pytest.raises(filelock.Timeout):
        filelock.FileLock(archive / ".lock").acquire(blocking=False)


def test_a_program_that_is_started_does_not_hold_the_lock_on(archive):
    """Not even in the moment before the system closes, in a new process, what is not to be inherited."""
    lock = ArchiveLock(archive)
    lock.acquire()
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], close_fds=False)
    try:
        lock.release()
        with ArchiveLock(archive):
            assert child.poll() is None
    finally:
        child.kill()
        child.wait(10)


@pytest.mark.parametrize("fault", [errno.ENOSYS, errno.ENOLCK])
def test_a_file_system_without_locks_is_told_and_its_file_is_closed(archive, monkeypatch, fault):
    def refuse(_file, **_options):
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(filelock, "lock_descriptor", refuse)
    before = len(list(Path("/proc/self/fd").iterdir()))

    with pytest.raises(ArchiveError, match=re.escape(f"cannot be locked ({os.strerror(fault)})")):
        ArchiveLock(archive).acquire()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_system_that_lacks_what_archives_need_is_told_in_one_line(archive, monkeypatch):
    monkeypatch.delattr(os, "pread")

    with pytest.raises(ArchiveError, match=r"lacks pread\): use Linux, macOS or WSL") as raised:
        prepare(archive)
    assert "\n" not in str(raised.value)


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
