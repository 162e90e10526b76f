"""Opening an archive folder for writing: it exists, is writable, and no other process holds it."""

import os
import socket
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from govcrawl import durable_files
from govcrawl.errors import ArchiveError
from govcrawl.warc import layout

if TYPE_CHECKING:
    from filelock import FileLock


def prepare(archive: Path) -> None:
    """Makes sure that the folder is there and can be written, and that `warc/` is in it.

    Raises:
        ArchiveError: with what is wrong with the folder and what to do.
    """
    if not archive.is_dir():
        fault = "is not a folder" if archive.exists() else "does not exist"
        raise ArchiveError(f"archive {archive} {fault}: make it with `mkdir -p` or name another one")
    probe = archive / layout.WARC / f".probe-{os.getpid()}"
    try:
        probe.parent.mkdir(exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ArchiveError(
            f"archive {archive} cannot be written ({error.strerror}): mend that or name another"
        ) from error


class ArchiveLock:
    """Holds an archive for one process, as a context manager or by `acquire` and `release`.

    The operating system drops the lock with its process, however that ends, so a dead owner never has to be cleared
    away. The lock file stays and tells who holds the lock, or who held it last.
    """

    def __init__(self, archive: Path) -> None:
        self._path = archive / layout.LOCK
        self._lock: FileLock | None = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()

    def acquire(self) -> None:
        """Takes the lock or refuses at once.

        Raises:
            ArchiveError: another process holds it, or the folder does not let itself be locked.
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415 - it loads much, and commands that read take no lock

        lock = FileLock(self._path, timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout as error:
            owner = _owner_in(self._path) or "another process"
            raise ArchiveError(
                f"archive {self._path.parent} is in use by {owner}: wait for its end, stop it or name another archive"
            ) from error
        except OSError as error:
            why = "it is a link, which is not followed" if self._path.is_symlink() else error.strerror
            raise ArchiveError(
                f"archive {self._path.parent}: {self._path.name} cannot be locked ({why}): mend that"
            ) from error
        self._lock = lock
        if sys.platform != "win32":  # which keeps everybody from a locked file
            _write(self._path, f"process {os.getpid()} on {socket.gethostname()}\n")

    def release(self) -> None:
        """Gives the lock back; without one, does nothing."""
        if self._lock:
            self._lock.release()
            self._lock = None


def _write(path: Path, text: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_TRUNC | durable_files.NO_LINK)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


def _owner_in(path: Path) -> str:
    """Who a lock file names; nothing where the system keeps it from being read, as Windows does."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()[:200]
    except OSError:
        return ""
