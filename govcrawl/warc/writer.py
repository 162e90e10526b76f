"""Writing an archive: every response is stored before anything reads it.

One call makes one group of records, closed by its note, and appends it in one piece: a group is in the file whole or
not at all. No file of an earlier run is ever opened for writing.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

from fastwarc.warc import WarcRecordType

from govcrawl.errors import ArchiveError
from govcrawl.models import Capture, Request
from govcrawl.vocabulary import Origin, Outcome
from govcrawl.warc import http_block, layout, metadata_json, records
from govcrawl.warc.append_only_file import AppendFile
from govcrawl.warc.reader import read_origin, read_original
from govcrawl.warc.records import Packed, Record
from govcrawl.warc.stored_records import ConnectionSeen, Event, Fetched, StoredAttempt

_INFO = """\
software: {software}\r
format: WARC File Format 1.1\r
conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r
origin: {origin}\r
registry: {registry}\r
description: Header fields keep their order and repetition. The request line, Host and the version in the status line \
are rebuilt, and chunked transfer encoding is removed, so heads are not byte-exact; content encoding is kept.\r
"""


class ArchiveWriter:
    """The one writer of an archive, for one run: a new file per portal, a new one again at `max_bytes`.

    Times come from the caller. A write that fails raises `ArchiveWriteError` and leaves no part of its group behind.

    Args:
        archive: the archive folder, prepared and locked (`lock`).
        origin: what is crawled.
        software: name and version of what writes.
        registry_digest: which registry was in force.
        max_bytes: a file that would grow beyond it is left and the next one begun.
        vantage: from where is asked, as whoever runs it claims; empty where nobody says.

    Raises:
        ArchiveError: the archive is of the other origin.
    """

    def __init__(
        self,
        archive: Path,
        *,
        origin: Origin,
        software: str,
        registry_digest: str,
        max_bytes: int = 1 << 30,
        vantage: str = "",
    ) -> None:
        present = read_origin(archive)
        if present not in {None, origin}:
            raise ArchiveError(f"{archive} is an archive of origin {present}, not {origin}: give another archive")
        self._archive = archive
        self._info = _INFO.format(software=software, origin=origin, registry=registry_digest).encode()
        self._max_bytes = max_bytes
        self.vantage = vantage or None
        self._open: dict[str, tuple[str, AppendFile]] = {}
        self._ends: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def write_exchange(self, request: Request, fetched: Fetched, outcome: Outcome) -> Capture:
        """Keeps a request and its response; returns where and under which digest.

        Raises:
            ArchiveWriteError: it could not be written whole; nothing of it was kept.
        """
        came_packed = len(fetched.wire_body) < len(fetched.body)
        response = records.pack(
            WarcRecordType.response,
            http_block.response_head(fetched.status, fetched.reason, fetched.headers) + fetched.wire_body,
            _fields(fetched, records.RESPONSE) | {"WARC-Truncated": fetched.truncated},
            payload=fetched.wire_body,
            stored=len(fetched.wire_body) if came_packed else 0,
        )
        asked = records.pack(
            WarcRecordType.request,
            http_block.request_head(request.method, fetched.url, fetched.sent_headers) + request.body,
            _fields(fetched, records.REQUEST) | {"WARC-Concurrent-To": response.id},
        )
        digest = sha256(fetched.body).hexdigest()
        return self._close_group(request, fetched, outcome, response, digest, before=asked.member)

    def write_revisit(self, request: Request, fetched: Fetched, outcome: Outcome, original: Capture) -> Capture:
        """Keeps that a page is unchanged (answered 304, or with the body that `original` holds), without its body.

        What was asked is in the note alone: a request record would be as large as the rest, in each of many refreshes.
        Returns the revisit's own capture, with the digest and media type of the original.

        Raises:
            RecordError: the original cannot be read back.
            ArchiveWriteError: it could not be written whole; nothing of it was kept.
        """
        source_file, source = read_original(self._archive, original.warc_file, original.warc_offset)
        profile = records.NOT_MODIFIED if fetched.status == 304 else records.IDENTICAL
        revisit = records.pack(
            WarcRecordType.revisit,
            http_block.response_head(fetched.status, fetched.reason, fetched.headers),
            _fields(fetched, records.RESPONSE)
            | {"WARC-Profile": profile, "WARC-Payload-Digest": source.fields.get("warc-payload-digest")}
            | _reference(source_file, source),
        )
        of_original = replace(fetched, media_type=original.media_type)
        return self._close_group(request, of_original, outcome, revisit, original.sha256)

    def write_conversion(self, request: Request, shown: Fetched, outcome: Outcome, original: Capture) -> Capture:
        """Keeps what a browser made of a page: its tree as `shown.body`, beside the response `original` it came from.

        Returns the conversion's own capture.

        Raises:
            RecordError: the original cannot be read back.
            ArchiveWriteError: it could not be written whole; nothing of it was kept.
        """
        source = read_original(self._archive, original.warc_file, original.warc_offset)
        fields = _fields(shown, f"{shown.media_type}; charset=utf-8") | _reference(*source)
        conversion = records.pack(WarcRecordType.conversion, shown.body, fields)
        return self._close_group(request, shown, outcome, conversion, sha256(shown.body).hexdigest())

    def write_attempt(
        self,
        request: Request,
        outcome: Outcome,
        at: datetime,
        detail: str,
        http_status: int | None = None,
        seen: ConnectionSeen = ConnectionSeen(),  # noqa: B008 - frozen
    ) -> StoredAttempt:
        """Keeps that a request brought no response to keep, and why; returns it as it will be read.

        Raises:
            ArchiveWriteError: it could not be written whole; nothing of it was kept.
        """
        note = {
            "kind": "attempt",
            "request": metadata_json.request_fields(request),
            "outcome": outcome,
            "detail": detail,
            "http_status": http_status,
            **self._circumstances(seen),
        }
        warc_file, _ = self._append(request.portal, at, _note(note, at, request.url).member)
        moment, end = records.timestamp(at), self._ends[warc_file]
        return StoredAttempt(request, outcome, moment, detail, http_status, warc_file, end, seen.wall, self.vantage)

    def write_crawl(self, portal: str | None, event: Event, at: datetime, fields: Mapping[str, Any]) -> None:
        """Marks an event of a run, for one portal or (None) as a whole, with what the crawl says of it.

        Raises:
            ArchiveWriteError: it could not be written whole; nothing of it was kept.
        """
        note = {"kind": "crawl", "portal": portal, "event": event, "fields": dict(fields)}
        self._append(portal or layout.RUNS, at, _note(note, at).member)

    def ends(self) -> Mapping[str, int]:
        """The files of this run and their lengths: up to where each is on record. A live view."""
        return MappingProxyType(self._ends)

    def flush(self) -> None:
        """Makes everything written so far outlive a power cut.

        Raises:
            ArchiveWriteError: the disk refused.
        """
        for _, file in self._open.values():
            file.sync()

    def close(self) -> None:
        """Flushes and leaves the files for good; a later write begins new ones."""
        self.flush()
        self._open.clear()

    def _close_group(
        self, request: Request, fetched: Fetched, outcome: Outcome, answer: Packed, digest: str, *, before: bytes = b""
    ) -> Capture:
        """Appends the answer, behind what goes before it, and its note."""
        note = {
            "kind": "exchange",
            "request": metadata_json.request_fields(request),
            "outcome": outcome,
            "sha256": digest,
            "media_type": fetched.media_type,
            "url": fetched.url,
            **self._circumstances(fetched.seen),
        }
        closing = _note(note, fetched.at, fetched.url, answer.id)
        warc_file, start = self._append(request.portal, fetched.at, before + answer.member + closing.member)
        return Capture(
            request=request,
            url=fetched.url,
            fetched_at=records.timestamp(fetched.at),
            status=fetched.status,
            sha256=digest,
            media_type=fetched.media_type,
            warc_file=warc_file,
            warc_offset=start + len(before),
            warc_length=len(answer.member),
            truncated=fetched.truncated is not None,
        )

    def _circumstances(self, seen: ConnectionSeen) -> dict[str, Any]:
        """How an attempt was made, as entries of its note; what is not known has none."""
        told = {"wall": seen.wall, "tls": seen.tls and asdict(seen.tls), "vantage": self.vantage}
        return {name: value for name, value in told.items() if value is not None}

    def _append(self, folder: str, at: datetime, group: bytes) -> tuple[str, int]:
        """Puts a group at the end of the folder's file; gives the file's name and where the group begins."""
        name, file = self._open.get(folder, ("", None))
        if file is not None and file.end + len(group) > self._max_bytes:
            file.sync()
            file = None
        lead = b""
        if file is None:
            name = layout.next_name(self._archive, folder, at)
            file = AppendFile(layout.warc_path(self._archive, name))
            lead = self._warcinfo(name, at)
        start = file.append(lead + group) + len(lead)
        self._open[folder] = name, file
        self._ends[name] = file.end
        return name, start

    def _warcinfo(self, name: str, at: datetime) -> bytes:
        fields = {
            "WARC-Date": records.timestamp(at),
            "WARC-Filename": name.rpartition("/")[2],
            "Content-Type": records.INFO,
        }
        return records.pack(WarcRecordType.warcinfo, self._info, fields).member


def _fields(fetched: Fetched, content_type: str) -> dict[str, str | None]:
    return {
        "WARC-Date": records.timestamp(fetched.at),
        "WARC-Target-URI": fetched.url[: records.MAX_URL],
        "Content-Type": content_type,
    }


def _note(note: dict[str, Any], at: datetime, url: str | None = None, answer_id: str | None = None) -> Packed:
    fields = {
        "WARC-Date": records.timestamp(at),
        "WARC-Target-URI": url and url[: records.MAX_URL],
        "WARC-Concurrent-To": answer_id,
        "Content-Type": records.NOTE,
    }
    return records.pack(WarcRecordType.metadata, metadata_json.dump(note), fields)


def _reference(warc_file: str, original: Record) -> dict[str, str | None]:
    """What a revisit or a conversion says of its response: the standard's fields, then its place in this archive."""
    return {
        "WARC-Refers-To": original.id,
        "WARC-Refers-To-Target-URI": original.url,
        "WARC-Refers-To-Date": original.fields.get("warc-date"),
        "WARC-Refers-To-Filename": warc_file,
        "WARC-Refers-To-File-Offset": str(original.offset),
    }
