"""The replica's server: HTTP/1.1 on loopback; the Host header says which portal is asked.

It keeps connections alive, compresses for clients that accept gzip, and answers conditional requests with 304. Since
all requests arrive over plain HTTP, the header `X-Replica-Scheme` says which scheme a client means.
"""

from __future__ import annotations

import gzip
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from govcrawl.errors import UsageError
from govcrawl.models import Headers
from govcrawl.replica.faults.scenarios import HEALTHY_SCENARIO
from govcrawl.replica.faults.wire import DELIVERIES, WireMessage, send_steps
from govcrawl.replica.replica import Replica
from govcrawl.replica.request_response import WHOLE_DELIVERY, ReplicaRequest, ReplicaResponse
from govcrawl.terminal import say

_LOOPBACK = "127.0.0.1"
_FORM = "application/x-www-form-urlencoded"
_MAX_FORM = 1 << 16


class _Listener(BaseHTTPRequestHandler):
    """Reads requests from a connection and sends the responses; there is one for each connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        """Answers a GET."""
        self._respond(self._request(b""))

    def do_HEAD(self) -> None:
        """Answers a HEAD like a GET, without a body."""
        self._respond(self._request(b""))

    def do_POST(self) -> None:
        """Answers a POST; the fields of its form count as parameters."""
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(min(int(length), _MAX_FORM) if length.isascii() and length.isdigit() else 0)
        self._respond(self._request(body))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Writes nothing: the replica keeps a log of its own."""

    def _request(self, body: bytes) -> ReplicaRequest:
        target = urlsplit(self.path)
        is_form = (self.headers.get("Content-Type") or _FORM).startswith(_FORM)
        form = body.decode("utf-8", "replace") if is_form else ""
        fields = (*parse_qsl(target.query, keep_blank_values=True), *parse_qsl(form, keep_blank_values=True))
        host = self.headers.get("Host", "").partition(":")[0].lower()
        scheme, referrer = self.headers.get("X-Replica-Scheme", "http"), self.headers.get("Referer", "")
        return ReplicaRequest(self.command, host, target.path, dict(fields), scheme, referrer, body)

    def _respond(self, request: ReplicaRequest) -> None:
        response = self.server.replica.respond(request)
        if response.status == 200 and self._unchanged(response):
            self._send(304, response, b"", ())
            return
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        zipped = accepted and len(response.body) > 512 and not response.is_encoded
        body = _zipped(response.body) if zipped else response.body
        encoding = (("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")) if zipped else ()
        self._send(response.status, response, body, (("Content-Type", response.media_type), *encoding))

    def _unchanged(self, response: ReplicaResponse) -> bool:
        validators = dict(response.validation)
        tag = self.headers.get("If-None-Match")
        if tag is not None:
            return "ETag" in validators and validators["ETag"] in tag
        return self.headers.get("If-Modified-Since") == validators.get("Last-Modified", "")

    def _send(self, status: int, response: ReplicaResponse, body: bytes, headers: Headers) -> None:
        status_line = f"HTTP/1.1 {status} {responses.get(status, 'Unknown')}"
        message = WireMessage(status_line, (*headers, *response.validation, *response.headers), body)
        if self.command == "HEAD":
            self.wfile.write(message.head(("Content-Length", str(len(body)))))
            return
        self.close_connection = self.close_connection or response.delivery != WHOLE_DELIVERY
        send_steps(DELIVERIES[response.delivery](message), self.connection)


@lru_cache(maxsize=2048)
def _zipped(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


class _Server(ThreadingHTTPServer):
    """A threading server over a replica."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, replica: Replica, port: int) -> None:
        self.replica = replica
        super().__init__((_LOOPBACK, port), _Listener)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that closes its connection is no error: tests kill crawls on purpose."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    @property
    def base_url(self) -> str:
        """The address under which the server listens."""
        return f"http://{_LOOPBACK}:{self.server_port}"


def _bind(replica: Replica, port: int) -> _Server:
    try:
        return _Server(replica, port)
    except OSError as error:
        raise UsageError(
            f"port {port} on {_LOOPBACK}: {error.strerror}; give another --port, 0 takes a free one"
        ) from error


@contextmanager
def running(replica: Replica, port: int = 0) -> Iterator[str]:
    """Serves the replica from a thread while the block runs; gives the base URL."""
    server = _bind(replica, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.base_url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def serve_replica(port: int = 0, scenario: str = HEALTHY_SCENARIO, extra: Path | None = None, day: int = 0) -> None:
    """Serves until interrupted; prints one line, the base URL.

    Raises UsageError for a scenario that does not exist, a wrong extra folder, or a port that is taken.
    """
    with _bind(Replica(scenario=scenario, extra=extra, day=day), port) as server:
        say(server.base_url)  # the promise to whoever started it
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
