"""A file is whole or not there, whatever fails on the way: the k-th call to the system, for every k."""

import itertools
import os
from pathlib import Path

import pytest

from govcrawl import durable_files
from govcrawl.durable_files import put_whole
from govcrawl.errors import ArchiveWriteError, UsageError

POINTS = ((os, "open"), (os, "fsync"), (Path, "write_text"), (Path, "replace"))


def fail_at(patch: pytest.MonkeyPatch, step: int) -> "itertools.count[int]":
    """Makes the k-th of all calls to the system fail; gives the counter of calls."""
    calls = itertools.count(1)

    def failing(real):
        def call(*arguments, **options):
            if next(calls) == step:
                raise OSError("the disk refused")
            return real(*arguments, **options)

        return call

    for owner, name in POINTS:
        patch.setattr(owner, name, failing(getattr(owner, name)))
    return calls


def test_failing_at_any_call_leaves_the_old_or_the_new(tmp_path: Path):
    path = tmp_path / "file"
    seen = set()
    for step in itertools.count(1):
        path.write_bytes(b"old")
        with pytest.MonkeyPatch.context() as patch:
            calls = fail_at(patch, step)
            try:
                put_whole(path, lambda part: part.write_text("new"))
            except ArchiveWriteError as error:
                seen.add(str(error).removeprefix(f"{path}: "))
        assert path.read_bytes() in {b"old", b"new"}
        assert [found.name for found in tmp_path.iterdir()] == ["file"]
        if next(calls) <= step:
            break

    assert path.read_bytes() == b"new"
    assert (step - 1, seen) == (6, {"the disk refused; make room or mend the disk and try again"})


@pytest.mark.parametrize("place", ["none/file", "file/file", "folder", "n" * 300])
def test_a_place_where_nothing_can_be_written_is_a_wrong_call(tmp_path: Path, place: str):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()

    with pytest.raises(UsageError, match="name another place"):
        put_whole(tmp_path / place, lambda part: part.write_text("new"))

    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_content_is_safe_before_the_name_and_the_name_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    order = []
    replace = Path.replace
    monkeypatch.setattr(durable_files, "sync", lambda path: order.append(path.name))
    monkeypatch.setattr(Path, "replace", lambda part, path: order.append("moved") or replace(part, path))

    put_whole(tmp_path / "file", lambda part: part.write_bytes(b"new"))

    assert order == ["file.part", "moved", tmp_path.name]
