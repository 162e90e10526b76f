"""WARC files that others made: their records in the archive's own form, and every record that cannot be trusted.

A file must be compressed record by record, as the standard asks. Lengths and digests are checked as in our own files.
Body bytes stay as they came but for chunked transfer encoding, which no file of ours has. Records that are not answers
of web servers (warcinfo, metadata, DNS) are passed over. A revisit is given with the page that it stands for, if that
is in the same file.
"""

import os
import stat
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from govcrawl.errors import InputError, LimitError, RecordError
from govcrawl.models import Headers
from govcrawl.vocabulary import Origin
from govcrawl.warc import gzip_members, http_block, records
from govcrawl.warc.decoding import MAX_BODY, Decoded, decode
from govcrawl.warc.record_dates import misdated
from govcrawl.warc.records import Record
from govcrawl.warc.stored_records import Fetched, Problem
from govcrawl.web_address import web_address

_GZIP = b"\x1f\x8b"
_WITHOUT_BODY = frozenset({204, 304})
_SCHEMES = ("http:", "https:")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of the request behind an answer; a plain GET where the file does not say."""

    method: str = "GET"
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Foreign:
    """An answer out of somebody's file, at an offset of it: what was asked, what came back.

    A revisit has the page that it stands for as `original`, and that page's body in `fetched`.
    """

    offset: int
    asked: Asked
    fetched: Fetched
    original: Fetched | None = None


@dataclass(slots=True)
class _Contents:
    """What a file holds: requests under their own identifier and that of their answer, and where each answer lies."""

    asked: dict[str, Asked] = field(default_factory=dict)
    by_id: dict[str, int] = field(default_factory=dict)
    by_url: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, member: gzip_members.Member) -> None:
        """Adds a record, if it is a request or an answer with a body; RecordError for a broken one."""
        fields, _ = records.head_of(member.data)
        kind, own = fields.get("warc-type", "").lower(), fields.get("warc-record-id", "")
        if kind == "request":
            asked = _asked(records.parse_record(member).block)
            self.asked[own] = self.asked[fields.get("warc-concurrent-to", own)] = asked
        elif kind == "response":
            self.by_id[own] = member.offset
            self.by_url[fields.get("warc-target-uri", "").strip("<>")].append(member.offset)

    def behind(self, record: Record) -> Asked:
        """The request that a record answers."""
        names = (record.id, record.fields.get("warc-concurrent-to", ""))
        return next((self.asked[name] for name in names if name in self.asked), Asked())


def foreign_origin(path: Path) -> Origin:
    """What a file was crawled from: `live`, unless it is one of ours and says otherwise.

    Raises:
        InputError: the file cannot be read, or does not begin with a gzip member.
    """
    with _opened(path) as file:
        first = gzip_members.read_member(file, 0)
    fields = (line.partition(b":") for line in first.data[: records.MAX_HEAD].splitlines())
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
        reader = _Reader(file, limit)
        for member in gzip_members.scan(file):
            try:
                if found := reader.answer(member, wanted):
                    yield found
            except (RecordError, LimitError) as error:
                yield Problem(path.name, member.offset, records.url_in(member.data), str(error))


class _Reader:
    """Reads the answers of an open file; `limit` is the most bytes that a decoded body may have."""

    def __init__(self, file: int, limit: int) -> None:
        self._file = file
        self._limit = limit
        self._contents = _contents_of(file)

    def answer(self, member: gzip_members.Member, wanted: Callable[[str], bool]) -> Foreign | None:
        """The answer in a member; None for what is none, or is not wanted. RecordError, LimitError for a bad one."""
        record = records.parse_record(member)
        if record.kind not in {"response", "revisit"} or not _written(record).lower().startswith(_SCHEMES):
            return None
        url = _address(record)
        if not wanted(url):
            return None
        asked = self._contents.behind(record)
        if record.kind == "response":
            return Foreign(record.offset, asked, replace(self._fetched(record, url), sent_headers=asked.headers))
        original = self._fetched(found := self._original(record), _address(found))
        return Foreign(record.offset, asked, _sighting(record, url, original, asked), original)

    def _fetched(self, record: Record, url: str) -> Fetched:
        status, headers, wire_body = http_block.split_response(record.block)
        whole, body = _bodies(headers, wire_body, self._limit)
        return Fetched(
            at=_moment(record),
            url=url,
            status=status,
            reason=_reason(record.block),
            headers=headers,
            wire_body=whole.body,
            body=body.body,
            media_type=http_block.media_type(_value(headers, "content-type")),
            truncated=record.fields.get("warc-truncated") or _missing(status, headers, whole, body),
        )

    def _original(self, revisit: Record) -> Record:
        """The response that a revisit stands for: by its identifier, else by address and time, else by its digest."""
        fields, contents = revisit.fields, self._contents
        url = fields.get("warc-refers-to-target-uri") or _written(revisit)
        at = contents.by_id.get(fields.get("warc-refers-to", ""))
        places = [at] if at is not None else contents.by_url.get(url.strip("<>"), [])
        nearest = sorted(places, key=lambda place: (place > revisit.offset, -place))
        candidates = [records.parse_record(gzip_members.read_member(self._file, place)) for place in nearest]
        date, digest = fields.get("warc-refers-to-date"), fields.get("warc-payload-digest")
        for one in sorted(candidates, key=lambda one: one.fields.get("warc-date") != date):
            is_named = at is not None or digest or date == one.fields.get("warc-date")
            if is_named and records.has_payload(one, digest):
                return one
        raise RecordError("a revisit has no body of its own, and what it stands for is not in this file")


def _contents_of(file: int) -> _Contents:
    """What a first pass through a file finds; broken records are left out: the second pass names them."""
    contents = _Contents()
    for member in gzip_members.scan(file):
        try:
            contents.add(member)
        except RecordError:
            continue
    return contents


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{path}: this is no file; give the path of a .warc.gz")
        source = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; give the path of a readable WARC file") from error
    with closing(source):
        if os.pread(source.fileno(), len(_GZIP), 0) != _GZIP:
            raise InputError(f"{path}: this is no .warc.gz; compress a plain one with `warcio recompress`")
        yield source.fileno()


def _written(record: Record) -> str:
    """The address of a record as the file has it; some tools write it in angle brackets."""
    return (record.url or "").strip("<>")


def _address(record: Record) -> str:
    url = web_address(_written(record))
    if url is None:
        raise RecordError("the record's address is none that can be asked: host, port or user are not those of a page")
    return url


def _asked(block: bytes) -> Asked:
    head, _, body = http_block.split_head(block)
    line, *fields = head.splitlines() or [b""]
    pairs = (field.partition(b":") for field in fields)
    headers = tuple((http_block.to_text(name), http_block.to_text(value.strip())) for name, _, value in pairs)
    return Asked(http_block.to_text(line.partition(b" ")[0]), headers, body)


def _sighting(revisit: Record, url: str, original: Fetched, asked: Asked) -> Fetched:
    """What a revisit says: the original's page, seen again at its own time, with its own head where it has one."""
    seen = replace(original, at=_moment(revisit), url=url, sent_headers=asked.headers, wire_body=b"")
    if not revisit.block.strip():
        return seen
    status, headers, _ = http_block.split_response(revisit.block)
    return replace(seen, status=status, reason=_reason(revisit.block), headers=headers)


