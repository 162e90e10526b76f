"""WARC records to and from gzip members: the fields of each kind, and what is checked on reading.

FastWARC writes the records. They are parsed here, since a length or a head that somebody made up must cost one record,
not the process. The kinds used are warcinfo, request, response, revisit, conversion and metadata.
"""

import base64
import hashlib
import io
import re
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

MAX_HEAD = 1 << 16
"""Bytes in which the head of a record must end."""

_END = b"\r\n\r\n"
_ENDS = {_END, b"\n\n"}
_BEGINNING = (b"WARC/1.", b"WARC/0.")
_FOLDED = re.compile(rb"\r?\n[ \t]+")
_ADDRESS = re.compile(rb"\nWARC-Target-URI:([^\r\n]*)\r?\n", re.IGNORECASE)
_LONGEST_NUMBER = 16
_DIGESTS = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})


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
    at = datetime.fromisoformat(text.upper())
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

    Names of fields are taken in any case, and heads whose lines end in a bare line feed.

    Raises:
        RecordError: with what is wrong, without its place.
    """
    if member.fault:
        raise RecordError(member.fault)
    fields, start = head_of(member.data)
    stop = start + _declared_length(fields)
    if member.data[stop:] not in _ENDS:
        raise RecordError(_about_length(member.data[stop:]))
    block, kind = member.data[start:stop], fields.get("warc-type", "").lower()
    _check(fields.get("warc-block-digest"), block, "block")
    if kind == "response" and block.startswith(b"HTTP/"):
        _check_payload(fields.get("warc-payload-digest"), block)
    return Record(member.offset, member.length, kind, fields, block)


def head_of(data: bytes) -> tuple[Mapping[str, str], int]:
    """The fields of a record by lower-case name, the first of each name, and where its block begins.

    Raises:
        RecordError: there is no head of a record.
    """
    found = http_block.HEAD_END.search(data, 0, MAX_HEAD)
    if not (data.startswith(_BEGINNING) and found):
        raise RecordError(f"no WARC record (no head of a known version in its first {MAX_HEAD} bytes)")
    lines = _FOLDED.sub(b" ", data[: found.start()]).splitlines()[1:]
    pairs = (line.partition(b":") for line in reversed(lines))
    fields = {_text(name).lower(): _text(value) for name, _, value in pairs}
    return fields, found.end()


def _text(raw: bytes) -> str:
    return raw.strip().decode("utf-8", "replace")


def _declared_length(fields: Mapping[str, str]) -> int:
    declared = fields.get("content-length", "")
    if not (declared.isascii() and declared.isdigit() and len(declared) < _LONGEST_NUMBER):
        raise RecordError(f"the record's Content-Length is no length: {declared[:40] or 'it has none'}")
    return int(declared)


def _about_length(rest: bytes) -> str:
    if rest.lstrip(b"\r\n").startswith(_BEGINNING):
        return "several records are compressed as one; mend the file with `warcio recompress`"
    return "the record's length is not what its Content-Length says"


def url_in(data: bytes) -> str | None:
    """The address in what is left of a damaged record."""
    found = _ADDRESS.search(data, 0, MAX_HEAD)
    return _text(found[1]) if found else None


def has_payload(response: Record, declared: str | None) -> bool:
    """Whether a response has the payload that a digest names; true where none is named."""
    try:
        _check_payload(declared, response.block)
    except RecordError:
        return False
    return True


def _check_payload(declared: str | None, block: bytes) -> None:
    """Compares with the payload as it came or, where that is in chunks, joined: the standard's words allow both."""
    head, _, payload = http_block.split_head(block)
    try:
        _check(declared, payload, "payload")
    except RecordError:
        if b"chunked" not in head.lower():
            raise
        _check(declared, decode(CHUNKED, payload, limit=gzip_members.MAX_RECORD).body, "payload")


def _check(declared: str | None, data: bytes, what: str) -> None:
    """Compares with a digest such as `sha1:…`, in base 32, base 64 or hex; a record without one passes."""
    if declared is None:
        return
    name, _, value = declared.partition(":")
    algorithm = name.strip().lower().replace("-", "")
    if algorithm not in _DIGESTS:
        raise RecordError(f"the {what} digest is of a kind not known here: {name[:40]}")
    digest = hashlib.new(algorithm, data, usedforsecurity=False).digest()
    if not _spells(value.strip(), digest):
        raise RecordError(f"the {what} digest differs")


def _spells(value: str, digest: bytes) -> bool:
    """Whether a text is a digest in one of the spellings that are in use."""
    in_any_case = {base64.b32encode(digest).decode().rstrip("="), digest.hex().upper()}
    as_written = {encode(digest).decode().rstrip("=") for encode in (base64.b64encode, base64.urlsafe_b64encode)}
    bare = value.rstrip("=")
    return bare.upper() in in_any_case or bare in as_written
