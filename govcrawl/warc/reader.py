"""Reading an archive back in the order of writing, every byte checked against its digests.

Nothing short or altered is ever given as good. `survey` goes through everything and reports what cannot be read
between what can; `iter_stored` raises at the first such place; `read_response` opens one record by its place.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

from govcrawl.errors import LimitError, RecordError
from govcrawl.models import Capture, Exchange, Response
from govcrawl.vocabulary import Origin, Outcome, Wall
from govcrawl.warc import gzip_members, http_block, layout, metadata_json, records
from govcrawl.warc.decoding import decode
from govcrawl.warc.records import Record
from govcrawl.warc.stored_records import Problem, StoredAttempt, StoredCrawl, StoredExchange, StoredRecord

_CLOSING = {"warcinfo", "metadata"}
_ANSWERS = {"response", "revisit", "conversion"}
OVERLAY = "overlay"
"""The field of a crawl's start record that holds the files of its registry overlay, as texts."""
_SHOWN = 200
"""The status of a conversion, which is no HTTP message: only what a browser could show is kept."""


@dataclass(frozen=True, slots=True)
class Group:
    """What one append wrote: a note with the answer it is about, or a warcinfo alone (then `note` is that).

    `start` is the offset of its first byte.
    """

    warc_file: str
    start: int
    note: Record
    answer: Record | None

    @property
    def end(self) -> int:
        """The offset of the first byte behind the group."""
        return self.note.end


def iter_stored(archive: Path) -> Iterator[StoredRecord]:
    """Everything in the archive, file by file in sorted order.

    Raises:
        RecordError: at the first record that cannot be read back; names file, offset and address.
    """
    for warc_file in layout.warc_files(archive):
        yield from iter_file(archive, warc_file)


def iter_file(archive: Path, warc_file: str, start: int = 0) -> Iterator[StoredRecord]:
    """The same for one file, from the beginning of a group on."""
    for found in survey(archive, warc_file, start):
        if isinstance(found, Problem):
            raise RecordError(f"{found}; `govcrawl verify` lists all such records")
        yield found


def survey(archive: Path, warc_file: str, start: int = 0) -> Iterator[StoredRecord | Problem]:
    """Everything in one file from the beginning of a group on, what cannot be read back as a `Problem` in its place."""
    for group in groups(archive, warc_file, start):
        if isinstance(group, Problem):
            yield group
        elif group.note.kind != "warcinfo":
            yield interpret_group(archive, group)


def groups(archive: Path, warc_file: str, start: int = 0) -> Iterator[Group | Problem]:
    """The file's groups of records as far as they are whole, and a `Problem` for each stretch that is not."""
    with opened(archive, warc_file) as file:
        yield from _grouped(warc_file, gzip_members.scan(file, start))


def interpret_group(archive: Path, group: Group) -> StoredRecord | Problem:
    """What a group says: the models that went into it."""
    record = group.answer or group.note
    try:
        note = metadata_json.load_note(group.note.block)
        return _KINDS[note["kind"]](archive, group, note)
    except RecordError as error:
        what = str(error)
    except (KeyError, TypeError, ValueError) as error:
        what = f"the note is not one of govcrawl's ({type(error).__name__}: {error})"
    return Problem(group.warc_file, record.offset, record.url, what)


def read_response(archive: Path, capture: Capture) -> Response:
    """The response of a capture, by its place. The body of a truncated one is as short as `capture.truncated` says.

    Raises:
        RecordError: the record is not there or not as it was written; names file, offset and address.
    """
    try:
        record = _record_at(archive, capture.warc_file, capture.warc_offset)
        response = _response(archive, record, capture.url, capture.sha256)
    except RecordError as error:
        raise RecordError(str(Problem(capture.warc_file, capture.warc_offset, capture.url, str(error)))) from error
    return response


def read_original(archive: Path, warc_file: str, offset: int) -> tuple[str, Record]:
    """The response record at a place, or the one that the revisit there refers to; with its file.

    Raises:
        RecordError: one of the two cannot be read back or is no response.
    """
    record = _record_at(archive, warc_file, offset)
    if record.kind == "revisit":
        warc_file, offset = _referred(record)
        record = _record_at(archive, warc_file, offset)
    if record.kind != "response":
        raise RecordError(f"{warc_file} at byte {offset}: there is a record of type {record.kind}, not a response")
    return warc_file, record


def read_info(archive: Path, warc_file: str) -> dict[str, str]:
    """What the file's warcinfo says: `software`, `origin`, `registry` and more.

    Raises:
        RecordError: the file does not begin with a warcinfo that can be read.
    """
    record = _record_at(archive, warc_file, 0)
    if record.kind != "warcinfo":
        raise RecordError(f"{warc_file} at byte 0: there is a record of type {record.kind}, not a warcinfo")
    fields = (line.partition(":") for line in record.block.decode("utf-8", "replace").splitlines())
    return {name: value.strip() for name, _, value in fields}


def read_origin(archive: Path) -> Origin | None:
    """What the archive was crawled from, by the first file that says so; None while there is none."""
    for warc_file in layout.warc_files(archive):
        with suppress(RecordError, KeyError):  # a damaged first record is for `verify` to report
            return Origin(read_info(archive, warc_file)["origin"])
    return None


def overlays(archive: Path) -> Iterator[Mapping[str, bytes]]:
    """The registry overlay of each crawl, by file name, as its start record keeps it; the newest crawl first.

    Runs that are no crawls keep none. What cannot be read back is passed over: `verify` reports it.
    """
    for warc_file in reversed(layout.warc_files(archive)):
        if warc_file.startswith(f"{layout.RUNS}/"):
            starts = [
                one for one in survey(archive, warc_file) if isinstance(one, StoredCrawl) and one.event == "start"
            ]
            kept = [one.fields[OVERLAY] for one in starts if OVERLAY in one.fields]
            yield from ({name: text.encode() for name, text in files.items()} for files in reversed(kept))