def _bodies(headers: Headers, wire_body: bytes, limit: int) -> tuple[Decoded, Decoded]:
    """The body with its chunks joined, and with all encodings taken off."""
    in_chunks = "chunked" in (_value(headers, "transfer-encoding") or "").lower()
    whole = decode(records.CHUNKED, wire_body, limit=limit) if in_chunks else Decoded(wire_body)
    return whole, decode(headers, whole.body, limit=limit)


def _missing(status: int, headers: Headers, whole: Decoded, body: Decoded) -> str | None:
    """`unspecified` where bytes of the page are missing: damaged, a part by its status, shorter than its length."""
    declared = _value(headers, "content-length") or ""
    is_plain = not (_value(headers, "transfer-encoding") or _value(headers, "content-encoding"))
    is_other = is_plain and declared.isascii() and declared.isdigit() and declared.lstrip("0") != _digits(whole.body)
    is_part = status == HTTPStatus.PARTIAL_CONTENT or (is_other and status not in _WITHOUT_BODY)
    return "unspecified" if whole.damage or body.damage or is_part else None


def _digits(body: bytes) -> str:
    return str(len(body) or "")


def _value(headers: Headers, wanted: str) -> str | None:
    return next((value for name, value in headers if name.lower() == wanted), None)


def _moment(record: Record) -> datetime:
    date = record.fields.get("warc-date")
    if fault := misdated(date):
        raise RecordError(fault)
    return records.moment(date or "")


def _reason(block: bytes) -> str:
    parts = block.partition(b"\n")[0].rstrip(b"\r").split(b" ", 2)
    return http_block.to_text(parts[2]) if len(parts) > 2 else ""
