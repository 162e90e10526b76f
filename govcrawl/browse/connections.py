"""How long and how many: the limits of a connection that the server of ASGI applications does not have itself.

A request that does not arrive whole in time ends its connection, and so does an answer that nobody takes. When all
places are taken, the connection that has waited longest without a whole request makes room for a new one.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_CONNECTIONS = 700
"""Connections at once; files that a process may have open are often limited to 1,024."""

REQUEST_SECONDS = 20
"""Time in which a request must have arrived whole, its body included."""

TAKING_SECONDS = 30
"""Time in which a reader must take something of an answer that waits for him."""

MAX_REQUEST_HEAD = 32 * 1024
"""Bytes of the head of a request; a long SELECT in an address has some 10,000."""


class BoundedConnection(H11Protocol):
    """A connection with these limits."""

    _asking: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Make room where all places are taken, and wait for a request."""
        if len(self.connections) >= MAX_CONNECTIONS:
            _make_room(self.connections)
        super().connection_made(transport)
        self._watch_request()

    def data_received(self, data: bytes) -> None:
        """Read on; the time runs until the request is whole."""
        super().data_received(data)
        self._watch_request()

    def on_response_complete(self) -> None:
        """Go on to the next request, which may have come in part already."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._watch_request()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; without a word where the answer has begun."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.abort()

    def pause_writing(self) -> None:
        """Wait for the reader, for a while."""
        super().pause_writing()
        self._taking = self.loop.call_later(TAKING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Write on."""
        super().resume_writing()
        self._stop_taking()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._stop_asking()
        self._stop_taking()
        super().connection_lost(exc)

    def _stop_asking(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _stop_taking(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    @property
    def is_half_open(self) -> bool:
        """Whether a request has not arrived whole, or none has begun."""
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def _watch_request(self) -> None:
        if not self.is_half_open:
            self._stop_asking()
        elif self._asking is None:
            self._asking = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    @property
    def asked_until(self) -> float:
        """When the time for the request ends; the end of time where no request is waited for."""
        if self._asking is not None:
            return self._asking.when()
        return 0.0 if self.is_half_open else float("inf")


def _make_room(connections: Any) -> None:
    oldest = min(connections, key=lambda each: each.asked_until)
    if oldest.asked_until != float("inf"):
        oldest.transport.abort()
        connections.discard(oldest)
