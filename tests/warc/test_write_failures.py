"""A write that fails leaves the archive as it was before, and says what to do."""

import errno
import itertools
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest

from govcrawl.errors import ArchiveWriteError
from govcrawl.vocabulary import Outcome
from govcrawl.warc import append_only_file, iter_stored, recover, verify_records, warc_files, warc_path

CLEAR = "the record was not kept, all before it is; make room or mend the disk and run the same command again"


class FullDisk:
    """`os.write` to a disk with so much room left, taking a part of what it is given at a time."""

    def __init__(self, room, step):
        self.room = room
        self.step = step

    def __call__(self, file, data):
        taken = min(len(data), self.step, self.room)
        if taken == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.room -= taken
        return REAL_WRITE(file, data[:taken])


REAL_WRITE = os.write


@pytest.mark.parametrize("room", [0, 1, 100, 500, 1000])
def test_a_full_disk_takes_nothing_or_all(archive, new_writer, request_, fetched, monkeypatch, room):
    with new_writer() as writer:
        first = writer.write_exchange(request_, fetched, Outcome.OK)
        before = warc_path(archive, first.warc_file).read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr(append_only_file.os, "write", FullDisk(room, 333))
            with pytest.raises(ArchiveWriteError, match=CLEAR) as raised:
                writer.write_exchange(request_, fetched, Outcome.OK)
        assert "No space left on device" in str(raised.value)
        assert warc_path(archive, first.warc_file).read_bytes() == before
        second = writer.write_exchange(request_, fetched, Outcome.OK)
    assert [stored.capture for stored in iter_stored(archive)] == [first, second]


def test_short_writes_are_continued(archive, new_writer, request_, fetched, monkeypatch):
    monkeypatch.setattr(append_only_file.os, "write", FullDisk(10**6, 7))
    with new_writer() as writer:
        capture = writer.write_exchange(request_, fetched, Outcome.OK)
    assert [stored.capture for stored in iter_stored(archive)] == [capture]


def test_a_failed_first_write_leaves_no_file(archive, new_writer, request_, fetched, monkeypatch):
    monkeypatch.setattr(append_only_file.os, "write", FullDisk(200, 50))
    with new_writer() as writer, pytest.raises(ArchiveWriteError):
        writer.write_exchange(request_, fetched, Outcome.OK)
    assert warc_files(archive) == ()


