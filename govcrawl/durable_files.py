"""Writes files completely or not at all, also across a crash or a power cut.

The content is written beside its final path, flushed to disk, and then moved there in one step.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path

from govcrawl.errors import ArchiveWriteError, GovcrawlError, UsageError

NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""The flag that keeps a file from being opened for writing through a symbolic link; 0 where a system has none."""

_NEEDED = ("pread", "pwrite")
"""Calls of the system that reading and writing WARC files rests on; Windows has none of them."""


def missing_calls() -> str:
    """Says what an archive needs that this system lacks, and what to do; empty where it lacks nothing."""
    lacks = [name for name in _NEEDED if not hasattr(os, name)]
    return f"this system cannot read or write one (it lacks {', '.join(lacks)}): use Linux, macOS or WSL" * bool(lacks)


_NO_PLACE = frozenset({
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP,
    errno.ENAMETOOLONG, errno.EINVAL,
})  # fmt: skip
"""Errors of a place that was named; all others are the disk's."""


DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""Errors of a disk that is full or damaged."""


def not_written(path: Path | str, error: OSError) -> GovcrawlError:
    """Returns what it means that a file could not be written: a wrong place, or a disk that refuses."""
    why = error.strerror or str(error)
    if error.errno in _NO_PLACE:
        return UsageError(f"{path}: {why}; get the permission or name another place")
    return ArchiveWriteError(f"{path}: {why}; make room or mend the disk and try again")


def put_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Calls `write` to fill a file beside `path`, then moves it to `path`, which is unchanged if anything fails.

    Raises:
        UsageError: No file can be written at that place.
        ArchiveWriteError: The disk refuses.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)  # a link that lies there would be followed
        try:
            write(part)
            sync(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        sync(path.parent)
    except OSError as error:
        raise not_written(path, error) from error


def make_folder(folder: Path) -> None:
    """Creates a folder if it is missing; raises as `put_whole` if that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(folder, error) from error


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
