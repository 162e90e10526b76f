"""How a response is sent: whole, or as broken servers and networks send it.

A delivery turns a `WireMessage` into steps: bytes to send, seconds to wait, or a `ConnectionReset`. The server takes
the steps; every delivery but `whole` ends the connection.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from select import select

from govcrawl.models import Headers
from govcrawl.replica.request_response import WHOLE_DELIVERY

_SILENCE_SECONDS = 60.0
"""Seconds for which a silent server keeps a connection; no client of a test waits so long."""
_DRIP_SECONDS = 0.2
"""Seconds between two bytes of a slow server."""
_FLOOD_PIECES = 200
_FLOOD_PIECE = bytes(1 << 20)


class ConnectionReset:
    """A step: the connection is reset, and the client loses what it has not read yet."""


_Step = bytes | float | ConnectionReset


@dataclass(frozen=True, slots=True)
class WireMessage:
    """What is to be sent: the status line without its line end, the fields that every delivery has, the body."""

    status_line: str
    headers: Headers
    body: bytes

    def head(self, *more: tuple[str, str]) -> bytes:
        """The head with some more fields, up to its empty line."""
        fields = "".join(f"{name}: {value}\r\n" for name, value in (*self.headers, *more))
        return f"{self.status_line}\r\n{fields}\r\n".encode("latin-1")

    def head_of(self, length: int) -> bytes:
        """The head of a body that is said to be so long; the connection ends with it."""
        return self.head(("Content-Length", str(length)), ("Connection", "close"))

    @property
    def half(self) -> bytes:
        """The first half of the body."""
        return self.body[: len(self.body) // 2]


_Delivery = Callable[[WireMessage], Iterator[_Step]]


def _whole(message: WireMessage) -> Iterator[_Step]:
    """Head and body in one piece: on a kept-alive connection the second of two would wait for an acknowledgement."""
    yield message.head(("Content-Length", str(len(message.body)))) + message.body


def _cut(message: WireMessage) -> Iterator[_Step]:
    yield message.head_of(len(message.body)) + message.half


def _length_too_big(message: WireMessage) -> Iterator[_Step]:
    yield message.head_of(len(message.body) + 100) + message.body


def _length_too_small(message: WireMessage) -> Iterator[_Step]:
    yield message.head_of(len(message.half)) + message.body


def _chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def _chunks_broken(message: WireMessage) -> Iterator[_Step]:
    yield message.head(("Transfer-Encoding", "chunked"), ("Connection", "close"))
    yield _chunked(message.half) + b"no length\r\n" + message.half


def _chunks_cut(message: WireMessage) -> Iterator[_Step]:
    yield message.head(("Transfer-Encoding", "chunked"), ("Connection", "close"))
    yield _chunked(message.half)


def _reset_before(_: WireMessage) -> Iterator[_Step]:
    yield ConnectionReset()


def _reset_after_head(message: WireMessage) -> Iterator[_Step]:
    yield message.head_of(len(message.body))
    yield _DRIP_SECONDS
    yield ConnectionReset()


def _reset_mid_body(message: WireMessage) -> Iterator[_Step]:
    yield message.head_of(len(message.body)) + message.half
    yield _DRIP_SECONDS
    yield ConnectionReset()


def _silent(_: WireMessage) -> Iterator[_Step]:
    yield _SILENCE_SECONDS


def _drip(data: bytes) -> Iterator[_Step]:
    for byte in data:
        yield bytes((byte,))
        yield _DRIP_SECONDS


def _drip_head(message: WireMessage) -> Iterator[_Step]:
    yield from _drip(message.head_of(len(message.body)))


def _drip_body(message: WireMessage) -> Iterator[_Step]:
    yield message.head_of(len(message.body))
    yield from _drip(message.body)


def _flood(message: WireMessage) -> Iterator[_Step]:
    """200 MB without a length in the head: the body ends with the connection."""
    yield message.head(("Connection", "close"))
    yield from repeat(_FLOOD_PIECE, _FLOOD_PIECES)


DELIVERIES: Mapping[str, _Delivery] = {
    WHOLE_DELIVERY: _whole,
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
"""The deliveries by name; but for `whole`, the names are also those of faults."""


def send_steps(steps: Iterable[_Step], connection: socket.socket) -> None:
    """Takes the steps until the client closes the connection. Raises OSError where it does so within a step."""
    for step in steps:
        if isinstance(step, bytes):
            connection.sendall(step)
        elif isinstance(step, ConnectionReset):
            # Closing with a linger of 0 seconds sends a reset in place of the orderly end; `close` alone would wait for
            # the files that the server made of the socket.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(connection.detach())
        elif select([connection], [], [], step)[0]:
            return
