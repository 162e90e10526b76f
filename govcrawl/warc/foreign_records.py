"""WARC files that others made: what is in them as the archive keeps it, and every record that cannot be trusted.

A file must be compressed record by record, as the standard asks. Lengths and digests are checked as in our own files.
Body bytes stay as they came but for chunked transfer encoding, which no file of ours has. Records that are not answers
of web servers (warcinfo, metadata, DNS) are passed over.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from govcrawl.errors import InputError, LimitError, RecordError
from govcrawl.models import Headers, Response
from govcrawl.vocabulary import Origin
from govcrawl.warc import gzip_members, http_block, records
from govcrawl.warc.decoding import MAX_BODY, Decoded, decode
from govcrawl.warc.records import Record
from govcrawl.warc.stored_records import Fetched, Problem

_GZIP = b"\x1f\x8b"
_END = b"\r\n\r\n"
_ANSWERS = {"response", "revisit"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of the request behind an answer; a plain GET where the file does not say."""

    method: str = "GET"
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Foreign:
    """An answer out of somebody's file: what was asked, what came back."""

    asked: Asked
    fetched: Fetched


def foreign_origin(path: Path) -> Origin:
    """What a file was crawled from: `live`, unless it is one of ours and says otherwise.

    Raises:
        InputError: the file cannot be read, or does not begin with a gzip member.
    """
    with _opened(path) as file:
        first = gzip_members.read_member(file, 0)
    fields = (line.partition(b":") for line in first.data.splitlines())
    said = {name: value.strip() for name, _, value in fields}.get(b"origin", b"")
    return Origin.REPLICA if said == Origin.REPLICA.encode() else Origin.LIVE


def read_foreign(path: Path, wanted: Callable[[str], bool], limit: int = MAX_BODY) -> Iterator[Foreign | Problem]:
    """The answers in a file whose address is `wanted`, in their order, and a `Problem` for each that is no good.

    Args:
        path: the file.
        wanted: asked with the address of each answer.
        limit: bytes a decoded body may have.

    Raises:
        InputError: the file cannot be read, or does not begin with a gzip member.
    """
    with _opened(path) as file:
        asked = _requests(file)
        for member in gzip_members.scan(file):
            try:
                record = records.parse_record(member)
                url = (record.url or "").strip("<>")
                if record.kind in _ANSWERS and _is_web(url) and wanted(url):
                    yield _foreign(record, url, asked, limit)
            except (RecordError, LimitError) as error:
                yield Problem(path.name, member.offset, records.url_in(member.data), str(error))


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        source = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; give the path of a readable WARC file") from error
    with closing(source):
        if os.pread(source.fileno(), len(_GZIP), 0) != _GZIP:
            raise InputError(f"{path}: this is no .warc.gz; compress a plain one with `warcio recompress`")
        yield source.fileno()


def _is_web(url: str) -> bool:
    return urlsplit(url).scheme in {"http", "https"}


def _requests(file: int) -> Mapping[str, Asked]:
    """The requests in a file, under their own identifier and under that of their answer; broken ones left out."""
    found: dict[str, Asked] = {}
    for member in gzip_members.scan(file):
        if b"\r\nWARC-Type: request\r\n" in member.data[:4096]:
            try:
                record = records.parse_record(member)
            except RecordError:
                continue  # the second pass names it
            asked = _asked(record.block)
            found[record.id] = found[record.fields.get("warc-concurrent-to", record.id)] = asked
    return found


def _asked(block: bytes) -> Asked:
    head, _, body = block.partition(_END)
    line, *fields = head.split(b"\r\n")
    pairs = (field.partition(b":") for field in fields)
    headers = tuple((http_block.to_text(name), http_block.to_text(value.strip())) for name, _, value in pairs)
    return Asked(http_block.to_text(line.partition(b" ")[0]), headers, body)


def _foreign(record: Record, url: str, asked: Mapping[str, Asked], limit: int) -> Foreign:
    if record.kind == "revisit":
        raise RecordError("a revisit has no body of its own, and what it stands for is not known here")
    status, headers, wire_body = http_block.split_response(record.block)
    whole, body = _bodies(headers, wire_body, limit)
    media_type = Response(url, status, headers, b"").header("Content-Type") or ""
    fetched = Fetched(
        at=_moment(record),
        url=url,
        status=status,
        reason=_reason(record.block),
        headers=headers,
        wire_body=whole.body,
        body=body.body,
        media_type=media_type.partition(";")[0].strip().lower() or "application/octet-stream",
        sent_headers=(sent := _behind(record, asked)).headers,
        truncated=record.fields.get("warc-truncated") or ("unspecified" if whole.damage or body.damage else None),
    )
    return Foreign(sent, fetched)


def _bodies(headers: Headers, wire_body: bytes, limit: int) -> tuple[Decoded, Decoded]:
    """The body with its chunks joined, and with all encodings taken off."""
    in_chunks = any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers)
    whole = decode(records.CHUNKED, wire_body, limit=limit) if in_chunks else Decoded(wire_body)
    return whole, decode(headers, whole.body, limit=limit)


def _behind(record: Record, asked: Mapping[str, Asked]) -> Asked:
    names = (record.id, record.fields.get("warc-concurrent-to", ""))
    return next((asked[name] for name in names if name in asked), Asked())


def _moment(record: Record) -> datetime:
    try:
        return records.moment(record.fields["warc-date"])
    except (KeyError, ValueError) as error:
        raise RecordError("the record does not say when it was made") from error


def _reason(block: bytes) -> str:
    parts = block.partition(b"\r\n")[0].split(b" ", 2)
    return http_block.to_text(parts[2]) if len(parts) > 2 else ""
