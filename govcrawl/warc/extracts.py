"""Parts of an archive to hand on: whole groups of records, byte for byte, as WARC files of their own.

Nothing is rewritten, so every digest holds as it did in the archive. A revisit brings the response it stands for.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from govcrawl.errors import RecordError
from govcrawl.models import Response
from govcrawl.warc import http_block, layout, reader
from govcrawl.warc.records import Record
from govcrawl.warc.stored_records import Problem

GroupPlace = tuple[str, int]
"""A WARC file and the offset of a response or revisit in it."""


@dataclass(frozen=True, slots=True)
class IndexedAnswer:
    """A response or revisit as an index of WARC files names it.

    `at` is its WARC-Date, `digest` its payload digest (of a revisit: that of the response it stands for), `offset` and
    `length` are bytes of its gzip member in the extract. `media_type` is what the HTTP head says, None where it does
    not.
    """

    url: str
    at: str
    kind: str
    status: int
    media_type: str | None
    digest: str | None
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Extract:
    """Some groups of one file behind its warcinfo, and the answers in them, as the bytes lie."""

    warc_file: str
    data: bytes
    answers: tuple[IndexedAnswer, ...]


def extract(archive: Path, places: Iterable[GroupPlace]) -> Iterator[Extract]:
    """The groups of some answers, and of the originals of those that are revisits, file by file in sorted order.

    Raises:
        RecordError: one of them cannot be read back; names file, offset and address.
    """
    wanted: dict[str, set[int]] = {}
    for warc_file, offset in places:
        source_file, source = _original(archive, warc_file, offset)
        wanted.setdefault(warc_file, set()).add(offset)
        wanted.setdefault(source_file, set()).add(source.offset)
    for warc_file in sorted(wanted):
        yield _of_file(archive, warc_file, wanted[warc_file])


def _original(archive: Path, warc_file: str, offset: int) -> tuple[str, Record]:
    try:
        return reader.read_original(archive, warc_file, offset)
    except RecordError as error:
        raise RecordError(str(Problem(warc_file, offset, None, str(error)))) from error


def _of_file(archive: Path, warc_file: str, offsets: set[int]) -> Extract:
    pieces: list[bytes] = []
    answers: list[IndexedAnswer] = []
    end = 0
    with layout.warc_path(archive, warc_file).open("rb") as file:
        for group in _wanted(archive, warc_file, offsets):
            if group.answer:
                answers.append(_answer(replace(group.answer, offset=end + group.answer.offset - group.start)))
            pieces.append(os.pread(file.fileno(), group.end - group.start, group.start))
            end += group.end - group.start
    return Extract(warc_file, b"".join(pieces), tuple(answers))


def _wanted(archive: Path, warc_file: str, offsets: set[int]) -> Iterator[reader.Group]:
    """The warcinfo and the groups of the answers wanted; all of them, or RecordError for the first that is broken."""
    left = set(offsets)
    for group in reader.groups(archive, warc_file):
        if isinstance(group, Problem):
            continue
        if group.note.kind == "warcinfo":
            yield group
        elif group.answer and group.answer.offset in left:
            left.remove(group.answer.offset)
            yield group
    if left:
        what = "its group of records is not whole; `govcrawl verify` says what is wrong with it"
        raise RecordError(str(Problem(warc_file, min(left), None, what)))


def _answer(record: Record) -> IndexedAnswer:
    status, headers, _ = http_block.split_response(record.block)
    media_type = Response(record.url or "", status, headers, b"").header("Content-Type")
    return IndexedAnswer(
        url=record.url or "",
        at=record.fields["warc-date"],
        kind=record.kind,
        status=status,
        media_type=media_type and media_type.partition(";")[0].strip().lower(),
        digest=record.fields.get("warc-payload-digest"),
        offset=record.offset,
        length=record.length,
    )
