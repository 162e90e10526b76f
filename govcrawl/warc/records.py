"""WARC records to and from gzip members: which fields each kind carries, and what is checked when one is read.

FastWARC writes and parses the records; the kinds used are warcinfo, request, response, revisit, conversion and
metadata.
"""

import base64
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fastwarc.warc import WarcRecord, WarcRecordType

from govcrawl.errors import RecordError
from govcrawl.models import Headers
from govcrawl.warc import gzip_members, http_block
from govcrawl.warc.decoding import decode

MAX_URL = 4096
"""Characters of an address that fit `WARC-Target-URI`: readers stop at headers of 32 KiB. The note has it whole."""

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
REQUEST = "application/http; msgtype=request"
RESPONSE = "application/http; msgtype=response"
NOTE = "application/json"
INFO = "application/warc-fields"

CHUNKED: Headers = (("Transfer-Encoding", "chunked"),)
"""The header that says a body came in chunks, and nothing more."""

_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Record:
    """A record as read back and checked: place of its member, WARC fields by lower-case name, content block."""

    offset: int
    length: int
    kind: str
    fields: Mapping[str, str]
    block: bytes

    @property
    def id(self) -> str:
        """The record's own identifier, `<urn:uuid:…>`."""
        return self.fields.get("warc-record-id", "")

    @property
    def url(self) -> str | None:
        """The address the record is about, None for a warcinfo or a mark of a run."""
        return self.fields.get("warc-target-uri")

    @property
    def end(self) -> int:
        """The offset of the first byte behind the record."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class Packed:
    """A record ready to be appended: its identifier and its gzip member."""

    id: str
    member: bytes


def timestamp(at: datetime) -> str:
    """A moment as archives write it: UTC, milliseconds, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The moment a `WARC-Date` names, in UTC; ValueError where it names none."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def pack(
    kind: WarcRecordType,
    block: bytes,
    fields: Mapping[str, str | None],
    *,
    payload: bytes | None = None,
    stored: int = 0,
) -> Packed:
    """Composes one record.

    Args:
        kind: the WARC type.
        block: the content block.
        fields: WARC fields beside type, identifier, length and digests; those that are None are left out.
        payload: the bytes of the payload, for its digest.
        stored: how many bytes at the end of the block are compressed already and go in as they are.
    """
    record = WarcRecord()
    record.init_headers(kind)
    for name, value in fields.items():
        if value is not None:
            record.headers[name] = http_block.one_line(value)
    record.set_bytes_content(block)
    plain = io.BytesIO()
    digest = None if payload is None else hashlib.sha1(payload, usedforsecurity=False).digest()
    record.write(plain, checksum_data=True, payload_digest=digest)
    tail = stored + len(_END) if stored else 0
    return Packed(str(record.record_id), gzip_members.compress(plain.getvalue(), stored=tail))


def parse_record(member: gzip_members.Member) -> Record:
    """Reads the record of a member and checks all it says of itself: length, block digest, payload digest.

    Raises:
        RecordError: with what is wrong, without its place.
    """
    if member.fault:
        raise RecordError(member.fault)
    record = _parse(member.data)
    start = member.data.find(_END) + len(_END)
    stop = start + record.content_length
    if member.data[stop:] != _END:
        raise RecordError("the record's length is not what its Content-Length says")
    fields = {name.lower(): value for name, value in record.headers.items()}
    block = member.data[start:stop]
    _check(fields.get("warc-block-digest"), block, "block")
    if record.record_type == WarcRecordType.response and block.startswith(b"HTTP/"):
        _check_payload(fields.get("warc-payload-digest"), block)
    return Record(member.offset, member.length, str(record.record_type), fields, block)


def url_in(data: bytes) -> str | None:
    """The address in what is left of a damaged record."""
    _, found, rest = data.partition(b"\r\nWARC-Target-URI: ")
    line, ended, _ = rest.partition(b"\r\n")
    return line.decode("utf-8", "replace") if found and ended else None


def _parse(data: bytes) -> WarcRecord:
    try:
        return WarcRecord.from_bytes(data)
    except (OSError, ValueError) as error:
        raise RecordError(f"no WARC record ({error})") from error


def _check_payload(declared: str | None, block: bytes) -> None:
    """Compares with the payload as it came or, where that is in chunks, joined: the standard's words allow both."""
    head, _, payload = block.partition(_END)
    try:
        _check(declared, payload, "payload")
    except RecordError:
        if b"chunked" not in head.lower():
            raise
        _check(declared, decode(CHUNKED, payload, limit=gzip_members.MAX_RECORD).body, "payload")


def _check(declared: str | None, data: bytes, what: str) -> None:
    """Compares with a digest such as `sha1:…`, in base 32 or in hex; a record without one passes."""
    if declared is None:
        return
    name, _, value = declared.partition(":")
    try:
        digest = hashlib.new(name, data, usedforsecurity=False)
    except ValueError as error:
        raise RecordError(f"the {what} digest is of a kind not known here: {name}") from error
    if value.upper() not in {base64.b32encode(digest.digest()).decode(), digest.hexdigest().upper()}:
        raise RecordError(f"the {what} digest differs")
