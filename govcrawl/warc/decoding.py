"""From the bytes on the wire to the body: transfer and content encodings removed, within a limit.

A body that was cut or damaged gives what came before the damage and says so. A body that does not begin as its label
says is taken as it is: servers and proxies leave `Content-Encoding: gzip` on bodies they have already unpacked.
"""

from __future__ import annotations

import importlib
import re
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from govcrawl.errors import LimitError
from govcrawl.models import Headers

MAX_BODY = 16 * 1024 * 1024
"""Bytes a decoded body may have unless the caller says otherwise."""

_MAX_ENCODINGS = 4
_STEP = 1 << 14
_GZIP_MAGIC = b"\x1f\x8b"
_MAX_MEMBERS = 1_000
_CHUNK_SIZE = re.compile(rb"(?:\r\n)?([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body with its encodings removed; `damage` says in a few words why it is not whole, None if it is."""

    body: bytes
    damage: str | None = None

    @property
    def truncated(self) -> bool:
        """Whether bytes are missing: such a body is kept as evidence and never read as a page."""
        return self.damage is not None


def decode(headers: Headers, wire_body: bytes, *, limit: int = MAX_BODY) -> Decoded:
    """Takes off the encodings the header fields name, the last applied first.

    Raises:
        LimitError: `too_large`: the body is over `limit` bytes at some stage, or wrapped more than four times.
    """
    names = _encodings(headers)
    if len(names) > _MAX_ENCODINGS:
        raise LimitError(f"too_large: the body is wrapped in {len(names)} encodings, allowed are {_MAX_ENCODINGS}")
    if len(wire_body) > limit:
        raise _too_large(limit)
    decoded = Decoded(wire_body)
    for name in reversed(names):
        step = None
        with suppress(_NoRoomError):  # let go of at once: what it was raised over hangs on its traceback
            step = _DECODERS.get(name, _unknown)(decoded.body, limit)
        if step is None:
            raise _too_large(limit)
        decoded = Decoded(step.body, decoded.damage or step.damage)
    return decoded


def _encodings(headers: Headers) -> list[str]:
    """The names in the order they were applied: content encodings, then transfer encodings."""
    wrappings = ("content-encoding", "transfer-encoding")
    values = [value for wrapping in wrappings for name, value in headers if name.lower() == wrapping]
    names = (name.strip().lower() for value in values for name in value.split(","))
    return [name for name in names if name not in {"", "identity"}]


def _too_large(limit: int) -> LimitError:
    return LimitError(f"too_large: the body is over {limit} bytes once decoded and was not read further")


class _NoRoomError(Exception):
    """Raised where a body grows beyond what it may have; only `decode` knows how much that was at first."""


def _gunzip(data: bytes, limit: int) -> Decoded:
    """One gzip member after the other, as long as they follow each other; anything behind them is dropped."""
    bodies: list[bytes] = []
    start = 0
    while data.startswith(_GZIP_MAGIC, start):
        if len(bodies) == _MAX_MEMBERS:
            raise LimitError(f"too_large: the body is made of more than {_MAX_MEMBERS} compressed pieces")
        part, start = _inflate(zlib.decompressobj(zlib.MAX_WBITS | 16), data, start, limit)
        limit -= len(part.body)
        bodies.append(part.body)
        if part.damage:
            return Decoded(b"".join(bodies), part.damage)
    return Decoded(b"".join(bodies)) if bodies else Decoded(data)


def _undeflate(data: bytes, limit: int) -> Decoded:
    """`deflate` means zlib in the standard and a bare stream in many servers; whichever begins well is meant."""
    for wbits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        decoded, _ = _inflate(zlib.decompressobj(wbits), data, 0, limit)
        if decoded.body or decoded.damage is None:
            return decoded
    return Decoded(data)


def _inflate(engine: zlib._Decompress, data: bytes, start: int, limit: int) -> tuple[Decoded, int]:
    """Runs one compressed stream to its end; gives what it held and where the data goes on behind it."""
    parts: list[bytes] = []
    room = limit + 1
    while start < len(data) and not engine.eof:
        try:
            parts.append(engine.decompress(data[start : start + _STEP], room))
        except zlib.error as error:
            return Decoded(b"".join(parts), f"compressed data damaged: {error}"), len(data)
        start = min(start + _STEP, len(data))
        room -= len(parts[-1])
        if room <= 0:
            raise _NoRoomError
    damage = None if engine.eof or not data else "compressed data cut short"
    return Decoded(b"".join(parts), damage), start - len(engine.unused_data)


def _unbrotli(data: bytes, limit: int) -> Decoded:
    """Brotli, where its module is installed in a version that can bound what it gives; it is never asked for."""
    brotli = _bounded_brotli()
    if brotli is None:
        return Decoded(data, "encoding br needs the module brotli, 1.2 or newer")
    engine = brotli.Decompressor()
    try:
        body = engine.process(data, output_buffer_limit=limit + 1)
    except brotli.error as error:
        return Decoded(b"", f"compressed data damaged: {error}")
    if len(body) > limit:
        raise _NoRoomError
    return Decoded(body, None if engine.is_finished() or not data else "compressed data cut short")


def _bounded_brotli() -> Any:
    try:
        module = importlib.import_module("brotli")
    except ImportError:
        return None
    return module if hasattr(module.Decompressor, "can_accept_more_data") else None


def _dechunk(data: bytes, _limit: int) -> Decoded:
    """Chunks joined. Most HTTP clients have joined them before and left the header field as it was."""
    pieces: list[bytes] = []
    start = 0
    while size := _CHUNK_SIZE.match(data, start):
        length = int(size[1], 16)
        start = size.end() + length
        pieces.append(data[size.end() : start])
        if length == 0:
            return Decoded(b"".join(pieces))
    return Decoded(b"".join(pieces), "the last chunk is missing") if pieces else Decoded(data)


def _unknown(data: bytes, _limit: int) -> Decoded:
    return Decoded(data, "the body is in an encoding that is not known here")


_DECODERS: dict[str, Callable[[bytes, int], Decoded]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "chunked": _dechunk,
}
