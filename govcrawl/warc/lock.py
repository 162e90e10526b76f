"""Opening an archive folder for writing: it exists, is writable, and no other process holds it."""

import os
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

from govcrawl import durable_files
from govcrawl.errors import ArchiveError
from govcrawl.warc import layout


def prepare(archive: Path) -> None:
    """Makes sure that the folder is there and can be written, and that `warc/` is in it.

    Raises:
        ArchiveError: with what is wrong with the folder and what to do.
    """
    if missing := durable_files.missing_calls():
        raise ArchiveError(f"archive {archive}: {missing}")
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
        self._file: int | None = None

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
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | durable_files.NO_LINK, 0o644)
        except OSError as error:
            is_link = self._path.is_symlink()
            raise self._cannot("it is a link, which is not followed" if is_link else str(error.strerror)) from error
        if not self._is_free(file):
            owner = os.read(file, 200).decode("utf-8", "replace").strip() or "another process"
            os.close(file)
            raise ArchiveError(
                f"archive {self._path.parent} is in use by {owner}: wait for its end, stop it or name another archive"
            )
        os.ftruncate(file, 0)
        os.pwrite(file, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
        self._file = file

    def _is_free(self, file: int) -> bool:
        """Locks the open file unless another process has it. The file was opened here, so that no link is followed."""
        from filelock import lock_descriptor  # noqa: PLC0415 - commands that only read lock nothing

        try:
            return lock_descriptor(file, blocking=False)
        except OSError as error:
            os.close(file)
            raise self._cannot(error.strerror or str(error)) from error

    def _cannot(self, why: str) -> ArchiveError:
        return ArchiveError(f"archive {self._path.parent}: {self._path.name} cannot be locked ({why}): mend that")

    def release(self) -> None:
        """Gives the lock back; without one, does nothing."""
        if self._file is not None:
            from filelock import unlock_descriptor  # noqa: PLC0415 - as above

            unlock_descriptor(self._file)  # a process that is being started may have the file open for a moment yet
            os.close(self._file)
            self._file = None
