"""After a crash the archive ends with a whole group, the torn end is in quarantine, and nothing is lost from sight."""

import errno
import gzip
import os
import shutil
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from govcrawl.errors import ArchiveWriteError
from govcrawl.vocabulary import Outcome
from govcrawl.warc import Tail, iter_stored, recover, recovery, verify_records, warc_files, warc_path

from ..exploration import examples


@pytest.fixture
def written(archive, new_writer, request_, fetched):
    """Three exchanges in one file, and the file's bytes."""
    with new_writer() as writer:
        captures = [writer.write_exchange(request_, fetched, Outcome.OK) for _ in range(3)]
    return captures, warc_path(archive, captures[0].warc_file)


def ends_of(archive):
    return [stored.end for stored in iter_stored(archive)]


def test_an_archive_that_is_all_indexed_needs_nothing(archive, written):
    captures, path = written
    recovery_ = recover(archive, {captures[0].warc_file: path.stat().st_size})
    assert (recovery_.tails, recovery_.cuts, recovery_.problems) == ((), (), ())
    assert list(recovery_.stored()) == []


def test_what_the_ledger_does_not_know_is_given_for_indexing(archive, written):
    captures, path = written
    first_end, _, last_end = ends_of(archive)
    recovered = recover(archive, {captures[0].warc_file: first_end})
    assert recovered.tails == (Tail(captures[0].warc_file, first_end, last_end),)
    assert [stored.capture for stored in recovered.stored()] == captures[1:]
    assert [stored.capture for stored in recover(archive, {}).stored()] == captures
    assert path.stat().st_size == last_end


def test_a_tail_cut_at_any_byte_goes_to_quarantine(archive, written, monkeypatch):
    """Every length the last append can have been cut to by a power cut."""
    monkeypatch.setattr(os, "fsync", lambda file: None)  # a thousand of them take a minute on some disks
    captures, path = written
    whole = path.read_bytes()
    _, good, last_end = ends_of(archive)
    for cut in range(good + 1, last_end):
        path.write_bytes(whole[:cut])
        recovered = recover(archive, {captures[0].warc_file: good})
        (torn,) = recovered.cuts
        assert (torn.offset, torn.length) == (good, cut - good)
        assert torn.kept_as.read_bytes() == whole[good:cut]
        assert path.read_bytes() == whole[:good]
        assert (recovered.tails, recovered.problems) == ((), ())
    assert [stored.capture for stored in iter_stored(archive)] == captures[:2]
    assert [kept.name for kept in (archive / "quarantine").iterdir()] == [f"{path.name}.{good}.torn"]


