"""The replica's server: HTTP/1.1 on loopback, portals told apart by the Host header.

It keeps connections alive, compresses when the client accepts gzip, and answers conditional requests with 304. The
scheme a client meant is read from `X-Replica-Scheme`, since everything arrives over plain HTTP.
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
from govcrawl.replica.answers import Answer, Asked
from govcrawl.replica.scenarios import HEALTHY
from govcrawl.replica.wire import DELIVERIES, WHOLE, Headers, Message, carry_out
from govcrawl.replica.world import Replica

LOOPBACK = "127.0.0.1"
FORM = "application/x-www-form-urlencoded"
MAX_FORM = 1 << 16


class _Listener(BaseHTTPRequestHandler):
    """Turns bytes into `Asked` and `Answer` into bytes; one for each connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        """Answers a GET."""
        self._respond(self._asked(b""))

    def do_HEAD(self) -> None:
        """Answers a HEAD: a GET without its body."""
        self._respond(self._asked(b""))

    def do_POST(self) -> None:
        """Answers a POST; the fields of its form count as parameters."""
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(min(int(length), MAX_FORM) if length.isascii() and length.isdigit() else 0)
        self._respond(self._asked(body))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Says nothing: the replica keeps a log of its own."""

    def _asked(self, body: bytes) -> Asked:
        target = urlsplit(self.path)
        is_form = (self.headers.get("Content-Type") or FORM).startswith(FORM)
        form = body.decode("utf-8", "replace") if is_form else ""
        fields = (*parse_qsl(target.query, keep_blank_values=True), *parse_qsl(form, keep_blank_values=True))
        host = self.headers.get("Host", "").partition(":")[0].lower()
        scheme, referrer = self.headers.get("X-Replica-Scheme", "http"), self.headers.get("Referer", "")
        return Asked(self.command, host, target.path, dict(fields), scheme, referrer, body)

    def _respond(self, asked: Asked) -> None:
        answer = self.server.replica.answer(asked)
        if answer.status == 200 and self._unchanged(answer):
            self._send(304, answer, b"", ())
            return
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        zipped = accepted and len(answer.body) > 512 and not answer.is_encoded
        body = _zipped(answer.body) if zipped else answer.body
        encoding = (("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")) if zipped else ()
        self._send(answer.status, answer, body, (("Content-Type", answer.media_type), *encoding))

    def _unchanged(self, answer: Answer) -> bool:
        told = dict(answer.validation)
        tag = self.headers.get("If-None-Match")
        if tag is not None:
            return "ETag" in told and told["ETag"] in tag
        return self.headers.get("If-Modified-Since") == told.get("Last-Modified", "")

    def _send(self, status: int, answer: Answer, body: bytes, headers: Headers) -> None:
        status_line = f"HTTP/1.1 {status} {responses.get(status, 'Unknown')}"
        message = Message(status_line, (*headers, *answer.validation, *answer.headers), body)
        if self.command == "HEAD":
            self.wfile.write(message.head(("Content-Length", str(len(body)))))
            return
        self.close_connection = self.close_connection or answer.delivery != WHOLE
        carry_out(DELIVERIES[answer.delivery](message), self.connection)


@lru_cache(maxsize=2048)
def _zipped(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


class _Server(ThreadingHTTPServer):
    """A threading server that knows its replica."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, replica: Replica, port: int) -> None:
        self.replica = replica
        super().__init__((LOOPBACK, port), _Listener)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error: crawls are killed on purpose here."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    @property
    def base_url(self) -> str:
        """Where the server listens."""
        return f"http://{LOOPBACK}:{self.server_port}"


def _bind(replica: Replica, port: int) -> _Server:
    try:
        return _Server(replica, port)
    except OSError as error:
        raise UsageError(
            f"port {port} on {LOOPBACK}: {error.strerror}; give another --port, 0 takes a free one"
        ) from error


@contextmanager
def running(replica: Replica, port: int = 0) -> Iterator[str]:
    """The replica served from a thread for as long as the block lasts; gives its base URL."""
    server = _bind(replica, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.base_url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def serve(port: int = 0, scenario: str = HEALTHY, extra: Path | None = None, day: int = 0) -> None:
    """Serves until interrupted; the base URL is the first line of standard output, and the only one.

    Raises UsageError for a scenario that does not exist, a wrong extra folder, or a port that cannot be had.
    """
    with _bind(Replica(scenario=scenario, extra=extra, day=day), port) as server:
        print(server.base_url, flush=True)  # noqa: T201 - the promise to whoever started it
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