def test_an_interrupted_write_leaves_nothing_of_itself(archive, new_writer, request_, fetched, monkeypatch):
    def interrupted(file, data):
        REAL_WRITE(file, data[:100])
        raise KeyboardInterrupt

    with new_writer() as writer:
        capture = writer.write_exchange(request_, fetched, Outcome.OK)
        monkeypatch.setattr(append_only_file.os, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            writer.write_exchange(request_, fetched, Outcome.OK)
    assert [stored.capture for stored in iter_stored(archive)] == [capture]


def test_nothing_is_appended_behind_a_strangers_bytes(archive, new_writer, request_, fetched):
    with new_writer() as writer:
        capture = writer.write_exchange(request_, fetched, Outcome.OK)
        with warc_path(archive, capture.warc_file).open("ab") as stranger:
            stranger.write(b"?")
        with pytest.raises(ArchiveWriteError, match="as this run left it"):
            writer.write_exchange(request_, fetched, Outcome.OK)


def test_a_disk_that_cannot_sync_stops_the_crawl(new_writer, request_, fetched, monkeypatch):
    def broken(file):
        raise OSError(errno.EIO, "Input/output error")

    writer = new_writer()
    writer.write_exchange(request_, fetched, Outcome.OK)
    with monkeypatch.context() as patch:
        patch.setattr(append_only_file.os, "fdatasync", broken)
        with pytest.raises(ArchiveWriteError, match="may not outlive a power cut"):
            writer.flush()
    writer.close()


def test_a_file_is_synced_once_per_interval_and_when_left(tmp_path, monkeypatch):
    now, synced = [0.0], []
    monkeypatch.setattr(append_only_file.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(append_only_file.os, "fdatasync", lambda file: synced.append(now[0]))
    file = append_only_file.AppendFile(tmp_path / "file", sync_seconds=5)
    for now[0] in (1, 2, 5, 6, 9, 10, 11):
        file.append(b"data")
    file.sync()
    file.sync()
    assert synced == [5, 10, 11]


POINTS = ((os, "open"), (os, "write"), (os, "fdatasync"), (os, "fsync"), (Path, "mkdir"))


def test_failing_at_any_call_to_the_system_keeps_the_archive_whole(archive, new_writer, request_, fetched):
    """The k-th call fails, for k = 1, 2, 3 … until a run comes through: a small run of two portals and a rotation."""
    failures = 0
    for step in itertools.count(1):
        shutil.rmtree(archive / "warc", ignore_errors=True)
        with pytest.MonkeyPatch.context() as patch:
            calls = fail_at(patch, step)
            kept = []
            try:
                with new_writer(max_bytes=3000) as writer:
                    for portal in ("330100", "330200", "330100", "330100"):
                        capture = writer.write_exchange(replace(request_, portal=portal), fetched, Outcome.OK)
                        kept.append(capture)
            except ArchiveWriteError:
                failures += 1
        stored = [found.capture for found in iter_stored(archive)]
        assert set(kept) <= set(stored)
        assert len(stored) <= len(kept) + 1
        assert (list(verify_records(archive)), recover(archive, {}).cuts) == ([], ())
        if next(calls) <= step:
            break
    assert len(kept) == 4
    assert failures == step - 1 > 15


def fail_at(patch, step):
    """Makes the k-th of all calls to the system fail; gives the counter of calls."""
    calls = itertools.count(1)

    def failing(real):
        def call(*arguments, **options):
            if next(calls) == step:
                raise OSError(errno.EIO, "Input/output error")
            return real(*arguments, **options)

        return call

    for owner, name in POINTS:
        patch.setattr(owner, name, failing(getattr(owner, name)))
    return calls


LOOP = """
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    from govcrawl.models import Request
    from govcrawl.vocabulary import Origin, Outcome, Role
    from govcrawl.warc import ArchiveWriter, Fetched

    writer = ArchiveWriter(Path(sys.argv[1]), origin=Origin.REPLICA, software="test", registry_digest="0")
    for number in range(100_000):
        url = f"http://a.gov.cn/{number}"
        request = Request("330100", "trs-static", Role.DOCUMENT, url)
        body = url.encode() * 2000
        fetched = Fetched(datetime(2026, 1, 1, tzinfo=UTC), url, 200, "OK", (), body, body, "text/html")
        writer.write_exchange(request, fetched, Outcome.OK)
        print(number, flush=True)
"""


def write_in_a_process(archive, prelude=""):
    program = textwrap.dedent(prelude) + textwrap.dedent(LOOP)
    return subprocess.Popen(
        [sys.executable, "-c", program, str(archive)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("moment", [0.05, 0.1, 0.17, 0.23, 0.4])
def test_a_killed_process_loses_nothing_it_has_acknowledged(archive, moment):
    process = write_in_a_process(archive)
    assert process.stdout.readline() == "0\n"
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    acknowledged = [0, *map(int, process.stdout.read().split())]
    process.wait(10)
    process.stderr.close()
    recover(archive, {})
    urls = [stored.capture.url for stored in iter_stored(archive)]
    assert urls[: len(acknowledged)] == [f"http://a.gov.cn/{number}" for number in acknowledged]
    assert len(urls) <= len(acknowledged) + 1
    assert list(verify_records(archive)) == []


def test_a_real_limit_of_the_system_stops_with_one_clear_line(archive):
    limit = 20_000
    prelude = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    process = write_in_a_process(archive, prelude)
    printed, complaint = process.communicate(timeout=600)
    acknowledged = printed.split()
    assert complaint.splitlines()[-1].startswith("govcrawl.errors.ArchiveWriteError: ")
    assert CLEAR in complaint.splitlines()[-1]
    (warc_file,) = warc_files(archive)
    assert warc_path(archive, warc_file).stat().st_size < limit
    assert len(list(iter_stored(archive))) == len(acknowledged) > 5
    assert recover(archive, {}).cuts == ()
