"""After a crash: what the archive holds beyond what the ledger knows, and what of it is torn.

A killed process leaves whole groups only. A power cut or a full disk can leave half a group, zeros or garbage at the
end of a file; such a tail is moved to `quarantine/` before anything else is written, and nothing is ever appended to
a file of an earlier process.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from govcrawl.errors import ArchiveWriteError
from govcrawl.warc import layout, reader
from govcrawl.warc.stored_records import Problem, StoredRecord

_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Tail:
    """The part of a file behind what the ledger has indexed: bytes `start` to `end`, whole groups."""

    warc_file: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TornEnd:
    """A torn end taken off a file: from which byte, how many, and where they are kept now."""

    warc_file: str
    offset: int
    length: int
    kept_as: Path


@dataclass(frozen=True, slots=True)
class Recovery:
    """What `recover` found. `problems` are damaged stretches between good ones, and files the ledger knows better."""

    archive: Path
    tails: tuple[Tail, ...]
    cuts: tuple[TornEnd, ...]
    problems: tuple[Problem, ...]

    def stored(self) -> Iterator[StoredRecord]:
        """What is to be indexed, in the order it was written; read when asked for, damaged stretches left out."""
        for tail in self.tails:
            found = reader.survey(self.archive, tail.warc_file, tail.start)
            yield from (stored for stored in found if not isinstance(stored, Problem))


def recover(archive: Path, ends: Mapping[str, int]) -> Recovery:
    """Compares each file's end with the last indexed one and cuts torn tails off; to be called under the lock.

    Args:
        archive: the archive folder.
        ends: by WARC file, the end of the last group the ledger has indexed; files it does not know count as 0.

    Raises:
        ArchiveWriteError: a torn tail could not be put into quarantine; the file is unchanged then.
    """
    tails: list[Tail] = []
    cuts: list[TornEnd] = []
    problems = [
        Problem(warc_file, 0, None, "the file is missing although the ledger knows it: run `govcrawl rebuild`")
        for warc_file in sorted(set(ends) - set(layout.warc_files(archive)))
    ]
    for warc_file in layout.warc_files(archive):
        tail, torn, found = _examine(archive, warc_file, ends.get(warc_file, 0))
        problems += found
        if torn:
            cuts.append(_cut(archive, warc_file, tail.end))
        if tail.end > tail.start:
            tails.append(tail)
    return Recovery(archive, tuple(tails), tuple(cuts), tuple(problems))


def _examine(archive: Path, warc_file: str, indexed: int) -> tuple[Tail, bool, list[Problem]]:
    """The file's tail of whole groups, whether something torn follows it, and what is damaged before its end.

    A file without a byte, left by a process that died between making and filling it, counts as torn.
    """
    size = layout.warc_path(archive, warc_file).stat().st_size
    if size == indexed > 0:
        return Tail(warc_file, size, size), False, []
    problems = []
    start = good = indexed if size > indexed else 0
    for found in reader.groups(archive, warc_file, start):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            good = found.end
    damaged = [problem for problem in problems if problem.offset < good]
    if size < indexed:
        what = f"the file ends before byte {indexed}, which the ledger has indexed: run `govcrawl rebuild`"
        damaged.append(Problem(warc_file, size, None, what))
        start = good
    return Tail(warc_file, start, good), good < size or size == 0, damaged


def _cut(archive: Path, warc_file: str, offset: int) -> TornEnd:
    """Copies the file's end into quarantine, safely, and only then takes it off."""
    path = layout.warc_path(archive, warc_file)
    kept_as = archive / layout.QUARANTINE / f"{path.name}.{offset}.torn"
    try:
        kept_as.parent.mkdir(exist_ok=True)
        length = _copy_end(path, offset, kept_as)
        _truncate(path, offset)
    except OSError as error:
        raise ArchiveWriteError(
            f"{path}: its torn end could not be put into {kept_as.parent} ({error.strerror}); make room and try again"
        ) from error
    return TornEnd(warc_file, offset, length, kept_as)


def _copy_end(path: Path, offset: int, target: Path) -> int:
    unfinished = target.with_name(target.name + ".part")
    with path.open("rb") as source, unfinished.open("wb") as copy:
        source.seek(offset)
        while chunk := source.read(_STEP):
            copy.write(chunk)
        length = copy.tell()
        copy.flush()
        os.fsync(copy.fileno())
    unfinished.rename(target)
    _sync_folder(target.parent)
    return length


def _truncate(path: Path, offset: int) -> None:
    """Takes everything from the offset on off the file; a file of which nothing is left goes away."""
    if offset == 0:
        path.unlink()
        _sync_folder(path.parent)
        return
    with path.open("r+b") as file:
        file.truncate(offset)
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
