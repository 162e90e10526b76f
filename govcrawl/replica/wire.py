"""How an answer goes over the wire: whole, or the way broken servers and networks send it.

A `Delivery` turns a `Message` into steps: bytes to send, seconds to wait, and `Reset` for a connection torn down. The
server carries the steps out; every delivery but `whole` ends the connection.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from select import select

WHOLE = "whole"
FOREVER = 60.0
"""Seconds that a silent server keeps a connection: longer than any client of a drill waits."""
DRIP = 0.2
"""Seconds between two bytes of a server that drips."""
FLOOD_PIECES = 200
FLOOD_PIECE = bytes(1 << 20)


class Reset:
    """A step: the connection is reset, so that what the client has not read yet is lost to it."""


Step = bytes | float | Reset
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent: the status line without its end, the fields that do not depend on the way, the body."""

    status_line: str
    headers: Headers
    body: bytes

    def head(self, *more: tuple[str, str]) -> bytes:
        """The head with some more fields, to its empty line."""
        fields = "".join(f"{name}: {value}\r\n" for name, value in (*self.headers, *more))
        return f"{self.status_line}\r\n{fields}\r\n".encode("latin-1")

    def head_of(self, length: int) -> bytes:
        """The head of a body that is said to be so long, the last on its connection."""
        return self.head(("Content-Length", str(length)), ("Connection", "close"))

    @property
    def half(self) -> bytes:
        """The first half of the body."""
        return self.body[: len(self.body) // 2]


Delivery = Callable[[Message], Iterator[Step]]


def _whole(message: Message) -> Iterator[Step]:
    """Head and body in one piece: two would wait for each other on a kept-alive connection."""
    yield message.head(("Content-Length", str(len(message.body)))) + message.body


def _cut(message: Message) -> Iterator[Step]:
    yield message.head_of(len(message.body)) + message.half


def _length_too_big(message: Message) -> Iterator[Step]:
    yield message.head_of(len(message.body) + 100) + message.body


def _length_too_small(message: Message) -> Iterator[Step]:
    yield message.head_of(len(message.half)) + message.body


def _chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def _chunks_broken(message: Message) -> Iterator[Step]:
    yield message.head(("Transfer-Encoding", "chunked"), ("Connection", "close"))
    yield _chunked(message.half) + b"no length\r\n" + message.half


def _chunks_cut(message: Message) -> Iterator[Step]:
    yield message.head(("Transfer-Encoding", "chunked"), ("Connection", "close"))
    yield _chunked(message.half)


def _reset_before(_: Message) -> Iterator[Step]:
    yield Reset()


def _reset_after_head(message: Message) -> Iterator[Step]:
    yield message.head_of(len(message.body))
    yield DRIP
    yield Reset()


def _reset_mid_body(message: Message) -> Iterator[Step]:
    yield message.head_of(len(message.body)) + message.half
    yield DRIP
    yield Reset()


def _silent(_: Message) -> Iterator[Step]:
    yield FOREVER


def _drip(data: bytes) -> Iterator[Step]:
    for byte in data:
        yield bytes((byte,))
        yield DRIP


def _drip_head(message: Message) -> Iterator[Step]:
    yield from _drip(message.head_of(len(message.body)))


def _drip_body(message: Message) -> Iterator[Step]:
    yield message.head_of(len(message.body))
    yield from _drip(message.body)


def _flood(message: Message) -> Iterator[Step]:
    """200 MB that are no page, of which the head says nothing: their end is the end of the connection."""
    yield message.head(("Connection", "close"))
    yield from repeat(FLOOD_PIECE, FLOOD_PIECES)


DELIVERIES: Mapping[str, Delivery] = {
    WHOLE: _whole,
    "cut": _cut,
    "length-too-big": _length_too_big,
    "length-too-small": _length_too_small,
    "chunks-broken": _chunks_broken,
    "chunks-cut": _chunks_cut,
    "reset-before": _reset_before,
    "reset-after-head": _reset_after_head,
    "reset-mid-body": _reset_mid_body,
    "silent": _silent,
    "drip-head": _drip_head,
    "drip-body": _drip_body,
    "flood": _flood,
}
"""The ways by their names, which are also the names of the faults."""


def carry_out(steps: Iterable[Step], connection: socket.socket) -> None:
    """Does what the steps say, until the client is gone. May raise OSError where it went in the middle of a step."""
    for step in steps:
        if isinstance(step, bytes):
            connection.sendall(step)
        elif isinstance(step, Reset):
            # Closing with a linger of 0 seconds sends a reset in place of the orderly end; `close` alone would wait for
            # the files that the server made of the socket.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(connection.detach())
        elif select([connection], [], [], step)[0]:
            return
