"""Gzip members: one holds one WARC record, so that a record can be read, checked and cut off by itself.

Reading goes member by member and checks length and CRC of each. WARC libraries read a file as one stream instead, and
give a torn last record back short without an error; here it comes with its fault named. After a damaged member the
search goes on for the next one that begins a WARC record.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_MAGIC = b"\x1f\x8b\x08"
_RECORD = b"WARC/1."
_LARGE, _SMALL = (15, 8), (12, 5)  # window and memory for zlib; to clear the large ones costs more than a small record
_SMALL_BYTES = 1 << 12
_BLOCK = 0xFFFF
_STEP = 1 << 15
_SEARCH_STEP = 1 << 20

MAX_RECORD = 1 << 28
"""No record is inflated beyond this many bytes."""


@dataclass(frozen=True, slots=True)
class Member:
    """A stretch of a WARC file: one gzip member, or what stands where one should begin.

    With a `fault`, `data` is what could be inflated before it, and the stretch ends where the next record begins.
    """

    offset: int
    length: int
    data: bytes
    fault: str | None = None

    @property
    def end(self) -> int:
        """The offset of the first byte after the stretch."""
        return self.offset + self.length


def compress(data: bytes, *, stored: int = 0) -> bytes:
    """One gzip member holding the data; its last `stored` bytes are put in as they are.

    A body that came compressed cannot be made smaller: storing it is as small and ten times as fast.
    """
    front, tail = data[: len(data) - stored], data[len(data) - stored :]
    window, memory = _LARGE if len(front) > _SMALL_BYTES else _SMALL
    deflate = zlib.compressobj(6, zlib.DEFLATED, -window, memory)
    packed = deflate.compress(front)
    packed += deflate.flush(zlib.Z_SYNC_FLUSH) + _blocks(tail) if stored else deflate.flush()
    return _HEADER + packed + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def scan(file: int, start: int = 0) -> Iterator[Member]:
    """The members of an open file from a record's start to the file's end, damaged stretches with their fault."""
    size = os.fstat(file).st_size
    while start < size:
        member = read_member(file, start)
        if member.fault:
            member = replace(member, length=seek_record(file, start + 1) - start)
        yield member
        start = member.end


def read_member(file: int, offset: int) -> Member:
    """The member that begins at an offset of an open file; never raises for what the file holds."""
    engine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    pieces: list[bytes] = []
    taken, room = 0, MAX_RECORD
    while not engine.eof:
        chunk = os.pread(file, _STEP, offset + taken)
        if not chunk:
            return Member(offset, taken, b"".join(pieces), "the file ends inside the record")
        taken += len(chunk)
        try:
            pieces.append(engine.decompress(chunk, room))
        except zlib.error as error:
            return Member(offset, taken, b"".join(pieces), f"the record's compressed data is damaged ({error})")
        room -= len(pieces[-1])
        if room <= 0:
            return Member(offset, taken, b"", f"the record is larger than {MAX_RECORD} bytes")
    return Member(offset, taken - len(engine.unused_data), b"".join(pieces))


def seek_record(file: int, start: int) -> int:
    """The offset of the first WARC record at or after `start`, or the file's size."""
    while window := os.pread(file, _SEARCH_STEP, start):
        place = window.find(_MAGIC)
        if place < 0:
            start += max(len(window) - len(_MAGIC) + 1, 1)
        elif _begins_record(os.pread(file, 512, start + place)):
            return start + place
        else:
            start += place + 1
    return os.fstat(file).st_size


def _begins_record(data: bytes) -> bool:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, len(_RECORD)) == _RECORD
    except zlib.error:
        return False


def _blocks(data: bytes) -> bytes:
    """The data as stored blocks of a deflate stream, the last one marked as such."""
    starts = range(0, len(data), _BLOCK)
    pieces = ((start + _BLOCK >= len(data), data[start : start + _BLOCK]) for start in starts)
    return b"".join(struct.pack("<BHH", last, len(piece), len(piece) ^ 0xFFFF) + piece for last, piece in pieces)
