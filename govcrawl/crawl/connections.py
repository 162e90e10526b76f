"""What is seen of the connection a request goes over: whether the host took it, and the handshake on it.

Scrapy's exceptions tell neither. A request's `Tracing` is found by whoever resolves the name, makes the connection or
takes a kept one, because Twisted does all three within the call that sends the request.
"""

from collections.abc import Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.python.failure import Failure
from twisted.web.client import HTTPConnectionPool

from govcrawl.crawl.tls import Handshake, handshake_of
from govcrawl.models import TlsFacts


@dataclass(slots=True, eq=False)
class ConnectionEnd:
    """How a connection ended: `is_reset` by anything but a FIN."""

    is_reset: bool = False


_ENDS: WeakKeyDictionary[Any, ConnectionEnd] = WeakKeyDictionary()


@dataclass(slots=True, eq=False)
class Tracing:
    """How far one request has come. `refused` says why no address of its host may be connected to."""

    resolving: bool = False
    refused: str | None = None
    connected: bool = False
    handshake: Handshake | None = None
    end: ConnectionEnd | None = None

    @property
    def was_reset(self) -> bool:
        """Whether the connection ended by anything but a FIN; beneath TLS, which tells no FIN from a reset."""
        if self.handshake is not None:
            return self.handshake.is_closed is False
        return self.end is not None and self.end.is_reset

    @property
    def tls(self) -> TlsFacts | None:
        """What was agreed with the server; None without TLS."""
        return self.handshake.facts() if self.handshake else None


TRACING: ContextVar[Tracing | None] = ContextVar("TRACING", default=None)
"""The tracing of the request that is being sent; None outside a crawl's own handler."""


class TracedPool:
    """A pool of connections as Twisted's is, which notes on a request's tracing that it has one, and its handshake."""

    def __init__(self, pool: HTTPConnectionPool) -> None:
        self._pool = pool
        self.persistent = pool.persistent

    def getConnection(self, key: Hashable, endpoint: IStreamClientEndpoint) -> "Deferred[Any]":  # noqa: N802 - Twisted's name
        """A kept connection, or a new one."""
        tracing = TRACING.get()
        found: Deferred[Any] = self._pool.getConnection(key, endpoint)
        return found if tracing is None else found.addCallback(_noted, tracing)

    def closeCachedConnections(self) -> "Deferred[None]":  # noqa: N802 - Twisted's name
        """Close what is kept."""
        closed: Deferred[None] = self._pool.closeCachedConnections()  # type: ignore[no-untyped-call]
        return closed


def _noted(connection: Any, tracing: Tracing) -> Any:
    tracing.connected = True
    tracing.handshake = handshake_of(connection.transport)
    tracing.end = _ENDS.get(connection) or _watched_end(connection)
    return connection


def _watched_end(connection: Any) -> ConnectionEnd:
    """The end of a connection, which is noted when it comes."""
    end = _ENDS[connection] = ConnectionEnd()
    lose = connection.connectionLost

    def lost(reason: Failure) -> None:
        end.is_reset = not reason.check(ConnectionDone)  # type: ignore[no-untyped-call]
        lose(reason)

    connection.connectionLost = lost
    return end