GARBAGE = {
    "zeros": bytes(5000),
    "noise": bytes(range(256)) * 20,
    "a gzip member that is no record": gzip.compress(b"no record"),
    "the beginning of a member": b"\x1f\x8b\x08",
    "plain text": b"WARC/1.1\r\nWARC-Type: response\r\n\r\n",
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
@pytest.mark.parametrize("indexed", [0, 1, 3])
def test_a_tail_of_anything_else_goes_too(archive, written, garbage, indexed):
    captures, path = written
    whole = path.read_bytes()
    ends = [0, *ends_of(archive)]
    path.write_bytes(whole + garbage)
    recovered = recover(archive, {captures[0].warc_file: ends[indexed]})
    assert path.read_bytes() == whole
    assert [torn.kept_as.read_bytes() for torn in recovered.cuts] == [garbage]
    assert [stored.capture for stored in recovered.stored()] == captures[indexed:]
    assert list(verify_records(archive)) == []


@examples(50, HealthCheck.function_scoped_fixture)
@given(cut=st.integers(1, 10_000), tail=st.binary(max_size=300))
def test_whatever_the_end_looks_like_the_archive_reads_on(archive, written, tmp_path_factory, cut, tail):
    captures, _ = written
    place = tmp_path_factory.mktemp("copy") / "archive"
    shutil.copytree(archive, place)
    file = warc_path(place, captures[0].warc_file)
    whole = file.read_bytes()
    file.write_bytes(whole[: cut % (len(whole) + 1)] + tail)
    recovered = [stored.capture for stored in recover(place, {}).stored()]
    assert recovered == captures[: len(recovered)]
    assert list(verify_records(place)) == []
    assert recover(place, {}).cuts == ()
    kept = b"".join(torn.read_bytes() for torn in (place / "quarantine").glob("*.torn"))
    remains = file.read_bytes() if file.exists() else b""
    assert remains + kept == whole[: cut % (len(whole) + 1)] + tail


def test_a_file_of_which_nothing_is_whole_goes_away(archive, written):
    _, path = written
    torn = path.read_bytes()[:100]
    path.write_bytes(torn)
    (cut,) = recover(archive, {}).cuts
    assert warc_files(archive) == ()
    assert cut.kept_as.read_bytes() == torn


def test_a_file_made_but_never_filled_goes_away(archive, written):
    captures, path = written
    path.with_name(path.name.replace("-00000", "-00001")).touch()
    (cut,) = recover(archive, {captures[0].warc_file: path.stat().st_size}).cuts
    assert cut.length == 0
    assert warc_files(archive) == (captures[0].warc_file,)


def test_nothing_is_appended_to_a_file_of_an_earlier_run(archive, written, new_writer, request_, fetched):
    captures, path = written
    path.write_bytes(path.read_bytes()[:-10])
    recover(archive, {})
    before = path.read_bytes()
    with new_writer() as writer:
        capture = writer.write_exchange(request_, fetched, Outcome.OK)
    assert path.read_bytes() == before
    assert capture.warc_file > captures[0].warc_file
    assert [stored.capture for stored in iter_stored(archive)] == [*captures[:2], capture]


def test_damage_between_good_records_is_reported_and_left(archive, written):
    captures, path = written
    data = bytearray(path.read_bytes())
    data[captures[1].warc_offset + 50] ^= 1
    path.write_bytes(data)
    recovered = recover(archive, {})
    assert [(problem.offset, problem.url) for problem in recovered.problems] == [
        (captures[1].warc_offset, captures[1].url)
    ]
    assert recovered.cuts == ()
    assert path.read_bytes() == data
    assert [stored.capture for stored in recovered.stored()] == [captures[0], captures[2]]


def test_a_ledger_newer_than_the_archive_is_told_so(archive, written):
    captures, path = written
    known = {captures[0].warc_file: path.stat().st_size + 1, "330100/gone.warc.gz": 10}
    gone, short = recover(archive, known).problems
    assert (gone.warc_file, short.warc_file) == ("330100/gone.warc.gz", captures[0].warc_file)
    assert "govcrawl rebuild" in gone.what
    assert "ends before byte" in short.what
    assert [stored.capture for stored in iter_stored(archive)] == captures


def test_a_ledger_newer_than_a_torn_archive_loses_only_what_is_torn(archive, written):
    captures, path = written
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:-20])
    recovered = recover(archive, {captures[0].warc_file: size})
    assert [problem.what.split(":")[0] for problem in recovered.problems] == [
        f"the file ends before byte {size}, which the ledger has indexed"
    ]
    assert list(recovered.stored()) == []
    assert len(recovered.cuts) == 1
    assert [stored.capture for stored in iter_stored(archive)] == captures[:2]


STEPS = 6


@pytest.mark.parametrize("step", range(1, STEPS + 2))
def test_dying_at_any_step_of_recovery_leaves_it_to_the_next_start(archive, written, monkeypatch, step):
    """Each mkdir, fsync, rename and truncation in turn fails; then recovery runs again undisturbed."""
    captures, path = written
    path.write_bytes(path.read_bytes()[:-20])
    torn = path.read_bytes()
    taken = 0

    def failing(real):
        def call(*arguments, **options):
            nonlocal taken
            taken += 1
            if taken == step:
                raise OSError(errno.EIO, "Input/output error")
            return real(*arguments, **options)

        return call

    with monkeypatch.context() as patch:
        for owner, name in ((os, "fsync"), (Path, "rename"), (Path, "mkdir"), (recovery, "_truncate")):
            patch.setattr(owner, name, failing(getattr(owner, name)))
        expected = pytest.raises(ArchiveWriteError, match="its torn end could not be put into")
        with expected if step <= STEPS else nullcontext():
            recover(archive, {})
    assert taken == min(step, STEPS)
    recover(archive, {})
    assert [stored.capture for stored in iter_stored(archive)] == captures[:2]
    kept = archive / "quarantine" / f"{path.name}.{path.stat().st_size}.torn"
    assert path.read_bytes() + kept.read_bytes() == torn


def test_recovery_takes_each_file_by_itself(archive, written, new_writer, request_, fetched):
    captures, path = written
    with new_writer() as writer:
        other = writer.write_exchange(replace(request_, portal="330200"), fetched, Outcome.OK)
    path.write_bytes(path.read_bytes()[:-1])
    recovered = recover(archive, {})
    assert [stored.capture for stored in recovered.stored()] == [*captures[:2], other]
    assert len(recovered.cuts) == 1
