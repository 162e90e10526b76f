"""The guard of the server: what is asked of a request before Datasette sees it, and of an answer before it leaves.

- A request names this server by a name that it knows: a page of elsewhere that points its own name at loopback (DNS
  rebinding) reads nothing.
- A body is small, and known to be before any page works on it.
- Every path begins with the prefix, whether the proxy in front took it away or not.
- Few requests are worked on at once, a bounded number waits, and the bytes of large answers on their way are bounded.
"""

import asyncio
import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from govcrawl.browse.routes import route_of
from govcrawl.browse.security import SECURITY_HEADERS

LOOPBACK = frozenset(("127.0.0.1", "localhost", "[::1]"))
"""The names under which a server of this machine may always be asked."""

MAX_REQUEST_BODY = 64 * 1024
"""Bytes that a request may bring: a verdict with its note is far below."""

MAX_AT_WORK = 4
"""Requests that are worked on at once: there are three threads for SQL, and one for Python."""

MAX_WAITING = 256
"""Requests that wait for their turn; further ones are told to come back."""

MAX_LARGE = 96 * 1024 * 1024
"""Bytes of large answers that are on their way at once; Datasette holds each about three times."""

_SMALL_ANSWER = 1024 * 1024  # an answer up to this size is always sent
_STREAM_SHARE = 16 * 1024 * 1024  # what is counted for an answer of unknown length: the rows of one result
_PIECE = 64 * 1024  # an answer leaves in such pieces, so that what a slow reader leaves is held only once
_HOST = re.compile(rb"(\[[0-9A-Fa-f:.]{2,45}\]|[^\[\]:@/\s]{1,255}+)(:\d{0,5})?+")
_COOKIE_PATH = re.compile(rb"(?i);\s*+path=/(?=;|$)")
_PLAIN = (
    *((name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()),
    (b"content-type", b"text/plain; charset=utf-8"),
)


@dataclass(frozen=True, slots=True)
class RefusedRequest:
    """An answer of one line, without any work."""

    status: int
    line: str


def guarded(app: Any, names: Collection[str], prefix: str, routes: Collection[str]) -> Any:
    """The application behind the guard.

    Requests may name the server by one of `names`, or by the address at which they arrived. `prefix` is that of the
    server's addresses. `routes` are the first parts of all its paths, without the prefix.
    """
    work = _Work()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        refusal = refused_name(scope, names)
        body = None if refusal else await _body(scope, receive)
        if refusal or isinstance(body, RefusedRequest):
            await _say(refusal or body, send)
        elif body is not None:
            asked = with_prefix(scope, prefix, routes)
            await work.do(app, asked, _Once(body, receive), _PrefixKept(prefix, send).send if prefix != "/" else send)

    return application


async def _say(refusal: Any, send: Any) -> None:
    body = f"{refusal.line}\n".encode()
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": refusal.status, "headers": [*_PLAIN, length]})
    await send({"type": "http.response.body", "body": body})


# --------------------------------------------------------------------------------------------------------- names


def refused_name(scope: Any, names: Collection[str]) -> RefusedRequest | None:
    """Why a request is refused whose Host header does not name this server; None where it does.

    The address at which a request arrived is a name too: rebinding needs a name that somebody else can point here.
    """
    given = [value for name, value in scope["headers"] if name.lower() == b"host"]
    found = _HOST.fullmatch(given[0]) if len(given) == 1 else None
    name = found[1].decode("latin-1").lower().removesuffix(".") if found else ""
    if name and (name in names or name == _arrived_at(scope)):
        return None
    shown = ascii(name)[1:-1] or "no name"
    return RefusedRequest(403, f"{shown}: not a name of this server; start it with --allow-host NAME to allow another")


def _arrived_at(scope: Any) -> str:
    address = (scope.get("server") or ("",))[0]
    return f"[{address.lower()}]" if ":" in address else address


# -------------------------------------------------------------------------------------------------------- bodies


async def _body(scope: Any, receive: Any) -> bytes | RefusedRequest | None:
    """The whole body of a request, why it is refused, or None where the client has gone."""
    headers = {name.lower(): value for name, value in scope["headers"]}
    too_large = RefusedRequest(413, f"the request has more than {MAX_REQUEST_BODY} bytes; nothing here takes so many")
    if b"transfer-encoding" not in headers:
        declared = headers.get(b"content-length", b"0")
        if not declared.isdigit() or len(declared) > 9 or int(declared) > MAX_REQUEST_BODY:
            return too_large
        if not int(declared):
            return b""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > MAX_REQUEST_BODY:
            return too_large
        if not message.get("more_body", False):
            return bytes(body)


class _Once:
    """A body that was read already, and after it whatever the server still says."""

    def __init__(self, body: bytes, receive: Any) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Any:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


# -------------------------------------------------------------------------------------------------------- prefix


def with_prefix(scope: Any, prefix: str, routes: Collection[str]) -> Any:
    """The request with a path that begins with the prefix, whether the proxy took it away or passed it on.

    The prefix may be called like the first part of a path without it (`/govcrawl/` is our database too): then what
    follows tells.
    """
    raw = (scope.get("raw_path") or scope["path"].encode("utf-8")).decode("latin-1")
    if prefix == "/" or _is_below(raw, prefix, routes):
        return scope
    added = prefix[:-1]
    if raw == added and added[1:] not in routes:  # the prefix without its slash: the first page
        return {**scope, "path": prefix, "raw_path": prefix.encode()}
    return {**scope, "path": f"{added}{scope['path']}", "raw_path": f"{added}{raw}".encode("latin-1")}


def _is_below(path: str, prefix: str, routes: Collection[str]) -> bool:
    if not path.startswith(prefix):
        return False
    return prefix[1:-1] not in routes or _first_part(route_of(path, prefix)) in routes


def _first_part(path: str) -> str:
    """The first part of a path, without what says its format."""
    return path[1:].partition("/")[0].partition(".")[0]


class _PrefixKept:
    """Answers whose redirects and cookies stay below the prefix, those of Datasette that forget it too."""

    def __init__(self, prefix: str, send: Any) -> None:
        self._prefix = prefix.encode()
        self._send = send

    async def send(self, message: Any) -> None:
        """Pass a message of the answer on."""
        if message["type"] == "http.response.start":
            message = {
                **message,
                "headers": [(name, self._kept(name.lower(), value)) for name, value in message["headers"]],
            }
        await self._send(message)

    def _kept(self, name: bytes, value: bytes) -> bytes:
        if name == b"location" and value.startswith(b"/") and not value.startswith(self._prefix):
            return self._prefix + value.lstrip(b"/")
        if name == b"set-cookie":
            return _COOKIE_PATH.sub(b"; Path=" + self._prefix, value)
        return value


# ---------------------------------------------------------------------------------------------------------- load


class _ClientGoneError(BaseException):
    """Ends the work on an answer that nobody reads; no handler of Datasette's takes it for an error of the page."""


class _Work:
    """The requests that are worked on, and the large answers that are on their way."""

    def __init__(self) -> None:
        self.at_work = asyncio.Semaphore(MAX_AT_WORK)
        self.waiting = 0
        self.large = 0

    async def do(self, app: Any, scope: Any, receive: _Once, send: Any) -> None:
        """Let the application answer when it is the request's turn."""
        if self.waiting >= MAX_WAITING:
            await _say(RefusedRequest(503, "too many requests are waiting; ask again in a minute"), send)
            return
        self.waiting += 1
        try:
            await self.at_work.acquire()
        finally:
            self.waiting -= 1
        answer = _Answer(self, receive, send)
        try:
            with suppress(_ClientGoneError):  # there is nobody left who could be told anything
                await app(scope, receive, answer.send)
        finally:
            await answer.end()


class _Answer:
    """One answer: the work on it ends with its first byte; a large one takes its share of what may be on its way."""

    def __init__(self, work: _Work, receive: _Once, send: Any) -> None:
        self._work = work
        self._receive = receive
        self._send = send
        self._start: Any = None
        self._is_refused = False
        self._is_at_work = True
        self._share = 0
        self._watch: asyncio.Task[None] | None = None

    async def send(self, message: Any) -> None:
        """Pass a message of the answer on; its head waits for the first piece of its body."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        if self._start is not None:
            await self._begin(message)
        if not self._is_refused:
            await self._pass_on(message.get("body", b""), more=message.get("more_body", False))

    async def _begin(self, first: Any) -> None:
        start, self._start = self._start, None
        size = _length(start, first)
        self._share = size if size > _SMALL_ANSWER else 0
        self._is_refused = self._work.large + self._share > MAX_LARGE
        if self._is_refused:
            self._share = 0
            await _say(
                RefusedRequest(503, "too many large answers are on their way; ask for less, or in a minute"), self._send
            )
        else:
            self._work.large += self._share
            await self._send(start)
        if first.get("more_body", False):
            self._watch = asyncio.create_task(self._until_gone())
        self._end_work()

    async def _pass_on(self, body: bytes, *, more: bool) -> None:
        """Send in pieces: after each the server waits until the reader has taken it."""
        for first in range(0, max(len(body), 1), _PIECE):
            if self._watch is not None and self._watch.done():
                raise _ClientGoneError
            piece = body[first : first + _PIECE]
            await self._send(
                {"type": "http.response.body", "body": piece, "more_body": more or first + _PIECE < len(body)}
            )

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            continue

    def _end_work(self) -> None:
        if self._is_at_work:
            self._is_at_work = False
            self._work.at_work.release()

    async def end(self) -> None:
        """Give back what the answer held."""
        self._end_work()
        self._work.large -= self._share
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch


def _length(start: Any, first: Any) -> int:
    """The bytes that an answer holds in memory until it is read."""
    declared = next((value for name, value in start["headers"] if name.lower() == b"content-length"), None)
    if declared is not None:
        return int(declared)
    return _STREAM_SHARE if first.get("more_body", False) else len(first.get("body", b""))
