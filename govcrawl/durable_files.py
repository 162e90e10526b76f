"""Writes files completely or not at all, also across a crash or a power cut.

The content is written beside its final path, flushed to disk, and then moved there in one step.
"""

import os
from collections.abc import Callable
from pathlib import Path

NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""The flag that keeps a file from being opened for writing through a symbolic link; 0 where a system has none."""

_NEEDED = ("pread", "pwrite")
"""Calls of the system that reading and writing WARC files rests on; Windows has none of them."""


def missing_calls() -> str:
    """Says what an archive needs that this system lacks, and what to do; empty where it lacks nothing."""
    lacks = [name for name in _NEEDED if not hasattr(os, name)]
    return f"this system cannot read or write one (it lacks {', '.join(lacks)}): use Linux, macOS or WSL" * bool(lacks)


def put_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Calls `write` to fill a file beside `path`, then moves it to `path`, which is unchanged if anything fails."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)  # a link that lies there would be followed
    try:
        write(part)
        sync(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Flushes a file's content and size, or a folder's list of names, to disk."""
    _flush(path, os.fsync)


def sync_data(path: Path) -> None:
    """Flushes a file's content to disk, without its timestamps where the system can tell them apart (not macOS)."""
    _flush(path, getattr(os, "fdatasync", os.fsync))


def _flush(path: Path, how: Callable[[int], None]) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        how(file)
    finally:
        os.close(file)
