"""One append-only file: a record is in it whole or not at all.

The file is opened for each append, so any number of portals can be crawled at once, and an append that finds the file
changed by somebody else refuses to write.
"""

import os
import time
from pathlib import Path

from govcrawl import durable_files
from govcrawl.errors import ArchiveWriteError


class AppendFile:
    """A file of this process's own making, of length `end`, that only grows.

    Data is handed to the operating system at once and therefore outlives a killed process. `sync` also makes it
    outlive a power cut; an append does it by itself when the last time is `sync_seconds` or more ago.
    """

    def __init__(self, path: Path, *, sync_seconds: float = 5.0) -> None:
        self.path = path
        self.end = 0
        self._sync_seconds = sync_seconds
        self._synced_at = time.monotonic()
        self._synced_end = 0

    def append(self, data: bytes) -> int:
        """Adds the data in one go and returns the offset it begins at; the first append creates the file.

        Raises:
            ArchiveWriteError: it could not be written whole, and the file is as it was before; or the sync failed.
        """
        start = self.end
        try:
            self._append(data)
        except OSError as error:
            raise ArchiveWriteError(
                f"{self.path}: {error.strerror or error} - the record was not kept, all before it is; "
                "make room or mend the disk and run the same command again"
            ) from error
        self.end += len(data)
        if time.monotonic() - self._synced_at >= self._sync_seconds:
            self.sync()
        return start

    def sync(self) -> None:
        """Makes all that was appended outlive a power cut.

        Raises:
            ArchiveWriteError: the disk refused.
        """
        self._synced_at = time.monotonic()
        if self._synced_end == self.end:
            return
        try:
            durable_files.sync_data(self.path)
            if self._synced_end == 0:
                durable_files.sync(self.path.parent)
                durable_files.sync(self.path.parent.parent)
        except OSError as error:
            raise ArchiveWriteError(
                f"{self.path}: {error.strerror or error} - what was written last may not outlive a power cut; "
                "mend the disk and run the same command again"
            ) from error
        self._synced_end = self.end

    def _append(self, data: bytes) -> None:
        if self.end == 0:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_CREAT | os.O_EXCL if self.end == 0 else 0
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | durable_files.NO_LINK | flags, 0o644)
        try:
            if os.fstat(file).st_size != self.end:
                raise OSError(f"the file is not {self.end} bytes long, as this run left it")
            self._write_all(file, data)
        finally:
            os.close(file)

    def _write_all(self, file: int, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(file, rest) :]
        except BaseException:
            # also when a signal interrupts it: half a record must not stay
            os.ftruncate(file, self.end)
            if self.end == 0:
                self.path.unlink()
            raise
