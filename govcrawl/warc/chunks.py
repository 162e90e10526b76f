"""Stretches of WARC files, cut between groups of records: the work of several processes, also where one file is large.

Where a stretch ends is found by going through the file from its beginning, record by record. To look for a record from
the middle on would be faster, and could be led astray: a body may hold what looks like records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from govcrawl.warc import gzip_members, layout, reader
from govcrawl.warc.stored_records import Problem, StoredRecord

_NOTE = b"WARC/1.1\r\nWARC-Type: metadata\r\n"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole groups of a file, from the offset `start` up to `end`."""

    warc_file: str
    start: int
    end: int


def chunks_of(archive: Path, size: int) -> Iterator[Chunk]:
    """The whole archive in stretches of `size` bytes or little more, file by file in sorted order.

    Raises:
        RecordError: a file cannot be opened.
    """
    for warc_file in layout.warc_files(archive):
        yield from _of_file(archive, warc_file, size)


def survey_stretch(archive: Path, stretch: Chunk) -> Iterator[StoredRecord | Problem]:
    """Everything in a stretch, what cannot be read back as a `Problem` in its place."""
    for found in reader.survey(archive, stretch.warc_file, stretch.start):
        if _place(found) > stretch.end:
            return
        yield found
        if _place(found) == stretch.end:
            return


def _place(found: StoredRecord | Problem) -> int:
    """Which offset tells whether something lies in a stretch: its last byte's next, of a problem its first's."""
    return found.offset + 1 if isinstance(found, Problem) else found.end


def _of_file(archive: Path, warc_file: str, size: int) -> Iterator[Chunk]:
    whole = layout.warc_path(archive, warc_file).stat().st_size
    start = 0
    if whole > size:
        with reader.opened(archive, warc_file) as file:
            for member in gzip_members.scan(file):
                if member.end - start >= size and member.end < whole and member.data.startswith(_NOTE):
                    yield Chunk(warc_file, start, member.end)
                    start = member.end
    yield Chunk(warc_file, start, whole)