def _grouped(warc_file: str, stretches: Iterable[gzip_members.Member]) -> Iterator[Group | Problem]:
    pending: list[Record] = []
    damaged = False
    for member in stretches:
        try:
            record = records.parse_record(member)
        except RecordError as error:
            url = records.url_in(member.data) or (pending[-1].url if pending else None)
            yield Problem(warc_file, member.offset, url, str(error))
            damaged = True
            continue
        pending.append(record)
        if record.kind in _CLOSING:
            wanted = record.fields.get("warc-concurrent-to")
            answer = next((earlier for earlier in pending if earlier.id == wanted), None)
            if answer or not wanted:
                yield Group(warc_file, pending[0].offset, record, answer)
            elif not damaged:
                yield Problem(warc_file, record.offset, record.url, "the response this note belongs to is missing")
            pending, damaged = [], False
    if pending and not damaged:
        yield Problem(warc_file, pending[0].offset, pending[0].url, "the file ends before the note of these records")


def _exchange(archive: Path, group: Group, note: dict[str, Any]) -> StoredExchange:
    answer = group.answer
    if answer is None:
        raise RecordError("the note names no response")
    status = _SHOWN if answer.kind == "conversion" else http_block.split_response(answer.block)[0]
    capture = Capture(
        request=metadata_json.request_from(note["request"]),
        url=note["url"],
        fetched_at=answer.fields["warc-date"],
        status=status,
        sha256=note["sha256"],
        media_type=note["media_type"],
        warc_file=group.warc_file,
        warc_offset=answer.offset,
        warc_length=answer.length,
        truncated="warc-truncated" in answer.fields,
    )
    exchange = Exchange(capture.request, _response(archive, answer, capture.url, capture.sha256))
    wall, vantage = _circumstances(note)
    return StoredExchange(capture, exchange, Outcome(note["outcome"]), group.warc_file, group.end, wall, vantage)


def _circumstances(note: dict[str, Any]) -> tuple[Wall | None, str | None]:
    """The wall that a note names, and the vantage point; None for what it does not say."""
    return (Wall(note["wall"]) if "wall" in note else None), note.get("vantage")


def _attempt(_archive: Path, group: Group, note: dict[str, Any]) -> StoredAttempt:
    wall, vantage = _circumstances(note)
    return StoredAttempt(
        request=metadata_json.request_from(note["request"]),
        outcome=Outcome(note["outcome"]),
        at=group.note.fields["warc-date"],
        detail=note["detail"],
        http_status=note.get("http_status"),
        warc_file=group.warc_file,
        end=group.end,
        wall=wall,
        vantage=vantage,
    )


def _crawl(_archive: Path, group: Group, note: dict[str, Any]) -> StoredCrawl:
    at = group.note.fields["warc-date"]
    return StoredCrawl(note["portal"], note["event"], at, note["fields"], group.warc_file, group.end)


_KINDS: dict[str, Callable[[Path, Group, dict[str, Any]], StoredRecord]] = {
    "exchange": _exchange,
    "attempt": _attempt,
    "crawl": _crawl,
}


def _response(archive: Path, record: Record, url: str, digest: str) -> Response:
    """The response a record holds: for a revisit the original's status and body, with the header fields of today.

    A conversion is given as a page that was answered with what the browser made of it.
    """
    if record.kind not in _ANSWERS:
        raise RecordError(f"there is a record of type {record.kind}, not a response")
    if record.kind == "conversion":
        return _shown(record, url, digest)
    status, headers, wire_body = http_block.split_response(record.block)
    encoded = headers
    if record.kind == "revisit":
        _, original = read_original(archive, *_referred(record))
        unchanged = status == HTTPStatus.NOT_MODIFIED
        status, encoded, wire_body = http_block.split_response(original.block)
        headers = http_block.freshened(encoded, headers) if unchanged else headers
    if sha256(wire_body).hexdigest() != digest:
        wire_body = _decoded(encoded, wire_body, digest)
    return Response(url, status, headers, wire_body)


def _shown(record: Record, url: str, digest: str) -> Response:
    if sha256(record.block).hexdigest() != digest:
        raise RecordError(f"the page's sha256 is not {digest}")
    return Response(url, _SHOWN, (("Content-Type", record.fields.get("content-type", "")),), record.block)


def _decoded(headers: tuple[tuple[str, str], ...], wire_body: bytes, digest: str) -> bytes:
    try:
        decoded = decode(headers, wire_body, limit=gzip_members.MAX_RECORD)
    except LimitError as error:
        raise RecordError(str(error)) from error
    if sha256(decoded.body).hexdigest() != digest:
        raise RecordError(f"the body's sha256 is not {digest} ({decoded.damage or 'decoded whole'})")
    return decoded.body


def _referred(record: Record) -> tuple[str, int]:
    try:
        return record.fields["warc-refers-to-filename"], int(record.fields["warc-refers-to-file-offset"])
    except (KeyError, ValueError) as error:
        raise RecordError("the revisit does not say where its original lies") from error


def _record_at(archive: Path, warc_file: str, offset: int) -> Record:
    with opened(archive, warc_file) as file:
        return records.parse_record(gzip_members.read_member(file, offset))


@contextmanager
def opened(archive: Path, warc_file: str) -> Iterator[int]:
    """The descriptor of a file, open for reading meanwhile; raises RecordError where it cannot be opened."""
    try:
        file = os.open(layout.warc_path(archive, warc_file), os.O_RDONLY)
    except OSError as error:
        raise RecordError(f"{warc_file}: {error.strerror}") from error
    try:
        yield file
    finally:
        os.close(file)
