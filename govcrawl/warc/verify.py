"""Checking an archive: does every record read back as it was written, or do some picked at random?"""

import os
import random
from collections.abc import Iterator
from itertools import accumulate, islice
from pathlib import Path

from govcrawl.warc import gzip_members, layout, reader
from govcrawl.warc.stored_records import Problem, StoredRecord


def verify_records(archive: Path, sample: int | None = None) -> Iterator[Problem]:
    """Reads the archive back and gives everything that is not as it was written.

    Checked are each record's length, CRC and digests, each decoded body's digest, that each group is complete and
    that each revisit's original is there.

    Args:
        archive: the archive folder.
        sample: how many groups to check, picked at random by their share of the bytes; None for all.
    """
    return (found for found in everything(archive, sample) if isinstance(found, Problem))


def everything(archive: Path, sample: int | None = None) -> Iterator[StoredRecord | Problem]:
    """What the archive holds, or some of it picked at random, checked on the way, faults in their places."""
    return _all(archive) if sample is None else _sample(archive, sample)


def _all(archive: Path) -> Iterator[StoredRecord | Problem]:
    for warc_file in layout.warc_files(archive):
        yield from reader.survey(archive, warc_file)


def _sample(archive: Path, count: int) -> Iterator[StoredRecord | Problem]:
    names = layout.warc_files(archive)
    ends = list(accumulate(layout.warc_path(archive, name).stat().st_size for name in names))
    if not ends:
        return
    places = random.SystemRandom()
    for _ in range(count):
        place = places.randrange(ends[-1])
        index = next(number for number, end in enumerate(ends) if place < end)
        before = ends[index - 1] if index else 0
        yield from islice(reader.survey(archive, names[index], _group_start(archive, names[index], place - before)), 1)


def _group_start(archive: Path, warc_file: str, offset: int) -> int:
    """Where the first group after an offset begins; in the last group of a file, the file's beginning."""
    file = os.open(layout.warc_path(archive, warc_file), os.O_RDONLY)
    try:
        for member in gzip_members.scan(file, gzip_members.seek_record(file, offset)):
            if b"\r\nWARC-Type: metadata\r\n" in member.data and member.end < os.fstat(file).st_size:
                return member.end
    finally:
        os.close(file)
    return 0
